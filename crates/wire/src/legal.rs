//! Text that may stand in an answer: the legal characters, and the caller's own words made
//! harmless.
//!
//! RFC 6749 §5.2 lets `error_description` hold printable ASCII without `"` and `\`. What breaks
//! that rule breaks clients and log readers, so text is not refused here but changed:
//!
//! 1. `"` becomes `'` and `\` becomes `/`, which read alike;
//! 2. line ends and other control characters become a space, so nobody writes log lines through us;
//! 3. everything outside ASCII becomes `?`.
//!
//! What a caller sent is an [`Echo`]: changed in the same way and cut, so that an error can carry
//! neither a script nor somebody else's essay.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// How much of a caller's value an answer repeats.
const ECHO_CHARS: usize = 80;

/// What ends an echo that was cut.
const CUT: &str = "...";

/// RFC 6749 §5.2: "%x20-21 / %x23-5B / %x5D-7E".
pub const fn is_legal(byte: u8) -> bool {
    matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

/// The text with its illegal characters replaced; borrowed where there is none.
pub fn legal(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_legal) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(replaced).collect())
    }
}

/// The character itself, or the legal one that stands for it.
fn replaced(character: char) -> char {
    match character {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => character,
        _ if character.is_control() => ' ',
        _ => '?',
    }
}

/// A value that the caller sent, as an answer may repeat it: legal characters, at most 80.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Echo(Box<str>);

impl Echo {
    /// Makes the value harmless. Only the beginning of a long value is looked at.
    pub fn of(value: &str) -> Self {
        let mut chars = value.chars();
        let mut kept: String = chars.by_ref().take(ECHO_CHARS).map(replaced).collect();
        if chars.next().is_some() {
            // Every character is one byte now.
            kept.truncate(ECHO_CHARS - CUT.len());
            kept.push_str(CUT);
        }
        Self(kept.into_boxed_str())
    }

    /// The harmless text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Echo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Writes a quoted-string of RFC 9110 §5.6.4. Line ends cannot get into a header through it.
pub(crate) fn write_quoted(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.write_char('\\')?;
                out.write_char(character)?;
            }
            ' '..='~' => out.write_char(character)?,
            _ => out.write_char(replaced(character))?,
        }
    }
    out.write_char('"')
}

#[cfg(test)]
mod tests;
