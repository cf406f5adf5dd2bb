//! What is written soon, and not before the answer: refusals for the audit log, and uses of keys.
//!
//! A change of a record is audited in the commit that makes it. A refusal changes nothing, and a
//! flood of them must not become a flood of commits: they are collected here and written in batches,
//! as are the uses of keys. Both are bounded; what does not fit is counted, and the count is written
//! as an entry of its own, so that the log never hides that something is missing.
//!
//! Refusals are written at the next tick. Of the uses only so many are written at each, the oldest
//! first: a row for each key five times a second would cost more than the tokens do. A key that waits
//! goes on counting in its place, so a hundred thousand busy keys are written as calmly as ten.

mod turned_away;

use std::collections::HashMap;
use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use carnet_core::record::AuditDraft;
use carnet_core::record::KeyUse;
use carnet_core::record::Outcome;
use carnet_core::store::Change;
use carnet_core::store::Fault;
use carnet_core::store::Store;
use carnet_core::value::KeyId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;

use crate::journal::turned_away::TurnedAway;

/// The most entries that wait for the next batch.
const MOST_DRAFTS: usize = 20_000;

/// The most keys, in each shard, whose use waits for the next batch.
const MOST_KEYS: usize = 50_000;

/// How many changes one commit takes.
const BATCH: usize = 500;

/// How many keys' uses are written at each tick.
const USES: usize = 100;

/// Uses are kept apart in so many parts, so that two workers seldom wait for each other.
const SHARDS: usize = 16;

/// What waits to be written.
#[derive(Debug)]
pub struct Journal {
    drafts: Mutex<Drafts>,
    turned_away: Mutex<TurnedAway>,
    uses: Vec<Mutex<Uses>>,
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct Drafts {
    waiting: Vec<AuditDraft>,
    lost: u64,
}

#[derive(Debug, Default)]
struct Uses {
    waiting: HashMap<KeyId, Used>,
    /// The same keys, in the order in which they came.
    order: VecDeque<KeyId>,
}

impl Uses {
    fn pop(&mut self) -> Option<KeyUse> {
        let key = self.order.pop_front()?;
        let used = self.waiting.remove(&key)?;
        Some(KeyUse {
            key,
            account: used.account,
            last: used.last,
            address: used
                .address
                .map_or_else(String::new, |address| address.to_string()),
            count: used.count,
        })
    }
}

#[derive(Debug)]
struct Used {
    account: UniqueId,
    last: UnixTime,
    address: Option<IpAddr>,
    count: i64,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            drafts: Mutex::default(),
            turned_away: Mutex::default(),
            uses: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Journal {
    /// Notes an audit entry.
    pub fn note(&self, draft: AuditDraft) {
        let mut drafts = open(&self.drafts);
        if drafts.waiting.len() < MOST_DRAFTS {
            drafts.waiting.push(draft);
        } else {
            drafts.lost = drafts.lost.saturating_add(1);
        }
    }

    /// Notes that a request was turned away unread. Such are counted, and written once a minute.
    pub fn turned_away(
        &self,
        address: Option<IpAddr>,
        crn: Crn,
        limit: &'static str,
        now: UnixTime,
    ) {
        open(&self.turned_away).note(address, crn, limit, now);
    }

    /// Notes that a key was used.
    pub fn used(&self, key: &KeyId, account: &UniqueId, now: UnixTime, address: Option<IpAddr>) {
        let place = usize::try_from(self.hasher.hash_one(key)).unwrap_or(0) % SHARDS;
        let Some(shard) = self.uses.get(place) else {
            return;
        };
        let mut shard = open(shard);
        if let Some(used) = shard.waiting.get_mut(key) {
            used.count = used.count.saturating_add(1);
            if now >= used.last {
                used.last = now;
                used.address = address;
            }
        } else if shard.waiting.len() < MOST_KEYS {
            let used = Used {
                account: account.clone(),
                last: now,
                address,
                count: 1,
            };
            shard.waiting.insert(key.clone(), used);
            shard.order.push_back(key.clone());
        }
    }

    /// How many entries wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        open(&self.drafts).waiting.len()
    }

    /// Writes everything that waits, in batches. What cannot be written waits on.
    pub async fn flush(&self, store: &dyn Store, now: UnixTime) -> Result<(), Fault> {
        self.note_turned_away(now, true);
        let uses = self.take_uses(usize::MAX);
        self.write(store, uses).await?;
        let drafts = self.take_drafts(now);
        self.write(store, drafts).await
    }

    /// Writes what is due at a tick: all entries, and the uses of the keys that wait the longest.
    pub async fn tick(&self, store: &dyn Store, now: UnixTime) -> Result<(), Fault> {
        self.note_turned_away(now, false);
        let drafts = self.take_drafts(now);
        self.write(store, drafts).await?;
        let uses = self.take_uses(USES);
        self.write(store, uses).await
    }

    async fn write(&self, store: &dyn Store, changes: Vec<Change>) -> Result<(), Fault> {
        let mut rest = changes.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(rest.len().min(BATCH));
            if let Err(fault) = store.commit(batch).await {
                self.put_back(rest);
                return Err(fault);
            }
            rest = later;
        }
        Ok(())
    }

    fn note_turned_away(&self, now: UnixTime, everything: bool) {
        let drafts = open(&self.turned_away).take(now, everything);
        for draft in drafts {
            self.note(draft);
        }
    }

    fn take_drafts(&self, now: UnixTime) -> Vec<Change> {
        let mut drafts = open(&self.drafts);
        let lost = std::mem::take(&mut drafts.lost);
        if lost > 0 {
            drafts.waiting.push(lost_entries(lost, now));
        }
        std::mem::take(&mut drafts.waiting)
            .into_iter()
            .map(Change::Audited)
            .collect()
    }

    /// At most so many, and about as many from each shard.
    fn take_uses(&self, most: usize) -> Vec<Change> {
        let mut changes = Vec::new();
        let each = most.div_ceil(SHARDS);
        for shard in &self.uses {
            let mut shard = open(shard);
            let uses = std::iter::from_fn(|| shard.pop()).take(each);
            changes.extend(uses.map(Change::KeyUsed));
        }
        changes
    }

    fn put_back(&self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Audited(draft) => self.note(draft.clone()),
                Change::KeyUsed(used) => self.put_back_use(used),
                _ => {}
            }
        }
    }

    fn put_back_use(&self, used: &KeyUse) {
        let place = usize::try_from(self.hasher.hash_one(&used.key)).unwrap_or(0) % SHARDS;
        let Some(shard) = self.uses.get(place) else {
            return;
        };
        let mut shard = open(shard);
        match shard.waiting.entry(used.key.clone()) {
            Entry::Occupied(mut newer) => {
                let newer = newer.get_mut();
                newer.count = newer.count.saturating_add(used.count);
            }
            Entry::Vacant(place) => {
                place.insert(Used {
                    account: used.account.clone(),
                    last: used.last,
                    address: used.address.parse().ok(),
                    count: used.count,
                });
                shard.order.push_front(used.key.clone());
            }
        }
    }
}

fn lost_entries(lost: u64, now: UnixTime) -> AuditDraft {
    AuditDraft {
        at: now,
        actor: "carnet".to_owned(),
        action: "audit.overflow".to_owned(),
        target: "audit".to_owned(),
        outcome: Outcome::Done,
        address: String::new(),
        trace: String::new(),
        detail: format!("{{\"lost\":{lost}}}"),
    }
}

#[cfg(test)]
mod tests;
