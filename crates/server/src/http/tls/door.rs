//! How a TLS connection begins: with the settings that ask for a certificate, or with those that do not.
//!
//! A browser that is asked for a certificate asks its user. So where certificates are asked for under a name
//! of their own (RFC 8705 section 5, `mtls_endpoint_aliases`), only who comes under that name is asked.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::Acceptor;
use rustls::server::ResolvesServerCert;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::BadCertificate;
use super::config;
use crate::config::http::ClientCertificates;

/// Begins TLS connections.
pub(crate) enum Door {
    /// All alike.
    One(TlsAcceptor),
    /// Those under this name are asked for a certificate, others are not.
    Two {
        name: String,
        asking: Arc<ServerConfig>,
        other: Arc<ServerConfig>,
    },
}

impl Door {
    /// With certificates of ours, and what the configuration says of theirs.
    pub(crate) fn new(
        certificates: &Arc<dyn ResolvesServerCert>,
        theirs: &ClientCertificates,
    ) -> Result<Self, BadCertificate> {
        match (theirs.ask, theirs.host()) {
            (true, Some(name)) => Ok(Self::Two {
                name: name.to_owned(),
                asking: config(certificates, true)?,
                other: config(certificates, false)?,
            }),
            (ask, _) => Ok(Self::One(TlsAcceptor::from(config(certificates, ask)?))),
        }
    }

    /// Shakes hands.
    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match self {
            Self::One(acceptor) => acceptor.accept(stream).await,
            Self::Two {
                name,
                asking,
                other,
            } => {
                let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
                let named = start.client_hello().server_name() == Some(name);
                let chosen = if named { asking } else { other };
                start.into_stream(Arc::clone(chosen)).await
            }
        }
    }
}
