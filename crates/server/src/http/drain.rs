//! How a server stops without failing a request.
//!
//! 1. The signal: readiness says no from now on, so that load balancers look elsewhere.
//! 2. Until `delay` later, requests are taken as before; they still come from those who did not look.
//! 3. Then nothing new is accepted. Connections end what is in flight and close (HTTP/1.1
//!    `Connection: close`, HTTP/2 GOAWAY).
//! 4. What still runs `timeout` after the signal is cut off. A second signal does that at once.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio::time::sleep_until;
use tokio::time::timeout_at;

use super::connection::Connections;
use super::connection::Order;
use crate::config::drain::Drain;

/// Where a server is in its life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    Serving,
    Draining { since: Instant },
    Stopping,
}

/// The wish to stop, shared by all who must know of it.
#[derive(Clone, Debug)]
pub struct Shutdown(Arc<watch::Sender<Phase>>);

impl Default for Shutdown {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Serving)))
    }
}

impl Shutdown {
    /// Begins to stop. Called again, it stops at once.
    pub fn begin(&self) {
        let since = Instant::now();
        self.0.send_modify(|phase| {
            *phase = match phase {
                Phase::Serving => Phase::Draining { since },
                Phase::Draining { .. } | Phase::Stopping => Phase::Stopping,
            };
        });
    }

    /// Whether the server is about to stop: readiness says no.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.0.borrow() != Phase::Serving
    }

    /// Returns when the server begins to stop, and says since when.
    pub async fn begun(&self) -> Instant {
        let mut phases = self.0.subscribe();
        let begun = phases.wait_for(|phase| *phase != Phase::Serving).await;
        match begun.as_deref() {
            Ok(Phase::Draining { since }) => *since,
            _ => Instant::now(),
        }
    }

    /// Returns when the server is to stop at once.
    pub async fn at_once(&self) {
        let mut phases = self.0.subscribe();
        // The sender lives in self, so waiting cannot fail.
        let _ended = phases.wait_for(|phase| *phase == Phase::Stopping).await;
    }
}

/// How a server ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Drained {
    /// How many connections were cut off.
    pub cut_off: usize,
}

/// Waits for the signal and for the delay after it; says when the whole must be over.
pub(super) async fn last_call(shutdown: &Shutdown, drain: Drain) -> Instant {
    let since = shutdown.begun().await;
    tokio::select! {
        () = sleep_until(since + drain.delay) => {}
        () = shutdown.at_once() => {}
    }
    since + drain.timeout
}

/// Closes the connections and waits for them, until then.
pub(super) async fn close(
    connections: &Connections,
    shutdown: &Shutdown,
    until: Instant,
) -> Drained {
    connections.order(Order::Close);
    tokio::select! {
        _ = timeout_at(until, connections.empty()) => {}
        () = shutdown.at_once() => {}
    }
    Drained {
        cut_off: connections.order(Order::Abort),
    }
}
