//! What a public key is made of, in its canonical spelling.

use crate::{alg::Algorithm, base64url};

/// What the key is made of, in its canonical spelling.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// RFC 7518 §6.3.1: modulus and exponent, big-endian without leading zeros.
    Rsa { n: Box<[u8]>, e: Box<[u8]> },
    /// RFC 7518 §6.2.1: an affine point.
    Ec {
        curve: Curve,
        x: Box<[u8]>,
        y: Box<[u8]>,
    },
    /// RFC 8037 §2.
    Ed25519([u8; 32]),
}

/// The NIST curves that are supported (RFC 7518 §6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
}

impl Curve {
    /// The `crv` name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Bytes of one coordinate.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

impl Numbers {
    /// The algorithm of such keys; RS256 where there are two.
    pub(crate) fn usual_algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::RS256,
            Self::Ec {
                curve: Curve::P256, ..
            } => Algorithm::ES256,
            Self::Ec {
                curve: Curve::P384, ..
            } => Algorithm::ES384,
            Self::Ed25519(_) => Algorithm::EdDSA,
        }
    }

    /// Whether such a key can be bound to the algorithm.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        algorithm == self.usual_algorithm()
            || (algorithm.is_rsa() && matches!(self, Self::Rsa { .. }))
    }

    /// The key type, or the curve.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RSA",
            Self::Ec { curve, .. } => curve.name(),
            Self::Ed25519(_) => "Ed25519",
        }
    }

    /// RFC 7638 §3.2: the required members only, in lexical order, without white space.
    pub(crate) fn canonical(&self) -> String {
        let text = |bytes: &[u8]| base64url::encode(bytes);
        match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(e), text(n)),
            Self::Ec { curve, x, y } => {
                let (x, y) = (text(x), text(y));
                format!(
                    r#"{{"crv":"{}","kty":"EC","x":"{x}","y":"{y}"}}"#,
                    curve.name()
                )
            }
            Self::Ed25519(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(x)),
        }
    }
}
