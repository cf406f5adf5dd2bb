//! The key-encryption key: the one secret that is not in the store.
//!
//! It seals what must not be readable in a copy of the database, and other keys are derived from it
//! (HKDF, RFC 5869), each for one purpose.

use std::fmt;

use carnet_jose::SealingKey;
use carnet_jose::digest;
use zeroize::Zeroizing;

/// The id under which the key-encryption key seals. There is one.
const ID: [u8; 4] = *b"kek1";

/// 32 bytes from a file that `carnet init` made.
pub struct KeyEncryptionKey {
    sealing: SealingKey,
    secret: Zeroizing<[u8; 32]>,
}

/// The sealed bytes do not belong to this key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not sealed by this key-encryption key")]
pub struct NotOurs;

impl KeyEncryptionKey {
    /// Takes the 32 bytes. Sealing uses a key derived from them, never the bytes themselves.
    pub fn new(secret: [u8; 32]) -> Result<Self, NotOurs> {
        let secret = Zeroizing::new(secret);
        let bytes = derive(&secret, "carnet key encryption 1")?;
        let sealing = SealingKey::new(ID, &bytes).map_err(|_| NotOurs)?;
        Ok(Self { sealing, secret })
    }

    /// Seals a secret for one place, named by `place`: it opens nowhere else.
    pub fn seal(&self, secret: &[u8], place: &str) -> Result<Vec<u8>, NotOurs> {
        self.sealing
            .seal(secret, place.as_bytes())
            .map_err(|_| NotOurs)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, sealed: &[u8], place: &str) -> Result<Zeroizing<Vec<u8>>, NotOurs> {
        self.sealing
            .open(sealed, place.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| NotOurs)
    }

    /// A key for one purpose, the same on every node.
    pub fn derive(&self, purpose: &str) -> Result<Zeroizing<[u8; 32]>, NotOurs> {
        derive(&self.secret, purpose)
    }
}

fn derive(secret: &[u8; 32], purpose: &str) -> Result<Zeroizing<[u8; 32]>, NotOurs> {
    let mut key = Zeroizing::new([0; 32]);
    digest::hkdf_sha256(secret, b"carnet", purpose.as_bytes(), key.as_mut_slice())
        .map_err(|_| NotOurs)?;
    Ok(key)
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey(..)")
    }
}
