//! The listener: our own accept loop on hyper.
//!
//! 1. A place among the open connections is waited for before a connection is accepted.
//! 2. Everything that can be slow happens in the connection's own task: the TLS handshake, the first
//!    bytes, each request. Nobody can hold up the loop.
//! 3. HTTP/1.1 or HTTP/2, as ALPN says, or by the first bytes where there is no TLS.
//! 4. Requests run on the connection's own worker: a hop to another thread would cost more than most
//!    of them.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use http::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use rustls::server::ResolvesServerCert;
use tokio::task::JoinSet;
use tower::Service;

use super::client_address::Peer;
use super::client_address::Scheme;
use super::client_certificate::Certificates;
use super::connection::Connections;
use super::connection::Seat;
use super::connection::Waits;
use super::drain;
use super::drain::Drained;
use super::drain::Shutdown;
use super::exchange::Came;
use super::exchange::House;
use super::exchange::Visit;
use super::exchange::exchange;
use super::host::Hosts;
use super::metrics::Registry;
use super::observe::Observers;
use super::socket::Socket;
use super::socket::Stream;
use super::tls;
use super::tls::BadCertificate;
use super::tls::Certificate;
use super::tls::Door;
use super::watched::Watched;
use crate::config::drain::Drain;
use crate::config::http::Http;
use crate::config::http::Limits;
use crate::config::http::Listen;

/// How long the loop rests after the system refused a connection (no file descriptors, no memory).
const BREATH: Duration = Duration::from_millis(50);

/// HTTP/2 windows: most bodies that come in have a few kilobytes.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;

/// The headers that hyper has room for without an allocation.
const HEADERS_IN_PLACE: usize = 100;

/// A listener could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum NotBound {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Address(Listen, io::Error),
    /// The certificate cannot be served.
    #[error(transparent)]
    Certificate(#[from] BadCertificate),
}

/// A listener that has its sockets, and does not accept yet. The system already queues connections.
#[derive(Debug)]
pub struct Bound {
    config: Http,
    sockets: Vec<Socket>,
    addresses: Vec<Listen>,
    certificate: Option<Arc<Certificate>>,
    certificates: Option<Arc<dyn ResolvesServerCert>>,
    hosts: Option<Arc<dyn Hosts>>,
    theirs: Certificates,
    connections: Arc<Connections>,
}

impl Bound {
    /// Takes the sockets, and reads the certificate if there is to be TLS.
    pub fn new(config: Http) -> Result<Self, NotBound> {
        let certificate = config.tls.clone().map(Certificate::load).transpose()?;
        let certificates = certificate
            .clone()
            .map(|held| held as Arc<dyn ResolvesServerCert>);
        let theirs = Certificates::new(&config.client_certificates)?;
        let mut sockets = Vec::new();
        let mut addresses = Vec::new();
        for listen in &config.listen {
            let refused = |fault| NotBound::Address(listen.clone(), fault);
            let socket = Socket::bind(listen).map_err(refused)?;
            addresses.push(socket.address(listen).map_err(refused)?);
            sockets.push(socket);
        }
        // Each idle loop holds a permit for the next connection.
        let limit = config.limits.connections + sockets.len().saturating_sub(1);
        let connections = Arc::new(Connections::new(limit));
        Ok(Self {
            config,
            sockets,
            addresses,
            certificate,
            certificates,
            hosts: None,
            theirs,
            connections,
        })
    }

    /// For these hosts alone, over TLS with certificates from there.
    #[must_use]
    pub fn held_for(
        mut self,
        hosts: Arc<dyn Hosts>,
        certificates: Arc<dyn ResolvesServerCert>,
    ) -> Self {
        self.hosts = Some(hosts);
        self.certificates = Some(certificates);
        self
    }

    /// Where it really listens: port 0 has become a port.
    #[must_use]
    pub fn addresses(&self) -> &[Listen] {
        &self.addresses
    }

    /// The first TCP address.
    #[must_use]
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.addresses.iter().find_map(|listen| match listen {
            Listen::Tcp(address) => Some(*address),
            Listen::Unix(_) => None,
        })
    }

    /// The certificate, to have it read again.
    #[must_use]
    pub fn certificate(&self) -> Option<Arc<Certificate>> {
        self.certificate.clone()
    }

    /// The connections, to be counted.
    #[must_use]
    pub fn connections(&self) -> Arc<Connections> {
        Arc::clone(&self.connections)
    }

    /// Counts the connections into a registry, together with those of another listener that has the same endpoints.
    pub fn count_in(&self, registry: &Registry, other: Option<Arc<Connections>>) {
        let all: Arc<[_]> = other.into_iter().chain([self.connections()]).collect();
        let open = Arc::clone(&all);
        registry.gauge("carnet_http_connections", "Open connections.", move || {
            let open: usize = open.iter().map(|listener| listener.open()).sum();
            f64::from(u32::try_from(open).unwrap_or(u32::MAX))
        });
        registry.counted(
            "carnet_http_connections_at_limit_total",
            "How often a connection had to wait for another one to end.",
            move || {
                let waited: u64 = all.iter().map(|listener| listener.at_limit()).sum();
                f64::from(u32::try_from(waited).unwrap_or(u32::MAX))
            },
        );
    }

    /// Serves until the shutdown has run its course.
    pub async fn serve<S>(
        self,
        service: S,
        observers: Observers,
        drain: Drain,
        shutdown: Shutdown,
    ) -> Result<Drained, NotBound>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let Self {
            config,
            sockets,
            certificates,
            hosts,
            theirs,
            connections,
            ..
        } = self;
        let tls = certificates
            .map(|certificates| Door::new(&certificates, &config.client_certificates))
            .transpose()?;
        let timeouts = config.timeouts;
        let entrance = Arc::new(Entrance {
            protocols: Protocols::new(&config.limits),
            house: Arc::new(House {
                config,
                hosts,
                observers,
                certificates: theirs,
            }),
            tls,
            connections: Arc::clone(&connections),
            service,
        });
        let mut loops = JoinSet::new();
        for socket in sockets {
            loops.spawn(accept(socket, Arc::clone(&entrance)));
        }
        let sweeper = {
            let connections = Arc::clone(&connections);
            async move { connections.sweep(timeouts).await }
        };
        let mut sweepers = JoinSet::new();
        sweepers.spawn(sweeper);
        let until = drain::last_call(&shutdown, drain).await;
        loops.shutdown().await;
        let drained = drain::close(&connections, &shutdown, until).await;
        sweepers.shutdown().await;
        Ok(drained)
    }
}

