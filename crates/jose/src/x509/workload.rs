//! What a certificate says of the workload that has it, for attribute mappings: its names, who certified it, and until
//! when.
//!
//! Whether any of it is true is for whoever checks the chain; nothing is checked here.

use x509_parser::{certificate::X509Certificate, prelude::FromDer, x509::X509Name};

use super::{ClientNames, LONGEST, NotACertificate, client::MOST_NAMES, name::short};
use crate::digest::{hex, sha256};

/// The most attributes of a distinguished name.
const MOST: usize = 50;

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadNames {
    /// The subject: each attribute by its short name in lower case (`cn`), or by its object identifier.
    pub subject: Vec<(String, String)>,
    /// The same of who certified it.
    pub issuer: Vec<(String, String)>,
    /// The serial number in lower-case hexadecimal digits.
    pub serial: String,
    /// The alternative names.
    pub names: ClientNames,
    /// The SHA-256 of the whole certificate.
    pub sha256: [u8; 32],
    /// Until when it holds, in seconds since 1970.
    pub not_after: i64,
}

impl WorkloadNames {
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        let names = ClientNames::from_der(der)?;
        if der.len() > LONGEST {
            return Err(NotACertificate::Malformed);
        }
        let Ok(([], certificate)) = X509Certificate::from_der(der) else {
            return Err(NotACertificate::Malformed);
        };
        let alternative = certificate.subject_alternative_name().ok().flatten();
        if alternative.is_some_and(|names| names.value.general_names.len() > MOST_NAMES) {
            return Err(NotACertificate::Malformed);
        }
        Ok(Self {
            subject: attributes(certificate.subject())?,
            issuer: attributes(certificate.issuer())?,
            serial: hex(certificate.raw_serial()),
            names,
            sha256: sha256(der),
            not_after: certificate.validity().not_after.timestamp(),
        })
    }
}

/// From when until when a certificate holds, in seconds since 1970, both ends included.
pub fn validity(der: &[u8]) -> Result<(i64, i64), NotACertificate> {
    if der.len() > LONGEST {
        return Err(NotACertificate::Malformed);
    }
    let Ok(([], certificate)) = X509Certificate::from_der(der) else {
        return Err(NotACertificate::Malformed);
    };
    let holds = certificate.validity();
    Ok((holds.not_before.timestamp(), holds.not_after.timestamp()))
}

/// What is no text is left out, and with it whatever has the same name: of two, one must not look like the only one.
/// More than [`MOST`] are refused rather than cut off.
fn attributes(name: &X509Name<'_>) -> Result<Vec<(String, String)>, NotACertificate> {
    let all = name
        .iter()
        .flat_map(x509_parser::prelude::RelativeDistinguishedName::iter);
    let all: Vec<_> = all
        .take(MOST + 1)
        .map(|attribute| {
            let kind = short(&attribute.attr_type().to_id_string());
            (kind, attribute.as_str().ok())
        })
        .collect();
    if all.len() > MOST {
        return Err(NotACertificate::Malformed);
    }
    let is_text = |kind: &str| {
        let mut same = all.iter().filter(|(other, _)| other == kind);
        same.all(|(_, value)| value.is_some())
    };
    let texts = all.iter().filter(|(kind, _)| is_text(kind));
    let texts =
        texts.filter_map(|(kind, value)| value.map(|value| (kind.clone(), value.to_owned())));
    Ok(texts.collect())
}

#[cfg(test)]
mod tests;
