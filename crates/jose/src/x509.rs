//! X.509 certificates (RFC 5280), as far as Google's key service uses them.
//!
//! Google publishes the public keys of service accounts as maps of PEM certificates, so every key
//! needs one. They are containers, not credentials: the subject is the account's numeric id, the
//! validity about ten years, and nobody builds a chain with them. A key that we generate signs its
//! own certificate; an uploaded public key is certified by a key of ours.
//!
//! An uploaded certificate (`TYPE_X509_PEM_FILE`) is read for its key and its validity; its
//! signature says nothing to us, because whoever uploads it is already authorised to name a key.

mod client;
mod name;
mod workload;

use std::time::Duration;

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, Issuer, KeyUsagePurpose, PublicKeyData,
    SerialNumber, SignatureAlgorithm, date_time_ymd,
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::{
    alg::Algorithm,
    der,
    key_pair::KeyPair,
    key_refused::KeyRefused,
    pem::{self, NotPem, Pem},
    printable::Printable,
    public_key::PublicKey,
    sign_fault::SignFault,
    spki,
};

pub use self::client::ClientNames;
pub use self::name::{DistinguishedName, NotAName};
pub use self::workload::{WorkloadNames, validity};

/// The longest certificate that is looked at.
pub const LONGEST: usize = 16 * 1024;

/// What a certificate is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateTemplate {
    /// The common name of the subject: the numeric id of the account.
    pub common_name: String,
    /// The serial number, positive and at most 20 bytes (RFC 5280 §4.1.2.2).
    pub serial: [u8; 16],
    /// The beginning of the validity, in seconds since 1970.
    pub not_before: u64,
    /// Its end, in seconds since 1970.
    pub not_after: u64,
}

/// A certificate in DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
}

impl Certificate {
    /// A certificate that the key signs for itself.
    pub fn self_signed(key: &KeyPair, template: &CertificateTemplate) -> Result<Self, SignFault> {
        let params = template.params()?;
        let certificate = params
            .self_signed(&X509Key::of_pair(key))
            .map_err(|error| rcgen_fault(&error))?;
        Ok(Self {
            der: certificate.der().to_vec(),
        })
    }

    /// A certificate for a bare public key, signed by another key under another name.
    pub fn issued(
        key: &PublicKey,
        template: &CertificateTemplate,
        issuer: &KeyPair,
        issuer_name: &str,
    ) -> Result<Self, SignFault> {
        let mut issuer_params = CertificateParams::default();
        issuer_params.distinguished_name = common_name(issuer_name);
        let issuer = Issuer::new(issuer_params, X509Key::of_pair(issuer));
        let certificate = template
            .params()?
            .signed_by(&X509Key::of(key), &issuer)
            .map_err(|error| rcgen_fault(&error))?;
        Ok(Self {
            der: certificate.der().to_vec(),
        })
    }

    /// The DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as `-----BEGIN CERTIFICATE-----`.
    pub fn to_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der).to_string()
    }
}

impl CertificateTemplate {
    fn params(&self) -> Result<CertificateParams, SignFault> {
        let mut serial = self.serial;
        if let Some(first) = serial.first_mut() {
            *first = *first & 0x7F | 0x40; // positive, and never all zero
        }
        let mut params = CertificateParams::default();
        params.distinguished_name = common_name(&self.common_name);
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        params.not_before = date_time_ymd(1970, 1, 1) + since_1970(self.not_before)?;
        params.not_after = date_time_ymd(1970, 1, 1) + since_1970(self.not_after)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        Ok(params)
    }
}

/// 9999-12-31T23:59:59Z, the last moment that X.509 can write.
const LAST_MOMENT: u64 = 253_402_300_799;

/// Seconds since 1970 as a date that X.509 can write. (rcgen's date type has no public name, hence
/// the duration.)
fn since_1970(seconds: u64) -> Result<Duration, SignFault> {
    if seconds > LAST_MOMENT {
        return Err(SignFault::new(
            "a certificate cannot be valid beyond the year 9999",
        ));
    }
    Ok(Duration::from_secs(seconds))
}

