//! What is written soon, and not before the answer: refusals for the audit log, and uses of keys and
//! of client secrets.
//!
//! A change of a record is audited in the commit that makes it. A refusal changes nothing, and a
//! flood of them must not become a flood of commits: they are collected here and written in batches,
//! as are the uses of keys. Both are bounded; what does not fit is counted, and the count is written
//! as an entry of its own, so that the log never hides that something is missing.
//!
//! Refusals are written at the next tick. Of the uses only so many are written at each, the oldest
//! first: a row for each key five times a second would cost more than the tokens do. A key that waits
//! goes on counting in its place, so a hundred thousand busy keys are written as calmly as ten.

mod redirects;
mod seen;
mod turned_away;
mod uses;

use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use carnet_core::record::AuditDraft;
use carnet_core::record::KeyUse;
use carnet_core::record::Outcome;
use carnet_core::record::RefusedRedirect;
use carnet_core::record::SecretUse;
use carnet_core::record::SessionSeen;
use carnet_core::store::Change;
use carnet_core::store::Fault;
use carnet_core::store::Store;
use carnet_core::value::ClientId;
use carnet_core::value::KeyId;
use carnet_core::value::SecretId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;

use crate::journal::redirects::Redirects;
use crate::journal::seen::Seen;
use crate::journal::turned_away::TurnedAway;
use crate::journal::uses::Used;
use crate::journal::uses::Uses;

/// The most entries that wait for the next batch.
const MOST_DRAFTS: usize = 20_000;

/// How many changes one commit takes.
const BATCH: usize = 500;

/// How many keys' uses are written at each tick, and how many secrets'.
const USES: usize = 100;

/// What waits to be written.
#[derive(Debug, Default)]
pub struct Journal {
    drafts: Mutex<Drafts>,
    turned_away: Mutex<TurnedAway>,
    keys: Uses<KeyId, UniqueId>,
    secrets: Uses<SecretId, ClientId>,
    sessions: Mutex<Seen>,
    redirects: Mutex<Redirects>,
}

#[derive(Debug, Default)]
struct Drafts {
    waiting: Vec<AuditDraft>,
    lost: u64,
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
        self.keys.note(key, account, now, address);
    }

    /// Notes that a secret of a client was used.
    pub fn used_secret(
        &self,
        secret: SecretId,
        client: &ClientId,
        now: UnixTime,
        address: Option<IpAddr>,
    ) {
        self.secrets.note(&secret, client, now, address);
    }

    /// Notes that a session was used.
    pub fn seen(&self, seen: SessionSeen) {
        open(&self.sessions).note(seen);
    }

    /// Notes that a redirect URI was refused to an app.
    pub fn refused_redirect(&self, refused: RefusedRedirect) {
        open(&self.redirects).note(refused);
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

    /// At most so many of each, and about as many from each shard.
    fn take_uses(&self, most: usize) -> Vec<Change> {
        let keys = self.keys.take(most).into_iter().map(|(key, used)| {
            Change::KeyUsed(KeyUse {
                key,
                address: used.address(),
                account: used.owner,
                last: used.last,
                count: used.count,
            })
        });
        let secrets = self.secrets.take(most).into_iter().map(|(secret, used)| {
            Change::SecretUsed(SecretUse {
                secret,
                address: used.address(),
                client: used.owner,
                last: used.last,
                count: used.count,
            })
        });
        let sessions = open(&self.sessions).take(most);
        let sessions = sessions.into_iter().map(Change::SessionSeen);
        let redirects = open(&self.redirects).take(most);
        let redirects = redirects.into_iter().map(Change::RedirectRefused);
        keys.chain(secrets)
            .chain(sessions)
            .chain(redirects)
            .collect()
    }

    fn put_back(&self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Audited(draft) => self.note(draft.clone()),
                Change::KeyUsed(used) => {
                    let waits = Used {
                        owner: used.account.clone(),
                        last: used.last,
                        address: used.address.parse().ok(),
                        count: used.count,
                    };
                    self.keys.put_back(&used.key, waits);
                }
                Change::SecretUsed(used) => {
                    let waits = Used {
                        owner: used.client.clone(),
                        last: used.last,
                        address: used.address.parse().ok(),
                        count: used.count,
                    };
                    self.secrets.put_back(&used.secret, waits);
                }
                Change::SessionSeen(seen) => self.seen(seen.clone()),
                Change::RedirectRefused(refused) => self.refused_redirect(refused.clone()),
                _ => {}
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
