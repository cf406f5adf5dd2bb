//! The token endpoint: what is asked, what is answered.
//!
//! RFC 6749 §3.2, §5.1 and §5.2. The `grant_type` decides which request it is, and each grant has a
//! type and a file of its own; a new grant adds one arm to [`TokenRequest`] and one file beside
//! this one.

mod code;
mod error_response;
mod jwt_bearer;
mod response;

use std::fmt;

pub use self::code::TokenErrorCode;
pub use self::error_response::ErrorResponse;
pub use self::jwt_bearer::JwtBearerRequest;
pub use self::response::{AccessTokenResponse, IdTokenResponse, NotATokenResponse, TokenResponse};
use crate::crn::Crn;
use crate::legal::Echo;
use crate::params::{MissingParameter, Params};

/// The `grant_type` of RFC 7523 §2.1.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A request for a token, by its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenRequest<'a> {
    /// RFC 7523 §2.1: a signed assertion is the grant.
    JwtBearer(JwtBearerRequest<'a>),
}

impl<'a> TokenRequest<'a> {
    /// Reads the request; parameters that the grant does not know stay where they are (RFC 6749
    /// §3.2: "MUST ignore unrecognized request parameters").
    pub fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        let grant_type = params
            .take("grant_type")
            .ok_or(TokenRequestError::GrantTypeMissing)?;
        match grant_type.as_ref() {
            JWT_BEARER => JwtBearerRequest::parse(params).map(Self::JwtBearer),
            jwt_bearer::LEGACY_GRANT_TYPE => {
                JwtBearerRequest::parse_legacy(params).map(Self::JwtBearer)
            }
            _ => Err(TokenRequestError::GrantTypeUnknown(Echo::of(&grant_type))),
        }
    }
}

/// Why this is not a request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenRequestError {
    /// There is no `grant_type`.
    GrantTypeMissing,
    /// The `grant_type` is not one of ours; what it was.
    GrantTypeUnknown(Echo),
    /// The grant needs a parameter that is not there.
    Missing(MissingParameter),
}

impl TokenRequestError {
    /// What the client's program is told. Google calls a missing `grant_type` unsupported too
    /// (google-wire 2.4).
    pub fn code(&self) -> TokenErrorCode {
        match self {
            Self::GrantTypeMissing | Self::GrantTypeUnknown(_) => {
                TokenErrorCode::UnsupportedGrantType
            }
            Self::Missing(_) => TokenErrorCode::InvalidRequest,
        }
    }

    /// Which cause of the catalogue it is.
    pub fn crn(&self) -> Crn {
        match self {
            Self::GrantTypeMissing => Crn::GRANT_TYPE_MISSING,
            Self::GrantTypeUnknown(_) => Crn::GRANT_TYPE_UNKNOWN,
            Self::Missing(missing) => missing.crn(),
        }
    }
}

impl fmt::Display for TokenRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GrantTypeMissing => {
                write!(f, "grant_type is missing; this server knows {JWT_BEARER}")
            }
            Self::GrantTypeUnknown(sent) => {
                write!(
                    f,
                    "grant_type '{sent}' is unknown; this server knows {JWT_BEARER}"
                )
            }
            Self::Missing(missing) => missing.fmt(f),
        }
    }
}

impl std::error::Error for TokenRequestError {}

impl From<MissingParameter> for TokenRequestError {
    fn from(missing: MissingParameter) -> Self {
        Self::Missing(missing)
    }
}

#[cfg(test)]
mod tests;
