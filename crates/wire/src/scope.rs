//! What a client asks for: a set of scope tokens.
//!
//! RFC 6749 §3.3. The order of tokens has no meaning and a token counts once, so a [`Scope`] is
//! kept as its one canonical text: sorted tokens with one space between them. Equal scopes are
//! equal texts, a scope is one allocation, and printing it is copying it.
//!
//! A comma is a legal character of a token, so `a,b` is one (unknown) scope by the RFC and a
//! mistake by any human reading; [`without_commas`] finds it, and [`Scope::parse_list`] reads what
//! a person typed into a form.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json;
use crate::legal::Echo;

/// How many tokens a scope may have.
pub const MAX_TOKENS: usize = 100;

/// How long a token may be, in bytes.
pub const MAX_TOKEN_BYTES: usize = 256;

/// A set of scope tokens, at most [`MAX_TOKENS`].
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(Box<str>);

impl Scope {
    /// The scope of a space-separated list, as requests and claims carry it. Surplus spaces are
    /// forgiven.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        Self::from_tokens(text.split(' '))
    }

    /// The scope of a list that a person typed: separated by spaces, commas or line ends.
    pub fn parse_list(text: &str) -> Result<Self, ScopeError> {
        Self::from_tokens(text.split([' ', ',', '\t', '\r', '\n']))
    }

    /// The scope of these tokens; empty ones do not count.
    pub fn from_tokens<'a>(tokens: impl IntoIterator<Item = &'a str>) -> Result<Self, ScopeError> {
        let mut kept: Vec<&str> = Vec::new();
        for token in tokens.into_iter().filter(|token| !token.is_empty()) {
            check(token)?;
            // A repeated token is not one more, but no list is long enough to be worth a fight.
            if kept.len() == MAX_TOKENS {
                return Err(ScopeError::TooMany);
            }
            kept.push(token);
        }
        kept.sort_unstable();
        kept.dedup();
        Ok(Self::canonical(kept))
    }

    /// Tokens that are checked, sorted and single.
    fn canonical<'a>(tokens: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        for token in tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(token);
        }
        Self(text.into_boxed_str())
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tokens, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|token| !token.is_empty())
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the token is one of them.
    pub fn contains(&self, token: &str) -> bool {
        self.iter().any(|known| known == token)
    }

    /// Whether all of these tokens are also in the other scope.
    pub fn within(&self, other: &Self) -> bool {
        let mut theirs = other.iter();
        // Both are sorted: each of ours is found at or behind the place of the one before.
        self.iter().all(|token| theirs.any(|known| known == token))
    }

    /// The tokens of this scope that are not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.sift(other, false)
    }

    /// The tokens that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.sift(other, true)
    }

    /// The tokens whose being in the other scope is as wanted. One walk through both, as both are
    /// sorted: callers may send long scopes.
    fn sift(&self, other: &Self, wanted: bool) -> Self {
        let mut theirs = other.iter().peekable();
        Self::canonical(self.iter().filter(|token| {
            while theirs.next_if(|known| known < token).is_some() {}
            (theirs.peek() == Some(token)) == wanted
        }))
    }

    /// The tokens that are in either; an error where they are more than [`MAX_TOKENS`].
    pub fn union(&self, other: &Self) -> Result<Self, ScopeError> {
        Self::from_tokens(self.iter().chain(other.without(self).iter()))
    }
}

/// The list with its commas made spaces, where it has any: what the caller probably meant.
pub fn without_commas(text: &str) -> Option<String> {
    text.contains(',').then(|| {
        let tokens = text.split([' ', ',']).filter(|token| !token.is_empty());
        tokens.collect::<Vec<_>>().join(" ")
    })
}

/// RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
fn check(token: &str) -> Result<(), ScopeError> {
    if token.is_empty()
        || !token
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
    {
        Err(ScopeError::NotAToken(Echo::of(token)))
    } else if token.len() > MAX_TOKEN_BYTES {
        Err(ScopeError::TooLong(Echo::of(token)))
    } else {
        Ok(())
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::parse(text)
    }
}

impl From<ScopeToken> for Scope {
    fn from(token: ScopeToken) -> Self {
        Self(token.0)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.0)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::cow(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// One scope token: the name of a permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeToken(Box<str>);

impl ScopeToken {
    /// The token's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScopeToken {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        check(text)?;
        Ok(Self(text.into()))
    }
}

impl AsRef<str> for ScopeToken {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for ScopeToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ScopeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::cow(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Why this is not a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeError {
    /// More than [`MAX_TOKENS`] tokens.
    TooMany,
    /// A token of more than [`MAX_TOKEN_BYTES`] bytes; its beginning.
    TooLong(Echo),
    /// A token that is empty or has a character that RFC 6749 §3.3 does not allow.
    NotAToken(Echo),
}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(f, "scope has more than {MAX_TOKENS} tokens"),
            Self::TooLong(token) => {
                write!(
                    f,
                    "scope token {token} is longer than {MAX_TOKEN_BYTES} bytes"
                )
            }
            Self::NotAToken(token) => write!(f, "'{token}' is not a scope token"),
        }
    }
}

impl std::error::Error for ScopeError {}

#[cfg(test)]
mod tests;
