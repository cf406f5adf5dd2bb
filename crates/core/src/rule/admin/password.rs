//! The password of a user, in the hands of an administrator.
//!
//! 1. Whoever sets it could sign in as the user, so they must have the roles that the user has
//!    ([`super::access::Powers::cover`]).
//! 2. A new password, and one that is taken away, end the user's sessions, and what apps hold of them.
//! 3. A hash that another system made is believed only from an owner of the installation: whoever
//!    imports it knows, or could know, the password.

use super::{Context, Decision, Done, No};
use crate::record::{Password, User};
use crate::store::{Change, Record, RecordKey};
use crate::value::{PasswordHash, Version};

/// A password for a user.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// What is to be kept.
    pub hash: PasswordHash,
    /// How it is hashed, in a word for the audit log.
    pub form: &'static str,
    /// Whether another system hashed it.
    pub imported: bool,
}

/// Sets the password of a user, whatever it was.
pub fn set(
    user: &User,
    kept: Option<&Password>,
    new: NewPassword,
    context: &Context<'_>,
) -> Decision<Password> {
    let version = kept.map_or(Version::FIRST, |kept| kept.version.next());
    let action = if new.imported {
        "password.import"
    } else {
        "password.set"
    };
    let password = Password {
        user: user.id.clone(),
        hash: new.hash,
        changed: context.now,
        version,
    };
    let row = Record::Password(password.clone());
    let audit = audited(context, action, user, vec![("form", new.form.to_owned())]);
    let mut done = if kept.is_some() {
        Done::replaced(password, row, audit)
    } else {
        Done::inserted(password, row, audit)
    };
    done.changes.extend(all_ends(user, context));
    Ok(done)
}

/// Takes the password of a user away: they cannot sign in with one until another is set.
pub fn remove(user: &User, kept: Option<Password>, context: &Context<'_>) -> Decision<Password> {
    let kept = kept.ok_or_else(No::hidden)?;
    let key = RecordKey::Password(user.id.clone());
    let version = kept.version;
    let audit = audited(context, "password.remove", user, Vec::new());
    let mut done = Done::removed(kept, key, version, audit);
    done.changes.extend(all_ends(user, context));
    Ok(done)
}

/// The end of everything that rests on a sign-in before this moment.
fn all_ends(user: &User, context: &Context<'_>) -> [Change; 2] {
    [
        Change::SessionsEnded(user.id.clone(), None),
        Change::SignInsEnded(user.id.clone(), context.now),
    ]
}

fn audited(
    context: &Context<'_>,
    action: &str,
    user: &User,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.push(("email", user.email.to_string()));
    detail.push(("organization", user.organization.to_string()));
    context.audited(action, &user.id, &detail)
}
