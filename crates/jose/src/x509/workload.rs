//! What a certificate says of the workload that has it, for attribute mappings: its names, who certified it, and until
//! when.
//!
//! Whether any of it is true is for whoever checks the chain; nothing is checked here.

use x509_parser::{certificate::X509Certificate, prelude::FromDer, x509::X509Name};

use super::{ClientNames, LONGEST, NotACertificate, name::short};
use crate::digest::{hex, sha256};

/// The most attributes of a distinguished name that are looked at.
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
        Ok(Self {
            subject: attributes(certificate.subject()),
            issuer: attributes(certificate.issuer()),
            serial: hex(certificate.raw_serial()),
            names,
            sha256: sha256(der),
            not_after: certificate.validity().not_after.timestamp(),
        })
    }
}

/// What is no text is left out.
fn attributes(name: &X509Name<'_>) -> Vec<(String, String)> {
    let all = name
        .iter()
        .flat_map(x509_parser::prelude::RelativeDistinguishedName::iter);
    let text = |attribute: &x509_parser::x509::AttributeTypeAndValue<'_>| {
        let value = attribute.as_str().ok()?;
        Some((
            short(&attribute.attr_type().to_id_string()),
            value.to_owned(),
        ))
    };
    all.take(MOST).filter_map(text).collect()
}
