//! Makes key pairs for service accounts: a few at a time, away from the threads that serve.
//!
//! RSA-2048 takes about 0.1 s of CPU, RSA-4096 up to seconds. Two are made at once at most and a few
//! more wait; who comes then is told to come back.

use std::sync::Arc;

use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_jose::pkcs12;
use carnet_jose::x509::{Certificate, CertificateTemplate};
use carnet_jose::{Algorithm, KeyPair, KeyType, PublicKey};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// How many are made at once.
const AT_ONCE: usize = 2;

/// How many may be made or wait.
const WAITING: usize = 32;

/// Why a key was not made.
#[derive(Debug)]
pub(crate) enum NotMade {
    /// Too many are being made already.
    Busy,
    /// Our fault.
    Fault(Fault),
}

impl From<Fault> for NotMade {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What is said to whoever comes while [`NotMade::Busy`].
pub(crate) const BUSY: &str = "Too many keys are being made; try again in a moment.";

/// Makes key pairs.
#[derive(Debug)]
pub struct Workshop {
    making: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Workshop {
    fn default() -> Self {
        Self {
            making: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(WAITING)),
        }
    }
}

impl Workshop {
    /// Does a piece of work that costs CPU time.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotMade> {
        let Ok(_place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            return Err(NotMade::Busy);
        };
        let turn = Arc::clone(&self.making)
            .acquire_owned()
            .await
            .map_err(Fault::lasting)?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        Ok(done.await.map_err(Fault::lasting)?)
    }
}

/// In which file a private key is given away.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// PKCS#8 in PEM, for Google's JSON file.
    Pem,
    /// The same, for the JSON file of a service identity, with the path of the certificates by which its program
    /// believes the token endpoint. It may be empty.
    Gdch(String),
    /// PKCS#12 with Google's password and alias.
    P12,
}

/// A fresh key pair.
pub(crate) struct Made {
    /// The algorithm that it signs with.
    pub algorithm: Algorithm,
    /// The public half: `SubjectPublicKeyInfo` in DER.
    pub public_key: Vec<u8>,
    /// A certificate that the key signed for itself, in DER.
    pub certificate: Vec<u8>,
    /// The private half.
    pub private: Zeroizing<Vec<u8>>,
}

/// What a certificate of a service account's key says.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The account's unique id.
    pub unique_id: String,
    /// A serial number.
    pub serial: [u8; 16],
    /// From when.
    pub from: UnixTime,
    /// Until when.
    pub until: UnixTime,
}

impl Subject {
    fn template(self) -> CertificateTemplate {
        let seconds = |moment: UnixTime| u64::try_from(moment.0).unwrap_or(0);
        CertificateTemplate {
            common_name: self.unique_id,
            serial: self.serial,
            not_before: seconds(self.from),
            not_after: seconds(self.until),
        }
    }
}

/// Makes a key pair. Costs CPU time.
pub(crate) fn make(kind: KeyType, form: &Form, subject: Subject) -> Result<Made, Fault> {
    let pair = KeyPair::generate(kind).map_err(Fault::lasting)?;
    let template = subject.template();
    let certificate = Certificate::self_signed(&pair, &template).map_err(Fault::lasting)?;
    let private = match form {
        Form::Pem | Form::Gdch(_) => {
            let pem = pair.to_pkcs8_pem().map_err(Fault::lasting)?;
            Zeroizing::new(pem.as_bytes().to_vec())
        }
        Form::P12 => pkcs12::write(&pair, &certificate).map_err(Fault::lasting)?,
    };
    Ok(Made {
        algorithm: pair.algorithm(),
        public_key: pair.public_key().to_spki_der(),
        certificate: certificate.der().to_vec(),
        private,
    })
}

/// A certificate for an uploaded public key. Google's documents hold certificates, and nobody builds a
/// chain with them: it is signed by a key that is made for it and forgotten.
pub(crate) fn certify(key: &PublicKey, subject: Subject) -> Result<Vec<u8>, Fault> {
    let issuer = KeyPair::generate(KeyType::P256).map_err(Fault::lasting)?;
    let template = subject.template();
    let made = Certificate::issued(key, &template, &issuer, "carnet").map_err(Fault::lasting)?;
    Ok(made.der().to_vec())
}

/// The kinds of key that can be made for an algorithm of this name.
pub(crate) fn kind(algorithm: Algorithm, bits: i64) -> Option<KeyType> {
    match (algorithm, bits) {
        (Algorithm::RS256, 2_048) => Some(KeyType::Rsa2048),
        (Algorithm::RS256, 3_072) => Some(KeyType::Rsa3072),
        (Algorithm::RS256, 4_096) => Some(KeyType::Rsa4096),
        _ => None,
    }
}
