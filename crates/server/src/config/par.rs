//! `[par]`: authorization requests that apps push (RFC 9126).

use std::time::Duration;

use carnet_core::value::Seconds;
use serde::Deserialize;

use super::Problems;
use super::duration;

/// How pushed requests are kept, and whether each request must be pushed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Par {
    /// How long a request is good that no browser has brought (section 2.2).
    pub lifetime: Seconds,
    /// Whether every app must push (section 5).
    pub required: bool,
}

const USUAL: Duration = Duration::from_mins(1);
const SHORTEST: duration::Written = duration::Written::seconds(5);
const LONGEST: duration::Written = duration::Written::seconds(600);

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    lifetime: Option<duration::Written>,
    required: Required,
}

/// Who must push.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Required {
    /// The apps that are registered so.
    #[default]
    ByApp,
    /// Every app.
    Always,
}

impl Default for Par {
    /// A minute, and nobody must.
    fn default() -> Self {
        Self {
            lifetime: Seconds(60),
            required: false,
        }
    }
}

impl TryFrom<Written> for Par {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let lifetime = written.lifetime.unwrap_or(duration::Written(USUAL));
        problems.within("par.lifetime", lifetime, SHORTEST, LONGEST);
        problems.or(Self {
            lifetime: Seconds(i64::try_from(lifetime.0.as_secs()).unwrap_or(60)),
            required: written.required == Required::Always,
        })
    }
}
