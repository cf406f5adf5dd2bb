//! The life of our own keys: published, active, retired, forgotten.
//!
//! 1. A new key is published first. Verifiers fetch it before they need it.
//! 2. It is activated: the key that signed before it retires in the same commit.
//! 3. A retired key verifies until the last token that it signed has expired. One that seals opens for as
//!    long as the last refresh token that it sealed may be used.
//! 4. Then it is forgotten.

use carnet_wire::crn::Crn;

use crate::record::SigningKey;
use crate::record::SigningKeyState;
use crate::record::SigningUse;
use crate::store::Change;
use crate::store::Record;
use crate::store::RecordKey;
use crate::value::KeyId;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How long verifiers may keep a copy of our JWKS: as long as a key is published before it signs.
pub const PUBLISHED_AHEAD: Seconds = Seconds(3_600);

/// The longest life of any token of ours, so how long a retired key must still verify.
pub const LONGEST_TOKEN: Seconds = Seconds(12 * 3_600);

/// The longest life of anything that is sealed: a refresh token lives as long as its authorization, and no
/// client is given one for longer than this.
pub const LONGEST_SEALED: Seconds = Seconds::days(400);

/// Why a key cannot take this step.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotNow {
    /// There is no such key.
    #[error("there is no such key")]
    Unknown,
    /// It is not in the state from which the step leads.
    #[error("the key is not in a state from which this is possible")]
    State,
    /// Verifiers may not have fetched it yet.
    #[error(
        "the key was published {0} ago, and verifiers may keep an older key set for {PUBLISHED_AHEAD}"
    )]
    TooYoung(Seconds),
    /// It is the only one for its use that signs.
    #[error("it is the active key: activate another first")]
    InUse,
}

impl NotNow {
    /// The cause, by the catalogue.
    #[must_use]
    pub const fn crn(self) -> Crn {
        match self {
            Self::Unknown => Crn::NOT_FOUND,
            Self::State | Self::TooYoung(_) | Self::InUse => Crn::STATE_DOES_NOT_ALLOW,
        }
    }
}

/// Makes a published key sign, and retires the one that did. `hurry` skips the wait for verifiers:
/// for a first key, and for a leak.
pub fn activate(
    keys: &[SigningKey],
    id: &KeyId,
    hurry: bool,
    now: UnixTime,
) -> Result<Vec<Change>, NotNow> {
    let key = keys
        .iter()
        .find(|key| key.id == *id)
        .ok_or(NotNow::Unknown)?;
    if key.state != SigningKeyState::Published {
        return Err(NotNow::State);
    }
    let age = now - key.created;
    if age < PUBLISHED_AHEAD && !hurry {
        return Err(NotNow::TooYoung(age));
    }
    let needed = match key.usage {
        SigningUse::Sign(_) => LONGEST_TOKEN,
        SigningUse::Seal => LONGEST_SEALED,
    };
    let mut changes: Vec<Change> = keys
        .iter()
        .filter(|other| other.usage == key.usage)
        .filter(|other| matches!(other.state, SigningKeyState::Active { .. }))
        .map(|other| {
            moved(
                other,
                SigningKeyState::Retired {
                    since: now,
                    until: now + needed,
                },
            )
        })
        .collect();
    changes.push(moved(key, SigningKeyState::Active { since: now }));
    Ok(changes)
}

/// Takes a key out of service that is published and will not be used, or that is retired and must
/// not verify any longer (a leak: every token that it signed dies).
pub fn withdraw(keys: &[SigningKey], id: &KeyId) -> Result<Vec<Change>, NotNow> {
    let key = keys
        .iter()
        .find(|key| key.id == *id)
        .ok_or(NotNow::Unknown)?;
    match key.state {
        SigningKeyState::Active { .. } => Err(NotNow::InUse),
        SigningKeyState::Published | SigningKeyState::Retired { .. } => Ok(vec![Change::Remove(
            RecordKey::SigningKey(key.id.clone()),
            key.version,
        )]),
    }
}

/// The retired keys of which no token can live any more.
#[must_use]
pub fn forgotten(keys: &[SigningKey], now: UnixTime) -> Vec<Change> {
    keys.iter()
        .filter(|key| matches!(key.state, SigningKeyState::Retired { until, .. } if until <= now))
        .map(|key| Change::Remove(RecordKey::SigningKey(key.id.clone()), key.version))
        .collect()
}

fn moved(key: &SigningKey, state: SigningKeyState) -> Change {
    let moved = SigningKey {
        state,
        version: key.version.next(),
        ..key.clone()
    };
    Change::Replace(Record::SigningKey(moved))
}
