//! Those who are told what changed on this node or another.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use carnet_core::store::Topic;
use carnet_core::store::Watcher;

/// A list that only grows: watchers live as long as the store.
#[derive(Default)]
pub(crate) struct Watchers(RwLock<Vec<Arc<dyn Watcher>>>);

impl Watchers {
    pub(crate) fn add(&self, watcher: Arc<dyn Watcher>) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(watcher);
    }

    pub(crate) fn tell(&self, topics: &[Topic]) {
        if topics.is_empty() {
            return;
        }
        let watchers = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for topic in topics {
            for watcher in &watchers {
                watcher.changed(topic);
            }
        }
    }
}
