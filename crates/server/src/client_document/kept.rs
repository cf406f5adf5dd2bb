//! The documents that were fetched, and the places of those that are being fetched.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_core::record::Client;
use carnet_core::value::ClientId;
use carnet_core::value::UnixTime;

/// How many documents are kept.
const KEPT: usize = 256;

/// The documents that were fetched.
#[derive(Default)]
pub struct ClientDocuments {
    slots: Mutex<HashMap<ClientId, Arc<Slot>>>,
}

/// The place of one document. Whoever fetches it holds it.
pub(super) type Slot = tokio::sync::Mutex<Option<Kept>>;

/// A document that is good.
#[derive(Clone)]
pub(super) struct Kept {
    /// The client that it is.
    pub(super) client: Client,
    /// Until when it is kept.
    pub(super) until: UnixTime,
}

impl ClientDocuments {
    /// The place of the document with this id.
    pub(super) fn slot(&self, id: &ClientId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT && !slots.contains_key(id) {
            // Nobody holds on to it, so it is only fetched again.
            let idle = |slot: &Arc<Slot>| Arc::strong_count(slot) == 1;
            let any = slots.iter().find(|(_, slot)| idle(slot));
            if let Some(other) = any.map(|(other, _)| other.clone()) {
                slots.remove(&other);
            }
        }
        if slots.len() >= KEPT && !slots.contains_key(id) {
            return Arc::default();
        }
        Arc::clone(slots.entry(id.clone()).or_default())
    }

    /// Gives up the place of a document that is not good.
    pub(super) fn forget(&self, id: &ClientId) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.remove(id);
    }
}

impl fmt::Debug for ClientDocuments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientDocuments")
    }
}
