//! What the admin API works with: the parts of the server, and what only it needs.

use std::fmt;
use std::sync::Arc;
use std::sync::LazyLock;

use carnet_core::store::Store;
use carnet_core::value::UnixTime;
use serde_json::Value;

use crate::cursors::Cursors;
use crate::parts::Parts;

/// What cursors are authenticated with, derived from the key-encryption key: the same on every node.
const CURSORS: &str = "carnet admin cursors 1";

/// What the admin API works with.
pub(super) struct Desk {
    /// The parts of the server.
    pub(crate) parts: Arc<Parts>,
    /// Makes and checks cursors.
    pub(crate) cursors: Cursors,
    /// The published document: bodies are held against its schemas.
    pub(crate) document: &'static LazyLock<Value>,
}

impl Desk {
    /// Sets it up over the parts of a server.
    #[must_use]
    pub(super) fn new(parts: Arc<Parts>, document: &'static LazyLock<Value>) -> Self {
        Self {
            document,
            cursors: Cursors::derived(&parts.encryption, CURSORS),
            parts,
        }
    }

    /// What remembers.
    pub(crate) fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    /// What time it is. A request asks once.
    pub(crate) fn now(&self) -> UnixTime {
        self.parts.now()
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
