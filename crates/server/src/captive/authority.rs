//! The certificate authority for the held names: an ECDSA key on P-256, and a certificate of it that permits
//! these names alone (RFC 5280 sections 4.2.1.9 and 4.2.1.10).
//!
//! 1. The key is made once and kept in a file that its owner alone reads; what is kept where is the caller's
//!    business ([`Authority::open`] gets texts, [`Authority::key_pem`] gives one).
//! 2. The certificate is good for two years. With less than half of that left, or where other names are to
//!    be held than it permits, the same key makes a new one. Whoever trusted the old one sees no
//!    difference until its end.
//! 3. Certificates for names are good for ninety days (at most 398 are allowed), never longer than the
//!    authority's own.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::time::Duration;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CidrSubnet;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::GeneralSubtree;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::NameConstraints;
use rcgen::PublicKeyData as _;
use rcgen::SanType;
use rcgen::SerialNumber;
use rcgen::date_time_ymd;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;
use x509_parser::prelude::X509Certificate;
use zeroize::Zeroizing;

use super::names::Names;

/// A day, in seconds.
const DAY: u64 = 24 * 3_600;

/// How long the authority's certificate is good.
const LIFETIME: u64 = 730 * DAY;

/// How long a certificate for a name is good.
const LEAF_LIFETIME: u64 = 90 * DAY;

/// Clocks of other machines may be so much behind.
const BEHIND: u64 = DAY;

/// The addresses that may be certified: this machine's, and that of the metadata server.
const ADDRESSES: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
];

/// What the authority calls itself.
const TITLE: &str = "Carnet: Google's names on this machine";

/// The authority cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NoAuthority {
    /// The key is none that we made.
    #[error("the key is no ECDSA key on P-256 in PEM")]
    Key,
    /// A certificate cannot be made.
    #[error("a certificate cannot be made: {0}")]
    Certificate(rcgen::Error),
}

impl From<rcgen::Error> for NoAuthority {
    fn from(fault: rcgen::Error) -> Self {
        Self::Certificate(fault)
    }
}

/// The authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    ends: u64,
}

impl Authority {
    /// With a new key. `now` is seconds since 1970.
    pub fn new(names: &Names, now: u64) -> Result<Self, NoAuthority> {
        Self::certified(KeyPair::generate()?, names, now)
    }

    /// With the key that was kept, and the certificate if it is still good for these names; else with a new one.
    pub fn open(
        key: &str,
        certificate: Option<&str>,
        names: &Names,
        now: u64,
    ) -> Result<Self, NoAuthority> {
        let key = KeyPair::from_pkcs8_pem_and_sign_algo(key, &rcgen::PKCS_ECDSA_P256_SHA256)
            .map_err(|_| NoAuthority::Key)?;
        let good = certificate.and_then(|pem| {
            let ends = good_until(pem, &key, names)?;
            (ends > now + LIFETIME / 2).then(|| (pem.to_owned(), ends))
        });
        match good {
            Some((pem, ends)) => Ok(Self {
                issuer: Issuer::new(params(names), key),
                pem,
                ends,
            }),
            None => Self::certified(key, names, now),
        }
    }

    fn certified(key: KeyPair, names: &Names, now: u64) -> Result<Self, NoAuthority> {
        let mut params = params(names);
        let ends = now.saturating_add(LIFETIME);
        params.not_before =
            date_time_ymd(1970, 1, 1) + Duration::from_secs(now.saturating_sub(BEHIND));
        params.not_after = date_time_ymd(1970, 1, 1) + Duration::from_secs(ends);
        let pem = params.self_signed(&key)?.pem();
        Ok(Self {
            issuer: Issuer::new(params, key),
            pem,
            ends,
        })
    }

    /// The certificate, which is no secret.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The private key (PKCS#8), to be kept where its owner alone reads it.
    #[must_use]
    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.issuer.key().serialize_pem())
    }

    /// A certificate for a held name and this machine's own names, and until when it is good.
    pub(super) fn certify(
        &self,
        name: &str,
        key: &KeyPair,
        serial: [u8; 16],
        now: u64,
    ) -> Result<(CertificateDer<'static>, u64), NoAuthority> {
        let mut params = CertificateParams::default();
        let ends = now.saturating_add(LEAF_LIFETIME).min(self.ends);
        params.not_before =
            date_time_ymd(1970, 1, 1) + Duration::from_secs(now.saturating_sub(BEHIND));
        params.not_after = date_time_ymd(1970, 1, 1) + Duration::from_secs(ends);
        params.serial_number = Some(positive(serial));
        params.distinguished_name = rcgen::DistinguishedName::new();
        let mut alternatives = vec![SanType::DnsName(name.try_into()?)];
        if name != "localhost" {
            alternatives.push(SanType::DnsName("localhost".try_into()?));
        }
        alternatives.extend(ADDRESSES.into_iter().map(SanType::IpAddress));
        params.subject_alt_names = alternatives;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        // A subject that is empty would make the alternative names critical, which some clients stumble over.
        params.distinguished_name.push(DnType::CommonName, "Carnet");
        let certificate = params.signed_by(key, &self.issuer)?;
        Ok((certificate.der().clone(), ends))
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

/// What the authority's certificate says, but for its times.
fn params(names: &Names) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, TITLE);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let domains = names
        .domains()
        .map(str::to_owned)
        .map(GeneralSubtree::DnsName);
    let addresses = ADDRESSES.into_iter().map(|address| {
        let prefix = if address.is_ipv4() { 32 } else { 128 };
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, prefix))
    });
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: domains.chain(addresses).collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

/// Until when a certificate is good, if it is of this key and permits just these names.
fn good_until(pem: &str, key: &KeyPair, names: &Names) -> Option<u64> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    let (_, certificate) = X509Certificate::from_der(&der).ok()?;
    if certificate.public_key().raw != key.subject_public_key_info() {
        return None;
    }
    let constraints = certificate.name_constraints().ok()??.value;
    let mut permitted: Vec<_> = constraints
        .permitted_subtrees
        .iter()
        .flatten()
        .filter_map(|tree| match tree.base {
            GeneralName::DNSName(domain) => Some(domain),
            _ => None,
        })
        .collect();
    let mut wanted: Vec<_> = names.domains().collect();
    permitted.sort_unstable();
    wanted.sort_unstable();
    if permitted != wanted {
        return None;
    }
    u64::try_from(certificate.validity().not_after.timestamp()).ok()
}

/// A serial number that is positive, and never all zero (RFC 5280 section 4.1.2.2).
fn positive(mut serial: [u8; 16]) -> SerialNumber {
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7F | 0x40;
    }
    SerialNumber::from_slice(&serial)
}

#[cfg(test)]
mod tests;
