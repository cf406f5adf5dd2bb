//! What must not be used again: spent assertions, spent proofs of possession and revoked tokens. Both are kept until they
//! would have expired anyway.

use crate::value::TokenId;
use crate::value::UnixTime;

/// An assertion that carried a `jti` and was redeemed, or a proof of possession that was shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpentAssertion {
    /// SHA-256 over issuer and `jti`, each with its length: one issuer cannot spend another's. Of a proof
    /// it is over a word that no issuer is, the key, and `jti`.
    pub digest: [u8; 32],
    /// When the assertion expires, tolerance included.
    pub until: UnixTime,
}

/// An access token of ours that was revoked before its end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RevokedToken {
    /// Its `jti`.
    pub id: TokenId,
    /// When it would have expired.
    pub until: UnixTime,
}
