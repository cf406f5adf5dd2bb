//! Words that are good for a while, and that nobody remembers: whoever has the key knows its own again.
//!
//! A word is the number of a period of time and an HMAC over it. That of the period before counts too, so
//! that no word ends the moment it is given, and that of the next one, since the clocks of two servers
//! with one key differ. Servers use such words as nonces (RFC 9449 §8).

use crate::{
    base64url,
    digest::{self, MacKey},
};

/// How much of the HMAC is in a word.
const TAG: usize = 16;

/// Makes words, and knows them again.
#[derive(Debug)]
pub struct Rotating {
    key: MacKey,
    period: i64,
}

impl Rotating {
    /// Makes words that change after this many seconds.
    pub fn new(key: &[u8], period: i64) -> Self {
        Self {
            key: MacKey::new(key),
            period: period.max(1),
        }
    }

    /// The word of this moment, in seconds since 1970. ASCII letters, digits, `-` and `_`.
    pub fn word(&self, now: i64) -> String {
        self.at(now.div_euclid(self.period))
    }

    /// Whether this is a word that was given a short while ago.
    pub fn knows(&self, word: &str, now: i64) -> bool {
        let number = now.div_euclid(self.period);
        [number, number.saturating_sub(1), number.saturating_add(1)]
            .into_iter()
            .fold(false, |known, number| {
                let right = self.at(number);
                known | digest::constant_time_eq(right.as_bytes(), word.as_bytes())
            })
    }

    fn at(&self, number: i64) -> String {
        let number = number.to_be_bytes();
        let tag = self.key.digest(&number);
        let tag = tag.get(..TAG).unwrap_or_default();
        base64url::encode([number.as_slice(), tag].concat())
    }
}

#[cfg(test)]
mod tests;
