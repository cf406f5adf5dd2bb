//! The certificate of a client (RFC 8705): one request extension, wherever it came from.
//!
//! 1. Our own TLS asks for a certificate where the configuration says so, and takes any: the handshake proves
//!    that the client has the private key, and that is all that a registered key needs (RFC 8705 section
//!    2.2). Nobody must have one.
//! 2. Where a trusted proxy ends TLS, it tells the certificate in a header: `Client-Cert` (RFC 9440), or PEM or
//!    base64 as nginx, `HAProxy` and Traefik write it. From anybody else that header is nothing, and it is
//!    taken away before an endpoint sees the request.
//! 3. Whether the issuer of the certificate counts is found here too, with the certificates of
//!    `http.client_certificates.ca_file`, also where a proxy told it: what a proxy believes is not asked.
//! 4. Who the client is, is not known here.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_jose::base64url;
use carnet_jose::digest;
use http::Extensions;
use http::HeaderMap;
use http::HeaderName;
use http::header::ToStrError;
use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::UnixTime;
use rustls_pki_types::pem::PemObject as _;

use super::tls::BadCertificate;
use crate::config::http::ClientCertificates;

/// The largest certificate, in bytes of DER.
const LARGEST: usize = 16 * 1024;

/// The most certificates between the client's and one that is believed.
const LONGEST_CHAIN: usize = 8;

/// RFC 9440 section 2.2.
const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");
/// RFC 9440 section 2.3.
const CLIENT_CERT_CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");

/// The certificate of the client of a request. Cheap to clone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientCertificate(Arc<Shown>);

#[derive(Debug, Eq, PartialEq)]
struct Shown {
    der: Vec<u8>,
    thumbprint: [u8; 32],
    certified: bool,
}

impl ClientCertificate {
    /// The certificate with which a request came, if any.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<Self>()
    }

    /// A certificate whose private key the client was proved to have. `certified`: its issuer counts.
    #[must_use]
    pub fn new(der: Vec<u8>, certified: bool) -> Self {
        let thumbprint = digest::sha256(&der);
        Self(Arc::new(Shown {
            der,
            thumbprint,
            certified,
        }))
    }

    /// It as DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The SHA-256 of it (RFC 8705 section 3.1).
    #[must_use]
    pub fn thumbprint(&self) -> &[u8; 32] {
        &self.0.thumbprint
    }

    /// The same in base64url: the value of `x5t#S256`.
    #[must_use]
    pub fn x5t_s256(&self) -> String {
        base64url::encode(self.0.thumbprint)
    }

    /// Whether its issuer counts: it chains to `http.client_certificates.ca_file`, is for clients, and had not
    /// expired when the connection began.
    #[must_use]
    pub fn is_certified(&self) -> bool {
        self.0.certified
    }
}

/// Reads certificates of clients, and judges their issuers.
#[derive(Debug)]
pub(super) struct Certificates {
    header: Option<HeaderName>,
    judge: Option<Arc<dyn ClientCertVerifier>>,
}

impl Certificates {
    /// Reads whose certificates count.
    pub(super) fn new(config: &ClientCertificates) -> Result<Self, BadCertificate> {
        let judge = config.ca_file.as_deref().map(judge).transpose()?;
        Ok(Self {
            header: config.header.clone(),
            judge,
        })
    }

    /// The one that was shown in a handshake.
    pub(super) fn shown(&self, chain: &[CertificateDer<'_>]) -> Option<ClientCertificate> {
        let (first, rest) = chain.split_first()?;
        Some(self.judged(first, rest.get(..LONGEST_CHAIN).unwrap_or(rest)))
    }

    /// Whether trusted proxies tell certificates here.
    pub(super) fn are_told(&self) -> bool {
        self.header.is_some()
    }

    /// Takes the one that a proxy tells out of the headers. `trusted`: the proxy is believed.
    pub(super) fn take(&self, headers: &mut HeaderMap, trusted: bool) -> Option<ClientCertificate> {
        let name = self.header.as_ref()?;
        if !headers.contains_key(name) {
            return None;
        }
        let told = trusted.then(|| self.told(name, headers)).flatten();
        headers.remove(name);
        headers.remove(CLIENT_CERT_CHAIN);
        told
    }

    fn told(&self, name: &HeaderName, headers: &HeaderMap) -> Option<ClientCertificate> {
        let mut lines = headers.get_all(name).iter();
        // Two lines: the client wrote one of them, and nobody knows which.
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return None;
        };
        let first = certificate(line.to_str().ok()?)?;
        let mut rest = Vec::new();
        if *name == CLIENT_CERT {
            let lines = headers.get_all(CLIENT_CERT_CHAIN).iter();
            let lines: Result<Vec<&str>, ToStrError> = lines.map(|line| line.to_str()).collect();
            for item in lines.ok()?.iter().flat_map(|line| line.split(',')) {
                if rest.len() == LONGEST_CHAIN {
                    return None;
                }
                rest.push(certificate(item)?);
            }
        }
        Some(self.judged(&first, &rest))
    }

    fn judged(&self, first: &CertificateDer<'_>, rest: &[CertificateDer<'_>]) -> ClientCertificate {
        let certified = self.judge.as_ref().is_some_and(|judge| {
            judge
                .verify_client_cert(first, rest, UnixTime::now())
                .is_ok()
        });
        ClientCertificate::new(first.to_vec(), certified)
    }
}

/// What holds a chain against the certificates in a file.
fn judge(file: &Path) -> Result<Arc<dyn ClientCertVerifier>, BadCertificate> {
    let wrong = |why: String| BadCertificate::ClientIssuers(file.to_owned(), why);
    let mut roots = RootCertStore::empty();
    let read = CertificateDer::pem_file_iter(file).map_err(|error| wrong(error.to_string()))?;
    for certificate in read {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| wrong(error.to_string()))?;
    }
    let provider = Arc::new(provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    verifier.build().map_err(|error| wrong(error.to_string()))
}

pub(super) fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// A certificate as it stands in a header: base64 of DER, between colons (RFC 9440), bare, or in the armour
/// of PEM; with `%` before two hexadecimal digits where the proxy escaped it.
fn certificate(line: &str) -> Option<CertificateDer<'static>> {
    let text = unescaped(line.trim())?;
    let text = text.trim().trim_matches(':');
    let text = match text.strip_prefix("-----BEGIN CERTIFICATE-----") {
        Some(rest) => rest.split("-----END").next()?,
        None => text,
    };
    let base64: String = text.split_ascii_whitespace().collect();
    let der = STANDARD.decode(base64).ok()?;
    let fits = (1..=LARGEST).contains(&der.len());
    fits.then(|| CertificateDer::from(der))
}

/// RFC 3986 section 2.1. A plus stays one.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
