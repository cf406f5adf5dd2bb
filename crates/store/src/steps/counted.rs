//! What is only counted: uses of secrets, and redirect URIs that were refused. In the order of their keys, so
//! that two nodes which write their batches at the same time wait for each other once.

use carnet_core::record::RefusedRedirect;
use carnet_core::store::Change;

use super::Steps;
use crate::statement::params;
use crate::statements::client;
use crate::statements::refused_redirect;

impl Steps {
    pub(super) fn secret_uses(&mut self, changes: &[Change]) {
        let mut uses: Vec<_> = (0..)
            .zip(changes)
            .filter_map(|(place, change)| match change {
                Change::SecretUsed(used) => Some((used.secret, place, used)),
                _ => None,
            })
            .collect();
        uses.sort_unstable_by_key(|(secret, place, _)| (*secret, *place));
        for (_, place, used) in uses {
            self.change = place;
            self.may(&client::USED, client::write_use(used));
        }
    }

    pub(super) fn refused_redirects(&mut self, changes: &[Change]) {
        let mut all: Vec<_> = (0..)
            .zip(changes)
            .filter_map(|(place, change)| match change {
                Change::RedirectRefused(refused) => Some((&refused.client, place, refused)),
                _ => None,
            })
            .collect();
        all.sort_unstable_by_key(|(client, place, _)| (*client, *place));
        for of_client in all.chunk_by(|one, next| one.0 == next.0) {
            for (client, place, refused) in of_client {
                self.change = *place;
                // Held once, before the first of its rows is touched.
                if of_client.first().is_some_and(|first| first.1 == *place) {
                    self.may(&client::LOCK, params![*client]);
                }
                self.may(&refused_redirect::REFUSED, refused_redirect::write(refused));
            }
            if let Some((client, ..)) = of_client.first() {
                let most = i64::from(RefusedRedirect::MOST);
                self.may(&refused_redirect::TRIM, params![*client, most]);
            }
        }
    }
}
