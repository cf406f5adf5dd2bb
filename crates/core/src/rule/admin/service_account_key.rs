//! Keys of service accounts: made here or uploaded, disabled, enabled, deleted.
//!
//! google-wire 1.1, 5.3.
//!
//! 1. An account has ten keys at most, disabled and expired ones counted, and none of them twice.
//! 2. Of a key that we made only the public half is kept.
//! 3. An uploaded certificate bounds the life of its key; its signature means nothing, since whoever
//!    uploads it may name keys.
//! 4. A disabled key verifies nothing from that moment on. A deleted one is gone for good.
//! 5. The end of a key can be brought forward, to a moment that is still to come, and never put off:
//!    what it was given for must not grow. So a key is rolled with an overlap.

use carnet_jose::Algorithm;
use carnet_wire::crn::Crn;

use super::service_account::not_deleted;
use super::{Context, Decision, Done, No};
use crate::record::{DisableReason, KeyOrigin, KeyState, ServiceAccount, ServiceAccountKey};
use crate::store::{Change, Record, RecordKey};
use crate::value::{Description, KeyId, Seconds, UnixTime, Version};

/// How many keys an account may have.
pub const MOST: usize = 10;

/// How long a key may be said to live: ten years.
pub const LONGEST: Seconds = Seconds::days(3_650);

/// How far clocks may differ, for the beginning of an uploaded certificate.
const CLOCK_TOLERANCE: Seconds = Seconds(300);

/// The public half of a key to be kept.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its `kid`.
    pub id: KeyId,
    /// The one algorithm that it verifies.
    pub algorithm: Algorithm,
    /// `SubjectPublicKeyInfo` in DER.
    pub public_key: Vec<u8>,
    /// A certificate for it in DER.
    pub certificate: Vec<u8>,
    /// Where it came from.
    pub origin: KeyOrigin,
    /// From when on it is worth nothing, if ever.
    pub expires: Option<UnixTime>,
}

/// Whether the account may have one more key: asked before a key is made, since that is dear.
pub fn room(account: &ServiceAccount, keys: &[ServiceAccountKey]) -> Result<(), No> {
    not_deleted(account)?;
    if keys.len() >= MOST {
        return Err(full());
    }
    Ok(())
}

/// The answer where the account has as many keys as it may have; the store says it too.
#[must_use]
pub fn full() -> No {
    No::new(
        Crn::TOO_MANY_KEYS,
        format!("The account has {MOST} keys. Delete one that is not used."),
    )
}

/// When a key expires that is to live for so many days.
pub fn expiry(days: Option<i64>, now: UnixTime) -> Result<Option<UnixTime>, No> {
    match days {
        None => Ok(None),
        Some(days) if days >= 1 && Seconds::days(days) <= LONGEST => {
            Ok(Some(now + Seconds::days(days)))
        }
        Some(_) => Err(No::field(
            "/expires_in_days",
            "expires_in_days is 1 to 3650 days.",
        )),
    }
}

/// What an uploaded certificate says of its time, held against what was asked for: the earlier end
/// counts.
pub fn bounded_by_certificate(
    asked: Option<UnixTime>,
    not_before: UnixTime,
    not_after: UnixTime,
    now: UnixTime,
) -> Result<Option<UnixTime>, No> {
    if not_after <= now {
        let day = not_after.day();
        return Err(No::field(
            "/public_key",
            format!("The certificate expired on {day}."),
        ));
    }
    if not_before > now + CLOCK_TOLERANCE {
        let day = not_before.day();
        return Err(No::field(
            "/public_key",
            format!("The certificate is not valid before {day}."),
        ));
    }
    Ok(Some(asked.map_or(not_after, |asked| asked.min(not_after))))
}

