//! What only old password hashes need, so that people can bring them along: SHA-1 and SHA-512 over
//! several pieces, PBKDF2 (RFC 8018 §5.2), and AES-256 in counter mode.
//!
//! Nothing here makes a new hash, a signature or a token. SHA-1 is broken for those; under a salt, and
//! with a password that it is to hide, it is merely much too fast.

use std::num::NonZeroU32;

use aws_lc_rs::{
    cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    digest,
    iv::FixedLength,
    pbkdf2,
};

/// A hash function of old password hashes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OldHash {
    /// SHA-1: 20 bytes.
    Sha1,
    /// SHA-256: 32 bytes.
    Sha256,
    /// SHA-512: 64 bytes.
    Sha512,
}

impl OldHash {
    /// How many bytes a digest has.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha1 => digest::SHA1_OUTPUT_LEN,
            Self::Sha256 => digest::SHA256_OUTPUT_LEN,
            Self::Sha512 => digest::SHA512_OUTPUT_LEN,
        }
    }

    /// The digest of these pieces, one after the other.
    #[must_use]
    pub fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha512 => &digest::SHA512,
        });
        for piece in pieces {
            context.update(piece);
        }
        context.finish().as_ref().to_vec()
    }

    /// Whether PBKDF2 with the HMAC of this function derives this from the secret. Compares in constant
    /// time; what is empty is never right.
    #[must_use]
    pub fn pbkdf2_holds(
        self,
        rounds: NonZeroU32,
        salt: &[u8],
        secret: &[u8],
        derived: &[u8],
    ) -> bool {
        let algorithm = match self {
            Self::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Self::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Self::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        };
        pbkdf2::verify(algorithm, rounds, salt, secret, derived).is_ok()
    }
}

/// Encrypts in place under AES-256 in counter mode, from counter zero: as Firebase makes a hash of a key.
/// None where the library cannot.
pub fn aes_256_ctr_from_zero(key: &[u8; 32], text: &mut [u8]) -> Option<()> {
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    let zero = EncryptionContext::Iv128(FixedLength::from([0; 16]));
    key.less_safe_encrypt(text, zero).ok().map(drop)
}

#[cfg(test)]
mod tests;
