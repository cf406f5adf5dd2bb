//! Redirect URIs that were refused.

use crate::record::RefusedRedirect;
use crate::store::memory::Tables;

impl Tables {
    pub(super) fn refuse_redirect(&mut self, refused: &RefusedRedirect) {
        if !self.clients.has(&refused.client) {
            return; // deleted since
        }
        let place = (refused.client.clone(), refused.uri.clone());
        let mut row = refused.clone();
        if let Some(before) = self.refused_redirects.find(&place) {
            row.first = before.first;
            row.last = before.last.max(refused.last);
            row.count = before.count.saturating_add(refused.count);
        }
        self.refused_redirects.put(place, row);
        let of_client = |row: &&RefusedRedirect| row.client == refused.client;
        let mut all: Vec<_> = self.refused_redirects.rows().filter(of_client).collect();
        all.sort_by_key(|row| {
            (
                row.near.is_none(),
                std::cmp::Reverse(row.last),
                row.uri.clone(),
            )
        });
        let most = usize::from(RefusedRedirect::MOST);
        let gone: Vec<String> = all.iter().skip(most).map(|row| row.uri.clone()).collect();
        for uri in gone {
            self.refused_redirects.take(&(refused.client.clone(), uri));
        }
    }
}
