//! The life of the keys that we hold for service accounts (google-wire 3.3, 5.1).
//!
//! 1. An account has none until somebody signs with it for the first time. That one is published in the
//!    commit that makes it, and signs at once: nobody can hold an older list that matters.
//! 2. It signs for two weeks at most. A day before [`FRESH`] ends, the next one is made and published, and
//!    signs when the old one stops: at least six hours later, so that whoever keeps the list for that long
//!    knows it.
//! 3. It verifies for a day after its last use: what it signs lives 12 hours at most, and lists are kept.
//! 4. Where an account is not used for two weeks there is no next one, and the life begins at 1 again.

use crate::record::SystemKey;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How long a key signs, if the next one is ready.
pub const FRESH: Seconds = Seconds::days(13);

/// How long it signs at most.
pub const LONGEST: Seconds = Seconds::days(14);

/// How long it is published before it signs, but for the first.
pub const AHEAD: Seconds = Seconds::minutes(360);

/// How long before the end of [`FRESH`] the next one is made.
pub const PREPARED: Seconds = Seconds::days(1);

/// How long it is published after it signed last.
pub const AFTER: Seconds = Seconds::days(1);

/// The key with which an account signs now, and whether another one is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Choice<'a> {
    /// The key; none where one must be made first.
    pub key: Option<&'a SystemKey>,
    /// The next one, where it is time for it.
    pub next: Option<Next>,
}

/// The times of a key that is to be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Next {
    /// The how many-th it is.
    pub generation: i64,
    /// When it is made.
    pub created: UnixTime,
    /// From when on it signs.
    pub signs_from: UnixTime,
    /// Until when it signs.
    pub signs_until: UnixTime,
    /// Until when it verifies.
    pub published_until: UnixTime,
}

/// Chooses among the keys of an account, in the order of their generations.
#[must_use]
pub fn choose(keys: &[SystemKey], now: UnixTime) -> Choice<'_> {
    let generation = keys.last().map_or(1, |last| last.generation + 1);
    let signs = |key: &&SystemKey| key.signs_from <= now && now < key.signs_until;
    let Some(key) = keys.iter().rev().find(signs) else {
        return Choice {
            key: None,
            next: Some(Next::from(generation, now, now)),
        };
    };
    let newest = keys.last().is_some_and(|last| last.id == key.id);
    let stale = key.signs_from + FRESH;
    let next = (newest && stale - now <= PREPARED).then(|| {
        let from = stale.max(now + AHEAD);
        Next::from(generation, now, from)
    });
    Choice {
        key: Some(key),
        next,
    }
}

impl Next {
    fn from(generation: i64, now: UnixTime, signs_from: UnixTime) -> Self {
        let signs_until = signs_from + LONGEST;
        Self {
            generation,
            created: now,
            signs_from,
            signs_until,
            published_until: signs_until + AFTER,
        }
    }
}

#[cfg(test)]
mod tests;
