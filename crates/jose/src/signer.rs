//! The seam behind which private keys sit.
//!
//! A signer may be this process ([`LocalSigner`]), an HSM, a cloud KMS or a Vault; the last three
//! answer over a network, so the trait is asynchronous. Verification needs no seam: it is
//! arithmetic on a public key. A caller that knows it holds a local key uses
//! [`LocalSigner::sign_now`] and pays for no boxed future.

use std::{
    future::{self, Future},
    pin::Pin,
};

use crate::{alg::Algorithm, key_pair::KeyPair, public_key::PublicKey, sign_fault::SignFault};

/// What a signer promises: a signature, later.
pub type Signing<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, SignFault>> + Send + 'a>>;

/// Something that can sign with one key.
pub trait Signer: Send + Sync {
    /// The algorithm of its signatures.
    fn algorithm(&self) -> Algorithm;

    /// The `kid` under which its public key is published.
    fn key_id(&self) -> &str;

    /// Signs a JWS signing input; the signature comes in JOSE encoding.
    fn sign<'a>(&'a self, input: &'a [u8]) -> Signing<'a>;

    /// The public half.
    fn public_key(&self) -> &PublicKey;
}

/// A key pair in this process, with its `kid`.
#[derive(Debug)]
pub struct LocalSigner {
    key_pair: KeyPair,
    key_id: String,
}

impl LocalSigner {
    /// Puts a name on a key pair.
    pub fn new(key_pair: KeyPair, key_id: impl Into<String>) -> Self {
        Self {
            key_pair,
            key_id: key_id.into(),
        }
    }

    /// Signs at once, on the caller's thread.
    pub fn sign_now(&self, input: &[u8]) -> Result<Vec<u8>, SignFault> {
        self.key_pair.sign(input)
    }

    /// The pair.
    pub fn key_pair(&self) -> &KeyPair {
        &self.key_pair
    }
}

impl Signer for LocalSigner {
    fn algorithm(&self) -> Algorithm {
        self.key_pair.algorithm()
    }

    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn sign<'a>(&'a self, input: &'a [u8]) -> Signing<'a> {
        Box::pin(future::ready(self.sign_now(input)))
    }

    fn public_key(&self) -> &PublicKey {
        self.key_pair.public_key()
    }
}
