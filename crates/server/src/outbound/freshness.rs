//! How long an answer may be kept (RFC 9111 sections 4.2 and 5.2.2), within bounds of ours.
//!
//! We are a private cache, so `s-maxage` is not for us. `Expires` is not read: who cares about time
//! says `max-age`.

use std::time::Duration;

use http::HeaderMap;
use http::header::AGE;
use http::header::CACHE_CONTROL;

/// Bounds: how long an answer is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Freshness {
    /// Even where the answer asks for less.
    pub least: Duration,
    /// Even where the answer asks for more.
    pub most: Duration,
    /// Where the answer says nothing.
    pub usual: Duration,
}

impl Freshness {
    /// For what is never kept.
    pub const NONE: Self = Self {
        least: Duration::ZERO,
        most: Duration::ZERO,
        usual: Duration::ZERO,
    };

    /// What these headers ask for, within the bounds.
    pub(super) fn of(&self, headers: &HeaderMap) -> Duration {
        asked(headers)
            .unwrap_or(self.usual)
            .clamp(self.least, self.most)
    }
}

/// What the headers ask for. The shortest of several values counts.
fn asked(headers: &HeaderMap) -> Option<Duration> {
    let mut asked: Option<u64> = None;
    for line in headers.get_all(CACHE_CONTROL) {
        let line = line.to_str().ok()?;
        for directive in line.split(',').take(32) {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let seconds = match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "no-cache" => Some(0),
                "max-age" => number(value.trim().trim_matches('"')),
                _ => None,
            };
            asked = match (asked, seconds) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
    }
    let age = headers.get(AGE).and_then(|age| age.to_str().ok());
    let age = age.and_then(number).unwrap_or(0);
    asked.map(|asked| Duration::from_secs(asked.saturating_sub(age)))
}

/// Digits alone. A number too large to hold is large (RFC 9111 section 1.2.2).
fn number(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().unwrap_or(u64::from(u32::MAX)))
}
