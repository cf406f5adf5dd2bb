//! Uses of sessions: the last one of each, until it is written.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use carnet_core::record::SessionSeen;
use carnet_core::value::SessionId;

/// The most sessions whose use waits. One that does not fit is noted at its next use.
const MOST: usize = 50_000;

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<SessionId, SessionSeen>);

impl Seen {
    /// Notes a use.
    pub(super) fn note(&mut self, seen: SessionSeen) {
        let full = self.0.len() >= MOST;
        match self.0.entry(seen.session) {
            Entry::Occupied(mut waits) => {
                if waits.get().at < seen.at {
                    waits.insert(seen);
                }
            }
            Entry::Vacant(place) => {
                if !full {
                    place.insert(seen);
                }
            }
        }
    }

    /// At most so many.
    pub(super) fn take(&mut self, most: usize) -> Vec<SessionSeen> {
        let due: Vec<SessionId> = self.0.keys().take(most).copied().collect();
        due.iter().filter_map(|id| self.0.remove(id)).collect()
    }
}
