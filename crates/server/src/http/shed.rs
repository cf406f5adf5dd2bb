//! How much heavy work runs at a time: beyond it a short queue, and beyond that a quick no.
//!
//! A server under five times its load must answer somebody. Work that waits longer than its client
//! would is work for nobody, so it is refused while that is still cheap: 503 with `Retry-After`.

use std::pin::pin;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use http::HeaderMap;
use http::header;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::rate::seconds;

/// There is too much to do. The same request may succeed later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Overloaded {
    /// How long to wait.
    pub wait: Duration,
}

impl Overloaded {
    /// Says so in the headers of a 503 (RFC 9110 section 15.6.4).
    pub fn tell(self, headers: &mut HeaderMap) {
        headers.insert(header::RETRY_AFTER, seconds(self.wait).into());
    }
}

/// The right to do heavy work, until it is dropped.
#[derive(Debug)]
pub struct Permit<'a>(&'a Gate);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, SeqCst);
        // Who waits counted itself before it looked whether there is room, so one of both sees the other.
        if self.0.waiting.load(SeqCst) > 0 {
            self.0.left.notify_one();
        }
    }
}

/// The gate before heavy work. Where there is room, going in and out are one atomic step each.
#[derive(Debug)]
pub struct Gate {
    inside: AtomicUsize,
    waiting: AtomicUsize,
    left: Notify,
    room: usize,
    queue: usize,
    patience: Duration,
}

impl Gate {
    /// So many inside, so many waiting, and for so long.
    #[must_use]
    pub fn new(inside: usize, queue: usize, patience: Duration) -> Self {
        Self {
            inside: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            left: Notify::new(),
            room: inside.max(1),
            queue,
            patience,
        }
    }

    /// Goes in, or waits for a place, or is refused.
    pub async fn enter(&self) -> Result<Permit<'_>, Overloaded> {
        if let Some(permit) = self.at_once() {
            return Ok(permit);
        }
        let overloaded = Overloaded {
            wait: self.patience,
        };
        let place = Place::take(&self.waiting);
        if place.number >= self.queue {
            return Err(overloaded);
        }
        let turn = timeout(self.patience, self.turn()).await;
        turn.map_err(|_| overloaded)
    }

    fn at_once(&self) -> Option<Permit<'_>> {
        let more = |inside: usize| (inside < self.room).then_some(inside + 1);
        let entered = self.inside.fetch_update(SeqCst, SeqCst, more);
        // Not made before there is a place: to drop one gives a place back.
        entered.is_ok().then(|| Permit(self))
    }

    /// Waits for a place. Whoever comes at the right moment may be faster; nobody waits for ever.
    async fn turn(&self) -> Permit<'_> {
        loop {
            let mut left = pin!(self.left.notified());
            left.as_mut().enable();
            if let Some(permit) = self.at_once() {
                return permit;
            }
            left.await;
        }
    }
}

/// A place in the queue, given back even when the client goes away.
struct Place<'a> {
    waiting: &'a AtomicUsize,
    number: usize,
}

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Self {
        Self {
            waiting,
            number: waiting.fetch_add(1, SeqCst),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests;
