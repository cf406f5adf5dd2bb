//! A public key: parsed once, kept parsed, and bound to one algorithm.
//!
//! Whatever form a key comes in (JWK, SPKI, certificate, the public half of a pair), it goes
//! through the same door: its numbers are checked, AWS-LC parses them, and from then on a
//! verification costs the arithmetic only (RSA-2048: 14 µs). The algorithm is fixed here and never
//! read from a token (RFC 8725 §3.1). An RSA key can be bound to RS256 or PS256; RS256 is the
//! default, and [`PublicKey::with_algorithm`] chooses the other.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, VerificationAlgorithm,
};

use crate::{
    alg::Algorithm, base64url, digest, key_refused::KeyRefused, numbers::Numbers, rsa, spki,
};

/// A public key that verifies the signatures of one algorithm.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    numbers: Numbers,
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Checks the numbers and parses the key; RSA is bound to RS256 where `algorithm` is `None`.
    pub(crate) fn from_numbers(
        numbers: Numbers,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, KeyRefused> {
        let algorithm = algorithm.unwrap_or_else(|| numbers.usual_algorithm());
        if !numbers.fits(algorithm) {
            return Err(KeyRefused::WrongAlgorithm {
                key: numbers.kind(),
                algorithm: algorithm.name(),
            });
        }
        if let Numbers::Rsa { n, e } = &numbers {
            rsa::check(n, e)?;
        }
        let parsed = ParsedPublicKey::new(verification(algorithm), spki::key_bits(&numbers))
            .map_err(|_| KeyRefused::Malformed("its numbers are not those of a public key"))?;
        Ok(Self {
            algorithm,
            numbers,
            parsed,
        })
    }

    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyRefused> {
        Self::from_numbers(spki::read(der)?, None)
    }

    /// The same key bound to another algorithm: RS256 and PS256 share a key type.
    pub fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, KeyRefused> {
        if self.algorithm == algorithm {
            return Ok(self);
        }
        Self::from_numbers(self.numbers, Some(algorithm))
    }

    /// The one algorithm that this key verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bits of the modulus or of the curve.
    pub fn bits(&self) -> usize {
        match &self.numbers {
            Numbers::Rsa { n, .. } => rsa::bit_length(n),
            Numbers::Ec { curve, .. } => curve.size() * 8,
            Numbers::Ed25519(_) => 256,
        }
    }

    /// Verifies a signature in its JOSE encoding (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        // An ECDSA signature is exactly r||s, an RSA one exactly as long as the modulus.
        if signature.len() != self.signature_len() {
            return Err(BadSignature);
        }
        self.parsed
            .verify_sig(message, signature)
            .map_err(|_| BadSignature)
    }

    /// Bytes of a signature of this key.
    pub fn signature_len(&self) -> usize {
        match &self.numbers {
            Numbers::Rsa { n, .. } => n.len(),
            Numbers::Ec { curve, .. } => 2 * curve.size(),
            Numbers::Ed25519(_) => 64,
        }
    }

    /// The key as a DER `SubjectPublicKeyInfo`.
    pub fn to_spki_der(&self) -> Vec<u8> {
        spki::write(&self.numbers)
    }

    /// The key as `-----BEGIN PUBLIC KEY-----`.
    pub fn to_spki_pem(&self) -> String {
        crate::pem::encode("PUBLIC KEY", &self.to_spki_der()).to_string()
    }

    /// The JWK thumbprint with SHA-256 (RFC 7638 §3): the same for every spelling of a key.
    pub fn thumbprint(&self) -> [u8; 32] {
        digest::sha256(self.numbers.canonical())
    }

    /// The thumbprint as base64url; a fine `kid`.
    pub fn thumbprint_text(&self) -> String {
        base64url::encode(self.thumbprint())
    }

    pub(crate) fn numbers(&self) -> &Numbers {
        &self.numbers
    }
}

/// The same key bound to the same algorithm.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.numbers == other.numbers
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PublicKey({}, {})",
            self.algorithm,
            self.thumbprint_text()
        )
    }
}

fn verification(algorithm: Algorithm) -> &'static dyn VerificationAlgorithm {
    match algorithm {
        Algorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::PS256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::ES256 => &ECDSA_P256_SHA256_FIXED,
        Algorithm::ES384 => &ECDSA_P384_SHA384_FIXED,
        Algorithm::EdDSA => &ED25519,
    }
}

/// The signature does not belong to the message and the key. No reason is given: there is none to
/// learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

#[cfg(test)]
mod tests;
