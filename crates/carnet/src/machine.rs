//! A metadata server with its socket: what `carnet dev` and `carnet metadata` share.

use std::net::SocketAddr;
use std::sync::Arc;

use carnet_metadata::Metadata;
use carnet_server::config::drain::Drain;
use carnet_server::config::http::Http;
use carnet_server::config::http::Listen;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::listener::Bound;
use carnet_server::http::listener::NotBound;
use carnet_server::http::metrics::Registry;

use crate::observers::observers;

/// Where it listens if it is not told.
pub(crate) const PORT: u16 = 8170;

/// Programs of one machine do not need more connections at a time.
const CONNECTIONS: usize = 1_024;

/// What its requests are counted as.
const PATTERNS: [&str; 1] = ["/computeMetadata/v1/"];

/// A metadata server, and where it listens.
pub(crate) struct Machine {
    /// The socket.
    pub(crate) bound: Bound,
    /// The server.
    pub(crate) metadata: Metadata,
}

impl Machine {
    /// Takes the socket.
    pub(crate) fn bind(address: SocketAddr) -> Result<Bound, NotBound> {
        let mut http = Http::on(Listen::Tcp(address));
        http.limits.connections = CONNECTIONS;
        Bound::new(http)
    }

    /// What `GCE_METADATA_HOST` is to be set to.
    pub(crate) fn host(bound: &Bound) -> String {
        bound
            .local_addr()
            .map(|address| address.to_string())
            .unwrap_or_default()
    }

    /// Serves until the shutdown has run its course. Who waits for a change is answered when it begins.
    pub(crate) async fn serve(self, drain: Drain, shutdown: Shutdown) -> Result<(), NotBound> {
        let Self { bound, metadata } = self;
        let (waiting, signal) = (metadata.clone(), shutdown.clone());
        tokio::spawn(async move {
            signal.begun().await;
            waiting.stop();
        });
        let registry: Arc<Registry> = Arc::default();
        let observers = observers(&registry, PATTERNS);
        bound
            .serve(metadata.routes(), observers, drain, shutdown)
            .await?;
        Ok(())
    }
}
