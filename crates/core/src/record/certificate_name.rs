//! The name in a client's certificate by which it proves itself with `tls_client_auth`: exactly one (RFC 8705
//! section 2.1.2).

use std::fmt;
use std::net::IpAddr;

use carnet_jose::x509::ClientNames;
use carnet_jose::x509::DistinguishedName;

/// What the certificate must say.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CertificateName {
    /// `tls_client_auth_subject_dn`: the whole subject.
    Subject(DistinguishedName),
    /// `tls_client_auth_san_dns`: a host, in lower case.
    Dns(String),
    /// `tls_client_auth_san_uri`.
    Uri(String),
    /// `tls_client_auth_san_ip`.
    Address(IpAddr),
    /// `tls_client_auth_san_email`.
    Email(String),
}

/// The kinds of names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertificateNameKind {
    /// The whole subject.
    Subject,
    /// A host.
    Dns,
    /// A URI.
    Uri,
    /// An IP address.
    Address,
    /// An e-mail address.
    Email,
}

impl CertificateNameKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Subject,
        Self::Dns,
        Self::Uri,
        Self::Address,
        Self::Email,
    ];

    /// As client metadata writes it (RFC 8705 section 2.1.2).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "tls_client_auth_subject_dn",
            Self::Dns => "tls_client_auth_san_dns",
            Self::Uri => "tls_client_auth_san_uri",
            Self::Address => "tls_client_auth_san_ip",
            Self::Email => "tls_client_auth_san_email",
        }
    }
}

/// The longest name, in bytes.
const LONGEST: usize = 1_024;

impl CertificateName {
    /// A name of this kind.
    pub fn new(kind: CertificateNameKind, text: &str) -> Result<Self, NotACertificateName> {
        let wrong = NotACertificateName(kind);
        let plain = |byte: u8| byte.is_ascii_graphic();
        let sound = (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain);
        match kind {
            CertificateNameKind::Subject => text.parse().map(Self::Subject).map_err(|_| wrong),
            CertificateNameKind::Address => text.parse().map(Self::Address).map_err(|_| wrong),
            _ if !sound => Err(wrong),
            CertificateNameKind::Dns if text.contains(['*', '/', ':', '@']) => Err(wrong),
            CertificateNameKind::Dns => Ok(Self::Dns(text.to_ascii_lowercase())),
            CertificateNameKind::Uri if !text.contains(':') => Err(wrong),
            CertificateNameKind::Uri => Ok(Self::Uri(text.to_owned())),
            CertificateNameKind::Email if !text.contains('@') => Err(wrong),
            CertificateNameKind::Email => Ok(Self::Email(text.to_owned())),
        }
    }

    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> CertificateNameKind {
        match self {
            Self::Subject(_) => CertificateNameKind::Subject,
            Self::Dns(_) => CertificateNameKind::Dns,
            Self::Uri(_) => CertificateNameKind::Uri,
            Self::Address(_) => CertificateNameKind::Address,
            Self::Email(_) => CertificateNameKind::Email,
        }
    }

    /// Whether a certificate says it.
    #[must_use]
    pub fn is_in(&self, names: &ClientNames) -> bool {
        match self {
            Self::Subject(name) => names.subject.as_ref() == Some(name),
            Self::Dns(host) => names.dns.contains(host),
            Self::Uri(uri) => names.uris.contains(uri),
            Self::Address(address) => names.addresses.contains(address),
            Self::Email(email) => names.emails.contains(email),
        }
    }
}

/// The name itself, without its kind.
impl fmt::Display for CertificateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subject(name) => name.fmt(f),
            Self::Dns(text) | Self::Uri(text) | Self::Email(text) => f.write_str(text),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// The text is no name of this kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotACertificateName(CertificateNameKind);

impl fmt::Display for NotACertificateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            CertificateNameKind::Subject => "no subject like CN=client,O=Acme,C=CH (RFC 4514)",
            CertificateNameKind::Dns => "no host like client.example.com; a wildcard is none",
            CertificateNameKind::Uri => "no URI",
            CertificateNameKind::Address => "no IP address",
            CertificateNameKind::Email => "no e-mail address",
        })
    }
}

impl std::error::Error for NotACertificateName {}
