//! Trace ids: each request has one, and every answer and log line tells it.
//!
//! 1. An id has 128 bits. Ours are 48 bits of time and 80 of chance: they sort by time, and nobody can
//!    walk from one to the next. The bits of chance are drawn for many ids at a time.
//! 2. People read it as 26 characters of Crockford's base 32, as a ULID. OpenTelemetry reads the same
//!    bits as 32 hex digits.
//! 3. Where a caller that is believed sends a W3C `traceparent`, its trace is continued: the id is
//!    theirs, and `traceparent` of the answer names it and our own part of it.

mod parent;

use std::cell::RefCell;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

pub use self::parent::TraceParent;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The digits of an id: 26 times five bits hold 128.
const DIGITS: usize = 26;

/// The id of one request.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct TraceId {
    number: u128,
    text: [u8; DIGITS],
}

impl TraceId {
    /// The id with these bits.
    #[must_use]
    pub fn new(number: u128) -> Self {
        let mut text = [b'0'; DIGITS];
        let mut rest = number;
        for digit in text.iter_mut().rev() {
            let five = usize::from(rest.to_le_bytes()[0] & 31);
            *digit = ALPHABET.get(five).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        Self { number, text }
    }

    /// As people read it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The alphabet is ASCII, so this cannot fail.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The bits.
    #[must_use]
    pub fn number(&self) -> u128 {
        self.number
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({})", self.as_str())
    }
}

/// Fills a buffer with chance that nobody can foresee; says false if there is none.
pub type Fill = fn(&mut [u8]) -> bool;

/// The bytes of chance in an id.
const CHANCE: usize = 10;

/// How many bytes of chance are drawn at a time on each thread.
const POOL: usize = 100 * CHANCE;

/// Chance that was drawn ahead.
struct Pool {
    bytes: [u8; POOL],
    used: usize,
}

thread_local! {
    static POOLS: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL], used: POOL }) };
}

/// Makes trace ids.
#[derive(Clone, Copy, Debug)]
pub struct TraceIds {
    fill: Fill,
    began: Instant,
    unix: Duration,
}

impl TraceIds {
    /// Makes ids from this source of chance, and from the time: `unix` is the time since 1970 now.
    #[must_use]
    pub fn new(fill: Fill, unix: Duration) -> Self {
        Self {
            fill,
            began: Instant::now(),
            unix,
        }
    }

    /// A new id for a request that came at this moment.
    #[must_use]
    pub fn mint(&self, now: Instant) -> TraceId {
        let time = self
            .unix
            .saturating_add(now.saturating_duration_since(self.began))
            .as_millis();
        TraceId::new((time << 80) | self.chance(80))
    }

    /// A name for our own part of a trace: 64 bits, not all of them zero.
    #[must_use]
    pub fn span(&self) -> u64 {
        let chance = self.chance(64).to_le_bytes();
        u64::from_le_bytes(chance.first_chunk().copied().unwrap_or_default()).max(1)
    }

    fn chance(&self, bits: u32) -> u128 {
        let drawn = POOLS.with_borrow_mut(|pool| {
            if pool.used + CHANCE > POOL {
                if !(self.fill)(&mut pool.bytes) {
                    return [0; CHANCE];
                }
                pool.used = 0;
            }
            let rest = pool
                .bytes
                .get(pool.used..)
                .and_then(|rest| rest.first_chunk::<CHANCE>());
            pool.used += CHANCE;
            rest.copied().unwrap_or_default()
        });
        let mut wide = [0; 16];
        for (to, from) in wide.iter_mut().zip(drawn) {
            *to = from;
        }
        u128::from_le_bytes(wide) & ((1 << bits) - 1)
    }
}

#[cfg(test)]
mod tests;
