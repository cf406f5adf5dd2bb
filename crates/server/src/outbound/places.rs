//! How much is fetched at a time: so many documents in all, and so many from one host.
//!
//! Whoever finds no place in all is refused at once, since somebody may be naming hosts that do not
//! answer. Whoever finds none at a host waits for their turn, within the time of the fetch. Nothing is
//! kept for a host that nobody is fetching from.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use super::error::NotFetched;

/// Documents at a time.
pub(super) const IN_ALL: usize = 64;
/// Documents at a time from one host.
pub(super) const OF_A_HOST: usize = 4;

/// The places.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place<'p> {
    places: &'p Places,
    host: String,
    at_host: Option<OwnedSemaphorePermit>,
    _in_all: OwnedSemaphorePermit,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(IN_ALL)),
            hosts: Mutex::default(),
        }
    }
}

impl Places {
    /// A place for a document of this host.
    pub(super) async fn take(&self, host: &str) -> Result<Place<'_>, NotFetched> {
        let in_all = Arc::clone(&self.all).try_acquire_owned();
        let in_all = in_all.map_err(|_| NotFetched::Busy)?;
        let semaphore = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let of_host = hosts.entry(host.to_owned());
            Arc::clone(of_host.or_insert_with(|| Arc::new(Semaphore::new(OF_A_HOST))))
        };
        // Made before the wait: who gives up while waiting cleans up too.
        let mut place = Place {
            places: self,
            host: host.to_owned(),
            at_host: None,
            _in_all: in_all,
        };
        let permit = semaphore.acquire_owned().await;
        place.at_host = Some(permit.map_err(|_| NotFetched::Busy)?);
        Ok(place)
    }

    /// How many hosts something is kept for.
    #[cfg(test)]
    pub(super) fn hosts(&self) -> usize {
        self.hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut hosts = self
            .places
            .hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        drop(self.at_host.take());
        // The map holds one, everybody who fetches or waits another.
        if hosts
            .get(&self.host)
            .is_some_and(|semaphore| Arc::strong_count(semaphore) == 1)
        {
            hosts.remove(&self.host);
        }
    }
}
