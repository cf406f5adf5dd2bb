//! Calendar days, for waivers that end.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_IN_A_DAY: u64 = 86_400;

/// Today, in UTC, written as `2026-11-25`. Days written so sort as they follow each other.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge: a waiver ends by the real calendar"
)]
pub(crate) fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    day(seconds / SECONDS_IN_A_DAY)
}

/// The day that lies so many days after 1970-01-01.
///
/// Years are counted from a first of March, so that the leap day is a year's last, in cycles of 400 years
/// with 146,097 days each.
fn day(since_1970: u64) -> String {
    let days = since_1970 + 719_468;
    let cycle = days / 146_097;
    let in_cycle = days % 146_097;
    let year = (in_cycle - in_cycle / 1_460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (365 * year + year / 4 - year / 100);
    let march_month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = cycle * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests;
