//! Wrong passwords and wrong codes of devices, counted in memory: for a person from a place, and for a person
//! from all networks; codes also for a network, whoever types them.
//!
//! How long that makes somebody wait is a rule ([`slow_down`]); decision 0008 has the reasons. The
//! counters are bounded: where there is no room, those that waited the longest go.

use std::net::IpAddr;
use std::time::Duration;

use carnet_core::rule::sign_in::slow_down;
use carnet_core::rule::sign_in::slow_down::Failures;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_jose::digest::sha256;
use moka::ops::compute::Op;
use moka::sync::Cache;

/// How many counters there are at most.
const MOST: u64 = 100_000;

/// From where somebody tries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// A network: an IPv4 /24, an IPv6 /64, or a process on this machine.
    Network(Option<IpAddr>),
    /// A browser in which the person has signed in before; the digest of what it showed.
    Known([u8; 32]),
}

/// Who somebody says they are, whatever alias they typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Claimed([u8; 32]);

/// All counters.
#[derive(Debug)]
pub struct Attempts(Cache<[u8; 32], Failures>);

impl Default for Attempts {
    fn default() -> Self {
        let forgotten = u64::try_from(slow_down::FORGOTTEN.0).unwrap_or(0);
        let kept = Cache::builder()
            .max_capacity(MOST)
            .time_to_idle(Duration::from_secs(forgotten));
        Self(kept.build())
    }
}

impl Claimed {
    /// A person that there is.
    #[must_use]
    pub fn user(id: &UserId) -> Self {
        Self(key(&[b"user", id.as_str().as_bytes()]))
    }

    /// A person who types codes of devices.
    fn codes_of(id: &UserId) -> Self {
        Self(key(&[b"codes", id.as_str().as_bytes()]))
    }

    /// What somebody typed as an address, and nobody has.
    #[must_use]
    pub fn nobody(typed: &str) -> Self {
        Self(key(&[b"nobody", typed.to_lowercase().as_bytes()]))
    }
}

impl Attempts {
    /// How long the next try has to wait, if it has to.
    #[must_use]
    pub fn wait(&self, who: Claimed, place: Place, now: UnixTime) -> Option<Seconds> {
        let here = self.0.get(&here(who, place)).unwrap_or_default();
        let everywhere = matches!(place, Place::Network(_)).then(|| self.0.get(&who.0));
        slow_down::wait(here, everywhere.flatten(), now)
    }

    /// Another password that is wrong, as far as is known yet.
    pub fn failed(&self, who: Claimed, place: Place, now: UnixTime) {
        self.add(here(who, place), now);
        if matches!(place, Place::Network(_)) {
            self.add(who.0, now);
        }
    }

    /// It was right: what was counted from this place is forgotten.
    pub fn succeeded(&self, who: Claimed, place: Place) {
        self.undone(who, place);
        self.0.invalidate(&here(who, place));
    }

    /// It was not looked at.
    pub fn undone(&self, who: Claimed, place: Place) {
        self.take(here(who, place));
        if matches!(place, Place::Network(_)) {
            self.take(who.0);
        }
    }

    /// How long this person has to wait with the next code of a device (RFC 8628 section 5.1). A right one
    /// makes nobody forget the wrong ones: who guesses may have a device of their own.
    #[must_use]
    pub fn wait_with_code(
        &self,
        user: &UserId,
        address: Option<IpAddr>,
        now: UnixTime,
    ) -> Option<Seconds> {
        let own = self.wait(Claimed::codes_of(user), Place::Network(address), now);
        let neighbours = self.0.get(&neighbours(address));
        own.max(slow_down::wait(Failures::default(), neighbours, now))
    }

    /// Another code that is wrong, as far as is known yet.
    pub fn typed_code(&self, user: &UserId, address: Option<IpAddr>, now: UnixTime) {
        self.failed(Claimed::codes_of(user), Place::Network(address), now);
        self.add(neighbours(address), now);
    }

    /// It was right.
    pub fn right_code(&self, user: &UserId, address: Option<IpAddr>) {
        self.undone(Claimed::codes_of(user), Place::Network(address));
        self.take(neighbours(address));
    }

    fn add(&self, key: [u8; 32], now: UnixTime) {
        let counted = self.0.entry(key);
        counted.and_upsert_with(|before| {
            before
                .map_or_else(Failures::default, moka::Entry::into_value)
                .and(now)
        });
    }

    fn take(&self, key: [u8; 32]) {
        self.0.entry(key).and_compute_with(|before| match before {
            Some(before) => {
                let mut failures = before.into_value();
                failures.count = failures.count.saturating_sub(1);
                Op::Put(failures)
            }
            None => Op::Nop,
        });
    }
}

/// Everybody at a network who types codes of devices.
fn neighbours(address: Option<IpAddr>) -> [u8; 32] {
    let everybody = Claimed(key(&[b"codes of everybody"]));
    here(everybody, Place::Network(address))
}

fn here(who: Claimed, place: Place) -> [u8; 32] {
    match place {
        Place::Known(digest) => key(&[b"known", &who.0, &digest]),
        Place::Network(None) => key(&[b"local", &who.0]),
        Place::Network(Some(address)) => match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                key(&[b"v4", &who.0, &[a, b, c]])
            }
            IpAddr::V6(address) => {
                let network = (address.to_bits() >> 64).to_be_bytes();
                key(&[b"v6", &who.0, &network])
            }
        },
    }
}

/// Each part with its length before it, so that no two keys are the same by accident.
fn key(parts: &[&[u8]]) -> [u8; 32] {
    let mut input = Vec::new();
    for part in parts {
        input.extend((part.len() as u64).to_be_bytes());
        input.extend(*part);
    }
    sha256(&input)
}

#[cfg(test)]
mod attack;
#[cfg(test)]
mod tests;
