//! The last uses of what proves somebody, key or secret, until they are written.
//!
//! They are kept apart in [`SHARDS`] parts, so that two workers seldom wait for each other. In each
//! part they stand in the order in which they came, and one that is used again keeps its place.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::hash::Hash;
use std::hash::RandomState;
use std::net::IpAddr;
use std::sync::Mutex;

use carnet_core::value::UnixTime;

use super::open;

/// How many parts there are.
pub(super) const SHARDS: usize = 16;

/// The most proofs, in each part, whose use waits for the next batch.
const MOST: usize = 50_000;

/// Uses that wait: `K` is what was used, `O` whose it is.
#[derive(Debug)]
pub(super) struct Uses<K, O> {
    shards: Vec<Mutex<Shard<K, O>>>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Shard<K, O> {
    waiting: HashMap<K, Used<O>>,
    /// The same, in the order in which they came.
    order: VecDeque<K>,
}

/// When and how often something was used.
#[derive(Clone, Debug)]
pub(super) struct Used<O> {
    pub(super) owner: O,
    pub(super) last: UnixTime,
    pub(super) address: Option<IpAddr>,
    pub(super) count: i64,
}

impl<O> Used<O> {
    /// From where it was used last, in text form.
    pub(super) fn address(&self) -> String {
        self.address
            .map_or_else(String::new, |address| address.to_string())
    }
}

impl<K, O> Default for Uses<K, O> {
    fn default() -> Self {
        let empty = || Shard {
            waiting: HashMap::new(),
            order: VecDeque::new(),
        };
        Self {
            shards: (0..SHARDS).map(|_| Mutex::new(empty())).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl<K: Clone + Eq + Hash, O: Clone> Uses<K, O> {
    fn shard(&self, key: &K) -> Option<&Mutex<Shard<K, O>>> {
        let place = usize::try_from(self.hasher.hash_one(key)).unwrap_or(0) % SHARDS;
        self.shards.get(place)
    }

    /// One use more.
    pub(super) fn note(&self, key: &K, owner: &O, now: UnixTime, address: Option<IpAddr>) {
        let Some(shard) = self.shard(key) else {
            return;
        };
        let mut shard = open(shard);
        if let Some(used) = shard.waiting.get_mut(key) {
            used.count = used.count.saturating_add(1);
            if now >= used.last {
                used.last = now;
                used.address = address;
            }
        } else if shard.waiting.len() < MOST {
            let used = Used {
                owner: owner.clone(),
                last: now,
                address,
                count: 1,
            };
            shard.waiting.insert(key.clone(), used);
            shard.order.push_back(key.clone());
        }
    }

    /// At most so many, the oldest first, and about as many from each part.
    pub(super) fn take(&self, most: usize) -> Vec<(K, Used<O>)> {
        let each = most.div_ceil(SHARDS);
        let mut taken = Vec::new();
        for shard in &self.shards {
            let mut shard = open(shard);
            let pop = || {
                let key = shard.order.pop_front()?;
                let used = shard.waiting.remove(&key)?;
                Some((key, used))
            };
            taken.extend(std::iter::from_fn(pop).take(each));
        }
        taken
    }

    /// What could not be written: it goes first the next time.
    pub(super) fn put_back(&self, key: &K, used: Used<O>) {
        let Some(shard) = self.shard(key) else {
            return;
        };
        let mut shard = open(shard);
        match shard.waiting.entry(key.clone()) {
            Entry::Occupied(mut newer) => {
                let newer = newer.get_mut();
                newer.count = newer.count.saturating_add(used.count);
            }
            Entry::Vacant(place) => {
                place.insert(used);
                shard.order.push_front(key.clone());
            }
        }
    }
}
