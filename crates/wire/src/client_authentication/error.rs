//! Why what a client sent is no authentication.

use std::fmt;

use super::JWT_BEARER;
use crate::crn::Crn;
use crate::legal::Echo;

/// Why this does not say who the client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuthenticationError {
    /// Two proofs in one request (RFC 6749 §2.3).
    MoreThanOne,
    /// Behind Basic there is no base64 of a name, a colon and a secret.
    BasicMalformed,
    /// Name or secret in the header were not form-encoded (RFC 6749 §2.3.1).
    BasicEncoding,
    /// The header names one client and the body another.
    ClientIdDiffers,
    /// A secret without a `client_id`.
    ClientIdMissing,
    /// A `client_assertion_type` without `client_assertion`.
    AssertionMissing,
    /// A `client_assertion` without `client_assertion_type`.
    AssertionTypeMissing,
    /// A `client_assertion_type` that is not ours; what it was.
    AssertionTypeUnknown(Echo),
    /// Longer than anything honest; its name.
    TooLong(&'static str),
}

impl ClientAuthenticationError {
    /// Which cause of the catalogue it is.
    pub fn crn(&self) -> Crn {
        match self {
            Self::MoreThanOne => Crn::CLIENT_AUTHENTICATION_TWICE,
            Self::BasicMalformed | Self::BasicEncoding => Crn::CLIENT_AUTHENTICATION_BASIC,
            Self::ClientIdDiffers => Crn::CLIENT_ID_DIFFERS,
            Self::ClientIdMissing | Self::AssertionMissing | Self::AssertionTypeMissing => {
                Crn::PARAMETER_MISSING
            }
            Self::AssertionTypeUnknown(_) => Crn::CLIENT_ASSERTION_TYPE,
            Self::TooLong(_) => Crn::FORM_OUT_OF_BOUNDS,
        }
    }
}

impl fmt::Display for ClientAuthenticationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MoreThanOne => "the client authenticates in more than one way",
            Self::BasicMalformed => {
                "what follows Basic is not the base64 of client_id, a colon and client_secret"
            }
            Self::BasicEncoding => {
                "client_id and client_secret must be form-encoded before they are joined for Basic"
            }
            Self::ClientIdDiffers => "client_id in the body is not the one in the header",
            Self::ClientIdMissing => "client_secret is sent without client_id",
            Self::AssertionMissing => "client_assertion is missing",
            Self::AssertionTypeMissing => "client_assertion_type is missing",
            Self::AssertionTypeUnknown(sent) => {
                return write!(
                    f,
                    "client_assertion_type '{sent}' is unknown; this server knows {JWT_BEARER}"
                );
            }
            Self::TooLong(name) => return write!(f, "{name} is too long"),
        })
    }
}

impl std::error::Error for ClientAuthenticationError {}
