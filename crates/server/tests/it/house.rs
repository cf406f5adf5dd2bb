//! A listener with a few endpoints, for tests.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::routing::get;
use axum::routing::post;
use carnet_server::config::drain::Drain;
use carnet_server::config::http::Http;
use carnet_server::config::http::Listen;
use carnet_server::http::arrival::Arrival;
use carnet_server::http::body;
use carnet_server::http::drain::Drained;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::listener::Bound;
use carnet_server::http::metrics::Registry;
use carnet_server::http::metrics::Requests;
use carnet_server::http::metrics::Routes;
use carnet_server::http::observe::Code;
use carnet_server::http::observe::Observers;
use carnet_server::http::trace::TraceIds;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tower::Service;

/// A listener that runs.
pub(crate) struct House {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) shutdown: Shutdown,
    pub(crate) registry: Arc<Registry>,
    pub(crate) doors: Arc<Doors>,
    pub(crate) bound: Handles,
    pub(crate) ended: JoinHandle<Drained>,
}

/// What is left of [`Bound`] once it serves.
pub(crate) struct Handles {
    pub(crate) certificate: Option<Arc<carnet_server::http::tls::Certificate>>,
    pub(crate) connections: Arc<carnet_server::http::connection::Connections>,
}

/// What tests wait for and what waits for tests.
#[derive(Default)]
pub(crate) struct Doors {
    pub(crate) entered: Notify,
    pub(crate) open: Notify,
}

/// A configuration for one port on this machine.
pub(crate) fn config() -> Http {
    Http::on(Listen::Tcp(([127, 0, 0, 1], 0).into()))
}

/// Chance that is none: each byte is one more than the one before.
fn counting(bytes: &mut [u8]) -> bool {
    for (number, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::try_from(number % 251).unwrap();
    }
    true
}

impl House {
    /// Opens a house with this configuration.
    pub(crate) fn open(config: Http) -> Self {
        Self::with(config, Drain::AT_ONCE)
    }

    pub(crate) fn with(config: Http, drain: Drain) -> Self {
        let doors = Arc::new(Doors::default());
        let endpoints = endpoints(&doors);
        Self::around(endpoints, doors, config, drain)
    }

    /// Opens a house with these endpoints.
    pub(crate) fn of<S>(service: S, config: Http) -> Self
    where
        S: Service<axum::extract::Request, Response = Response<Body>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        Self::around(service, Arc::default(), config, Drain::AT_ONCE)
    }

    /// Opens a house behind a listener that was made elsewhere.
    pub(crate) fn behind(bound: Bound) -> Self {
        let doors = Arc::new(Doors::default());
        Self::run(endpoints(&doors), doors, bound, Drain::AT_ONCE)
    }

    fn around<S>(service: S, doors: Arc<Doors>, config: Http, drain: Drain) -> Self
    where
        S: Service<axum::extract::Request, Response = Response<Body>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        Self::run(service, doors, Bound::new(config).unwrap(), drain)
    }

    fn run<S>(service: S, doors: Arc<Doors>, bound: Bound, drain: Drain) -> Self
    where
        S: Service<axum::extract::Request, Response = Response<Body>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let registry = Arc::new(Registry::default());
        let routes = Routes::new(["/", "/read", "/wait", "/panic", "/who", "/items/{item}"]);
        let observers = Observers {
            traces: TraceIds::new(counting, Duration::from_hours(500_000)),
            requests: Requests::new(&registry, routes),
        };
        let address = bound
            .local_addr()
            .unwrap_or_else(|| ([0, 0, 0, 0], 0).into());
        let handles = Handles {
            certificate: bound.certificate(),
            connections: bound.connections(),
        };
        bound.count_in(&registry, None);
        let shutdown = Shutdown::default();
        let serving = bound.serve(service, observers, drain, shutdown.clone());
        let ended = tokio::spawn(async move { serving.await.unwrap() });
        Self {
            address,
            shutdown,
            registry,
            doors,
            bound: handles,
            ended,
        }
    }

    /// A connection without any client on it.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// What comes back when these bytes are sent and the server closes.
    pub(crate) async fn say(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        rest(&mut stream).await
    }
}

/// Everything until the end, or until the connection is reset.
pub(crate) async fn rest(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut all = Vec::new();
    let _end = stream.read_to_end(&mut all).await;
    String::from_utf8_lossy(&all).into_owned()
}

fn endpoints(doors: &Arc<Doors>) -> Router {
    let at_the_door = Arc::clone(doors);
    let wait = move || async move {
        at_the_door.entered.notify_one();
        at_the_door.open.notified().await;
        "waited"
    };
    Router::new()
        .route("/", get(async || "hello"))
        .route("/read", post(read))
        .route("/wait", get(wait))
        .route("/panic", get(panics))
        .route("/who", get(who))
        .route("/items/{item}", get(async || "an item"))
        .route("/all", post(all))
        .route("/coded", get(coded))
        .route("/big", get(async || vec![b'x'; 32 * 1024 * 1024]))
}

async fn read(request: Request) -> Response<Body> {
    let mut response = Response::default();
    match body::read(request.into_body(), 1_000).await {
        Ok(bytes) => *response.body_mut() = Body::from(format!("{} bytes", bytes.len())),
        Err(not_read) => {
            *response.status_mut() = StatusCode::from_u16(not_read.status()).unwrap();
            *response.body_mut() = Body::from(format!(r#"{{"error":"{not_read}"}}"#));
        }
    }
    response
}

/// An endpoint that forgot to set a limit of its own.
async fn all(request: Request) -> String {
    match body::read(request.into_body(), usize::MAX).await {
        Ok(bytes) => format!("{} bytes", bytes.len()),
        Err(not_read) => not_read.to_string(),
    }
}

async fn coded() -> Response<Body> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.extensions_mut().insert(Code(2104));
    response
}

#[expect(clippy::panic, reason = "that is what is tested")]
async fn panics() -> &'static str {
    panic!("on purpose")
}

async fn who(request: Request) -> String {
    let arrival = request.extensions().get::<Arrival>().unwrap();
    let client = arrival
        .client
        .map_or("nobody".to_owned(), |client| client.to_string());
    format!("{client} {:?} {}", arrival.scheme, arrival.trace)
}
