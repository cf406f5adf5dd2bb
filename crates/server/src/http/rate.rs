//! How often somebody may ask: the generic cell rate algorithm, with a bound on how many are remembered.
//!
//! 1. For each key one moment is kept: the one at which its allowance will be whole again. A request
//!    moves it by one step; if that would put it further ahead than the burst allows, the request is
//!    refused, and the difference is how long to wait.
//! 2. A key whose moment has passed is as good as unknown and is forgotten when room is needed.
//! 3. When there is no room all the same, newcomers share one allowance. Nobody can fill the memory by
//!    inventing addresses, and those who are known go on as before.
//! 4. Where only refusals count, whoever comes is asked first whether there is anything left
//!    ([`Rate::check`]). While nobody has used everything up that is one look at one number.
//!
//! IPv6 addresses count by their /64, since whoever has one has all of it. The answer says how long to
//! wait, and not how much would have been allowed.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher as _;
use std::hash::RandomState;
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use carnet_jose::digest;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::header;
use tokio::time::Instant;

use crate::config::rate::Quota;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

const SHARDS: usize = 16;

/// Who asks.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Key(u128);

impl Key {
    /// An address; of IPv6 the network.
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits() & !u128::from(u64::MAX),
        })
    }

    /// A name that was said from an address. Only a hash of both is kept.
    #[must_use]
    pub fn name_from(name: &str, address: IpAddr) -> Self {
        let mut both = Self::address(address).0.to_be_bytes().to_vec();
        both.extend_from_slice(name.as_bytes());
        Self::hashed(&both)
    }

    /// A name that was proven, wherever it is used. Only a hash is kept.
    #[must_use]
    pub fn proven(name: &str) -> Self {
        Self::hashed(name.as_bytes())
    }

    fn hashed(bytes: &[u8]) -> Self {
        let hash = digest::sha256(bytes);
        Self(u128::from_le_bytes(
            hash.first_chunk().copied().unwrap_or_default(),
        ))
    }
}

/// It was too often.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooMany {
    /// How long to wait.
    pub wait: Duration,
}

impl TooMany {
    /// Says so in the headers of a 429 (RFC 6585 section 4): `Retry-After`, and `RateLimit` under the
    /// name of the limit.
    pub fn tell(self, headers: &mut HeaderMap, limit: &'static str) {
        let seconds = seconds(self.wait);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        if let Ok(text) = HeaderValue::from_str(&format!("\"{limit}\";r=0;t={seconds}")) {
            headers.insert(RATE_LIMIT, text);
        }
    }
}

/// Whole seconds, and one at least.
pub(crate) fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0 || wait.is_zero())
}

/// One limit.
pub struct Rate {
    quota: Option<Steps>,
    began: Instant,
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    room: usize,
    /// Until when somebody has nothing left; zero while there is nobody.
    spent_until: AtomicU64,
}

/// A quota in nanoseconds.
#[derive(Clone, Copy)]
struct Steps {
    step: u64,
    burst: u64,
}

impl Steps {
    /// So many in a time, and so many at once.
    fn of(time: u64, count: u32, burst: u32) -> Self {
        let step = time / u64::from(count.max(1));
        Self {
            step,
            burst: step.saturating_mul(u64::from(burst.max(1))),
        }
    }
}

#[derive(Default)]
struct Shard {
    whole_at: HashMap<Key, u64>,
    newcomers: u64,
    swept: u64,
}

/// How often a full shard is looked through, at most.
const SWEEP: u64 = 1_000_000_000;

/// A minute, in nanoseconds.
const MINUTE: u64 = 60_000_000_000;

impl Rate {
    /// This much for each of at most `keys`; no quota allows everything.
    #[must_use]
    pub fn new(quota: Option<Quota>, keys: usize, now: Instant) -> Self {
        let steps = quota.map(|quota| Steps::of(MINUTE, quota.per_minute, quota.burst));
        Self::of(steps, keys, now)
    }

    /// This many at once for each of at most `keys`, and as many again in an hour, evenly.
    #[must_use]
    pub fn hourly(count: Option<u32>, keys: usize, now: Instant) -> Self {
        let steps = count.map(|count| Steps::of(60 * MINUTE, count, count));
        Self::of(steps, keys, now)
    }

    fn of(quota: Option<Steps>, keys: usize, now: Instant) -> Self {
        Self {
            quota,
            began: now,
            hasher: RandomState::new(),
            shards: Default::default(),
            room: keys.div_ceil(SHARDS).max(1),
            spent_until: AtomicU64::new(0),
        }
    }

    /// One request of this key, now.
    pub fn take(&self, key: Key, now: Instant) -> Result<(), TooMany> {
        let Some(Steps { step, burst }) = self.quota else {
            return Ok(());
        };
        let now = nanoseconds(now.saturating_duration_since(self.began));
        let Some(shard) = self.shard(key) else {
            return Ok(());
        };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = shard.slot(key, now, self.room);
        let next = (*slot).max(now).saturating_add(step);
        let wait = next.saturating_sub(now.saturating_add(burst));
        if wait > 0 {
            return Err(TooMany {
                wait: Duration::from_nanos(wait),
            });
        }
        *slot = next;
        drop(shard);
        let again = next.saturating_add(step).saturating_sub(burst);
        if again > now {
            self.spent_until.fetch_max(again, Relaxed);
        }
        Ok(())
    }

    /// Whether anybody has used up everything. While nobody has, [`Self::check`] need not be asked.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.spent_until.load(Relaxed) > 0
    }

    /// Whether this key has anything left. It costs nothing of it.
    ///
    /// Keys that are not remembered pass, even where newcomers share an allowance: whoever was never
    /// refused must not suffer from a crowd that was.
    pub fn check(&self, key: impl FnOnce() -> Key, now: Instant) -> Result<(), TooMany> {
        let spent_until = self.spent_until.load(Relaxed);
        let Some(Steps { step, burst }) = self.quota.filter(|_| spent_until > 0) else {
            return Ok(());
        };
        let now = nanoseconds(now.saturating_duration_since(self.began));
        if now >= spent_until {
            // Unless somebody used up everything just now, there is nobody any more.
            let _newer = self
                .spent_until
                .compare_exchange(spent_until, 0, Relaxed, Relaxed);
            return Ok(());
        }
        let key = key();
        let Some(shard) = self.shard(key) else {
            return Ok(());
        };
        let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let whole_at = shard.whole_at.get(&key).copied().unwrap_or_default();
        let next = whole_at.max(now).saturating_add(step);
        let wait = Duration::from_nanos(next.saturating_sub(now.saturating_add(burst)));
        if wait.is_zero() {
            Ok(())
        } else {
            Err(TooMany { wait })
        }
    }

    fn shard(&self, key: Key) -> Option<&Mutex<Shard>> {
        let place = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64);
        self.shards.get(place.unwrap_or_default())
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        let lock = |shard: &Mutex<Shard>| {
            shard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .whole_at
                .len()
        };
        self.shards.iter().map(lock).sum()
    }
}

impl Shard {
    fn slot(&mut self, key: Key, now: u64, room: usize) -> &mut u64 {
        if self.whole_at.len() >= room && !self.whole_at.contains_key(&key) {
            if now >= self.swept {
                self.whole_at.retain(|_, whole_at| *whole_at > now);
                self.swept = now.saturating_add(SWEEP);
            }
            if self.whole_at.len() >= room {
                return &mut self.newcomers;
            }
        }
        self.whole_at.entry(key).or_default()
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rate")
            .field("remembered", &self.remembered())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
