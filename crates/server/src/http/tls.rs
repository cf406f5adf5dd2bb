//! TLS 1.2 and 1.3 with rustls and aws-lc-rs, certificate and key from files.
//!
//! The files may change while the server runs: [`Certificate::reload`] reads them again, and new
//! connections get the new certificate. What cannot be used is refused and the old one stays.

mod asking;
mod door;

use std::fmt;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::server::ClientHello;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;

use self::asking::Asking;
pub(super) use self::door::Door;
use crate::config::http::TlsFiles;

/// HTTP/2 first, as all browsers prefer it.
const ALPN: [&[u8]; 2] = [H2, b"http/1.1"];

/// The name of HTTP/2 in ALPN (RFC 9113 section 3.2).
pub(super) const H2: &[u8] = b"h2";

/// The largest file that is read.
const LARGEST: u64 = 1024 * 1024;

/// The most certificates in a chain.
const LONGEST_CHAIN: usize = 16;

/// A certificate cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificate {
    /// A file cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// A file does not hold what it should.
    #[error("{0}: {1}")]
    Content(PathBuf, &'static str),
    /// The certificate and the key cannot be used, or do not belong together.
    #[error("{0} and {1}: {2}")]
    Pair(PathBuf, PathBuf, rustls::Error),
    /// The certificates of those who certify clients cannot be read.
    #[error("http.client_certificates.ca_file {0}: {1}")]
    ClientIssuers(PathBuf, String),
    /// TLS itself could not be set up.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

/// The certificate that is served now, and the files where the next one will be.
pub struct Certificate {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    current: ArcSwap<CertifiedKey>,
}

impl Certificate {
    /// Reads the files.
    pub fn load(files: TlsFiles) -> Result<Arc<Self>, BadCertificate> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let current = ArcSwap::from_pointee(read(&files, &provider)?);
        Ok(Arc::new(Self {
            files,
            provider,
            current,
        }))
    }

    /// Reads the files again. Connections that are open keep what they have.
    pub fn reload(&self) -> Result<(), BadCertificate> {
        let next = read(&self.files, &self.provider)?;
        self.current.store(Arc::new(next));
        Ok(())
    }
}

/// The settings of a server with certificates from there. `ask`: clients may show one too.
fn config(
    certificates: &Arc<dyn ResolvesServerCert>,
    ask: bool,
) -> Result<Arc<ServerConfig>, BadCertificate> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let versions = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(BadCertificate::Setup)?;
    let versions = if ask {
        versions.with_client_cert_verifier(Arc::new(Asking(provider)))
    } else {
        versions.with_no_client_auth()
    };
    let mut config = versions.with_cert_resolver(Arc::clone(certificates));
    config.alpn_protocols = ALPN.iter().map(|name| name.to_vec()).collect();
    // Tickets hold the session at the client's: any number of clients, no memory here.
    config.ticketer = aws_lc_rs::Ticketer::new().map_err(BadCertificate::Setup)?;
    Ok(Arc::new(config))
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, BadCertificate> {
    let chain = contents(&files.cert)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&chain)
        .take(LONGEST_CHAIN + 1)
        .collect();
    let content = |path: &Path, fault| BadCertificate::Content(path.to_owned(), fault);
    let chain = chain.map_err(|_| content(&files.cert, "this is not PEM"))?;
    if chain.is_empty() || chain.len() > LONGEST_CHAIN {
        return Err(content(
            &files.cert,
            "it holds no certificate, or more than 16",
        ));
    }
    let key = contents(&files.key)?;
    let key = PrivateKeyDer::from_pem_slice(&key)
        .map_err(|_| content(&files.key, "it holds no private key in PEM"))?;
    CertifiedKey::from_der(chain, key, provider)
        .map_err(|fault| BadCertificate::Pair(files.cert.clone(), files.key.clone(), fault))
}

fn contents(path: &Path) -> Result<Vec<u8>, BadCertificate> {
    let file = |fault| BadCertificate::File(path.to_owned(), fault);
    if std::fs::metadata(path).map_err(file)?.len() > LARGEST {
        return Err(BadCertificate::Content(
            path.to_owned(),
            "it is larger than 1 MiB",
        ));
    }
    std::fs::read(path).map_err(file)
}
