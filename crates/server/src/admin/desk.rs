//! What the admin API works with: the parts of the server, and two things that only it needs.

use std::fmt;
use std::sync::Arc;

use carnet_core::store::Store;
use carnet_core::value::{Entropy as _, UnixTime};
use zeroize::Zeroizing;

use super::key_pair::Workshop;
use super::paging::Cursors;
use crate::parts::{Parts, SystemEntropy};

/// What cursors are authenticated with, derived from the key-encryption key: the same on every node.
const CURSORS: &str = "carnet admin cursors 1";

/// What the admin API works with.
pub(super) struct Desk {
    /// The parts of the server.
    pub(crate) parts: Arc<Parts>,
    /// Makes and checks cursors.
    pub(crate) cursors: Cursors,
    /// Makes key pairs, a few at a time.
    pub(crate) workshop: Workshop,
}

impl Desk {
    /// Sets it up over the parts of a server.
    #[must_use]
    pub(super) fn new(parts: Arc<Parts>) -> Self {
        // Deriving 32 bytes does not fail. If it did, cursors would hold on this node only.
        let key = parts.encryption.derive(CURSORS).unwrap_or_else(|_| {
            let mut key = Zeroizing::new([0; 32]);
            SystemEntropy.fill(key.as_mut_slice());
            key
        });
        Self {
            cursors: Cursors::new(&key),
            workshop: Workshop::default(),
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
