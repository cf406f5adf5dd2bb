//! The parameters of a form or a query: `application/x-www-form-urlencoded`, each name at most
//! once.
//!
//! RFC 6749 §3.1 and §3.2, appendix B; the format is the URL Standard's. Unlike browsers we do not
//! guess: what is not UTF-8 or not a whole percent code is an error.
//!
//! 1. The whole must not be larger than 64 KiB, and must be UTF-8.
//! 2. It is cut at `&`, and each piece at its first `=`; empty pieces do not count.
//! 3. Names and values are decoded; what has no `+` and no `%` is borrowed from the body.
//! 4. A name that comes twice is refused (§3.2: "Request and response parameters MUST NOT be
//!    included more than once").
//!    Two names may come again, as their RFCs say: `resource` (RFC 8707 §2) and `audience` (RFC 8693
//!    §2.1), at most eight times each.
//! 5. A parameter without a value counts as absent (§3.1), so [`Params::take`] does not show it.

mod json;

use std::borrow::Cow;
use std::fmt;

use crate::crn::Crn;
use crate::legal::Echo;

/// How large a form or query may be, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// How many parameters it may have.
pub const MAX_PARAMS: usize = 64;

/// How long a name may be, in bytes after decoding.
pub const MAX_NAME_BYTES: usize = 128;

/// How long a value may be, in bytes after decoding. The longest honest one is an assertion.
pub const MAX_VALUE_BYTES: usize = 32 * 1024;

/// How often a name of [`MAY_REPEAT`] may come.
pub const MAX_REPEATS: usize = 8;

/// The names that may come more than once: RFC 8707 §2 and RFC 8693 §2.1.
pub const MAY_REPEAT: [&str; 2] = ["resource", "audience"];

/// Parameters that wait to be taken.
#[derive(Clone, Default)]
pub struct Params<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Params<'a> {
    /// Parses the body of a form, or the query of a URL (without its `?`).
    pub fn parse(encoded: &'a [u8]) -> Result<Self, ParamsError> {
        Self::parse_boxes(encoded, "")
    }

    /// Parses a form of a page in which one name stands for a list of boxes, and comes once for each that
    /// is ticked.
    pub fn parse_boxes(encoded: &'a [u8], boxes: &str) -> Result<Self, ParamsError> {
        if encoded.len() > MAX_BYTES {
            return Err(ParamsError::TooLarge);
        }
        let encoded = std::str::from_utf8(encoded).map_err(|_| ParamsError::NotUtf8)?;
        let mut params = Self::default();
        for piece in encoded.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            params.push(decode(name)?, decode(value)?, boxes)?;
        }
        Ok(params)
    }

    fn push(
        &mut self,
        name: Cow<'a, str>,
        value: Cow<'a, str>,
        boxes: &str,
    ) -> Result<(), ParamsError> {
        if name.len() > MAX_NAME_BYTES {
            return Err(ParamsError::NameTooLong(Echo::of(&name)));
        }
        if value.len() > MAX_VALUE_BYTES {
            return Err(ParamsError::ValueTooLong(Echo::of(&name)));
        }
        let before = self.pairs.iter().filter(|(known, _)| *known == name);
        let most = if MAY_REPEAT.contains(&name.as_ref()) {
            MAX_REPEATS
        } else if name == boxes {
            MAX_PARAMS
        } else {
            1
        };
        if before.count() >= most {
            return Err(ParamsError::Repeated(Echo::of(&name)));
        }
        if self.pairs.len() == MAX_PARAMS {
            return Err(ParamsError::TooMany);
        }
        self.pairs.push((name, value));
        Ok(())
    }

    /// Takes a parameter out. One without a value counts as absent.
    pub fn take(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let at = self.pairs.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.pairs.remove(at);
        (!value.is_empty()).then_some(value)
    }

    /// Takes all values of a name that may come more than once, in the order in which they came.
    pub fn take_all(&mut self, name: &str) -> Vec<Cow<'a, str>> {
        let (taken, left) = std::mem::take(&mut self.pairs)
            .into_iter()
            .partition(|(known, _)| known == name);
        self.pairs = left;
        let taken: Vec<(Cow<'a, str>, Cow<'a, str>)> = taken;
        taken
            .into_iter()
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Takes a parameter that the request cannot do without.
    pub fn require(&mut self, name: &'static str) -> Result<Cow<'a, str>, MissingParameter> {
        self.take(name).ok_or(MissingParameter(name))
    }

    /// Whether the name was sent and not yet taken, be it without a value.
    pub fn sent(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// What was not taken, written as a form again: it says the same, letter by letter perhaps not.
    pub fn to_form(&self) -> String {
        let mut form = String::new();
        for (name, value) in &self.pairs {
            push_pair(name, value, &mut form);
        }
        form
    }

    /// The names that were not taken.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_ref())
    }
}

