//! From a checked address to a connection: TCP, and TLS with the name of the host.
//!
//! The certificates to trust are read when the first document is fetched; a server that fetches none
//! does not hold them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::OnceLock;

use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::ServerName;
use rustls_platform_verifier::Verifier;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::error::NotFetched;

/// A connection that HTTP can be spoken on.
pub(super) type Connection = TokioIo<Box<dyn Stream>>;

/// What bytes come and go through.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Whom TLS believes.
#[derive(Debug)]
pub(super) struct Believed {
    /// Besides the system's.
    extra: Vec<CertificateDer<'static>>,
    made: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Believed {
    /// The system's certificates and these.
    pub(super) const fn new(extra: Vec<CertificateDer<'static>>) -> Self {
        Self {
            extra,
            made: OnceLock::new(),
        }
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, NotFetched> {
        let made = self.made.get_or_init(|| self.make());
        made.clone().map_err(NotFetched::Tls)
    }

    fn make(&self) -> Result<Arc<ClientConfig>, String> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = Verifier::new_with_extra_roots(self.extra.clone(), Arc::clone(&provider))
            .map_err(|error| error.to_string())?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let mut config = config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Arc::new(config))
    }

    /// Connects to one of these addresses: the first that answers.
    pub(super) async fn connect(
        &self,
        host: &url::Host<&str>,
        addresses: &[SocketAddr],
        secure: bool,
    ) -> Result<Connection, NotFetched> {
        let mut last = None;
        let mut stream = None;
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(connected) => {
                    stream = Some(connected);
                    break;
                }
                Err(error) => last = Some(error.to_string()),
            }
        }
        let Some(stream) = stream else {
            return Err(NotFetched::Unreachable(last.unwrap_or_default()));
        };
        if !secure {
            return Ok(TokioIo::new(Box::new(stream)));
        }
        let name = match host {
            url::Host::Domain(name) => ServerName::try_from((*name).to_owned()).ok(),
            url::Host::Ipv4(address) => Some(ServerName::from(std::net::IpAddr::V4(*address))),
            url::Host::Ipv6(address) => Some(ServerName::from(std::net::IpAddr::V6(*address))),
        };
        let name = name.ok_or(NotFetched::Url("its host is not a name"))?;
        let tls = TlsConnector::from(self.tls()?).connect(name, stream);
        let tls = tls
            .await
            .map_err(|error| NotFetched::Tls(error.to_string()))?;
        Ok(TokioIo::new(Box::new(tls)))
    }
}
