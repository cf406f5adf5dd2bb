//! What a path of Google's shape names: `/v1/projects/p/serviceAccounts/a/keys:upload`.
//!
//! The parts between slashes, each decoded, and the word behind the last colon of the last part. Clients write
//! `@` and `:` as they are or percent-encoded.

use std::borrow::Cow;

/// The most parts of a path.
const MOST: usize = 12;

/// The longest part in bytes, once decoded.
const LONGEST: usize = 512;

/// The path is none of ours: too deep, too long, empty in a part, or not text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooMuch;

/// A path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResourcePath<'a> {
    parts: Vec<Cow<'a, str>>,
    method: Cow<'a, str>,
}

impl<'a> ResourcePath<'a> {
    /// Reads it.
    pub fn parse(path: &'a str) -> Result<Self, TooMuch> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let mut parts = Vec::new();
        for part in path.split('/') {
            if parts.len() == MOST {
                return Err(TooMuch);
            }
            let part = decoded(part).ok_or(TooMuch)?;
            if part.is_empty() || part.len() > LONGEST || part.chars().any(char::is_control) {
                return Err(TooMuch);
            }
            parts.push(part);
        }
        let mut method = Cow::Borrowed("");
        if let Some(last) = parts.last_mut()
            && let Some((name, word)) = last.rsplit_once(':')
        {
            method = Cow::Owned(word.to_owned());
            *last = Cow::Owned(name.to_owned());
        }
        Ok(Self { parts, method })
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        self.parts.iter().map(AsRef::as_ref).collect()
    }

    /// The word behind the colon; empty where there is none.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }
}

/// A slash that was encoded would be another part: nothing here has one in its name.
fn decoded(part: &str) -> Option<Cow<'_, str>> {
    if !part.contains('%') {
        return Some(Cow::Borrowed(part));
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('/')).then_some(Cow::Owned(text))
}
