//! The registered ways of client authentication: a closed list.
//!
//! RFC 7591 §2 (nothing, or a secret in the header or body), OpenID Connect Core §9 (assertions),
//! RFC 8705 §2 (certificates).

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json;

/// How a client authenticates: the value of `token_endpoint_auth_method`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientAuthenticationMethod {
    /// It does not: a public client.
    None,
    /// Name and secret in the header.
    ClientSecretBasic,
    /// Name and secret in the body.
    ClientSecretPost,
    /// A JWT under an HMAC with the secret.
    ClientSecretJwt,
    /// A JWT signed with a private key.
    PrivateKeyJwt,
    /// A certificate of a certification authority.
    TlsClientAuth,
    /// A certificate that the client registered.
    SelfSignedTlsClientAuth,
}

impl ClientAuthenticationMethod {
    /// All of them, in registry order.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::ClientSecretPost,
        Self::ClientSecretBasic,
        Self::ClientSecretJwt,
        Self::PrivateKeyJwt,
        Self::TlsClientAuth,
        Self::SelfSignedTlsClientAuth,
    ];

    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
        }
    }

    /// The method that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}

impl fmt::Display for ClientAuthenticationMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ClientAuthenticationMethod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ClientAuthenticationMethod {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::cow(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("unknown method of authentication"))
    }
}
