//! What a protected API may answer when it refuses a token: a closed list.

use std::fmt;

use serde::{Serialize, Serializer};

/// The `error` of a challenge (RFC 6750 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BearerErrorCode {
    /// The request is malformed, or shows a token in more than one way.
    InvalidRequest,
    /// The token is expired, revoked, malformed, or not for this API.
    InvalidToken,
    /// The token is good and allows less than the request needs.
    InsufficientScope,
}

impl BearerErrorCode {
    /// All of them, in the order of the RFC.
    pub const ALL: [Self; 3] = [
        Self::InvalidRequest,
        Self::InvalidToken,
        Self::InsufficientScope,
    ];

    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }

    /// The code that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// The status that RFC 6750 §3.1 gives the code.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
        }
    }
}

impl fmt::Display for BearerErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<BearerErrorCode> for &'static str {
    fn from(code: BearerErrorCode) -> Self {
        code.as_str()
    }
}

impl Serialize for BearerErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
