//! A JWS under an HMAC (RFC 7518 §3.2): a secret that both sides know.
//!
//! It is a type of its own beside [`crate::jws`]. What verifies with a public key does not know these
//! algorithms, and what verifies with a secret knows no others, so that a public key can never be taken
//! for a secret (RFC 8725 §3.1).
//!
//! 1. The token is taken apart as every other is, with the same bounds.
//! 2. Its algorithm is one of three. Which of them is the token's choice: all are of the same secret.
//! 3. The secret is at least as long as the hash (§3.2: "MUST be used"). A shorter one verifies nothing.

use std::fmt;

use aws_lc_rs::hmac;

use crate::{
    alg::UnknownAlgorithm,
    jws::{Limits, Pieces, TokenRefused},
    printable::Printable,
};

/// An HMAC by its JOSE name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MacAlgorithm {
    /// With SHA-256.
    HS256,
    /// With SHA-384.
    HS384,
    /// With SHA-512.
    HS512,
}

impl MacAlgorithm {
    /// All of them, in the order in which discovery documents list them.
    pub const ALL: [Self; 3] = [Self::HS256, Self::HS384, Self::HS512];

    /// The name in the JOSE registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
        }
    }

    /// The shortest secret, in bytes.
    pub const fn shortest_secret(self) -> usize {
        match self {
            Self::HS256 => 32,
            Self::HS384 => 48,
            Self::HS512 => 64,
        }
    }

    const fn hmac(self) -> hmac::Algorithm {
        match self {
            Self::HS256 => hmac::HMAC_SHA256,
            Self::HS384 => hmac::HMAC_SHA384,
            Self::HS512 => hmac::HMAC_SHA512,
        }
    }
}

/// A token that was taken apart, and of which nothing is known to be true.
#[derive(Clone)]
pub struct UnverifiedMac<'a> {
    signing_input: &'a str,
    algorithm: MacAlgorithm,
    typ: Option<String>,
    payload: Vec<u8>,
    tag: Vec<u8>,
}

impl<'a> UnverifiedMac<'a> {
    /// Takes a token apart.
    pub fn parse(token: &'a str, limits: Limits) -> Result<Self, TokenRefused> {
        let pieces = Pieces::parse(token, limits)?;
        let name = pieces.name("alg")?.ok_or(TokenRefused::Member("alg"))?;
        let mut all = MacAlgorithm::ALL.into_iter();
        let algorithm = all
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| UnknownAlgorithm(Printable::new(name)))?;
        Ok(Self {
            algorithm,
            typ: pieces.name("typ")?.map(str::to_owned),
            signing_input: pieces.signing_input,
            payload: pieces.payload,
            tag: pieces.signature,
        })
    }

    /// Which HMAC it says that it is under.
    pub fn algorithm(&self) -> MacAlgorithm {
        self.algorithm
    }

    /// `typ`, as it stands there.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The payload **before** the tag was checked: only to read whose secret to fetch.
    pub fn claims_unverified_for_lookup(&self) -> &[u8] {
        &self.payload
    }

    /// Whether it is under this secret. Takes constant time.
    pub fn holds(&self, secret: &[u8]) -> bool {
        let key = hmac::Key::new(self.algorithm.hmac(), secret);
        secret.len() >= self.algorithm.shortest_secret()
            && hmac::verify(&key, self.signing_input.as_bytes(), &self.tag).is_ok()
    }
}

impl fmt::Debug for UnverifiedMac<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnverifiedMac({})", self.algorithm.name())
    }
}

/// Puts a payload under a secret: what a client of ours and a test do.
pub fn sign_with_secret(algorithm: MacAlgorithm, payload: &[u8], secret: &[u8]) -> String {
    let header = format!(r#"{{"alg":"{}"}}"#, algorithm.name());
    let input = format!(
        "{}.{}",
        crate::base64url::encode(header),
        crate::base64url::encode(payload)
    );
    let tag = hmac::sign(&hmac::Key::new(algorithm.hmac(), secret), input.as_bytes());
    format!("{input}.{}", crate::base64url::encode(tag))
}

#[cfg(test)]
mod tests;
