//! The tokens that were revoked before their end: kept in memory, so that asking costs no read.
//!
//! The store has the truth. At start all of it is read; afterwards the feed of changes adds to it and takes
//! from it, from this node at once and from others in under a second. What the feed brings while the store
//! is read is newer than what is read, and is applied behind it.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::RwLockWriteGuard;

use carnet_core::store::Fault;
use carnet_core::store::Page;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;
use tokio::sync::Mutex;

/// The revoked tokens that would still live.
#[derive(Debug, Default)]
pub struct Revoked {
    known: RwLock<Known>,
    /// Held while the store is read.
    loading: Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    until: HashMap<TokenId, UnixTime>,
    /// What the feed brought since the store began to be read, while it is: until when, or no more.
    meanwhile: Option<Vec<(TokenId, Option<UnixTime>)>>,
}

impl Known {
    fn hear(&mut self, id: TokenId, until: Option<UnixTime>) {
        match until {
            Some(until) => self.until.insert(id, until),
            None => self.until.remove(&id),
        };
    }
}

impl Revoked {
    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this token was revoked.
    #[must_use]
    pub fn has(&self, id: &TokenId) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.until.contains_key(id)
    }

    /// Reads all of them from the store, in the place of what is known. Nothing that the feed brought
    /// meanwhile is lost.
    pub async fn load(&self, store: &dyn Store, now: UnixTime) -> Result<(), Fault> {
        let _alone = self.loading.lock().await;
        self.write().meanwhile = Some(Vec::new());
        let read = read(store, now).await;
        let mut known = self.write();
        let meanwhile = known.meanwhile.take().unwrap_or_default();
        known.until = read?;
        for (id, until) in meanwhile {
            known.hear(id, until);
        }
        Ok(())
    }
}

async fn read(store: &dyn Store, now: UnixTime) -> Result<HashMap<TokenId, UnixTime>, Fault> {
    let mut page = Page::first(Page::MOST);
    let mut all = HashMap::new();
    loop {
        let listing = store.revoked_tokens(now, &page).await?;
        let tokens = listing.items.into_iter();
        all.extend(tokens.map(|token| (token.id, token.until)));
        match listing.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}

impl Watcher for Revoked {
    fn changed(&self, topic: &Topic) {
        let (id, until) = match topic {
            Topic::Revoked(id, until) => (*id, Some(*until)),
            Topic::Restored(id) => (*id, None),
            _ => return,
        };
        let mut known = self.write();
        known.hear(id, until);
        if let Some(meanwhile) = &mut known.meanwhile {
            meanwhile.push((id, until));
        }
    }
}

#[cfg(test)]
mod tests;
