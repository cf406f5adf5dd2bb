//! The sections of the configuration that this crate owns, each in a file with two types: what an
//! operator writes, and what the program uses.
//!
//! Reading the file and the environment is the binary's work. A section is made with serde; unknown
//! keys stop the server, and a value that is not allowed is told with its key and the reason
//! (CRN-7001, CRN-7002). All faults of a section are told at once.

pub mod dpop;
pub mod drain;
pub mod duration;
pub mod google;
pub mod http;
pub mod list;
pub mod log;
pub mod ops;
pub mod outbound;
pub mod par;
pub mod password;
pub mod rate;
pub mod registration;
pub mod session;

use std::fmt;

/// The most characters of a value that are told.
const MOST_TOLD: usize = 60;

/// One value that is not allowed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wrong {
    /// The key, with its section: `http.max_headers`.
    pub key: &'static str,
    /// The value as it was written, as far as it is told.
    pub value: String,
    /// Why it is not allowed, and what would be.
    pub reason: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is {}; {}",
            self.key,
            self.value.escape_debug(),
            self.reason
        )
    }
}

/// Everything that is wrong in a section.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Problems(pub Vec<Wrong>);

impl Problems {
    /// Notes that a value is wrong.
    pub fn add(&mut self, key: &'static str, value: impl fmt::Display, reason: impl Into<String>) {
        self.0.push(Wrong {
            key,
            value: beginning(&value.to_string()),
            reason: reason.into(),
        });
    }

    /// Notes that a number is outside its bounds, if it is.
    pub fn within<N: Copy + PartialOrd + fmt::Display>(
        &mut self,
        key: &'static str,
        value: N,
        least: N,
        most: N,
    ) {
        if value < least || value > most {
            self.add(key, value, format!("allowed are {least} to {most}"));
        }
    }

    /// The section, if nothing was noted.
    pub fn or<T>(self, section: T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(section)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, wrong) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            wrong.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(MOST_TOLD) {
        Some((place, _)) => format!("{}...", text.get(..place).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
