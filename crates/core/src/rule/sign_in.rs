//! A person signs in with a password: may they, and what is their session?
//!
//! 1. Whoever tried too often waits ([`slow_down`]); that is decided before a password is hashed.
//! 2. An address that nobody has, a user without a password and a wrong password are one refusal.
//! 3. Only after the right password somebody is told that the account is suspended.
//! 4. Every sign-in makes a new session with a new secret: nobody can have planted it (session
//!    fixation). The one that the browser had before ends by itself, with [`sign_out`].
//! 5. A hash that was made at another cost is replaced in the same commit.

pub mod slow_down;

use carnet_wire::crn::Crn;
use serde_json::json;

use crate::record::AuditDraft;
use crate::record::Outcome;
use crate::record::Password;
use crate::record::Session;
use crate::record::SessionSeen;
use crate::record::SignInMethod;
use crate::record::User;
use crate::record::UserState;
use crate::rule::admin::Context;
use crate::store::Change;
use crate::store::Record;
use crate::store::RecordKey;
use crate::value::Description;
use crate::value::Entropy;
use crate::value::PasswordHash;
use crate::value::Seconds;
use crate::value::Secret;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::Version;

/// How often a use of a session is written at most: once in so many seconds.
pub const SEEN_EVERY: Seconds = Seconds(60);

/// How long sessions last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SessionLength {
    /// Without being used.
    pub idle: Seconds,
    /// In any case.
    pub absolute: Seconds,
}

impl Default for SessionLength {
    /// Two weeks without use, ninety days in any case.
    fn default() -> Self {
        Self {
            idle: Seconds::days(14),
            absolute: Seconds::days(90),
        }
    }
}

/// What is known when the password has been verified.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who has the address, if anybody.
    pub user: Option<User>,
    /// What is kept of their password.
    pub password: Option<Password>,
    /// Whether the password was right.
    pub right: bool,
    /// What to keep of it from now on, if something else than before.
    pub anew: Option<PasswordHash>,
    /// What the browser calls itself.
    pub agent: Description,
}

/// Somebody is signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// Their session.
    pub session: Session,
    /// The secret of the session, for the cookie.
    pub secret: Secret,
    /// To be committed first. If the first change finds the hash replaced meanwhile, the others are
    /// right all the same: see [`Self::without_rehash`].
    pub changes: Vec<Change>,
    rehash: bool,
}

/// Somebody is not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotSignedIn {
    /// The cause, which the person is told.
    pub crn: Crn,
    /// For the audit log.
    pub entry: AuditDraft,
}

impl SignedIn {
    /// The changes but for the new hash: somebody else was faster to write one.
    #[must_use]
    pub fn without_rehash(&self) -> Option<&[Change]> {
        if self.rehash {
            self.changes.get(1..)
        } else {
            None
        }
    }
}

/// Decides.
pub fn decide(
    facts: Facts,
    secret: Secret,
    length: SessionLength,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Result<SignedIn, Box<NotSignedIn>> {
    let Some(user) = facts.user.clone().filter(|_| facts.right) else {
        // The address is not written down: people type passwords into the wrong field.
        let target = facts
            .user
            .map_or_else(String::new, |user| user.id.to_string());
        return Err(refused(Crn::SIGN_IN_NO_MATCH, &target, context));
    };
    if let UserState::Suspended { .. } = user.state {
        return Err(refused(Crn::SIGN_IN_SUSPENDED, user.id.as_str(), context));
    }
    let now = context.now;
    let ends = now + length.absolute;
    let session = Session {
        id: SessionId::mint(now, entropy),
        digest: secret.digest(),
        user: user.id.clone(),
        method: SignInMethod::Password,
        created: now,
        seen: now,
        idle_ends: ends.min(now + length.idle),
        ends,
        agent: facts.agent,
        address: context.address.to_owned(),
    };
    let mut changes = Vec::new();
    let password = facts.password.zip(facts.anew);
    let rehash = password.is_some();
    if let Some((password, hash)) = password {
        let version = password.version.next();
        let password = Password {
            hash,
            version,
            ..password
        };
        changes.push(Change::Replace(Record::Password(password)));
    }
    changes.push(Change::Insert(Record::Session(session.clone())));
    let detail = json!({"session": session.id, "method": "password"}).to_string();
    let begins = (user.id.as_str(), Outcome::Done);
    changes.push(Change::Audited(AuditDraft {
        actor: format!("user:{}", user.id),
        ..entry("session.begin", begins, detail, context)
    }));
    Ok(SignedIn {
        user,
        session,
        secret,
        changes,
        rehash,
    })
}

/// Why somebody must wait, for the audit log.
#[must_use]
pub fn slowed_down(context: &Context<'_>) -> Box<NotSignedIn> {
    refused(Crn::SIGN_IN_TOO_OFTEN, "", context)
}

/// Ends a session, at the wish of whose it is.
#[must_use]
pub fn sign_out(session: &Session, context: &Context<'_>) -> Vec<Change> {
    let detail = json!({"session": session.id}).to_string();
    let user = session.user.to_string();
    let entry = entry("session.end", (&user, Outcome::Done), detail, context);
    vec![
        Change::Remove(RecordKey::Session(session.id), Version::FIRST),
        Change::Audited(entry),
    ]
}

/// What a use of a session changes, if it is time to write that.
#[must_use]
pub fn seen(session: &Session, length: SessionLength, now: UnixTime) -> Option<SessionSeen> {
    let due = now - session.seen >= SEEN_EVERY;
    due.then(|| SessionSeen {
        session: session.id,
        at: now,
        idle_ends: session.ends.min(now + length.idle),
    })
}

/// Whether this session of this user counts now.
#[must_use]
pub fn stands(session: &Session, user: &User, now: UnixTime) -> bool {
    session.user == user.id && session.lives(now) && user.state == UserState::Active
}

fn refused(crn: Crn, target: &str, context: &Context<'_>) -> Box<NotSignedIn> {
    let ends = (target, Outcome::Refused(crn));
    let entry = entry("session.refuse", ends, "{}".to_owned(), context);
    Box::new(NotSignedIn { crn, entry })
}

fn entry(
    action: &str,
    (target, outcome): (&str, Outcome),
    detail: String,
    context: &Context<'_>,
) -> AuditDraft {
    AuditDraft {
        at: context.now,
        actor: context.actor.to_owned(),
        action: action.to_owned(),
        target: target.to_owned(),
        outcome,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail,
    }
}

#[cfg(test)]
mod tests;
