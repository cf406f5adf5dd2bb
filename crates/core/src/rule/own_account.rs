//! What a person does with their own account: sessions end, the password changes.
//!
//! 1. A person ends sessions of their own and nobody else's, and takes back what they let an app do.
//! 2. A new password ends all other sessions. What apps hold of the person ends by itself, since it hangs
//!    on the password that there was ([`super::authorization::standing`]).

use serde_json::json;

use crate::record::AuditDraft;
use crate::record::Authorization;
use crate::record::Consent;
use crate::record::Ended;
use crate::record::Outcome;
use crate::record::Password;
use crate::record::Session;
use crate::record::User;
use crate::record::WhyEnded;
use crate::rule::admin::Context;
use crate::rule::grant::refresh_token::LONGEST_ACCESS_TOKEN;
use crate::store::Change;
use crate::store::Record;
use crate::store::RecordKey;
use crate::value::ClientId;
use crate::value::PasswordHash;
use crate::value::Seconds;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// Ends a session of this person, if it is one of theirs.
#[must_use]
pub fn end_session(
    sessions: &[Session],
    id: SessionId,
    user: &UserId,
    context: &Context<'_>,
) -> Option<Vec<Change>> {
    let found = sessions.iter().find(|session| session.id == id)?;
    (found.user == *user).then(|| {
        let detail = json!({"session": id}).to_string();
        vec![
            Change::Remove(RecordKey::Session(id), Version::FIRST),
            entry("session.end_other", user, detail, context),
        ]
    })
}

/// Ends all sessions of a person but the one in which they ask for it.
#[must_use]
pub fn end_others(own: &Session, count: usize, context: &Context<'_>) -> Vec<Change> {
    let detail = json!({"session": own.id, "ended": count}).to_string();
    vec![
        Change::SessionsEnded(own.user.clone(), Some(own.id)),
        entry("session.end_others", &own.user, detail, context),
    ]
}

/// Sets a person's password, in the place of this one if there is one, and ends all sessions but `own`.
#[must_use]
pub fn change_password(
    user: &User,
    (kept, hash): (Option<&Password>, PasswordHash),
    own: &Session,
    context: &Context<'_>,
) -> Vec<Change> {
    let password = Password {
        user: user.id.clone(),
        hash,
        changed: context.now,
        version: kept.map_or(Version::FIRST, |kept| kept.version.next()),
    };
    let record = Record::Password(password);
    let detail = json!({"session": own.id}).to_string();
    vec![
        if kept.is_some() {
            Change::Replace(record)
        } else {
            Change::Insert(record)
        },
        Change::SessionsEnded(user.id.clone(), Some(own.id)),
        Change::SignInsEnded(user.id.clone(), context.now),
        entry("password.change", &user.id, detail, context),
    ]
}

/// Takes an app's access away: the remembered yes, and all that the app holds of the person.
#[must_use]
pub fn remove_app(
    client: &ClientId,
    consent: Option<&Consent>,
    held: &[Authorization],
    (user, context): (&UserId, &Context<'_>),
) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(consent) = consent {
        let key = RecordKey::Consent(user.clone(), client.clone());
        changes.push(Change::Remove(key, consent.version));
    }
    let held = held
        .iter()
        .filter(|held| held.client == *client && held.user == *user && held.ended.is_none());
    changes.extend(held.map(|held| Change::AuthorizationEnded {
        id: held.id,
        since: context.now,
        why: WhyEnded::Removed,
        until: context.now + LONGEST_ACCESS_TOKEN,
    }));
    let detail = json!({"client": client, "ended": changes.len()}).to_string();
    changes.push(entry("app.remove", user, detail, context));
    changes
}

/// How long an app that was removed can be brought back as it was. Its tokens are worth nothing meanwhile.
/// Ten seconds would be enough for a mouse; whoever hears the page read to them needs longer.
pub const UNDO: Seconds = Seconds(60);

/// What was taken from an app when it was removed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Removed {
    /// The app.
    pub client: ClientId,
    /// When.
    pub at: UnixTime,
    /// What its person had let it do, if they were asked.
    pub consent: Option<Consent>,
}

impl Removed {
    /// How long it can still be brought back.
    #[must_use]
    pub fn left(&self, now: UnixTime) -> Seconds {
        let left = self.at + UNDO - now;
        // A moment of the future is a clock that was set back.
        left.max(Seconds(0)).min(UNDO)
    }
}

/// Brings an app back: what ended when it was removed, and the remembered yes where there is none by now.
/// Nothing where it is too late, or where nothing is left.
#[must_use]
pub fn restore_app(
    removed: &Removed,
    now_allowed: Option<&Consent>,
    held: &[Authorization],
    (user, context): (&UserId, &Context<'_>),
) -> Option<Vec<Change>> {
    if removed.left(context.now) == Seconds(0) || removed.at > context.now {
        return None;
    }
    let ended = Some(Ended {
        since: removed.at,
        why: WhyEnded::Removed,
    });
    let held = held
        .iter()
        .filter(|held| held.client == removed.client && held.user == *user && held.ended == ended);
    let mut changes: Vec<Change> = held
        .map(|held| Change::AuthorizationRestored(held.id, removed.at))
        .collect();
    let restored = changes.len();
    if let (Some(consent), None) = (&removed.consent, now_allowed)
        && consent.user == *user
        && consent.client == removed.client
    {
        changes.push(Change::Insert(Record::Consent(Consent {
            version: Version::FIRST,
            ..consent.clone()
        })));
    }
    if changes.is_empty() {
        return None;
    }
    let detail = json!({"client": removed.client, "restored": restored}).to_string();
    changes.push(entry("app.restore", user, detail, context));
    Some(changes)
}

fn entry(action: &str, user: &UserId, detail: String, context: &Context<'_>) -> Change {
    Change::Audited(AuditDraft {
        at: context.now,
        actor: context.actor.to_owned(),
        action: action.to_owned(),
        target: user.to_string(),
        outcome: Outcome::Done,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail,
    })
}

#[cfg(test)]
mod tests;
