//! A length of time as people write it: `"10s"`, `"500ms"`, `"2m"`, `"1h"`, `"14d"`, or a number of seconds.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::Deserializer;
use serde::de;
use serde::de::Visitor;

/// A length of time that was written in the configuration.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Written(pub Duration);

impl Written {
    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

/// The text is not a length of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a length of time is a whole number with ms, s, m, h or d behind it, like \"10s\"")]
pub struct NotADuration;

impl FromStr for Written {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let text = text.trim();
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let number = text.strip_suffix(unit).unwrap_or(text);
        let number: u64 = number.parse().map_err(|_| NotADuration)?;
        let milliseconds = match unit {
            "ms" => 1,
            "" | "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(NotADuration),
        };
        number
            .checked_mul(milliseconds)
            .map(Duration::from_millis)
            .map(Self)
            .ok_or(NotADuration)
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(f, "{}s", self.0.as_secs()),
            _ => write!(f, "{}ms", self.0.as_millis()),
        }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{NotADuration}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
        text.parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Written, E> {
        Ok(Written::seconds(seconds))
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Written, E> {
        u64::try_from(seconds)
            .map(Written::seconds)
            .map_err(|_| E::invalid_value(de::Unexpected::Signed(seconds), &self))
    }
}
