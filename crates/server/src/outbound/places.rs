//! How much is fetched at a time: so many documents in all, and so many from one host.
//!
//! 1. Whoever finds no place at a host waits for their turn, within the time of the fetch; if too many wait there,
//!    they are refused at once. A place in all is taken last, so that one host that does not answer has four of them.
//! 2. Whoever finds no place in all is refused at once, since somebody may be naming hosts that do not answer.
//!    What strangers name (the documents of apps that nobody registered) has places of its own, so that they
//!    cannot keep the keys of apps and issuers that are known from being fetched.
//! 3. Nothing is kept for a host that nobody is fetching from.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use super::error::NotFetched;

/// Documents at a time, of those who are known.
pub(super) const IN_ALL: usize = 64;
/// Documents at a time that strangers named.
pub(super) const OF_STRANGERS: usize = 32;
/// Documents at a time from one host.
pub(super) const OF_A_HOST: usize = 4;
/// How many may wait for one host.
pub(super) const WAITING: usize = 12;

/// Who named what is fetched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NamedBy {
    /// A record of ours: somebody with the right to make it.
    Record,
    /// Whoever sent a request.
    Stranger,
}

/// The places.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    of_strangers: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place<'p> {
    places: &'p Places,
    host: String,
    at_host: Option<OwnedSemaphorePermit>,
    in_all: Option<OwnedSemaphorePermit>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(IN_ALL)),
            of_strangers: Arc::new(Semaphore::new(OF_STRANGERS)),
            hosts: Mutex::default(),
        }
    }
}

impl Places {
    /// A place for a document of this host.
    pub(super) async fn take(&self, host: &str, by: NamedBy) -> Result<Place<'_>, NotFetched> {
        let semaphore = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let of_host = hosts.entry(host.to_owned());
            let of_host = of_host.or_insert_with(|| Arc::new(Semaphore::new(OF_A_HOST)));
            // The map holds one, everybody who fetches or waits another.
            if Arc::strong_count(of_host) > OF_A_HOST + WAITING {
                return Err(NotFetched::Busy);
            }
            Arc::clone(of_host)
        };
        // Made before the wait: who gives up while waiting cleans up too.
        let mut place = Place {
            places: self,
            host: host.to_owned(),
            at_host: None,
            in_all: None,
        };
        let permit = semaphore.acquire_owned().await;
        place.at_host = Some(permit.map_err(|_| NotFetched::Busy)?);
        let all = match by {
            NamedBy::Record => &self.all,
            NamedBy::Stranger => &self.of_strangers,
        };
        let in_all = Arc::clone(all).try_acquire_owned();
        place.in_all = Some(in_all.map_err(|_| NotFetched::Busy)?);
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
        drop(self.in_all.take());
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
