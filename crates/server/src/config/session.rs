//! `[session]`: how long a person stays signed in with a browser.

use std::time::Duration;

use carnet_core::rule::sign_in::SessionLength;
use carnet_core::value::Seconds;
use serde::Deserialize;

use super::Problems;
use super::duration;

/// How long sessions last.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Session(pub SessionLength);

const SHORTEST: duration::Written = duration::Written::seconds(300);
const LONGEST: duration::Written = duration::Written::seconds(365 * 86_400);

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    idle: Option<duration::Written>,
    absolute: Option<duration::Written>,
}

impl TryFrom<Written> for Session {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let safe = SessionLength::default();
        let absolute = written.absolute.unwrap_or_else(|| length(safe.absolute));
        // Who shortens the one and does not speak of the other means both.
        let idle = written.idle;
        let idle = idle.unwrap_or_else(|| length(safe.idle).min(absolute));
        problems.within("session.absolute", absolute, SHORTEST, LONGEST);
        problems.within("session.idle", idle, SHORTEST, LONGEST);
        if idle > absolute {
            let reason = format!("it must not be longer than session.absolute, {absolute}");
            problems.add("session.idle", idle, reason);
        }
        problems.or(Self(SessionLength {
            idle: seconds(idle),
            absolute: seconds(absolute),
        }))
    }
}

fn length(seconds: Seconds) -> duration::Written {
    let seconds = u64::try_from(seconds.0).unwrap_or_default();
    duration::Written(Duration::from_secs(seconds))
}

fn seconds(written: duration::Written) -> Seconds {
    Seconds(i64::try_from(written.0.as_secs()).unwrap_or(i64::MAX))
}
