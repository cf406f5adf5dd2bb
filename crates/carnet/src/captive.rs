//! Google's names on this machine, put together: the authority from its files, the listener, the proxy.
//!
//! 1. The key is made once and written for its owner alone (`google-ca.key`). One that others can read is not
//!    used: whoever has it can be Google to every program that trusts the certificate.
//! 2. The certificate (`google-ca.pem`) is written for everybody. It is written anew where the authority says so.
//! 3. A sandbox in memory keeps no key: its authority ends with it.
//! 4. Neither the key nor the certificate is served.

mod files;

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::body::Body;
use carnet_server::captive::leaves::Leaves;
use carnet_server::captive::names::Names;
use carnet_server::captive::proxy::Proxy;
use carnet_server::captive::proxy::Ways;
use carnet_server::config::drain::Drain;
use carnet_server::config::google::Google;
use carnet_server::config::http::ClientCertificates;
use carnet_server::config::http::Http;
use carnet_server::config::http::Listen;
use carnet_server::http::connection::Connections;
use carnet_server::http::drain::Drained;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::listener::Bound;
use carnet_server::http::listener::NotBound;
use carnet_server::http::observe::Observers;
use carnet_wire::crn::Crn;
use http::Request;
use http::Response;
use serde::Serialize;
use tokio::task::JoinHandle;
use tokio::task::JoinSet;
use tower::Service;

use crate::clock;

/// Where the authority is kept.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    /// Key and certificate in this folder.
    In(PathBuf),
    /// The key nowhere; the certificate in this folder, for those who are to trust it.
    Nowhere(PathBuf),
}

/// Google's names cannot be held.
#[derive(Debug)]
pub(crate) struct NoCaptive {
    code: Crn,
    what: String,
}

impl NoCaptive {
    fn authority(what: impl Into<String>) -> Self {
        let (code, what) = (Crn::GOOGLE_AUTHORITY, what.into());
        Self { code, what }
    }

    fn address(what: impl fmt::Display) -> Self {
        let (code, what) = (Crn::ADDRESS_NOT_AVAILABLE, what.to_string());
        Self { code, what }
    }

    /// The cause.
    pub(crate) const fn code(&self) -> Crn {
        self.code
    }

    /// What happened.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for NoCaptive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.what)
    }
}

impl std::error::Error for NoCaptive {}

/// What programs need to know, as the ready file tells it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    /// Where the names are served.
    pub(crate) https: String,
    /// The proxy, if there is one.
    pub(crate) proxy: Option<String>,
    /// The authority's certificate.
    pub(crate) ca_file: PathBuf,
}

/// The listener and the proxy, with their sockets, before they accept.
pub(crate) struct Captive {
    bound: Bound,
    https: SocketAddr,
    proxy: Option<(Proxy, Ways)>,
    ca_file: PathBuf,
}

impl Captive {
    /// Takes the sockets and opens the authority. None, where nothing is to be held.
    pub(crate) async fn bind(google: &Google, kept: &Kept) -> Result<Option<Self>, NoCaptive> {
        let Some(listen) = google.listen else {
            return Ok(None);
        };
        let names = Arc::new(Names::new(google.universe.clone()));
        let http = Http {
            client_certificates: ClientCertificates {
                ask: true,
                only_mtls_names: true,
                ..ClientCertificates::default()
            },
            ..Http::on(Listen::Tcp(listen))
        };
        let bound = Bound::new(http).map_err(NoCaptive::address)?;
        let https = bound.local_addr().unwrap_or(listen);
        let proxy = match google.proxy {
            None => None,
            Some(address) => {
                let proxy = Proxy::bind(address).await.map_err(|fault| {
                    NoCaptive::address(format_args!("cannot listen on {address}: {fault}"))
                })?;
                let ways = Ways {
                    names: Arc::clone(&names),
                    ours: reached(https),
                    others: google.others,
                };
                Some((proxy, ways))
            }
        };
        let (authority, ca_file) = files::open(kept, &names, clock::now())?;
        let leaves = Leaves::new(authority, Arc::clone(&names), Arc::new(clock::now));
        let leaves = leaves.map_err(|fault| NoCaptive::authority(fault.to_string()))?;
        Ok(Some(Self {
            bound: bound.held_for(names, Arc::new(leaves)),
            https,
            proxy,
            ca_file,
        }))
    }

    /// What programs need to know.
    pub(crate) fn told(&self) -> Told {
        let proxy = self.proxy.as_ref().map(|(proxy, _)| proxy.address());
        Told {
            https: format!("https://localhost:{}", self.https.port()),
            proxy: proxy.map(|address| format!("http://{}", reached(address))),
            ca_file: self.ca_file.clone(),
        }
    }

    /// The connections, to be counted.
    pub(crate) fn connections(&self) -> Arc<Connections> {
        self.bound.connections()
    }

    /// One line that says what is held where.
    pub(crate) fn log(&self) {
        let told = self.told();
        tracing::info!(
            https = told.https,
            proxy = told.proxy.as_deref().unwrap_or("off"),
            ca_file = %told.ca_file.display(),
            "Google's names are held; programs that trust this certificate authority take this server for Google"
        );
    }

    /// Serves until the shutdown has run its course.
    pub(crate) fn serve<S>(
        self,
        endpoints: S,
        observers: Observers,
        drain: Drain,
        shutdown: Shutdown,
    ) -> Held
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let mut leading = JoinSet::new();
        if let Some((proxy, ways)) = self.proxy {
            leading.spawn(proxy.serve(ways));
        }
        let listening = self.bound.serve(endpoints, observers, drain, shutdown);
        Held {
            listening: tokio::spawn(listening),
            _leading: leading,
        }
    }
}

/// The names while they are held. The proxy ends with it.
pub(crate) struct Held {
    listening: JoinHandle<Result<Drained, NotBound>>,
    _leading: JoinSet<()>,
}

impl Held {
    /// Waits until the listener has ended.
    pub(crate) async fn ended(self) -> anyhow::Result<()> {
        self.listening
            .await
            .context("the listener for Google's names broke")??;
        Ok(())
    }
}

/// A wildcard address is reached by loopback.
fn reached(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}