/// Keeps a key.
pub fn add(
    new: NewKey,
    account: &ServiceAccount,
    keys: &[ServiceAccountKey],
    context: &Context<'_>,
) -> Decision<ServiceAccountKey> {
    room(account, keys)?;
    if let Some(same) = keys.iter().find(|key| key.public_key == new.public_key) {
        return Err(No::taken(format!(
            "The account has this public key already, as {}.",
            same.id
        )));
    }
    let key = ServiceAccountKey {
        id: new.id,
        account: account.unique_id.clone(),
        algorithm: new.algorithm,
        public_key: new.public_key,
        certificate: new.certificate,
        origin: new.origin,
        created: context.now,
        expires: new.expires,
        state: KeyState::Active,
        version: Version::FIRST,
    };
    let action = match key.origin {
        KeyOrigin::Made => "service_account_key.create",
        KeyOrigin::Uploaded => "service_account_key.upload",
    };
    let mut detail = vec![("algorithm", key.algorithm.name().to_owned())];
    if let Some(expires) = key.expires {
        detail.push(("expires", expires.rfc3339()));
    }
    let audit = audited(context, action, &key, detail);
    let row = Record::ServiceAccountKey(key.clone());
    Ok(Done::inserted(key, row, audit))
}

/// Disables a key. One that is disabled keeps the moment; another reason is kept.
pub fn disable(
    key: ServiceAccountKey,
    reason: DisableReason,
    note: Description,
    context: &Context<'_>,
) -> Decision<ServiceAccountKey> {
    let since = match &key.state {
        KeyState::Disabled { since, .. } => *since,
        KeyState::Active => context.now,
    };
    let detail = vec![
        ("reason", reason_text(reason).to_owned()),
        ("note", note.to_string()),
    ];
    let state = KeyState::Disabled {
        since,
        reason,
        note,
    };
    Ok(moved(
        key,
        state,
        context,
        "service_account_key.disable",
        detail,
    ))
}

/// Enables a key.
pub fn enable(key: ServiceAccountKey, context: &Context<'_>) -> Decision<ServiceAccountKey> {
    Ok(moved(
        key,
        KeyState::Active,
        context,
        "service_account_key.enable",
        Vec::new(),
    ))
}

/// Brings the end of a key forward.
pub fn end_at(
    key: ServiceAccountKey,
    end: UnixTime,
    context: &Context<'_>,
) -> Decision<ServiceAccountKey> {
    if key.expires == Some(end) {
        return Ok(Done::already(key));
    }
    if let Some(expires) = key.expires.filter(|expires| *expires <= context.now) {
        return Err(No::state(format!("The key expired on {}.", expires.day())));
    }
    if end <= context.now {
        return Err(No::field(
            "/expires",
            "expires is a moment that is still to come. To stop a key at once, disable it.",
        ));
    }
    if let Some(expires) = key.expires.filter(|expires| *expires < end) {
        let expires = expires.rfc3339();
        return Err(No::field(
            "/expires",
            format!("The key expires at {expires}. Its end can be brought forward, not put off."),
        ));
    }
    if end > context.now + LONGEST {
        return Err(No::field("/expires", "A key ends in 3650 days at most."));
    }
    let next = ServiceAccountKey {
        expires: Some(end),
        version: key.version.next(),
        ..key
    };
    let detail = vec![("expires", end.rfc3339())];
    let audit = audited(context, "service_account_key.expire", &next, detail);
    let row = Record::ServiceAccountKey(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Deletes a key, for good.
pub fn delete(key: ServiceAccountKey, context: &Context<'_>) -> Decision<ServiceAccountKey> {
    let audit = audited(context, "service_account_key.delete", &key, Vec::new());
    let place = RecordKey::ServiceAccountKey(key.id.clone(), key.account.clone());
    let version = key.version;
    Ok(Done::removed(key, place, version, audit))
}

/// Google's reasons, in our spelling.
#[must_use]
pub const fn reason_text(reason: DisableReason) -> &'static str {
    match reason {
        DisableReason::UserInitiated => "user_initiated",
        DisableReason::Exposed => "exposed",
        DisableReason::CompromiseDetected => "compromise_detected",
    }
}

fn moved(
    key: ServiceAccountKey,
    state: KeyState,
    context: &Context<'_>,
    action: &str,
    detail: Vec<(&'static str, String)>,
) -> Done<ServiceAccountKey> {
    if key.state == state {
        return Done::already(key);
    }
    let version = key.version.next();
    let next = ServiceAccountKey {
        state,
        version,
        ..key
    };
    let audit = audited(context, action, &next, detail);
    let row = Record::ServiceAccountKey(next.clone());
    Done::replaced(next, row, audit)
}

fn audited(
    context: &Context<'_>,
    action: &str,
    key: &ServiceAccountKey,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("account", key.account.to_string()));
    context.audited(action, &key.id, &detail)
}

#[cfg(test)]
mod tests;
