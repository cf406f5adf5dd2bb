//! Sealing: AES-256-GCM over things that only we read.
//!
//! Opaque tokens, codes, login state, and keys at rest are sealed, not signed and not looked up:
//! opening one costs less than a microsecond. The sealed form is
//!
//! ```text
//! version (1) | key id (4) | nonce (12) | ciphertext | tag (16)
//! ```
//!
//! and the first seventeen bytes are authenticated together with the caller's `aad`, which must
//! tell one use from another (a code must not open as a token). Nonces are random: after 2^32 seals
//! under one key the chance that two of them met is 2^-33 (NIST SP 800-38D §8.3), so a key that
//! seals tokens is changed long before; [`SealingKeys`] keeps the older ones for opening.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::entropy::{self, NoEntropy};

/// The only version so far.
const VERSION: u8 = 1;
/// Bytes of a key id.
const KEY_ID: usize = 4;
/// Version, key id and nonce.
const HEAD: usize = 1 + KEY_ID + NONCE_LEN;
/// Bytes of a tag.
const TAG: usize = 16;
/// How many bytes a sealed text has beyond its plaintext.
pub const OVERHEAD: usize = HEAD + TAG;

/// A key for AES-256-GCM, with the id that sealed texts carry. Its bytes are wiped by AWS-LC.
pub struct SealingKey {
    id: [u8; KEY_ID],
    key: LessSafeKey,
}

impl SealingKey {
    /// Takes 32 random bytes and a name for them.
    pub fn new(id: [u8; KEY_ID], bytes: &[u8; 32]) -> Result<Self, SealFault> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealFault)?;
        Ok(Self {
            id,
            key: LessSafeKey::new(key),
        })
    }

    /// The id.
    pub fn id(&self) -> [u8; KEY_ID] {
        self.id
    }

    /// Seals with a random nonce.
    pub fn seal(&self, plaintext: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealFault> {
        self.seal_with_nonce(plaintext, aad, entropy::random()?)
    }

    /// Seals with the caller's nonce, which must never be used twice with this key.
    pub fn seal_with_nonce(
        &self,
        plaintext: &[u8],
        aad: &[u8],
        nonce: [u8; NONCE_LEN],
    ) -> Result<Vec<u8>, SealFault> {
        let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD);
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.id);
        sealed.extend_from_slice(&nonce);
        let bound = Aad::from([&sealed, aad].concat());
        sealed.extend_from_slice(plaintext);
        let body = sealed.get_mut(HEAD..).ok_or(SealFault)?;
        let tag = self
            .key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), bound, body)
            .map_err(|_| SealFault)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what was sealed with this key and the same `aad`.
    pub fn open(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, NotSealed> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or(NotSealed)?;
        let (ciphertext, tag) = body
            .len()
            .checked_sub(TAG)
            .and_then(|at| body.split_at_checked(at))
            .ok_or(NotSealed)?;
        if key_id(sealed)? != self.id {
            return Err(NotSealed);
        }
        let nonce = head.get(1 + KEY_ID..).unwrap_or_default();
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotSealed)?;
        let mut plaintext = vec![0; ciphertext.len()];
        self.key
            .open_separate_gather(
                nonce,
                Aad::from([head, aad].concat()),
                ciphertext,
                tag,
                &mut plaintext,
            )
            .map_err(|_| NotSealed)?;
        Ok(plaintext)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({}, ..)", u32::from_be_bytes(self.id))
    }
}

/// Which key sealed a text: readable by anybody, true only once the text was opened.
pub fn key_id(sealed: &[u8]) -> Result<[u8; KEY_ID], NotSealed> {
    match sealed.split_first() {
        Some((&VERSION, rest)) => rest.first_chunk().copied().ok_or(NotSealed),
        _ => Err(NotSealed),
    }
}

/// The key that seals now, and the older ones that still open.
#[derive(Debug)]
pub struct SealingKeys {
    current: SealingKey,
    older: Vec<SealingKey>,
}

impl SealingKeys {
    /// Seals with `current` and opens with any.
    pub fn new(current: SealingKey, older: Vec<SealingKey>) -> Self {
        Self { current, older }
    }

    /// The key that seals.
    pub fn current(&self) -> &SealingKey {
        &self.current
    }

    /// Seals with the current key and a random nonce.
    pub fn seal(&self, plaintext: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealFault> {
        self.current.seal(plaintext, aad)
    }

    /// Opens with the key that the text names.
    pub fn open(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, NotSealed> {
        let id = key_id(sealed)?;
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == id)
            .ok_or(NotSealed)?
            .open(sealed, aad)
    }
}

/// The text was not sealed by us for this use, or was changed. Which of them is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sealed by this server for this use")]
pub struct NotSealed;

/// Sealing failed; ours, never a client's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealing failed")]
pub struct SealFault;

impl From<NoEntropy> for SealFault {
    fn from(_: NoEntropy) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
