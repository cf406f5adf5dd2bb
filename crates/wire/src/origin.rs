//! Where the script of a browser application comes from: the `Origin` header, and what is
//! registered for it.
//!
//! RFC 6454 §6 and §7; the Fetch Standard's CORS protocol. Browsers write an origin in one way
//! (lower case, no default port, no path), so it is registered in that way and compared as text.
//! `null` is what anybody's frame sends, so it is never an origin here.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json;
use crate::redirect_uri::{RedirectUri, RedirectUriKind, check_host, is_loopback, is_port};

/// How long an origin may be, in bytes.
pub const MAX_BYTES: usize = 512;

/// An origin that may be registered: https, or http on this machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(Box<str>);

impl Origin {
    /// Judges an origin that somebody wants to register.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text.len() > MAX_BYTES {
            return Err(OriginError::TooLong);
        }
        let (scheme, place) = text.split_once("://").ok_or(OriginError::NotAnOrigin)?;
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (place, None),
        };
        if check_host(host).is_err() || host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(OriginError::NotAnOrigin);
        }
        let default = match scheme {
            "https" => "443",
            "http" if is_loopback(host) => "80",
            "http" => return Err(OriginError::NotLoopback),
            _ => return Err(OriginError::NotAnOrigin),
        };
        match port {
            Some(port) if port == default => Err(OriginError::DefaultPort),
            Some(port) if !is_port(port) => Err(OriginError::NotAnOrigin),
            _ => Ok(Self(text.into())),
        }
    }

    /// The origin of the page that a redirect URI names; none for a private-use scheme.
    pub fn of(uri: &RedirectUri) -> Option<Self> {
        if uri.kind() == RedirectUriKind::PrivateUse {
            return None;
        }
        let origin = url::Url::parse(uri.as_str()).ok()?.origin();
        Self::parse(&origin.ascii_serialization()).ok()
    }

    /// The text, as browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the value of an `Origin` header is this origin.
    pub fn accepts(&self, header: &str) -> bool {
        *self.0 == *header
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        Self::parse(text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::cow(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// Why this is not an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginError {
    /// More than [`MAX_BYTES`].
    TooLong,
    /// Not a scheme, a host in lower case and perhaps a port, and nothing else.
    NotAnOrigin,
    /// http to another machine.
    NotLoopback,
    /// The port that browsers leave out.
    DefaultPort,
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => return write!(f, "longer than {MAX_BYTES} bytes"),
            Self::NotAnOrigin => {
                "an origin is https:// and a host in lower case, perhaps with a port, and nothing \
                 behind it"
            }
            Self::NotLoopback => "http is for 127.0.0.1, [::1] and localhost; use https",
            Self::DefaultPort => "leave the default port out, as browsers do",
        })
    }
}

impl std::error::Error for OriginError {}

#[cfg(test)]
mod tests;
