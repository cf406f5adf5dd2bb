//! One kind of snapshot: bounded, each read once, and never older than what was told.
//!
//! Two dangers are met here:
//!
//! * A load that began before a change may come in after it was told, with what was true before.
//!   Each load notes how many changes had been told when it began, and its result is kept only if
//!   there were no more since. Noting, keeping and forgetting happen under one lock; a hit takes none.
//! * A crowd may miss at once. The first one loads; the others wait and look again. When the load
//!   failed, they fail with it; when whoever loaded went away, or what came was too old to be kept,
//!   the next of them loads.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::future::ready;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use carnet_core::store::Fault;
use carnet_core::store::Known;
use carnet_core::store::Reading;
use tokio::sync::watch;

use super::cupboard::Cupboard;
use super::cupboard::Kept;

pub(super) struct Shelf<V> {
    cupboard: Cupboard,
    /// What tells its labels from those of other shelves.
    name: &'static str,
    weigh: fn(&V) -> usize,
    /// What was loaded before this many changes were told is no longer there.
    floor: AtomicU64,
    desk: Mutex<Desk>,
}

#[derive(Default)]
struct Desk {
    told: u64,
    flights: HashMap<Box<str>, watch::Receiver<Landing>>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Landing {
    Flying,
    Landed,
    Failed,
}

enum Seat<'a, V> {
    Home(Option<Arc<V>>),
    Pilot(Flight<'a, V>),
    Passenger(watch::Receiver<Landing>),
}

impl<V: Send + Sync + 'static> Shelf<V> {
    pub(super) fn new(cupboard: &Cupboard, name: &'static str, weigh: fn(&V) -> usize) -> Self {
        Self {
            cupboard: cupboard.clone(),
            name,
            weigh,
            floor: AtomicU64::new(0),
            desk: Mutex::default(),
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known without asking.
    pub(super) fn peek(&self, key: &str) -> Known<V> {
        let floor = self.floor.load(Ordering::Acquire);
        if let Some(kept) = self.cupboard.present(self.name, key)
            && kept.told >= floor
            && let Some(value) = kept.value
            && let Ok(value) = value.downcast()
        {
            return Known::Yes(value);
        }
        match self.cupboard.absent(self.name, key) {
            Some(kept) if kept.told >= floor => Known::No,
            _ => Known::NotYet,
        }
    }

    /// The same as a port's answer.
    pub(super) fn reading<'a>(
        &'a self,
        key: &'a str,
        load: impl Future<Output = Result<Option<V>, Fault>> + Send + 'a,
    ) -> Reading<'a, Option<Arc<V>>> {
        match self.peek(key) {
            Known::Yes(found) => Box::pin(ready(Ok(Some(found)))),
            Known::No => Box::pin(ready(Ok(None))),
            Known::NotYet => Box::pin(self.find(key, load)),
        }
    }

    /// What is kept, else what is loaded.
    pub(super) async fn find(
        &self,
        key: &str,
        load: impl Future<Output = Result<Option<V>, Fault>>,
    ) -> Result<Option<Arc<V>>, Fault> {
        loop {
            let mut landing = match self.board(key) {
                Seat::Home(found) => return Ok(found),
                Seat::Passenger(landing) => landing,
                Seat::Pilot(flight) => {
                    return match load.await {
                        Ok(found) => Ok(flight.land(found.map(Arc::new))),
                        Err(fault) => {
                            flight.fail();
                            Err(fault)
                        }
                    };
                }
            };
            // An error means that the pilot went away in mid-air: look again.
            let _ = landing.changed().await;
            if *landing.borrow() == Landing::Failed {
                return Err(Fault::temporary("what this rests on could not be read"));
            }
        }
    }

    /// Who finds nothing kept and nobody loading has to load.
    fn board(&self, key: &str) -> Seat<'_, V> {
        let mut desk = self.desk();
        match self.peek(key) {
            Known::Yes(found) => return Seat::Home(Some(found)),
            Known::No => return Seat::Home(None),
            Known::NotYet => {}
        }
        if let Some(landing) = desk.flights.get(key) {
            return Seat::Passenger(landing.clone());
        }
        let (sender, receiver) = watch::channel(Landing::Flying);
        desk.flights.insert(key.into(), receiver);
        Seat::Pilot(Flight {
            shelf: self,
            key: key.into(),
            told: desk.told,
            sender,
            over: false,
        })
    }

    /// This one changed.
    pub(super) fn forget(&self, key: &str) {
        let mut desk = self.desk();
        desk.told += 1;
        self.cupboard.remove(self.name, key);
    }

    /// Any of them may have changed.
    pub(super) fn forget_all(&self) {
        let mut desk = self.desk();
        desk.told += 1;
        // They are hidden at once, and leave when others want their room.
        self.floor.store(desk.told, Ordering::Release);
    }
}

/// A load in progress. When it goes, however it goes, its passengers look again.
struct Flight<'a, V> {
    shelf: &'a Shelf<V>,
    key: Box<str>,
    told: u64,
    sender: watch::Sender<Landing>,
    over: bool,
}

impl<V: Send + Sync + 'static> Flight<'_, V> {
    fn land(mut self, found: Option<Arc<V>>) -> Option<Arc<V>> {
        let mut desk = self.shelf.desk();
        if desk.told == self.told {
            self.keep(found.clone());
        }
        desk.flights.remove(&self.key);
        drop(desk);
        self.over = true;
        self.sender.send_replace(Landing::Landed);
        found
    }

    fn keep(&self, found: Option<Arc<V>>) {
        let Shelf {
            cupboard,
            name,
            weigh,
            ..
        } = self.shelf;
        let weight = found.as_ref().map_or(1, |value| 64 + weigh(value));
        let kept = Kept {
            value: found.map(|value| value as Arc<dyn Any + Send + Sync>),
            told: self.told,
            weight: u32::try_from(weight).unwrap_or(u32::MAX),
        };
        cupboard.keep(name, self.key.clone(), kept);
    }

    fn fail(mut self) {
        self.shelf.desk().flights.remove(&self.key);
        self.over = true;
        self.sender.send_replace(Landing::Failed);
    }
}

impl<V> Drop for Flight<'_, V> {
    fn drop(&mut self) {
        // After its end somebody else may be loading the same.
        if !self.over {
            let desk = self.shelf.desk.lock();
            let mut desk = desk.unwrap_or_else(PoisonError::into_inner);
            desk.flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests;
