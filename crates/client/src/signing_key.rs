//! The private key of a service account, ready to sign.

use carnet_jose::KeyPair;
use carnet_jose::LocalSigner;
use carnet_jose::Signer as _;
use carnet_jose::SigningHeader;
use carnet_jose::jwt::TYP_JWT;
use carnet_jose::sign_compact;

use crate::error::Error;
use crate::error::Kind;
use crate::token::Secret;

/// A private key with the name under which its public half is known. Parsed once.
pub struct SigningKey {
    signer: LocalSigner,
    header: SigningHeader,
}

impl SigningKey {
    /// Reads PEM: `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY` (PKCS#1). `key_id` is the key file's
    /// `private_key_id`; where it is empty, no `kid` is written and the server tries all keys.
    pub fn from_pem(pem: &str, key_id: &str) -> Result<Self, Error> {
        let pair =
            KeyPair::from_pem(pem).map_err(|refused| Error::new(Kind::PrivateKey(refused)))?;
        let named = (!key_id.is_empty()).then_some(key_id);
        let header = SigningHeader::new(pair.algorithm(), named, Some(TYP_JWT));
        Ok(Self {
            signer: LocalSigner::new(pair, key_id),
            header,
        })
    }

    /// The key's name.
    pub fn key_id(&self) -> &str {
        self.signer.key_id()
    }

    /// Signs claims: a compact JWS.
    pub(crate) fn sign(&self, claims: &[u8]) -> Result<Secret, Error> {
        sign_compact(&self.header, claims, &self.signer)
            .map(|jws| Secret::new(&jws))
            .map_err(|fault| Error::new(Kind::Sign(fault)))
    }
}

/// Without the key.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({}, ..)", self.key_id())
    }
}
