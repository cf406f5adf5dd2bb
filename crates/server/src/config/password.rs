//! `[password]`: what a password hash costs, and how many are computed at a time.
//!
//! Each thread keeps as much memory as one hash takes. A hash that was made at another cost is made
//! anew when its owner signs in, so the cost may be changed at any time.

use std::time::Duration;

use serde::Deserialize;

use super::Problems;
use super::duration;
use crate::password::Cost;
use crate::password::Hashing;

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Written {
    memory_kib: Option<u32>,
    passes: Option<u32>,
    threads: Option<usize>,
    max_waiting: Option<usize>,
    max_wait: Option<duration::Written>,
}

impl TryFrom<Written> for Hashing {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let safe = Self::default();
        let memory = written.memory_kib.unwrap_or(safe.cost.memory());
        let passes = written.passes.unwrap_or(safe.cost.passes());
        let (least, most) = Cost::MEMORY;
        problems.within("password.memory_kib", memory, least, most);
        let (least, most) = Cost::PASSES;
        problems.within("password.passes", passes, least, most);
        let hashing = Self {
            cost: Cost::new(memory, passes).unwrap_or(safe.cost),
            threads: written.threads.unwrap_or(safe.threads),
            queue: written.max_waiting.unwrap_or(safe.queue),
            wait: written.max_wait.map_or(safe.wait, |wait| wait.0),
        };
        problems.within("password.threads", hashing.threads, 1, 256);
        problems.within("password.max_waiting", hashing.queue, 1, 100_000);
        let [least, most] = [Duration::from_millis(100), Duration::from_secs(30)];
        let [least, most] = [least, most].map(duration::Written);
        problems.within(
            "password.max_wait",
            duration::Written(hashing.wait),
            least,
            most,
        );
        problems.or(hashing)
    }
}
