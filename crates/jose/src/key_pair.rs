//! A key pair: made or read once, kept parsed, signs in JOSE encoding.
//!
//! Private keys live inside AWS-LC, which wipes them when they are freed; every PKCS#8 copy that
//! passes through here is in a buffer that is wiped too. Nothing secret is printed by `Debug`.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
        RsaSignatureEncoding,
    },
};
use zeroize::Zeroizing;

use crate::{
    alg::Algorithm,
    key_refused::KeyRefused,
    numbers::{Curve, Numbers},
    pem::{self, NotPem, Pem},
    printable::Printable,
    public_key::PublicKey,
    sign_fault::SignFault,
    spki,
};

/// The kinds of keys that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// RSA with 2048 bits: what Google issues to service accounts.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
    /// The NIST curve P-256, for ES256.
    P256,
    /// The NIST curve P-384, for ES384.
    P384,
    /// Edwards 25519, for `EdDSA`.
    Ed25519,
}

/// A private key with its public half, bound to one algorithm.
pub struct KeyPair {
    private: Private,
    public: PublicKey,
}

enum Private {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl KeyPair {
    /// Makes a new pair. RSA takes a good part of a second: not on a thread that serves.
    pub fn generate(kind: KeyType) -> Result<Self, SignFault> {
        let rsa = |size| RsaKeyPair::generate(size).map(Private::Rsa);
        let private = match kind {
            KeyType::Rsa2048 => rsa(KeySize::Rsa2048),
            KeyType::Rsa3072 => rsa(KeySize::Rsa3072),
            KeyType::Rsa4096 => rsa(KeySize::Rsa4096),
            KeyType::P256 => {
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Private::Ec)
            }
            KeyType::P384 => {
                EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Private::Ec)
            }
            KeyType::Ed25519 => Ed25519KeyPair::generate().map(Private::Ed25519),
        };
        let private = private.map_err(|_| SignFault::new("the key generator failed"))?;
        Self::of(private).map_err(|_| SignFault::new("the key generator made a key that we refuse"))
    }

    /// Reads a private key in PEM: `PRIVATE KEY` (PKCS#8, RFC 5958), `RSA PRIVATE KEY` (PKCS#1) or `EC PRIVATE KEY`
    /// (RFC 5915).
    pub fn from_pem(text: &str) -> Result<Self, KeyRefused> {
        let pem = Pem::parse(text)?;
        match pem.label() {
            "PRIVATE KEY" => Self::from_pkcs8_der(pem.der()),
            "RSA PRIVATE KEY" => {
                let key = RsaKeyPair::from_der(pem.der())
                    .map_err(|_| KeyRefused::Malformed("it is not an RSA private key"))?;
                Self::of(Private::Rsa(key))
            }
            "EC PRIVATE KEY" => {
                let ec = |algorithm| EcdsaKeyPair::from_private_key_der(algorithm, pem.der());
                let key = ec(&ECDSA_P256_SHA256_FIXED_SIGNING)
                    .or_else(|_| ec(&ECDSA_P384_SHA384_FIXED_SIGNING))
                    .map_err(|_| KeyRefused::Malformed("it is not a key of P-256 or P-384"))?;
                Self::of(Private::Ec(key))
            }
            "ENCRYPTED PRIVATE KEY" => Err(KeyRefused::Pem(NotPem::Encrypted)),
            label => Err(KeyRefused::Unsupported(Printable::new(label))),
        }
    }

    /// Reads a PKCS#8 private key in DER.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyRefused> {
        let ec = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, der).map(Private::Ec);
        let private = RsaKeyPair::from_pkcs8(der)
            .map(Private::Rsa)
            .or_else(|_| ec(&ECDSA_P256_SHA256_FIXED_SIGNING))
            .or_else(|_| ec(&ECDSA_P384_SHA384_FIXED_SIGNING))
            .or_else(|_| Ed25519KeyPair::from_pkcs8(der).map(Private::Ed25519))
            .map_err(|_| {
                KeyRefused::Malformed("it is not a PKCS#8 key of type RSA, P-256, P-384 or Ed25519")
            })?;
        Self::of(private)
    }

    fn of(private: Private) -> Result<Self, KeyRefused> {
        let numbers = match &private {
            Private::Rsa(key) => spki::from_pkcs1(key.public_key().as_ref())?,
            Private::Ec(key) => {
                let point = key.public_key().as_ref();
                let curve = if point.len() == 65 {
                    Curve::P256
                } else {
                    Curve::P384
                };
                spki::from_point(curve, point)?
            }
            Private::Ed25519(key) => Numbers::Ed25519(
                key.public_key()
                    .as_ref()
                    .try_into()
                    .map_err(|_| KeyRefused::Malformed("an Ed25519 key has 32 bytes"))?,
            ),
        };
        Ok(Self {
            private,
            public: PublicKey::from_numbers(numbers, None)?,
        })
    }

    /// The same pair bound to another algorithm: RS256 and PS256 share a key type.
    pub fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, KeyRefused> {
        Ok(Self {
            private: self.private,
            public: self.public.with_algorithm(algorithm)?,
        })
    }

    /// The one algorithm that this pair signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs, in JOSE encoding: RSA as it is, ECDSA as `r||s` (RFC 7518 §3.4).
    pub fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFault> {
        match &self.private {
            Private::Rsa(key) if self.algorithm() == Algorithm::PS256 => {
                sign_rsa(key, &RSA_PSS_SHA256, input)
            }
            Private::Rsa(key) => sign_rsa(key, &RSA_PKCS1_SHA256, input),
            Private::Ec(key) => key
                .sign(&SystemRandom::new(), input)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SignFault::new("ECDSA signing failed")),
            Private::Ed25519(key) => key
                .try_sign(input)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SignFault::new("Ed25519 signing failed")),
        }
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256 whatever the pair is bound to: X.509 certificates
    /// of an RSA key are written so. Other keys sign as they always do.
    pub(crate) fn sign_for_x509(&self, input: &[u8]) -> Result<Vec<u8>, SignFault> {
        match &self.private {
            Private::Rsa(key) => sign_rsa(key, &RSA_PKCS1_SHA256, input),
            Private::Ec(_) | Private::Ed25519(_) => self.sign(input),
        }
    }

    /// The private key as PKCS#8 DER.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, SignFault> {
        let refused = |_| SignFault::new("the key cannot be written as PKCS#8");
        let document = match &self.private {
            Private::Rsa(key) => AsDer::<Pkcs8V1Der<'_>>::as_der(key)
                .map_err(refused)?
                .as_ref()
                .to_vec(),
            Private::Ec(key) => key.to_pkcs8v1().map_err(refused)?.as_ref().to_vec(),
            Private::Ed25519(key) => key.to_pkcs8v1().map_err(refused)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(document))
    }

    /// The private key as `-----BEGIN PRIVATE KEY-----`, with a line break at its end.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, SignFault> {
        Ok(pem::encode("PRIVATE KEY", &self.to_pkcs8_der()?))
    }
}

fn sign_rsa(
    key: &RsaKeyPair,
    padding: &'static RsaSignatureEncoding,
    input: &[u8],
) -> Result<Vec<u8>, SignFault> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), input, &mut signature)
        .map_err(|_| SignFault::new("RSA signing failed"))?;
    Ok(signature)
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({:?}, ..)", self.public)
    }
}

#[cfg(test)]
mod tests;
