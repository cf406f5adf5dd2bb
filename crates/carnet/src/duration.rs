//! Lengths of time as people write and read them.

use std::str::FromStr;

/// A length of time on the command line, in seconds: `90d`, `24h`, `30m`, `1y`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Span(pub(crate) i64);

/// The text is not a length of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NotASpan;

impl std::fmt::Display for NotASpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "a length of time is a whole number with s, m, h, d, w or y behind it, like 90d",
        )
    }
}

impl std::error::Error for NotASpan {}

const DAY: i64 = 86_400;

impl Span {
    /// In whole days, rounded up.
    pub(crate) fn days(self) -> i64 {
        self.0.saturating_add(DAY - 1) / DAY
    }
}

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let number = text.strip_suffix(unit).unwrap_or(text);
        let number: i64 = number.parse().map_err(|_| NotASpan)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => DAY,
            "w" => 7 * DAY,
            "y" => 365 * DAY,
            _ => return Err(NotASpan),
        };
        number.checked_mul(seconds).map(Self).ok_or(NotASpan)
    }
}

/// A length of time in one unit: `45 s`, `60 min`, `6 days`.
pub(crate) fn words(seconds: i64) -> String {
    let length = seconds.unsigned_abs();
    match length {
        0..120 => format!("{length} s"),
        120..7_200 => format!("{} min", length / 60),
        7_200..172_800 => format!("{} h", length / 3_600),
        _ => format!("{} days", length / 86_400),
    }
}

/// How long ago, or in how long, a moment is.
pub(crate) fn from_now(moment: i64, now: i64) -> String {
    if moment > now {
        format!("in {}", words(moment - now))
    } else {
        format!("{} ago", words(now - moment))
    }
}

#[cfg(test)]
mod tests;
