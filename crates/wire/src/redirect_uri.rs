//! Where a browser may be sent back to: a registered URI, and how a presented one is held against
//! it.
//!
//! RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1 and §4.1. What is registered is judged once and
//! strictly, so that nothing ambiguous is ever compared:
//!
//! 1. It is absolute printable ASCII of at most 2048 bytes, without a fragment, without user
//!    information, without a backslash, a wildcard or a broken percent code.
//! 2. Its scheme is https; or http with a loopback host (RFC 8252 §7.3); or a private-use scheme
//!    with a dot in it (RFC 8252 §7.1). So `javascript:`, `data:` and their kind never pass.
//! 3. Its host is written as programs would write it: no other spelling of an IP address.
//! 4. Its path has no `.` and `..` segments and no slashes in disguise, however often encoded; its query has no
//!    parameter that an answer adds.
//!
//! What is presented must then be the same text (RFC 9700 §2.1: "exact string matching"). The one
//! exception is the port of a loopback URI (RFC 8252 §7.3). What failed by a hair has a
//! [`Difference`], which is for the owner and never for the caller.

mod difference;
mod error;
mod parts;

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::difference::Difference;
pub use self::error::RedirectUriError;
use self::parts::Parts;
pub(crate) use self::parts::{check_host, is_loopback, is_port};
use crate::json;

/// How long a redirect URI may be, in bytes.
pub const MAX_BYTES: usize = 2048;

/// A redirect URI that may be registered.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedirectUri(Box<str>);

/// What kind of place a redirect URI names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RedirectUriKind {
    /// `https`: a web application, or an app that claims an address (RFC 8252 §7.2).
    Https,
    /// `http` on `127.0.0.1`, `[::1]` or `localhost`: a program on the user's machine (RFC 8252 §7.3).
    Loopback,
    /// A scheme of the app's own, such as `com.example.app` (RFC 8252 §7.1).
    PrivateUse,
}

impl RedirectUri {
    /// Judges a URI that somebody wants to register.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        parts::check(text)?;
        Ok(Self(text.into()))
    }

    /// The text, as it was registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of place it names.
    pub fn kind(&self) -> RedirectUriKind {
        match Parts::of(&self.0).scheme {
            "https" => RedirectUriKind::Https,
            "http" => RedirectUriKind::Loopback,
            _ => RedirectUriKind::PrivateUse,
        }
    }

    /// Whether the presented URI is this one: the same text, but for the port of a loopback URI.
    pub fn accepts(&self, presented: &str) -> bool {
        *self.0 == *presented || self.accepts_port_of(presented)
    }

    /// RFC 8252 §7.3: "MUST allow any port to be specified at the time of the request". The
    /// presented text must itself be a URI that could be registered, and everything else of it is
    /// the same, letter by letter.
    fn accepts_port_of(&self, presented: &str) -> bool {
        let ours = Parts::of(&self.0);
        if ours.scheme != "http" || parts::check(presented).is_err() {
            return false;
        }
        let theirs = Parts::of(presented);
        (ours.scheme, ours.host, ours.path, ours.query)
            == (theirs.scheme, theirs.host, theirs.path, theirs.query)
    }

    /// By what one thing the presented URI fails to be this one. `None` where it is this one, and
    /// where it is another one altogether.
    pub fn difference(&self, presented: &str) -> Option<Difference> {
        let near = presented.len() <= MAX_BYTES && !self.accepts(presented);
        near.then(|| Difference::between(&self.0, presented))
            .flatten()
    }
}

impl FromStr for RedirectUri {
    type Err = RedirectUriError;

    fn from_str(text: &str) -> Result<Self, RedirectUriError> {
        Self::parse(text)
    }
}

impl AsRef<str> for RedirectUri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedirectUri({})", self.0)
    }
}

impl Serialize for RedirectUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RedirectUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::cow(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