/// Names only: values are secrets more often than not.
impl fmt::Debug for Params<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// Undoes the encoding of one value that stands alone, such as half of a Basic credential (RFC
/// 6749 §2.3.1).
pub(crate) fn decode_value(text: &str) -> Option<Cow<'_, str>> {
    decode(text).ok()
}

/// Adds a parameter to a form.
pub(crate) fn push_pair(name: &str, value: &str, form: &mut String) {
    if !form.is_empty() {
        form.push('&');
    }
    encode_onto(name, form);
    form.push('=');
    encode_onto(value, form);
}

/// Writes a text so that [`decode`] gives it back, in characters that every URL may have.
fn encode_onto(text: &str, form: &mut String) {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            form.push(char::from(byte));
        } else {
            form.push('%');
            form.push(digit(byte >> 4).to_ascii_uppercase());
            form.push(digit(byte & 15).to_ascii_uppercase());
        }
    }
}

/// Undoes the encoding; borrows where there is nothing to undo.
fn decode(text: &str) -> Result<Cow<'_, str>, ParamsError> {
    // Without an early end, so that the compiler looks at many bytes at once: assertions are long
    // and plain.
    if !text
        .bytes()
        .fold(false, |coded, byte| coded | matches!(byte, b'%' | b'+'))
    {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => percent_code(&mut bytes).ok_or(ParamsError::BrokenPercentCode)?,
            _ => byte,
        });
    }
    String::from_utf8(decoded)
        .map(Cow::Owned)
        .map_err(|_| ParamsError::NotUtf8)
}

/// The byte that two hexadecimal digits stand for.
fn percent_code(bytes: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let mut digit = || char::from(bytes.next()?).to_digit(16);
    let (high, low) = (digit()?, digit()?);
    u8::try_from(high * 16 + low).ok()
}

/// Why this is not a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamsError {
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// More than [`MAX_PARAMS`] parameters.
    TooMany,
    /// A name of more than [`MAX_NAME_BYTES`]; its beginning.
    NameTooLong(Echo),
    /// A value of more than [`MAX_VALUE_BYTES`]; its name.
    ValueTooLong(Echo),
    /// A name that came twice (RFC 6749 §3.2).
    Repeated(Echo),
    /// Bytes that are not UTF-8, before or after decoding.
    NotUtf8,
    /// A `%` without two hexadecimal digits.
    BrokenPercentCode,
    /// A body that was to be a JSON object and is none.
    NotJson,
}

impl ParamsError {
    /// Which cause of the catalogue it is.
    pub fn crn(&self) -> Crn {
        match self {
            Self::TooLarge => Crn::BODY_TOO_LARGE,
            Self::TooMany | Self::NameTooLong(_) | Self::ValueTooLong(_) => Crn::FORM_OUT_OF_BOUNDS,
            Self::Repeated(_) => Crn::PARAMETER_REPEATED,
            Self::NotUtf8 | Self::BrokenPercentCode | Self::NotJson => Crn::FORM_ENCODING,
        }
    }
}

impl fmt::Display for ParamsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the parameters are larger than {MAX_BYTES} bytes"),
            Self::TooMany => write!(f, "there are more than {MAX_PARAMS} parameters"),
            Self::NameTooLong(name) => {
                write!(
                    f,
                    "the parameter name {name} is longer than {MAX_NAME_BYTES} bytes"
                )
            }
            Self::ValueTooLong(name) => write!(f, "{name} is longer than {MAX_VALUE_BYTES} bytes"),
            Self::Repeated(name) => write!(f, "{name} appears more than once"),
            Self::NotUtf8 => f.write_str("the parameters are not UTF-8"),
            Self::NotJson => f.write_str("the body is not a JSON object"),
            Self::BrokenPercentCode => f.write_str("a % is not followed by two hexadecimal digits"),
        }
    }
}

impl std::error::Error for ParamsError {}

/// A parameter that the request cannot do without is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingParameter(pub &'static str);

impl MissingParameter {
    /// Which cause of the catalogue it is.
    pub fn crn(self) -> Crn {
        Crn::PARAMETER_MISSING
    }
}

impl fmt::Display for MissingParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is missing", self.0)
    }
}

impl std::error::Error for MissingParameter {}

#[cfg(test)]
mod tests;
