//! What a certificate says of the client that showed it (RFC 8705 §2): its names, and its key.
//!
//! The handshake has proved that the client has the private key. Whether anybody vouches for the names is not
//! known here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use super::{DistinguishedName, LONGEST, NotACertificate};
use crate::{public_key::PublicKey, spki};

/// The most names of a certificate that are looked at.
pub(super) const MOST_NAMES: usize = 100;

/// The names and the key of a client's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientNames {
    /// The subject, if it is one that text can say.
    pub subject: Option<DistinguishedName>,
    /// The alternative names that are hosts, in lower case.
    pub dns: Vec<String>,
    /// Those that are URIs.
    pub uris: Vec<String>,
    /// Those that are addresses.
    pub addresses: Vec<IpAddr>,
    /// Those that are e-mail addresses.
    pub emails: Vec<String>,
    /// The key, if it is of a kind that is supported.
    pub key: Option<PublicKey>,
}

impl ClientNames {
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        if der.len() > LONGEST {
            return Err(NotACertificate::Malformed);
        }
        let Ok(([], certificate)) = X509Certificate::from_der(der) else {
            return Err(NotACertificate::Malformed);
        };
        let numbers = spki::from_info(certificate.public_key()).ok();
        let mut names = Self {
            subject: DistinguishedName::of(certificate.subject()),
            key: numbers.and_then(|numbers| PublicKey::from_numbers(numbers, None).ok()),
            ..Self::default()
        };
        let alternative = certificate.subject_alternative_name();
        if let Some(alternative) = alternative.map_err(|_| NotACertificate::Malformed)? {
            for name in alternative.value.general_names.iter().take(MOST_NAMES) {
                names.add(name);
            }
        }
        Ok(names)
    }

    fn add(&mut self, name: &GeneralName<'_>) {
        match name {
            GeneralName::DNSName(host) => self.dns.push(host.to_ascii_lowercase()),
            GeneralName::URI(uri) => self.uris.push((*uri).to_owned()),
            GeneralName::RFC822Name(email) => self.emails.push((*email).to_owned()),
            GeneralName::IPAddress(bytes) => self.addresses.extend(address(bytes)),
            _ => {}
        }
    }
}

/// RFC 5280 §4.2.1.6: four bytes or sixteen.
fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(four).into());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(Ipv6Addr::from(sixteen).into())
}
