//! The closed list of signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1).
//!
//! An algorithm is a property of a *key*. What a token's header says is only compared with it
//! (RFC 8725 §3.1), so there is no way to talk a verifier into HMAC over a public key, and `none`
//! is not a value that this type can hold.

use std::{fmt, str::FromStr};

use crate::printable::Printable;

/// A signature algorithm by its JOSE name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    RS256,
    /// RSASSA-PSS with SHA-256, salt of 32 bytes (RFC 7518 §3.5).
    PS256,
    /// ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).
    ES256,
    /// ECDSA on P-384 with SHA-384 (RFC 7518 §3.4).
    ES384,
    /// Ed25519 (RFC 8037 §3.1). RFC 9864 calls the same thing `Ed25519`; both names are read.
    EdDSA,
}

impl Algorithm {
    /// All of them, in the order in which discovery documents list them.
    pub const ALL: [Self; 5] = [
        Self::RS256,
        Self::PS256,
        Self::ES256,
        Self::ES384,
        Self::EdDSA,
    ];

    /// The name in the JOSE registry, as this crate prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
        }
    }

    /// Whether an RSA key makes these signatures.
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::RS256 | Self::PS256)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Names are case-sensitive (RFC 7515 §4.1.1).
    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        match name {
            "RS256" => Ok(Self::RS256),
            "PS256" => Ok(Self::PS256),
            "ES256" => Ok(Self::ES256),
            "ES384" => Ok(Self::ES384),
            "EdDSA" | "Ed25519" => Ok(Self::EdDSA),
            _ => Err(UnknownAlgorithm(Printable::new(name))),
        }
    }
}

/// The name is not on the list. It keeps a bounded, printable copy, for whoever has to debug it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the algorithm '{0}' is not supported")]
pub struct UnknownAlgorithm(pub Printable);

#[cfg(test)]
mod tests;
