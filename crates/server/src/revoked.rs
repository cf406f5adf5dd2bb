//! The tokens that were revoked before their end: kept in memory, so that asking costs no read.
//!
//! The store has the truth. At start all of it is read; afterwards the feed of changes adds to it,
//! from this node at once and from others in under a second.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::RwLock;

use carnet_core::store::Fault;
use carnet_core::store::Page;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;

/// The revoked tokens that would still live.
#[derive(Debug, Default)]
pub struct Revoked(RwLock<HashMap<TokenId, UnixTime>>);

impl Revoked {
    /// Whether this token was revoked.
    #[must_use]
    pub fn has(&self, id: &TokenId) -> bool {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(id)
    }

    /// Reads all of them from the store, and forgets those that have expired. Nothing that the feed
    /// brought meanwhile is lost: revocations are only ever added.
    pub async fn load(&self, store: &dyn Store, now: UnixTime) -> Result<(), Fault> {
        let mut page = Page::first(Page::MOST);
        loop {
            let listing = store.revoked_tokens(now, &page).await?;
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.extend(
                listing
                    .items
                    .into_iter()
                    .map(|token| (token.id, token.until)),
            );
            let Some(next) = listing.next else {
                known.retain(|_, until| *until > now);
                return Ok(());
            };
            page.after = Some(next);
        }
    }
}

impl Watcher for Revoked {
    fn changed(&self, topic: &Topic) {
        if let Topic::Revoked(id, until) = topic {
            self.0
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(*id, *until);
        }
    }
}
