//! Redirect URIs that were refused, until they are written. Anybody may send them, so little is kept: of an
//! app as many as the store will keep, of a few hundred apps. What does not fit is not noted: its refusals
//! stand in the audit log as every refusal does.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use carnet_core::record::RefusedRedirect;
use carnet_core::value::ClientId;

/// The most apps of which something waits.
const APPS: usize = 200;

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Redirects(HashMap<ClientId, HashMap<String, RefusedRedirect>>);

impl Redirects {
    /// Notes a refusal.
    pub(super) fn note(&mut self, refused: RefusedRedirect) {
        let room = self.0.len() < APPS || self.0.contains_key(&refused.client);
        if !room {
            return;
        }
        let of_app = self.0.entry(refused.client.clone()).or_default();
        let full = of_app.len() >= usize::from(RefusedRedirect::MOST);
        match of_app.entry(refused.uri.clone()) {
            Entry::Occupied(mut waits) => {
                let waits = waits.get_mut();
                waits.count = waits.count.saturating_add(refused.count);
                waits.first = waits.first.min(refused.first);
                if refused.last >= waits.last {
                    waits.last = refused.last;
                    waits.near = refused.near;
                }
            }
            Entry::Vacant(place) => {
                if !full {
                    place.insert(refused);
                }
            }
        }
    }

    /// At most so many, app by app.
    pub(super) fn take(&mut self, most: usize) -> Vec<RefusedRedirect> {
        let mut taken = Vec::new();
        while taken.len() < most {
            let Some(app) = self.0.keys().next().cloned() else {
                break;
            };
            taken.extend(self.0.remove(&app).into_iter().flatten().map(|it| it.1));
        }
        taken
    }
}
