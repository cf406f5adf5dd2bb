//! What must not be used again: spent assertions, spent proofs of possession and revoked tokens. Both are kept until they
//! would have expired anyway.

use carnet_jose::digest::sha256;

use crate::value::TokenId;
use crate::value::UnixTime;

/// An assertion that carried a `jti` and was redeemed, or a proof of possession that was shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpentAssertion {
    /// SHA-256 over who made it and its `jti`, each with its length: one issuer cannot spend another's. Of a proof
    /// it is over a word that no issuer is, the key, and `jti`.
    pub digest: [u8; 32],
    /// When the assertion expires, tolerance included.
    pub until: UnixTime,
}

impl SpentAssertion {
    /// What is named by these parts together. Each goes in with its length, so that no two lists of parts are one.
    #[must_use]
    pub fn named(parts: &[&str], until: UnixTime) -> Self {
        let length = parts.iter().map(|part| part.len() + 8).sum();
        let mut input = Vec::with_capacity(length);
        for part in parts {
            input.extend((part.len() as u64).to_be_bytes());
            input.extend(part.as_bytes());
        }
        let digest = sha256(&input);
        Self { digest, until }
    }
}

/// An access token of ours that was revoked before its end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RevokedToken {
    /// Its `jti`.
    pub id: TokenId,
    /// When it would have expired.
    pub until: UnixTime,
}
