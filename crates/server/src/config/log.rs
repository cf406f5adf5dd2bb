//! `[log]`: what is logged, and how it looks.

use serde::Deserialize;

use super::Problems;

/// What is logged, and how it looks.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Log {
    /// How a line looks.
    pub format: Format,
    /// From which level on, and for which parts: `info`, or `info,carnet_server=debug`.
    pub level: Level,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// For people.
    Pretty,
    /// One JSON object on each line.
    Json,
}

/// A filter as `tracing-subscriber` reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Level(String);

impl Level {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Level {
    fn default() -> Self {
        Self("info".to_owned())
    }
}

/// The filter cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "levels are error, warn, info, debug, trace and off, or a list like info,carnet_server=debug"
)]
pub struct NotALevel;

impl std::str::FromStr for Level {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, NotALevel> {
        let read = tracing_subscriber::EnvFilter::builder().parse(text);
        if text.is_empty() || read.is_err() {
            Err(NotALevel)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    format: Format,
    level: Option<String>,
}

impl TryFrom<Written> for Log {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let text = written.level.as_deref().unwrap_or("info");
        let level = text.parse().unwrap_or_else(|reason: NotALevel| {
            problems.add("log.level", text, reason.to_string());
            Level::default()
        });
        problems.or(Self {
            format: written.format,
            level,
        })
    }
}
