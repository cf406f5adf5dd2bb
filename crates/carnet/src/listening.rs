//! The listeners of a server, from bound to drained: what `carnet dev` and `carnet serve` share.
//!
//! 1. The public listener has the endpoints, the second one health and metrics. A sandbox has a
//!    third, the metadata server.
//! 2. SIGTERM or Ctrl-C begins the drain: readiness says no, then nothing new is accepted, then what
//!    runs is finished. A second signal stops at once. SIGHUP reads the certificate anew.
//! 3. Last, what was collected in memory is written.

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::Context as _;
use axum::body::Body;
use carnet_server::config::drain::Drain;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::listener::Bound;
use carnet_server::http::metrics::Registry;
use carnet_server::http::signals::Signals;
use carnet_server::http::signals::Told;
use carnet_server::ops;
use carnet_server::ops::Ops;
use carnet_server::ops::Readiness;
use carnet_server::ops::Version;
use carnet_server::parts::Parts;
use carnet_server::routes;
use carnet_server::start::Started;
use http::Request;
use http::Response;
use tower::Service;

use crate::captive::Captive;
use crate::machine::Machine;
use crate::observers::observers;

/// The source that this binary was built from, where the build was told.
const COMMIT: &str = match option_env!("CARNET_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};

/// The listeners of a server, with their sockets, before they accept.
pub(crate) struct Listeners {
    /// For the world.
    pub(crate) public: Bound,
    /// For probes and metrics, if wanted.
    pub(crate) ops: Option<Bound>,
    /// The metadata server, if there is one.
    pub(crate) machine: Option<Machine>,
    /// Google's names, if they are held.
    pub(crate) captive: Option<Captive>,
    /// What else is read anew on SIGHUP.
    pub(crate) reload: Option<Box<dyn Fn() + Send + Sync>>,
}

impl Listeners {
    /// Serves until it is told to stop, and then writes what is left to write.
    pub(crate) async fn serve<S>(
        self,
        endpoints: S,
        started: Started,
        registry: Arc<Registry>,
        drain: Drain,
    ) -> anyhow::Result<()>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let Self {
            public,
            ops,
            machine,
            captive,
            reload,
        } = self;
        let shutdown = Shutdown::default();
        let signals = Signals::new().context("signals cannot be listened for")?;
        let certificate = public.certificate();
        let again = move || {
            if let Some(Err(fault)) = certificate.as_ref().map(|held| held.reload()) {
                tracing::error!(fault = %fault, "the certificate could not be read; the old one stays");
            }
            if let Some(also) = &reload {
                also();
            }
        };
        tokio::spawn(obey(signals, shutdown.clone(), again));
        let second = ops.map(|bound| {
            let readiness = readiness(Arc::clone(&started.parts));
            let version = Version {
                version: env!("CARGO_PKG_VERSION"),
                commit: COMMIT,
            };
            let shutdown = shutdown.clone();
            let observers = observers(&Registry::default(), ops::PATTERNS);
            let told = ops::routes(Ops {
                registry: Arc::clone(&registry),
                readiness,
                shutdown: shutdown.clone(),
                version,
            });
            tokio::spawn(bound.serve(told, observers, drain, shutdown))
        });
        let machine = machine.map(|machine| tokio::spawn(machine.serve(drain, shutdown.clone())));
        // Both have the same endpoints, so both count as one.
        public.count_in(&registry, captive.as_ref().map(Captive::connections));
        let observers = observers(&registry, routes::PATTERNS);
        let held = captive.map(|captive| {
            let observers = observers.clone();
            captive.serve(endpoints.clone(), observers, drain, shutdown.clone())
        });
        public.serve(endpoints, observers, drain, shutdown).await?;
        if let Some(held) = held {
            held.ended().await?;
        }
        if let Some(second) = second {
            second.await.context("the second listener broke")??;
        }
        if let Some(machine) = machine {
            machine.await.context("the metadata server broke")??;
        }
        started
            .finish()
            .await
            .context("what was collected could not be written")
    }
}

async fn obey(mut signals: Signals, shutdown: Shutdown, reload: impl Fn()) {
    loop {
        match signals.next().await {
            Told::Stop => shutdown.begin(),
            Told::Reload => reload(),
        }
    }
}

fn readiness(parts: Arc<Parts>) -> Readiness {
    Readiness::default().with("store", move || {
        let store = Arc::clone(&parts.store);
        async move {
            store
                .check()
                .await
                .map_err(|_| "it does not answer".to_owned())
        }
    })
}
