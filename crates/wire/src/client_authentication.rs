//! What a client sends to say who it is, and to prove it.
//!
//! RFC 6749 §2.3, RFC 7617 (Basic), RFC 7521 §4.2 and RFC 7523 §2.2 (assertions), RFC 8705 §2
//! (certificates, which HTTP does not carry: here such a client sends its `client_id` alone). The
//! endpoints that read it are token, introspection, revocation, device authorization and pushed
//! authorization requests.
//!
//! 1. A header of the scheme Basic holds both halves, each form-encoded before it was joined.
//! 2. `client_assertion` with its `client_assertion_type` holds a signed JWT.
//! 3. `client_id` and `client_secret` are parameters of the body.
//! 4. `client_id` alone proves nothing; it names a public client, or one with a certificate.
//! 5. Two proofs in one request are refused (RFC 6749 §2.3: "MUST NOT use more than one").
//!
//! Whether the method is the one that the client registered, and whether the proof holds, is not
//! known here.

mod basic;
mod error;
mod method;

use std::borrow::Cow;
use std::fmt;

pub use self::error::ClientAuthenticationError;
pub use self::method::ClientAuthenticationMethod;
use crate::legal::Echo;
use crate::params::Params;

/// The `client_assertion_type` of RFC 7523 §2.2.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long a `client_id` may be, in bytes. The longest honest one is an https URL.
pub const MAX_CLIENT_ID_BYTES: usize = 2048;

/// How long a secret may be, in bytes.
pub const MAX_SECRET_BYTES: usize = 1024;

/// How a client says who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum ClientAuthentication<'a> {
    /// It names itself and proves nothing (here).
    None {
        /// Who it says it is.
        client_id: Cow<'a, str>,
    },
    /// Name and secret in the header.
    SecretBasic {
        /// Who it says it is.
        client_id: Cow<'a, str>,
        /// The secret; never empty.
        secret: Cow<'a, str>,
    },
    /// Name and secret in the body.
    SecretPost {
        /// Who it says it is.
        client_id: Cow<'a, str>,
        /// The secret; never empty.
        secret: Cow<'a, str>,
    },
    /// A JWT that the client signed, with a key pair or with its secret.
    Assertion {
        /// Who it says it is beside the assertion; it must be the `sub` in it (RFC 7521 §4.2).
        client_id: Option<Cow<'a, str>>,
        /// The compact JWS, as it came.
        assertion: Cow<'a, str>,
    },
}

impl<'a> ClientAuthentication<'a> {
    /// Reads the header `Authorization`, where there is one, and the parameters. `None` where
    /// neither says who asks; a header of another scheme is not looked at.
    pub fn parse(
        authorization: Option<&str>,
        params: &mut Params<'a>,
    ) -> Result<Option<Self>, ClientAuthenticationError> {
        let basic = match authorization.and_then(basic::credentials) {
            Some(credentials) => Some(basic::parse(credentials)?),
            None => None,
        };
        let client_id = bounded(params.take("client_id"), "client_id", MAX_CLIENT_ID_BYTES)?;
        let secret = bounded(
            params.take("client_secret"),
            "client_secret",
            MAX_SECRET_BYTES,
        )?;
        let assertion = take_assertion(params)?;
        match (basic, secret, assertion) {
            (Some((named, secret)), None, None) => {
                if client_id.is_some_and(|client_id| client_id != named) {
                    return Err(ClientAuthenticationError::ClientIdDiffers);
                }
                let (client_id, secret) = (Cow::Owned(named), Cow::Owned(secret));
                Ok(Some(Self::SecretBasic { client_id, secret }))
            }
            (None, Some(secret), None) => match client_id {
                Some(client_id) => Ok(Some(Self::SecretPost { client_id, secret })),
                None => Err(ClientAuthenticationError::ClientIdMissing),
            },
            (None, None, Some(assertion)) => Ok(Some(Self::Assertion {
                client_id,
                assertion,
            })),
            (None, None, None) => Ok(client_id.map(|client_id| Self::None { client_id })),
            _ => Err(ClientAuthenticationError::MoreThanOne),
        }
    }

    /// Who the client says it is, where that is known without reading an assertion.
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::None { client_id }
            | Self::SecretBasic { client_id, .. }
            | Self::SecretPost { client_id, .. } => Some(client_id),
            Self::Assertion { client_id, .. } => client_id.as_deref(),
        }
    }

    /// What was used, as the owner reads it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::None { .. } => "none",
            Self::SecretBasic { .. } => "client_secret_basic",
            Self::SecretPost { .. } => "client_secret_post",
            Self::Assertion { .. } => "client_assertion",
        }
    }
}

/// RFC 7521 §4.2: both parameters, or neither.
fn take_assertion<'a>(
    params: &mut Params<'a>,
) -> Result<Option<Cow<'a, str>>, ClientAuthenticationError> {
    let assertion = params.take("client_assertion");
    match (assertion, params.take("client_assertion_type")) {
        (None, None) => Ok(None),
        (Some(assertion), Some(kind)) if kind == JWT_BEARER => Ok(Some(assertion)),
        (_, Some(kind)) if kind != JWT_BEARER => Err(
            ClientAuthenticationError::AssertionTypeUnknown(Echo::of(&kind)),
        ),
        (None, _) => Err(ClientAuthenticationError::AssertionMissing),
        (Some(_), _) => Err(ClientAuthenticationError::AssertionTypeMissing),
    }
}

fn bounded<'a>(
    value: Option<Cow<'a, str>>,
    name: &'static str,
    most: usize,
) -> Result<Option<Cow<'a, str>>, ClientAuthenticationError> {
    match value {
        Some(value) if value.len() > most => Err(ClientAuthenticationError::TooLong(name)),
        value => Ok(value),
    }
}

/// Without the proof.
impl fmt::Debug for ClientAuthentication<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.as_str())
            .field("client_id", &self.client_id())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
