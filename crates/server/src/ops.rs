//! The second listener: is it alive, is it ready, what does it count, what is it.
//!
//! `/livez` answers as long as the process can answer at all. `/readyz` (and `/healthz`, for those who
//! are used to it) is a list of named checks, and a no from the moment at which the server begins to
//! stop. `?verbose` shows the list, in the form that Kubernetes made known. There is no log-in here:
//! nothing is told that an operator's neighbour may not know.

use std::fmt;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::RawQuery;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::routing::get;
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::http::drain::Shutdown;
use crate::http::metrics;
use crate::http::metrics::Registry;

/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a check says: fine, or why not, in a few words without secrets.
pub type Checked = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// A check with its name.
struct Check {
    name: &'static str,
    ask: Box<dyn Fn() -> Checked + Send + Sync>,
}

/// What must be in order for the server to be ready.
#[derive(Default)]
pub struct Readiness {
    checks: Vec<Check>,
}

impl Readiness {
    /// Adds a check.
    #[must_use]
    pub fn with<F>(
        mut self,
        name: &'static str,
        ask: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.checks.push(Check {
            name,
            ask: Box::new(move || Box::pin(ask())),
        });
        self
    }

    /// Asks all at once.
    async fn ask(&self) -> Vec<(&'static str, Result<(), String>)> {
        let asked = self.checks.iter().map(async |check| {
            let late = |_| Err(format!("no answer within {} s", PATIENCE.as_secs()));
            (
                check.name,
                timeout(PATIENCE, (check.ask)()).await.unwrap_or_else(late),
            )
        });
        join_all(asked).await
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.checks.iter().map(|check| check.name))
            .finish()
    }
}

/// Which program this is.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// Of the release.
    pub version: &'static str,
    /// Of the source.
    pub commit: &'static str,
}

/// What the second listener tells about.
#[derive(Debug)]
pub struct Ops {
    /// What is counted.
    pub registry: Arc<Registry>,
    /// What must be in order.
    pub readiness: Readiness,
    /// Whether the server is about to stop.
    pub shutdown: Shutdown,
    /// Which program this is.
    pub version: Version,
}

/// The routes of the second listener.
pub fn routes(ops: Ops) -> Router {
    Router::new()
        .route(
            "/livez",
            get(async || text(StatusCode::OK, "ok\n".to_owned())),
        )
        .route("/readyz", get(readyz))
        .route("/healthz", get(readyz))
        .route("/metrics", get(counts))
        .route("/version", get(version))
        .with_state(Arc::new(ops))
}

/// The patterns of [`routes`], for its metrics.
pub const PATTERNS: [&str; 5] = ["/livez", "/readyz", "/healthz", "/metrics", "/version"];

async fn readyz(State(ops): State<Arc<Ops>>, RawQuery(query): RawQuery) -> Response<Body> {
    let mut said = ops.readiness.ask().await;
    let serving = if ops.shutdown.is_draining() {
        Err("the server stops".to_owned())
    } else {
        Ok(())
    };
    said.push(("serving", serving));
    let good = said.iter().all(|(_, said)| said.is_ok());
    let status = if good {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let asked = query.unwrap_or_default();
    let verbose = asked
        .split('&')
        .any(|part| part == "verbose" || part.starts_with("verbose="));
    if good && !verbose {
        return text(status, "ok\n".to_owned());
    }
    let mut list = String::new();
    for (name, said) in said {
        // Writing into a text cannot fail.
        let _written = match said {
            Ok(()) => writeln!(list, "[+]{name} ok"),
            Err(why) => writeln!(list, "[-]{name} failed: {}", why.escape_debug()),
        };
    }
    list.push_str(if good {
        "readyz check passed\n"
    } else {
        "readyz check failed\n"
    });
    text(status, list)
}

async fn counts(State(ops): State<Arc<Ops>>) -> Response<Body> {
    let mut response = text(StatusCode::OK, ops.registry.render());
    let kind = HeaderValue::from_static(metrics::CONTENT_TYPE);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

async fn version(State(ops): State<Arc<Ops>>) -> Response<Body> {
    let Version { version, commit } = ops.version;
    let told = serde_json::json!({ "version": version, "commit": commit });
    let mut response = text(StatusCode::OK, format!("{told}\n"));
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn text(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
