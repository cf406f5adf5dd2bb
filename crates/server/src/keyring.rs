//! Carnet's own keys, opened and ready: which one signs what, which ones verify, what the world may
//! see of them.
//!
//! The records come from the store; their private halves are sealed there by the key-encryption key.
//! A keyring is immutable. When a record changes, a new keyring takes its place, so that a request
//! never sees half a rotation.

mod encryption_key;
mod make;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use carnet_core::record::SigningKey;
use carnet_core::record::SigningKeyState;
use carnet_core::record::SigningUse;
use carnet_core::value::KeyId;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::LocalSigner;
use carnet_jose::PublicKey;
use carnet_jose::SealingKey;
use carnet_jose::SealingKeys;
use carnet_jose::Signer;
use carnet_jose::SigningHeader;
use carnet_jose::jwt;

pub use encryption_key::{KeyEncryptionKey, NotOurs};
pub use make::{NotMade, first_keys, make_key};

/// The keys of this moment.
pub struct Keyring {
    number: u64,
    signing: Vec<OwnKey>,
    published: Vec<PublishedKey>,
    sealing: SealingKeys,
}

/// A key that signs.
pub struct OwnKey {
    /// Signs.
    pub signer: Arc<dyn Signer>,
    /// The header of its access tokens (RFC 9068: `at+jwt`), encoded once.
    pub access_header: SigningHeader,
    /// The header of its ID tokens.
    pub id_header: SigningHeader,
    /// The header of its answers of introspection (RFC 9701: `token-introspection+jwt`).
    pub introspection_header: SigningHeader,
}

/// What the world may see of a key of ours.
#[derive(Debug)]
pub struct PublishedKey {
    /// Its `kid`.
    pub id: KeyId,
    /// Verifies.
    pub public: PublicKey,
    /// A certificate for it in DER.
    pub certificate: Vec<u8>,
}

/// A keyring cannot be made of these records.
#[derive(Debug, thiserror::Error)]
pub enum KeyringFault {
    /// The key-encryption key is not the one that sealed them.
    #[error("signing key {0} cannot be opened with this key-encryption key (CRN-8003)")]
    Sealed(KeyId),
    /// A key that was opened makes no sense.
    #[error("signing key {0} cannot be read")]
    Damaged(KeyId),
    /// Nothing seals opaque tokens.
    #[error("there is no active sealing key")]
    NoSealingKey,
    /// Nothing signs with this algorithm.
    #[error("there is no active signing key for {0}")]
    NoSigningKey(Algorithm),
}

/// How many keyrings were opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

impl Keyring {
    /// Tells this keyring from every other of this process.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Opens the records.
    pub fn open(
        records: &[SigningKey],
        encryption: &KeyEncryptionKey,
    ) -> Result<Self, KeyringFault> {
        let mut signing = Vec::new();
        let mut published = Vec::new();
        let mut sealing = (None, Vec::new());
        for record in records {
            let active = matches!(record.state, SigningKeyState::Active { .. });
            match record.usage {
                SigningUse::Sign(algorithm) => {
                    published.push(publish(record, algorithm)?);
                    if active {
                        signing.push(open_signer(record, algorithm, encryption)?);
                    }
                }
                SigningUse::Seal => {
                    let key = open_sealing(record, encryption)?;
                    if active {
                        sealing.0 = Some(key);
                    } else {
                        sealing.1.push(key);
                    }
                }
            }
        }
        let current = sealing.0.ok_or(KeyringFault::NoSealingKey)?;
        for needed in [Algorithm::ES256, Algorithm::RS256] {
            if !signing.iter().any(|key| key.signer.algorithm() == needed) {
                return Err(KeyringFault::NoSigningKey(needed));
            }
        }
        Ok(Self {
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            signing,
            published,
            sealing: SealingKeys::new(current, sealing.1),
        })
    }

    /// The key that signs with this algorithm; where there is none, the one for ES256, which there
    /// always is.
    #[must_use]
    pub fn signing(&self, algorithm: Algorithm) -> Option<&OwnKey> {
        let with = |wanted| {
            self.signing
                .iter()
                .find(|key| key.signer.algorithm() == wanted)
        };
        with(algorithm).or_else(|| with(Algorithm::ES256))
    }

    /// The key that a `kid` names, among all that verify.
    #[must_use]
    pub fn verifying(&self, id: &str) -> Option<&PublicKey> {
        self.published
            .iter()
            .find(|key| key.id.as_str() == id)
            .map(|key| &key.public)
    }

    /// Every key that verifies, oldest first.
    #[must_use]
    pub fn published(&self) -> &[PublishedKey] {
        &self.published
    }

    /// What seals and opens opaque tokens.
    #[must_use]
    pub const fn sealing(&self) -> &SealingKeys {
        &self.sealing
    }

    /// What a signature of this algorithm is checked against where there is nothing to check against: a key of the same
    /// algorithm, else an RSA key of 2048 bits.
    #[must_use]
    pub fn decoy(&self, algorithm: Algorithm) -> Option<&PublicKey> {
        let keys = || self.published.iter().map(|key| &key.public);
        let of = |algorithm| keys().find(|key| key.algorithm() == algorithm);
        of(algorithm).or_else(|| of(Algorithm::RS256))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("published", &self.published)
            .finish_non_exhaustive()
    }
}

fn publish(record: &SigningKey, algorithm: Algorithm) -> Result<PublishedKey, KeyringFault> {
    let public = PublicKey::from_spki_der(&record.public_key)
        .and_then(|key| key.with_algorithm(algorithm))
        .map_err(|_| KeyringFault::Damaged(record.id.clone()))?;
    Ok(PublishedKey {
        id: record.id.clone(),
        public,
        certificate: record.certificate.clone(),
    })
}

fn open_signer(
    record: &SigningKey,
    algorithm: Algorithm,
    encryption: &KeyEncryptionKey,
) -> Result<OwnKey, KeyringFault> {
    let der = encryption
        .open(&record.sealed, record.id.as_str())
        .map_err(|_| KeyringFault::Sealed(record.id.clone()))?;
    let pair = KeyPair::from_pkcs8_der(&der)
        .and_then(|pair| pair.with_algorithm(algorithm))
        .map_err(|_| KeyringFault::Damaged(record.id.clone()))?;
    let kid = record.id.as_str();
    Ok(OwnKey {
        access_header: SigningHeader::new(algorithm, Some(kid), Some(jwt::TYP_ACCESS_TOKEN)),
        id_header: SigningHeader::new(algorithm, Some(kid), Some(jwt::TYP_JWT)),
        introspection_header: SigningHeader::new(
            algorithm,
            Some(kid),
            Some(jwt::TYP_INTROSPECTION),
        ),
        signer: Arc::new(LocalSigner::new(pair, kid)),
    })
}

fn open_sealing(
    record: &SigningKey,
    encryption: &KeyEncryptionKey,
) -> Result<SealingKey, KeyringFault> {
    let bytes = encryption
        .open(&record.sealed, record.id.as_str())
        .map_err(|_| KeyringFault::Sealed(record.id.clone()))?;
    let damaged = || KeyringFault::Damaged(record.id.clone());
    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| damaged())?;
    SealingKey::new(make::sealing_id(&record.id), &bytes).map_err(|_| damaged())
}
