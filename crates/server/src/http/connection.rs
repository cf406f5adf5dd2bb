//! The connections that are open, and who waits for what on them.
//!
//! No connection has a timer of its own, since setting one for each request costs more than reading
//! the request's head. Instead each connection notes what it waits for and since when, in ticks of one
//! shared clock; a sweeper moves that clock, looks at all connections, and gives orders:
//!
//! 1. A TLS handshake or a request's head that does not come to an end: cut off.
//! 2. A client that does not read what was sent to it: cut off.
//! 3. A connection without a request: closed properly (HTTP/2 says GOAWAY), and cut off if the other
//!    side does not answer to that.
//!
//! A request in flight is never the sweeper's business; its body has a deadline of its own
//! ([`super::body`]).

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use futures_util::task::AtomicWaker;
use http::Version;
use hyper::body::Incoming;
use tokio::sync::Notify;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::config::http::Timeouts;

/// How long the other side may take to answer to a proper close.
const FAREWELL: Duration = Duration::from_secs(5);

/// The connections that are open.
pub struct Connections {
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next: AtomicU64,
    tick: Arc<AtomicU32>,
    emptied: Notify,
    permits: Arc<Semaphore>,
    at_limit: AtomicU64,
}

impl Connections {
    /// At most this many at a time.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            open: Mutex::default(),
            next: AtomicU64::new(0),
            tick: Arc::default(),
            emptied: Notify::new(),
            permits: Arc::new(Semaphore::new(limit)),
            at_limit: AtomicU64::new(0),
        }
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.lock().len()
    }

    /// How often a connection had to wait for another one to end.
    #[must_use]
    pub fn at_limit(&self) -> u64 {
        self.at_limit.load(Relaxed)
    }

    /// The right to one connection more. Waits while there are too many; those who want to connect
    /// wait in the backlog of the system meanwhile.
    pub(super) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Some(permit);
        }
        self.at_limit.fetch_add(1, Relaxed);
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    /// Notes a new connection.
    pub(super) fn enter(self: &Arc<Self>, permit: OwnedSemaphorePermit, waits: Waits) -> Seat {
        let connection = Arc::new(Connection::new(Arc::clone(&self.tick), waits));
        let id = self.next.fetch_add(1, Relaxed);
        self.lock().insert(id, Arc::clone(&connection));
        Seat {
            connection,
            connections: Arc::clone(self),
            id,
            _permit: permit,
        }
    }

    /// Gives an order to all connections; says to how many.
    pub(super) fn order(&self, order: Order) -> usize {
        let open = self.lock();
        for connection in open.values() {
            connection.order(order);
        }
        open.len()
    }

    /// Returns when no connection is open.
    pub(super) async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.open() == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// Moves the clock and looks at all connections, for ever.
    pub(super) async fn sweep(&self, timeouts: Timeouts) {
        let tick = tick(&timeouts);
        let patience = Patience::new(&timeouts, tick);
        loop {
            tokio::time::sleep(tick).await;
            let now = self.tick.fetch_add(1, Relaxed) + 1;
            for connection in self.lock().values() {
                if let Some(order) = connection.overdue(now, &patience) {
                    connection.order(order);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("open", &self.open())
            .finish_non_exhaustive()
    }
}

/// An eighth of the shortest time, between 10 ms and a second.
fn tick(timeouts: &Timeouts) -> Duration {
    let times = [
        timeouts.head,
        timeouts.idle,
        timeouts.write,
        timeouts.handshake,
    ];
    let shortest = times.into_iter().min().unwrap_or(FAREWELL);
    (shortest / 8).clamp(Duration::from_millis(10), Duration::from_secs(1))
}

/// How many ticks each wait may last.
struct Patience {
    handshake: u32,
    head: u32,
    idle: u32,
    farewell: u32,
    write: u32,
}

impl Patience {
    fn new(timeouts: &Timeouts, tick: Duration) -> Self {
        // One more, since the wait began somewhere within a tick.
        let ticks = |time: Duration| {
            let ticks = time.as_millis().div_ceil(tick.as_millis().max(1));
            u32::try_from(ticks).unwrap_or(u32::MAX).saturating_add(1)
        };
        Self {
            handshake: ticks(timeouts.handshake),
            head: ticks(timeouts.head),
            idle: ticks(timeouts.idle),
            farewell: ticks(timeouts.idle + FAREWELL),
            write: ticks(timeouts.write),
        }
    }
}

/// What a connection without a request in flight waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Waits {
    /// The end of the TLS handshake.
    Handshake = 0,
    /// The end of a request's head.
    Head = 1,
    /// The next request.
    Idle = 2,
}

/// What a connection is told to do. The later weighs more than the earlier.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Order {
    /// End what is in flight, take nothing new.
    Close = 1,
    /// End now.
    Abort = 2,
}

/// One connection.
pub(super) struct Connection {
    tick: Arc<AtomicU32>,
    waker: AtomicWaker,
    order: AtomicU8,
    in_flight: AtomicU32,
    multiplexed: AtomicBool,
    /// Whether the last request of an HTTP/1.1 connection has a body of which not everything was read.
    unread: AtomicBool,
    /// That body, once its endpoint does not want it.
    unwanted: Mutex<Option<Incoming>>,
    waits: AtomicU8,
    since: AtomicU32,
    /// The tick after the one in which writing came to a halt; zero while it goes on.
    stalled: AtomicU32,
}

