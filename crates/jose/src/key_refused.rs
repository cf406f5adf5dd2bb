//! Why a key is not taken, whatever form it came in.

use crate::{json::NotJson, pem::NotPem, printable::Printable};

/// Why a key was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// The text or structure is not that of a key.
    #[error("the key is malformed: {0}")]
    Malformed(&'static str),
    /// A key type, curve or algorithm that this crate does not have.
    #[error("the key is of a kind that is not supported: '{0}'")]
    Unsupported(Printable),
    /// The modulus is shorter than 2048 or longer than 4096 bits.
    #[error("an RSA key of {0} bits; between 2048 and 4096 are accepted")]
    RsaSize(usize),
    /// The exponent is even, 1, or longer than 32 bits.
    #[error("the RSA exponent is not acceptable; 65537 is usual")]
    RsaExponent,
    /// The modulus can be factored (CVE-2017-15361).
    #[error("the RSA key was made by a flawed generator (ROCA, CVE-2017-15361)")]
    Roca,
    /// The key and the algorithm do not belong together.
    #[error("a {key} key does not go with the algorithm {algorithm}")]
    WrongAlgorithm {
        /// The key type or curve.
        key: &'static str,
        /// The algorithm's name.
        algorithm: &'static str,
    },
    /// `use` or `key_ops` say that the key is not for signatures, or its `alg` is one of
    /// encryption.
    #[error("the key is not meant for verifying signatures")]
    NotForSignatures,
    /// A private key was given where a public one belongs.
    #[error("this is a private key; give the public part, and treat the private key as leaked")]
    PrivateKey,
    /// Not readable as JSON.
    #[error(transparent)]
    Json(#[from] NotJson),
    /// Not readable as PEM.
    #[error(transparent)]
    Pem(#[from] NotPem),
}
