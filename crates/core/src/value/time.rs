//! Time as an argument: whole seconds since 1970, and the versions of records.

use std::fmt;
use std::ops::Add;
use std::ops::Sub;

use serde::Deserialize;
use serde::Serialize;

/// A moment: whole seconds since 1970-01-01T00:00:00Z, as every protocol here counts them.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct UnixTime(pub i64);

/// A length of time in whole seconds. May be negative.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Seconds(pub i64);

impl Seconds {
    /// So many minutes.
    #[must_use]
    pub const fn minutes(count: i64) -> Self {
        Self(count.saturating_mul(60))
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(count: i64) -> Self {
        Self(count.saturating_mul(86_400))
    }
}

impl Add<Seconds> for UnixTime {
    type Output = Self;

    /// Saturates: a caller's number can never overflow a clock of ours.
    fn add(self, length: Seconds) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Sub<Seconds> for UnixTime {
    type Output = Self;

    fn sub(self, length: Seconds) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Sub for UnixTime {
    type Output = Seconds;

    fn sub(self, earlier: Self) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0))
    }
}

impl UnixTime {
    /// `2026-04-02T09:10:58Z`; a moment beyond the calendar is printed as its number.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_second(self.0)
            .map_or_else(|_| self.0.to_string(), |moment| moment.to_string())
    }

    /// `2026-04-02`, the day in UTC.
    #[must_use]
    pub fn day(self) -> String {
        let mut text = self.rfc3339();
        if let Some(end) = text.find('T') {
            text.truncate(end);
        }
        text
    }

    /// Reads what [`Self::rfc3339`] prints, and any other RFC 3339 moment.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        Some(Self(moment.as_second()))
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl fmt::Display for Seconds {
    /// `243 s`, or for long times the unit in which people think: `2 h`, `94 days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0;
        match length.unsigned_abs() {
            0..7_200 => write!(f, "{length} s"),
            7_200..172_800 => write!(f, "{} h", length / 3_600),
            _ => write!(f, "{} days", length / 86_400),
        }
    }
}

/// How often a record was written. The `ETag` of the admin API, and what a guarded change expects.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Version(pub i64);

impl Version {
    /// A record that was just made.
    pub const FIRST: Self = Self(1);

    /// The version after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::Seconds;
    use super::UnixTime;

    #[test]
    fn a_moment_is_printed_and_read_back() {
        let moment = UnixTime(1_775_121_058);
        assert_eq!(moment.rfc3339(), "2026-04-02T09:10:58Z");
        assert_eq!(moment.day(), "2026-04-02");
        assert_eq!(UnixTime::from_rfc3339(&moment.rfc3339()), Some(moment));
        assert_eq!(UnixTime::from_rfc3339("yesterday"), None);
    }

    #[test]
    fn lengths_never_overflow() {
        assert_eq!(UnixTime(i64::MAX) + Seconds(1), UnixTime(i64::MAX));
        assert_eq!(UnixTime(i64::MIN) - UnixTime(1), Seconds(i64::MIN));
        assert_eq!(UnixTime(i64::MAX).rfc3339(), i64::MAX.to_string());
    }

    #[test]
    fn lengths_are_said_in_the_unit_people_think_in() {
        assert_eq!(Seconds(243).to_string(), "243 s");
        assert_eq!(Seconds(7_200).to_string(), "2 h");
        assert_eq!(Seconds::days(94).to_string(), "94 days");
    }
}
