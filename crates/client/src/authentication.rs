//! How a client proves itself at the endpoints of a server.
//!
//! RFC 6749 §2.3.1 (a secret), RFC 7523 §2.2 and §3 (a signed assertion), OpenID Connect Core §9
//! (the names). The audience of an assertion is the issuer, as the successor of RFC 7523 asks: what
//! is signed for one server is of no use at another.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_jose::base64url;
use carnet_jose::entropy;
use http::HeaderValue;
use serde::Serialize;
use std::sync::Arc;
use url::form_urlencoded::byte_serialize;

use crate::error::Error;
use crate::signing_key::SigningKey;
use crate::token::Secret;

/// RFC 7523 §2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good, in seconds.
const LIFETIME: i64 = 60;

/// How a client proves itself. The one with which it was registered, and no other.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Authentication {
    /// `none`: it says its `client_id` and proves nothing. For programs on people's machines, which
    /// cannot keep a secret (RFC 8252 §8.4).
    None,
    /// `client_secret_basic`: its secret in the header `Authorization`.
    SecretBasic(Secret),
    /// `client_secret_post`: its secret in the form.
    SecretPost(Secret),
    /// `private_key_jwt`: an assertion signed with its key, a new one for each request.
    PrivateKeyJwt(Arc<SigningKey>),
}

/// What a request carries to prove its sender.
#[derive(Debug)]
pub(crate) struct Proved {
    /// Parameters of the form.
    pub(crate) form: Vec<(&'static str, Secret)>,
    /// The header `Authorization`.
    pub(crate) header: Option<HeaderValue>,
}

impl Authentication {
    /// What one request carries.
    pub(crate) fn prove(&self, client: &str, issuer: &str, now: i64) -> Result<Proved, Error> {
        let id = ("client_id", Secret::new(client));
        let form = match self {
            Self::None => vec![id],
            Self::SecretBasic(secret) => {
                return Ok(Proved {
                    form: Vec::new(),
                    header: Some(basic(client, secret)?),
                });
            }
            Self::SecretPost(secret) => vec![id, ("client_secret", secret.clone())],
            Self::PrivateKeyJwt(key) => vec![
                id,
                ("client_assertion_type", Secret::new(ASSERTION_TYPE)),
                ("client_assertion", assertion(client, issuer, key, now)?),
            ],
        };
        Ok(Proved { form, header: None })
    }
}

/// RFC 6749 §2.3.1: both are encoded as a form does it, then joined and encoded once more.
fn basic(client: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client), encoded(secret.reveal()));
    let mut header = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| Error::argument("the client's secret cannot be sent in a header"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// RFC 7523 §3: who signs is the client and the subject.
fn assertion(client: &str, issuer: &str, key: &SigningKey, now: i64) -> Result<Secret, Error> {
    #[derive(Serialize)]
    struct Claims<'a> {
        iss: &'a str,
        sub: &'a str,
        aud: &'a str,
        jti: String,
        iat: i64,
        exp: i64,
    }
    let claims = Claims {
        iss: client,
        sub: client,
        aud: issuer,
        jti: random::<16>()?,
        iat: now,
        exp: now.saturating_add(LIFETIME),
    };
    // Strings and numbers always serialise.
    key.sign(&serde_json::to_vec(&claims).unwrap_or_default())
}

/// As many random bytes in base64url.
pub(crate) fn random<const N: usize>() -> Result<String, Error> {
    let bytes = entropy::random::<N>().map_err(|cause| Error::argument(cause.to_string()))?;
    Ok(base64url::encode(bytes))
}

#[cfg(test)]
mod tests;
