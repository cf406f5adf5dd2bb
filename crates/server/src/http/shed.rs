//! How much heavy work runs at a time: beyond it a short queue, and beyond that a quick no.
//!
//! A server under five times its load must answer somebody. Work that waits longer than its client
//! would is work for nobody, so it is refused while that is still cheap: 503 with `Retry-After`.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http::HeaderMap;
use http::header;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
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
pub struct Permit(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// The gate before heavy work.
#[derive(Debug)]
pub struct Gate {
    inside: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    patience: Duration,
}

impl Gate {
    /// So many inside, so many waiting, and for so long.
    #[must_use]
    pub fn new(inside: usize, queue: usize, patience: Duration) -> Self {
        let inside = Arc::new(Semaphore::new(inside.max(1)));
        Self {
            inside,
            waiting: AtomicUsize::new(0),
            queue,
            patience,
        }
    }

    /// Goes in, or waits for a place, or is refused.
    pub async fn enter(&self) -> Result<Permit, Overloaded> {
        if let Ok(permit) = Arc::clone(&self.inside).try_acquire_owned() {
            return Ok(Permit(permit));
        }
        let overloaded = Overloaded {
            wait: self.patience,
        };
        let place = Place::take(&self.waiting);
        if place.number >= self.queue {
            return Err(overloaded);
        }
        match timeout(self.patience, Arc::clone(&self.inside).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Permit(permit)),
            Ok(Err(_)) | Err(_) => Err(overloaded),
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
            number: waiting.fetch_add(1, Relaxed),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;
