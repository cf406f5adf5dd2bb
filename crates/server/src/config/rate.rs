//! `[rate]`: how often somebody may ask, and how much heavy work runs at a time.
//!
//! The defaults stop floods and nothing else. Behind a proxy that is not in `http.trusted_proxies`
//! everybody has the proxy's address: set that first.

use std::time::Duration;

use serde::Deserialize;

use super::Problems;
use super::duration;

/// An allowance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Quota {
    /// How much comes back in a minute.
    pub per_minute: u32,
    /// How much there is at a time.
    pub burst: u32,
}

/// How often, and how much.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Rate {
    /// Requests of one address, or of one IPv6 /64; nothing if limits are off.
    pub address: Option<Quota>,
    /// Requests that name one account or client, from wherever they come.
    pub key: Option<Quota>,
    /// How many addresses and keys are remembered, each.
    pub remembered: usize,
    /// Heavy work (password hashes) that may wait for its turn.
    pub heavy_queue: usize,
    /// How long it waits.
    pub heavy_wait: Duration,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            address: Some(Quota {
                per_minute: 6_000,
                burst: 3_000,
            }),
            key: Some(Quota {
                per_minute: 6_000,
                burst: 3_000,
            }),
            remembered: 100_000,
            heavy_queue: 256,
            heavy_wait: Duration::from_secs(2),
        }
    }
}

impl Rate {
    /// For `carnet dev`: test suites are floods.
    #[must_use]
    pub fn off() -> Self {
        Self {
            address: None,
            key: None,
            ..Self::default()
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    enabled: Option<bool>,
    address_per_minute: Option<u32>,
    address_burst: Option<u32>,
    key_per_minute: Option<u32>,
    key_burst: Option<u32>,
    max_remembered: Option<usize>,
    heavy_queue: Option<usize>,
    heavy_wait: Option<duration::Written>,
}

impl TryFrom<Written> for Rate {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let safe = Self::default();
        let mut quota = |keys: [&'static str; 2],
                         per_minute: Option<u32>,
                         burst: Option<u32>,
                         safe: Option<Quota>| {
            let safe = safe.unwrap_or(Quota {
                per_minute: 1,
                burst: 1,
            });
            let per_minute = per_minute.unwrap_or(safe.per_minute);
            let burst = burst.unwrap_or(safe.burst);
            for (key, value) in keys.into_iter().zip([per_minute, burst]) {
                problems.within(key, value, 1, 100_000_000);
            }
            written
                .enabled
                .unwrap_or(true)
                .then_some(Quota { per_minute, burst })
        };
        let address = ["rate.address_per_minute", "rate.address_burst"];
        let address = quota(
            address,
            written.address_per_minute,
            written.address_burst,
            safe.address,
        );
        let key = ["rate.key_per_minute", "rate.key_burst"];
        let key = quota(key, written.key_per_minute, written.key_burst, safe.key);
        let remembered = written.max_remembered.unwrap_or(safe.remembered);
        let heavy_queue = written.heavy_queue.unwrap_or(safe.heavy_queue);
        let heavy_wait = written
            .heavy_wait
            .unwrap_or(duration::Written(safe.heavy_wait));
        problems.within("rate.max_remembered", remembered, 1_000, 10_000_000);
        problems.within("rate.heavy_queue", heavy_queue, 0, 100_000);
        let longest = duration::Written::seconds(30);
        problems.within(
            "rate.heavy_wait",
            heavy_wait,
            duration::Written::seconds(0),
            longest,
        );
        problems.or(Self {
            address,
            key,
            remembered,
            heavy_queue,
            heavy_wait: heavy_wait.0,
        })
    }
}
