//! Calling a token back.
//!
//! RFC 7009 §2; google-wire 4.3. The RFC answers 200 also where the token was never one, so that a
//! client need not care; Google answers 400 there. The server knows which of the two it plays.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::params::{MissingParameter, Params};

/// The body of a success: Google's libraries expect JSON, the RFC nothing.
pub const REVOKED: &[u8] = b"{}";

/// A request to revoke a token.
#[derive(Clone, PartialEq, Eq)]
pub struct RevocationRequest<'a> {
    /// The token.
    pub token: Cow<'a, str>,
    /// What the client thinks it is.
    pub token_type_hint: Option<TokenTypeHint>,
}

impl<'a> RevocationRequest<'a> {
    /// Reads the form, or (google-wire 4.3) the query.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, MissingParameter> {
        Ok(Self {
            token: params.require("token")?,
            token_type_hint: TokenTypeHint::take(params),
        })
    }
}

/// Without the token.
impl fmt::Debug for RevocationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationRequest")
            .field("token_type_hint", &self.token_type_hint)
            .finish_non_exhaustive()
    }
}

/// The `token_type_hint` of RFC 7009 §4.1.2, which introspection uses too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTypeHint {
    /// `access_token`.
    AccessToken,
    /// `refresh_token`.
    RefreshToken,
}

impl TokenTypeHint {
    /// A hint that we do not know is no hint: it only says where to look first (RFC 7009 §2.1).
    pub(crate) fn take(params: &mut Params<'_>) -> Option<Self> {
        match params.take("token_type_hint")?.as_ref() {
            "access_token" => Some(Self::AccessToken),
            "refresh_token" => Some(Self::RefreshToken),
            _ => None,
        }
    }
}

/// What the revocation endpoint may answer when it refuses: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevocationErrorCode {
    /// RFC 6749 §5.2: a parameter is missing, repeated or malformed.
    InvalidRequest,
    /// RFC 6749 §5.2: client authentication failed.
    InvalidClient,
    /// RFC 7009 §2.2.1: tokens of this type cannot be revoked.
    UnsupportedTokenType,
    /// Google: the token is over, or was never one.
    InvalidToken,
}

impl RevocationErrorCode {
    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidToken => "invalid_token",
        }
    }

    /// The status of the answer (RFC 7009 §2.2.1; google-wire 4.3).
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient => 401,
            Self::InvalidRequest | Self::UnsupportedTokenType | Self::InvalidToken => 400,
        }
    }
}

impl fmt::Display for RevocationErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<RevocationErrorCode> for &'static str {
    fn from(code: RevocationErrorCode) -> Self {
        code.as_str()
    }
}

impl Serialize for RevocationErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
