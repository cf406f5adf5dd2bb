//! `[drain]`: how the server stops.
//!
//! On SIGTERM readiness says no at once; `delay` later nothing new is accepted; `timeout` after the
//! signal whatever still runs is cut off. Supervisors kill after ten seconds by default, and what is
//! collected in memory must be written before that: so the default is eight seconds in all.

use std::time::Duration;

use serde::Deserialize;

use super::Problems;
use super::duration;

/// How the server stops.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Drain {
    /// How long requests are still accepted after the signal, so that load balancers can notice.
    pub delay: Duration,
    /// How long after the signal the last request may end.
    pub timeout: Duration,
}

impl Drain {
    /// For `carnet dev`: nobody is in front of it, so it does not wait.
    pub const AT_ONCE: Self = Self {
        delay: Duration::ZERO,
        timeout: Duration::from_secs(8),
    };
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(2),
            timeout: Duration::from_secs(8),
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    delay: duration::Written,
    timeout: duration::Written,
}

impl Default for Written {
    fn default() -> Self {
        let Drain { delay, timeout } = Drain::default();
        Self {
            delay: duration::Written(delay),
            timeout: duration::Written(timeout),
        }
    }
}

impl TryFrom<Written> for Drain {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let second = duration::Written::seconds(1);
        problems.within(
            "drain.timeout",
            written.timeout,
            second,
            duration::Written::seconds(600),
        );
        if written.delay > written.timeout {
            let reason = format!(
                "it must not be longer than drain.timeout, {}",
                written.timeout
            );
            problems.add("drain.delay", written.delay, reason);
        }
        problems.or(Self {
            delay: written.delay.0,
            timeout: written.timeout.0,
        })
    }
}
