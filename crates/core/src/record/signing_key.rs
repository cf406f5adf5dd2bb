//! A key with which Carnet signs or seals tokens. It is published before it signs, and stays
//! published past the longest token it signed.

use carnet_jose::Algorithm;

use crate::value::KeyId;
use crate::value::UnixTime;
use crate::value::Version;

/// A key of ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SigningKey {
    /// Its `kid`.
    pub id: KeyId,
    /// What it does.
    pub usage: SigningUse,
    /// The public half in SPKI DER; empty for a sealing key.
    pub public_key: Vec<u8>,
    /// A certificate for it in DER (Google's v1 document holds certificates); empty for a sealing key.
    pub certificate: Vec<u8>,
    /// The private half, sealed by the key-encryption key.
    pub sealed: Vec<u8>,
    /// Where it is in its life.
    pub state: SigningKeyState,
    /// When it was made.
    pub created: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// What a key of ours does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SigningUse {
    /// Signs tokens with this algorithm.
    Sign(Algorithm),
    /// Seals opaque tokens (AES-256-GCM). It has no public half.
    Seal,
}

/// Where a key is in its life: published, active, retired, forgotten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SigningKeyState {
    /// In the JWKS, but it does not sign yet.
    Published,
    /// Signs. One key for each use does.
    Active {
        /// Since when.
        since: UnixTime,
    },
    /// Signs no more; still in the JWKS until the last token it signed has expired.
    Retired {
        /// Since when.
        since: UnixTime,
        /// Until when it verifies.
        until: UnixTime,
    },
}
