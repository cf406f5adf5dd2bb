//! `[rate]`: how often somebody may be refused, or ask at all, and how much work runs at a time.
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

impl Quota {
    const fn new(per_minute: u32, burst: u32) -> Self {
        Self { per_minute, burst }
    }
}

/// How often, and how much.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Rate {
    /// Refusals of one address, or of one IPv6 /64; nothing if they are not limited.
    pub refusals: Option<Quota>,
    /// Refusals of assertions that name one account and come from one address.
    pub named: Option<Quota>,
    /// Codes for devices that one address may ask for.
    pub devices: Option<Quota>,
    /// What one person who is signed in may ask of their own pages.
    pub people: Option<Quota>,
    /// All requests of one address.
    pub requests: Option<Quota>,
    /// How many addresses and names are remembered, for each limit.
    pub remembered: usize,
    /// How much work that verifies, signs or writes runs at a time.
    pub work: usize,
    /// How much of it may wait for its turn.
    pub waiting: usize,
    /// How long it waits.
    pub patience: Duration,
}

const REFUSALS: Quota = Quota::new(6_000, 20_000);
const NAMED: Quota = Quota::new(1_200, 5_000);
const DEVICES: Quota = Quota::new(120, 600);
const PEOPLE: Quota = Quota::new(600, 2_000);
const REQUESTS: Quota = Quota::new(0, 100_000);

impl Default for Rate {
    fn default() -> Self {
        Self {
            refusals: Some(REFUSALS),
            named: Some(NAMED),
            devices: Some(DEVICES),
            people: Some(PEOPLE),
            requests: None,
            remembered: 100_000,
            work: 1_024,
            waiting: 1_024,
            patience: Duration::from_secs(1),
        }
    }
}

impl Rate {
    /// For `carnet dev`: test suites are floods.
    #[must_use]
    pub fn off() -> Self {
        Self {
            refusals: None,
            named: None,
            devices: None,
            people: None,
            ..Self::default()
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    refusals_per_minute: Option<u32>,
    refusals_burst: Option<u32>,
    named_per_minute: Option<u32>,
    named_burst: Option<u32>,
    devices_per_minute: Option<u32>,
    devices_burst: Option<u32>,
    people_per_minute: Option<u32>,
    people_burst: Option<u32>,
    requests_per_minute: Option<u32>,
    requests_burst: Option<u32>,
    max_remembered: Option<usize>,
    max_work: Option<usize>,
    max_waiting: Option<usize>,
    max_wait: Option<duration::Written>,
}

impl TryFrom<Written> for Rate {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let safe = Self::default();
        let refusals = Asked {
            keys: ["rate.refusals_per_minute", "rate.refusals_burst"],
            written: (written.refusals_per_minute, written.refusals_burst),
        };
        let named = Asked {
            keys: ["rate.named_per_minute", "rate.named_burst"],
            written: (written.named_per_minute, written.named_burst),
        };
        let devices = Asked {
            keys: ["rate.devices_per_minute", "rate.devices_burst"],
            written: (written.devices_per_minute, written.devices_burst),
        };
        let people = Asked {
            keys: ["rate.people_per_minute", "rate.people_burst"],
            written: (written.people_per_minute, written.people_burst),
        };
        let requests = Asked {
            keys: ["rate.requests_per_minute", "rate.requests_burst"],
            written: (written.requests_per_minute, written.requests_burst),
        };
        let rate = Self {
            refusals: refusals.quota(REFUSALS, &mut problems),
            named: named.quota(NAMED, &mut problems),
            devices: devices.quota(DEVICES, &mut problems),
            people: people.quota(PEOPLE, &mut problems),
            requests: requests.quota(REQUESTS, &mut problems),
            remembered: written.max_remembered.unwrap_or(safe.remembered),
            work: written.max_work.unwrap_or(safe.work),
            waiting: written.max_waiting.unwrap_or(safe.waiting),
            patience: written.max_wait.map_or(safe.patience, |wait| wait.0),
        };
        problems.within("rate.max_remembered", rate.remembered, 1_000, 10_000_000);
        problems.within("rate.max_work", rate.work, 1, 1_000_000);
        problems.within("rate.max_waiting", rate.waiting, 0, 1_000_000);
        let [least, most] = [0, 30].map(duration::Written::seconds);
        problems.within(
            "rate.max_wait",
            duration::Written(rate.patience),
            least,
            most,
        );
        problems.or(rate)
    }
}

/// A quota as it is written, in two keys.
struct Asked {
    keys: [&'static str; 2],
    written: (Option<u32>, Option<u32>),
}

impl Asked {
    /// Nothing in a minute: there is no limit.
    fn quota(&self, safe: Quota, problems: &mut Problems) -> Option<Quota> {
        let per_minute = self.written.0.unwrap_or(safe.per_minute);
        let burst = self.written.1.unwrap_or(safe.burst);
        problems.within(self.keys[0], per_minute, 0, 100_000_000);
        problems.within(self.keys[1], burst, 1, 100_000_000);
        (per_minute > 0).then_some(Quota { per_minute, burst })
    }
}
