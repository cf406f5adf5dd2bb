//! A key that Carnet holds for a service account (google-wire 5.1): it signs blobs and JWTs in the account's
//! name for whoever may, and nobody can take it away.
//!
//! Its times are fixed when it is made ([`crate::rule::iam::system_key`]), so it is never written again.

use crate::value::KeyId;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// Such a key. It is RSA of 2048 bits and signs with RS256.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SystemKey {
    /// Its `kid`.
    pub id: KeyId,
    /// Whose it is.
    pub account: UniqueId,
    /// The how many-th of this account. An account has one of each, so that of several that are made at the
    /// same time one is kept.
    pub generation: i64,
    /// The public half in SPKI DER.
    pub public_key: Vec<u8>,
    /// A certificate for it in DER, since Google's key documents hold certificates.
    pub certificate: Vec<u8>,
    /// The private half, sealed by the key-encryption key.
    pub sealed: Vec<u8>,
    /// When it was made and published.
    pub created: UnixTime,
    /// From when on it signs.
    pub signs_from: UnixTime,
    /// Until when it signs.
    pub signs_until: UnixTime,
    /// Until when it verifies and is published.
    pub published_until: UnixTime,
}
