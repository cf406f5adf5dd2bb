//! A stranger's text, made fit for an error message.
//!
//! Names that come from a token or a key set end up in error descriptions and logs. RFC 6749 §5.2
//! confines the former to %x20-21 / %x23-5B / %x5D-7E, and a log line must not be forgeable; so
//! what is kept of such a text is short and holds these characters only.

use std::fmt;

/// The most characters that are kept.
const LONGEST: usize = 64;

/// A bounded copy of a text in which every character outside RFC 6749's set became `?`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Printable(Box<str>);

impl Printable {
    /// Keeps at most 64 characters of the text; three dots say that there was more.
    pub fn new(text: &str) -> Self {
        let mut characters = text.chars();
        let mut kept: String = characters.by_ref().take(LONGEST).map(fit).collect();
        if characters.next().is_some() {
            kept.push_str("...");
        }
        Self(kept.into_boxed_str())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn fit(character: char) -> char {
    match character {
        '\x20'..='\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E' => character,
        _ => '?',
    }
}

impl fmt::Display for Printable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Printable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
