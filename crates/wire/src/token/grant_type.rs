//! The grants: a closed list.
//!
//! RFC 6749 §4, RFC 7523 §2.1, RFC 8628 §3.4, RFC 8693 §2.1, and the names that Google's older
//! libraries still send (google-wire 2.1, 4.6).

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::jwt_bearer::{LEGACY_ASSERTION_TYPE, LEGACY_GRANT_TYPE};
use super::{JWT_BEARER, device_code};
use crate::json;
use crate::params::Params;

/// A `grant_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §4.3.
    Password,
    /// RFC 7523 §2.1.
    JwtBearer,
    /// RFC 8628 §3.4.
    DeviceCode,
    /// RFC 8693 §2.1.
    TokenExchange,
}

impl GrantType {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
        Self::Password,
        Self::JwtBearer,
        Self::DeviceCode,
        Self::TokenExchange,
    ];

    /// The grant as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::JwtBearer => JWT_BEARER,
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }

    /// The grant that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }

    /// The same, with the names of old libraries.
    pub(super) fn parse_sent(text: &str, params: &mut Params<'_>) -> Option<Self> {
        match text {
            LEGACY_GRANT_TYPE => {
                let kind = params.take("assertion_type")?;
                (kind == LEGACY_ASSERTION_TYPE).then_some(Self::JwtBearer)
            }
            device_code::LEGACY_GRANT_TYPE => Some(Self::DeviceCode),
            _ => Self::parse(text),
        }
    }

    /// The grant that was probably meant: the same letters in another case, with another
    /// separator, or without the urn before them (ux 4.4).
    pub fn closest(text: &str) -> Option<Self> {
        let plain = |text: &str| -> String {
            let last = text.rsplit(':').next().unwrap_or_default();
            let letters = last.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|letter| letter.to_ascii_lowercase()).collect()
        };
        let sent = plain(text);
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() != text && plain(known.as_str()) == sent)
    }
}

impl fmt::Display for GrantType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for GrantType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for GrantType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::cow(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("unknown grant type"))
    }
}
