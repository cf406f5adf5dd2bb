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
    /// Those under some names are asked for a certificate, others are not.
    Two {
        asked: Asked,
        asking: Arc<ServerConfig>,
        other: Arc<ServerConfig>,
    },
}

/// Under which names certificates are asked for.
pub(crate) enum Asked {
    /// This one.
    Name(String),
    /// Google's names for mutual TLS.
    Mtls,
}

impl Asked {
    fn has(&self, name: Option<&str>) -> bool {
        match self {
            Self::Name(only) => name == Some(only),
            Self::Mtls => name.is_some_and(|name| name.contains(".mtls.")),
        }
    }
}

impl Door {
    /// With certificates of ours, and what the configuration says of theirs.
    pub(crate) fn new(
        certificates: &Arc<dyn ResolvesServerCert>,
        theirs: &ClientCertificates,
    ) -> Result<Self, BadCertificate> {
        let asked = match theirs.host() {
            _ if theirs.only_mtls_names => Some(Asked::Mtls),
            name => name.map(|name| Asked::Name(name.to_owned())),
        };
        match (theirs.ask, asked) {
            (true, Some(asked)) => Ok(Self::Two {
                asked,
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
                asked,
                asking,
                other,
            } => {
                let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
                let named = asked.has(start.client_hello().server_name());
                let chosen = if named { asking } else { other };
                start.into_stream(Arc::clone(chosen)).await
            }
        }
    }
}