impl Connection {
    fn new(tick: Arc<AtomicU32>, waits: Waits) -> Self {
        let since = AtomicU32::new(tick.load(Relaxed));
        Self {
            tick,
            waker: AtomicWaker::new(),
            order: AtomicU8::new(0),
            in_flight: AtomicU32::new(0),
            multiplexed: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            unwanted: Mutex::default(),
            waits: AtomicU8::new(waits as u8),
            since,
            stalled: AtomicU32::new(0),
        }
    }

    /// From now on it waits for this.
    pub(super) fn waits(&self, waits: Waits) {
        self.since.store(self.tick.load(Relaxed), Relaxed);
        self.waits.store(waits as u8, Relaxed);
    }

    /// Bytes came in. Between two requests of HTTP/1.1 they begin a head. On HTTP/2 they may be
    /// anything, so there only the end of the last request counts.
    pub(super) fn heard(&self) {
        if self.in_flight.load(Relaxed) == 0
            && self.waits.load(Relaxed) == Waits::Idle as u8
            && !self.multiplexed.load(Relaxed)
        {
            self.waits(Waits::Head);
        }
    }

    /// Notes whether something of the body of its one request is still to be read.
    pub(super) fn owes_body(&self, owes: bool) {
        if self.unread.load(Relaxed) != owes {
            self.unread.store(owes, Relaxed);
        }
    }

    /// Whether something of the body of its one request was not read.
    pub(super) fn is_owed_body(&self) -> bool {
        self.unread.load(Relaxed)
    }

    /// Leaves a body here that its endpoint did not read to its end.
    pub(super) fn leave(&self, body: Incoming) {
        *self.unwanted() = Some(body);
    }

    /// The body that was left here.
    pub(super) fn take_unwanted(&self) -> Option<Incoming> {
        self.unwanted().take()
    }

    fn unwanted(&self) -> MutexGuard<'_, Option<Incoming>> {
        self.unwanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The other side does not read.
    pub(super) fn stalls(&self) {
        if self.stalled.load(Relaxed) == 0 {
            self.stalled
                .store(self.tick.load(Relaxed).saturating_add(1), Relaxed);
        }
    }

    /// The other side reads.
    pub(super) fn flows(&self) {
        if self.stalled.load(Relaxed) != 0 {
            self.stalled.store(0, Relaxed);
        }
    }

    fn overdue(&self, now: u32, patience: &Patience) -> Option<Order> {
        let stalled = self.stalled.load(Relaxed);
        if stalled != 0 && now.saturating_sub(stalled - 1) > patience.write {
            return Some(Order::Abort);
        }
        if self.in_flight.load(Relaxed) > 0 {
            return None;
        }
        let waited = now.saturating_sub(self.since.load(Relaxed));
        match self.waits.load(Relaxed) {
            0 => (waited > patience.handshake).then_some(Order::Abort),
            1 => (waited > patience.head).then_some(Order::Abort),
            _ if waited > patience.farewell => Some(Order::Abort),
            _ => (waited > patience.idle).then_some(Order::Close),
        }
    }

    fn order(&self, order: Order) {
        if self.order.fetch_max(order as u8, Relaxed) < order as u8 {
            self.waker.wake();
        }
    }

    fn told(&self, order: Order) -> bool {
        self.order.load(Relaxed) >= order as u8
    }

    /// Runs a future until it ends, or until the connection is told to end. `close` is called once, when
    /// the connection is told to close properly.
    pub(super) async fn obey<F: Future>(
        &self,
        future: F,
        mut close: impl FnMut(std::pin::Pin<&mut F>),
    ) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut closing = false;
        let step = |context: &mut Context<'_>| {
            self.waker.register(context.waker());
            if self.told(Order::Abort) {
                return Poll::Ready(None);
            }
            if !closing && self.told(Order::Close) {
                closing = true;
                close(future.as_mut());
            }
            future.as_mut().poll(context).map(Some)
        };
        poll_fn(step).await
    }
}

/// The place of a connection among the open ones. It is given back when this is dropped.
pub(super) struct Seat {
    pub(super) connection: Arc<Connection>,
    connections: Arc<Connections>,
    id: u64,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.connections.lock();
        open.remove(&self.id);
        if open.is_empty() {
            self.connections.emptied.notify_waiters();
        }
    }
}

/// One request in flight, from its head to the last byte of its answer.
pub(super) struct InFlight(Arc<Connection>);

impl InFlight {
    /// A request has come.
    pub(super) fn begin(connection: &Arc<Connection>, version: Version) -> Self {
        if version == Version::HTTP_2 && !connection.multiplexed.load(Relaxed) {
            connection.multiplexed.store(true, Relaxed);
        }
        connection.in_flight.fetch_add(1, Relaxed);
        Self(Arc::clone(connection))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        // First the new wait, so that the sweeper never sees an old one without a request.
        self.0.waits(Waits::Idle);
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;
