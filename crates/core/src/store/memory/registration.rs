//! Clients that register themselves in the reference, and the tokens that let them in.

use crate::record::Client;
use crate::record::ClientSource;
use crate::record::InitialToken;
use crate::record::Registration;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::UnixTime;

impl Tables {
    pub(super) fn put_initial_token(&mut self, row: &InitialToken) -> Applied {
        unless(!self.projects.has(&row.project), Why::Referenced)?;
        let taken = self
            .initial_tokens
            .rows()
            .any(|other| other.digest == row.digest && other.id != row.id);
        unless(taken, Why::Taken)?;
        self.initial_tokens.put(row.id, row.clone());
        Ok(())
    }

    pub(super) fn put_registration(&mut self, row: &Registration) -> Applied {
        unless(!self.clients.has(&row.client), Why::Referenced)?;
        let taken = self
            .registrations
            .rows()
            .any(|other| other.digest == row.digest && other.client != row.client);
        unless(taken, Why::Taken)?;
        self.registrations.put(row.client.clone(), row.clone());
        Ok(())
    }

    pub(super) fn forget_initial_tokens(&mut self, now: UnixTime, most: usize) -> usize {
        let over = self.initial_tokens.entries();
        let over = over.filter(|(_, row)| row.expires <= now);
        let over: Vec<_> = over.map(|(key, _)| *key).take(most).collect();
        for id in &over {
            self.initial_tokens.take(id);
        }
        over.len()
    }

    /// Clients that no administrator made and nobody uses.
    pub(super) fn unused_clients(&self, changed: UnixTime, most: usize) -> Vec<Client> {
        let invited = |client: &Client| {
            let registration = self.registrations.find(&client.id);
            registration.is_some_and(|registration| registration.invited.is_some())
        };
        let used = |client: &Client| {
            self.consents.rows().any(|row| row.client == client.id)
                || self
                    .authorizations
                    .rows()
                    .any(|row| row.client == client.id)
                || self.secret_uses.rows().any(|row| row.client == client.id)
        };
        let mut unused: Vec<Client> = self
            .clients
            .rows()
            .filter(|client| {
                client.source != ClientSource::Admin
                    && client.changed <= changed
                    && !invited(client)
                    && !used(client)
            })
            .cloned()
            .collect();
        unused.sort_by(|one, other| (one.changed, &one.id).cmp(&(other.changed, &other.id)));
        unused.truncate(most);
        unused
    }
}