fn common_name(name: &str) -> rcgen::DistinguishedName {
    let mut subject = rcgen::DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    subject
}

fn rcgen_fault(error: &rcgen::Error) -> SignFault {
    SignFault::new(format!("the certificate cannot be written: {error}"))
}

/// A key as rcgen wants to see it.
struct X509Key<'a> {
    bits: Vec<u8>,
    algorithm: Algorithm,
    pair: Option<&'a KeyPair>,
}

impl<'a> X509Key<'a> {
    fn of(key: &PublicKey) -> Self {
        Self {
            bits: spki::key_bits(key.numbers()),
            algorithm: key.algorithm(),
            pair: None,
        }
    }

    fn of_pair(pair: &'a KeyPair) -> Self {
        Self {
            pair: Some(pair),
            ..Self::of(pair.public_key())
        }
    }
}

impl PublicKeyData for X509Key<'_> {
    fn der_bytes(&self) -> &[u8] {
        &self.bits
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self.algorithm {
            Algorithm::RS256 | Algorithm::PS256 => &rcgen::PKCS_RSA_SHA256,
            Algorithm::ES256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Algorithm::ES384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Algorithm::EdDSA => &rcgen::PKCS_ED25519,
        }
    }
}

impl rcgen::SigningKey for X509Key<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let pair = self.pair.ok_or(rcgen::Error::RemoteKeyError)?;
        let signature = pair
            .sign_for_x509(message)
            .map_err(|_| rcgen::Error::RemoteKeyError)?;
        match self.algorithm {
            // RFC 3279 §2.2.3: X.509 wants SEQUENCE { r, s } where JOSE wants r||s.
            Algorithm::ES256 | Algorithm::ES384 => {
                let (r, s) = signature
                    .split_at_checked(signature.len() / 2)
                    .ok_or(rcgen::Error::RemoteKeyError)?;
                Ok(der::sequence(&[&der::unsigned(r), &der::unsigned(s)]))
            }
            Algorithm::RS256 | Algorithm::PS256 | Algorithm::EdDSA => Ok(signature),
        }
    }
}

/// A certificate that somebody handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedCertificate {
    /// Its key.
    pub public_key: PublicKey,
    /// The beginning of its validity, in seconds since 1970.
    pub not_before: i64,
    /// Its end, in seconds since 1970.
    pub not_after: i64,
    /// The common name of its subject, if it has one that is text.
    pub common_name: Option<Printable>,
}

impl UploadedCertificate {
    /// Reads one PEM block.
    pub fn from_pem(text: &str) -> Result<Self, NotACertificate> {
        let pem = Pem::parse(text)?;
        Self::from_der(
            pem.labelled("CERTIFICATE")
                .ok_or(NotACertificate::Malformed)?,
        )
    }

    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        if der.len() > LONGEST {
            return Err(NotACertificate::Malformed);
        }
        let Ok(([], certificate)) = X509Certificate::from_der(der) else {
            return Err(NotACertificate::Malformed);
        };
        let numbers = spki::from_info(certificate.public_key()).map_err(NotACertificate::Key)?;
        let common_name = certificate.subject().iter_common_name().next();
        Ok(Self {
            public_key: PublicKey::from_numbers(numbers, None).map_err(NotACertificate::Key)?,
            not_before: certificate.validity().not_before.timestamp(),
            not_after: certificate.validity().not_after.timestamp(),
            common_name: common_name
                .and_then(|name| name.as_str().ok())
                .map(Printable::new),
        })
    }
}

/// Why a certificate was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACertificate {
    /// Not an X.509 certificate, or longer than [`LONGEST`].
    #[error("it is not an X.509 certificate")]
    Malformed,
    /// Not readable as PEM.
    #[error(transparent)]
    Pem(#[from] NotPem),
    /// The certificate is one, but its key is not acceptable.
    #[error(transparent)]
    Key(KeyRefused),
}

#[cfg(test)]
mod tests;