/// What a connection finds when it comes in.
struct Entrance<S> {
    protocols: Protocols,
    house: Arc<House>,
    tls: Option<Door>,
    connections: Arc<Connections>,
    service: S,
}

/// hyper's settings, for each way to begin a connection.
struct Protocols {
    by_first_bytes: auto::Builder<TokioExecutor>,
    http1: auto::Builder<TokioExecutor>,
    http2: auto::Builder<TokioExecutor>,
}

impl Protocols {
    fn new(limits: &Limits) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        let head_bytes = usize::try_from(limits.head_bytes).unwrap_or(usize::MAX);
        builder.http1().max_buf_size(head_bytes);
        if limits.headers != HEADERS_IN_PLACE {
            builder.http1().max_headers(limits.headers);
        }
        builder
            .http2()
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(limits.head_bytes)
            .max_pending_accept_reset_streams(limits.reset_streams)
            .max_local_error_reset_streams(limits.reset_streams)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW);
        Self {
            http1: builder.clone().http1_only(),
            http2: builder.clone().http2_only(),
            by_first_bytes: builder,
        }
    }
}

/// Accepts connections, for ever.
async fn accept<S>(socket: Socket, entrance: Arc<Entrance<S>>)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let waits = if entrance.tls.is_some() {
        Waits::Handshake
    } else {
        Waits::Head
    };
    while let Some(permit) = entrance.connections.permit().await {
        let (stream, peer) = match socket.accept().await {
            Ok(accepted) => accepted,
            Err(fault) if is_of_one_connection(&fault) => continue,
            Err(fault) => {
                tracing::error!(%fault, "the system refuses connections");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let seat = entrance.connections.enter(permit, waits);
        tokio::spawn(welcome(Arc::clone(&entrance), stream, peer, seat));
    }
}

/// Whether it concerns the connection that was to be accepted, and not those to come.
fn is_of_one_connection(fault: &io::Error) -> bool {
    use io::ErrorKind;
    matches!(
        fault.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::InvalidInput
            | ErrorKind::NotConnected
    )
}

/// From a stream to its end.
async fn welcome<S>(entrance: Arc<Entrance<S>>, stream: Stream, peer: Peer, seat: Seat)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let Protocols {
        by_first_bytes,
        http1,
        http2,
    } = &entrance.protocols;
    let Some(door) = &entrance.tls else {
        return talk(&entrance, by_first_bytes, stream, Came::plain(peer), &seat).await;
    };
    let handshake = seat.connection.obey(door.accept(stream), |_| {}).await;
    let stream = match handshake {
        Some(Ok(stream)) => stream,
        Some(Err(fault)) => {
            tracing::debug!(%fault, "a TLS handshake failed");
            return;
        }
        None => return,
    };
    seat.connection.waits(Waits::Head);
    let protocol = if stream.get_ref().1.alpn_protocol() == Some(tls::H2) {
        http2
    } else {
        http1
    };
    let chain = stream.get_ref().1.peer_certificates();
    let came = Came {
        peer,
        scheme: Scheme::Https,
        certificate: chain.and_then(|chain| entrance.house.certificates.shown(chain)),
    };
    let stream = Stream::Tls(Box::new(stream));
    talk(&entrance, protocol, stream, came, &seat).await;
}

/// HTTP on a stream, to its end.
async fn talk<S>(
    entrance: &Entrance<S>,
    protocol: &auto::Builder<TokioExecutor>,
    stream: Stream,
    came: Came,
    seat: &Seat,
) where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let connection = Arc::clone(&seat.connection);
    let stream = Watched::new(stream, Arc::clone(&connection));
    let visit = Arc::new(Visit {
        house: Arc::clone(&entrance.house),
        service: entrance.service.clone(),
        came,
        connection,
    });
    let answer =
        service_fn(move |request: Request<Incoming>| exchange(Arc::clone(&visit), request));
    let http = protocol.serve_connection(TokioIo::new(stream), answer);
    if let Some(Err(fault)) = seat
        .connection
        .obey(http, auto::Connection::graceful_shutdown)
        .await
    {
        tracing::debug!(fault = %fault, "a connection broke");
    }
}
