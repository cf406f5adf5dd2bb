//! The challenge: how an API says which token it wants, and how a client reads it.
//!
//! Printed in one order: `realm`, `error`, `error_description`, `scope`, `algs`, `resource_metadata`. Read
//! by the grammar of RFC 9110 §11.6.1, which is unkind: challenges and their parameters are both
//! separated by commas, so a word is a new scheme only where no `=` follows it. A header that
//! breaks the grammar ends where it breaks; what came before counts.

use std::borrow::Cow;
use std::fmt;

use super::Scheme;
use crate::legal::write_quoted;

/// How much of a header is read, in bytes.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// A challenge of the scheme Bearer, or of `DPoP` (RFC 9449 §7.1). Every part is optional (RFC 6750 §3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// How the token is to be shown.
    pub scheme: Scheme,
    /// The area that is protected.
    pub realm: Option<Cow<'a, str>>,
    /// What is wrong with the token that came; absent where none came.
    pub error: Option<Cow<'a, str>>,
    /// What a developer reads.
    pub error_description: Option<Cow<'a, str>>,
    /// What the token must allow.
    pub scope: Option<Cow<'a, str>>,
    /// How proofs may be signed (RFC 9449 §7.1).
    pub algs: Option<Cow<'a, str>>,
    /// Where the API describes itself (RFC 9728 §5.1).
    pub resource_metadata: Option<Cow<'a, str>>,
}

impl<'a> Challenge<'a> {
    /// Finds the first Bearer challenge in the value of a `WWW-Authenticate` header.
    pub fn find(header: &'a str) -> Option<Self> {
        let read = header.floor_char_boundary(MAX_HEADER_BYTES);
        let mut cursor = Cursor {
            rest: header.get(..read).unwrap_or_default(),
        };
        let mut found: Option<Self> = None;
        while let Some(part) = cursor.next_part() {
            match (part, &mut found) {
                (Part::Scheme(_), Some(_)) => break,
                (Part::Scheme(scheme), none) if scheme.eq_ignore_ascii_case("Bearer") => {
                    *none = Some(Self::default());
                }
                (Part::Param(name, value), Some(challenge)) => challenge.set(name, value),
                (Part::Scheme(_) | Part::Param(..), None) | (Part::Token68, _) => {}
            }
        }
        found
    }

    /// A parameter that comes twice keeps its first value (RFC 6750 §3 forbids it; nobody gains by
    /// guessing).
    fn set(&mut self, name: &str, value: Cow<'a, str>) {
        let place = match name.to_ascii_lowercase().as_str() {
            "realm" => &mut self.realm,
            "error" => &mut self.error,
            "error_description" => &mut self.error_description,
            "scope" => &mut self.scope,
            "algs" => &mut self.algs,
            "resource_metadata" => &mut self.resource_metadata,
            _ => return,
        };
        place.get_or_insert(value);
    }
}

/// The value of the header.
impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let params = [
            ("realm", &self.realm),
            ("error", &self.error),
            ("error_description", &self.error_description),
            ("scope", &self.scope),
            ("algs", &self.algs),
            ("resource_metadata", &self.resource_metadata),
        ];
        f.write_str(self.scheme.as_str())?;
        let mut separator = " ";
        for (name, value) in params {
            if let Some(value) = value {
                write!(f, "{separator}{name}=")?;
                write_quoted(f, value)?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// What a header is made of.
enum Part<'a> {
    Scheme(&'a str),
    Param(&'a str, Cow<'a, str>),
    /// What some schemes have in place of parameters, as `Basic` has in a request.
    Token68,
}

/// What is left to be read.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// The next part; `None` at the end, and where the grammar is broken.
    fn next_part(&mut self) -> Option<Part<'a>> {
        self.skip(|c| matches!(c, ' ' | '\t' | ','));
        let word = self.take(is_token_char)?;
        let spaces = self.skip(|c| matches!(c, ' ' | '\t'));
        let Some(after) = self.rest.strip_prefix('=') else {
            // `word` alone, at the end, before a comma, or before its parameters.
            return Some(Part::Scheme(word));
        };
        let value = after.trim_start_matches([' ', '\t']);
        let padded = value.trim_start_matches('=');
        if spaces == 0 && (padded.is_empty() || padded.starts_with(',')) {
            // `word=`, `word==`: padding, so this was a token68.
            self.rest = padded;
            return Some(Part::Token68);
        }
        self.rest = value;
        let value = match value.strip_prefix('"') {
            Some(quoted) => self.quoted(quoted)?,
            None => Cow::Borrowed(self.take(is_token_char)?),
        };
        Some(Part::Param(word, value))
    }

    /// The rest of a quoted-string whose opening quote is gone.
    fn quoted(&mut self, text: &'a str) -> Option<Cow<'a, str>> {
        let end = text.find(['"', '\\'])?;
        let (plain, rest) = text.split_at_checked(end)?;
        if let Some(rest) = rest.strip_prefix('"') {
            self.rest = rest;
            return Some(Cow::Borrowed(plain));
        }
        let mut value = plain.to_owned();
        let mut chars = rest.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => value.push(chars.next()?),
                other => value.push(other),
            }
        }
        self.rest = chars.as_str();
        Some(Cow::Owned(value))
    }

    /// At least one character of the kind.
    fn take(&mut self, kind: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.rest.find(|c| !kind(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!taken.is_empty()).then_some(taken)
    }

    /// Passes over characters of the kind, and counts them.
    fn skip(&mut self, kind: impl Fn(char) -> bool) -> usize {
        self.take(kind).map_or(0, str::len)
    }
}

/// RFC 9110 §5.6.2; with `/`, which `token68` has besides and no token can be confused with.
fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(c)
}
