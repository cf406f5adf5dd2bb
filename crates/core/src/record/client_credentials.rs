//! By what a client proves itself beside secrets: its public keys (RFC 7591 section 2: `jwks`), and the name
//! in its certificate (RFC 8705 section 2.1.2).
//!
//! The keys have other uses too: request objects are checked with them (RFC 9101). So a client may have
//! some whatever its method is.

use carnet_jose::JwkSet;
use carnet_jose::KeyRefused;
use carnet_jose::jwks::NotAKeySet;

use crate::record::CertificateName;
use crate::value::WebPage;

/// What proves a client, beside its secrets.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Credentials {
    /// Its public keys.
    pub keys: Option<ClientKeys>,
    /// The name in its certificate, for `tls_client_auth`.
    pub certificate: Option<CertificateName>,
}

/// Where the public keys of a client are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ClientKeys {
    /// Here (`jwks`): what of its set can be used, and nothing was left out silently.
    Inline(JwkSet),
    /// Where the client keeps them (`jwks_uri`): fetched when they are needed.
    At(WebPage),
}

impl ClientKeys {
    /// The most keys of a client: enough to roll each of a few.
    pub const MOST: usize = 10;

    /// The keys that are here.
    #[must_use]
    pub const fn inline(&self) -> Option<&JwkSet> {
        match self {
            Self::Inline(keys) => Some(keys),
            Self::At(_) => None,
        }
    }

    /// Where they are, if elsewhere.
    #[must_use]
    pub const fn elsewhere(&self) -> Option<&WebPage> {
        match self {
            Self::Inline(_) => None,
            Self::At(url) => Some(url),
        }
    }
}

/// A set of keys that is given to a client.
impl std::str::FromStr for ClientKeys {
    type Err = NotClientKeys;

    /// Reads a JWK Set (RFC 7517 section 5). A key for encryption is left out, as another that cannot
    /// verify would be an error that nobody sees.
    fn from_str(text: &str) -> Result<Self, NotClientKeys> {
        let mut set = JwkSet::parse(text.as_bytes())?;
        for (place, skipped) in set.skipped.drain(..).enumerate() {
            if skipped.because != KeyRefused::NotForSignatures {
                let name = skipped
                    .key_id
                    .map_or_else(|| format!("number {place}"), |kid| format!("'{kid}'"));
                return Err(NotClientKeys::Key(name, skipped.because));
            }
        }
        match set.keys.len() {
            0 => Err(NotClientKeys::None),
            1..=Self::MOST => Ok(Self::Inline(set)),
            _ => Err(NotClientKeys::TooMany),
        }
    }
}

/// Why these cannot be the keys of a client.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotClientKeys {
    /// Not a JWK Set.
    #[error(transparent)]
    Set(#[from] NotAKeySet),
    /// One of its keys cannot be used; which, and why.
    #[error("the key {0} cannot be used: {1}")]
    Key(String, KeyRefused),
    /// There is none that verifies signatures.
    #[error("there is no key in it that verifies signatures")]
    None,
    /// More than [`ClientKeys::MOST`].
    #[error("a client has 10 keys at most")]
    TooMany,
}

#[cfg(test)]
mod tests;
