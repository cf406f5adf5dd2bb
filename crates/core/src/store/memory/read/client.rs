//! OAuth clients and their secrets.

use carnet_wire::origin::Origin;

use crate::record;
use crate::store::Clients;
use crate::store::Listing;
use crate::store::Memory;
use crate::store::Page;
use crate::store::Reading;
use crate::store::memory::read::page;
use crate::store::memory::read::ready;
use crate::value::ClientId;
use crate::value::InitialTokenId;
use crate::value::ProjectId;
use crate::value::SecretDigest;
use crate::value::SecretId;
use crate::value::UnixTime;

impl Clients for Memory {
    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<record::Client>> {
        ready(self.tables().clients.find(id).cloned())
    }

    fn clients<'a>(
        &'a self,
        of: &'a ProjectId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Client>> {
        let tables = self.tables();
        let rows = tables.clients.rows().filter(|row| row.project == *of);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool> {
        let tables = self.tables();
        let mut clients = tables.clients.rows();
        ready(clients.any(|client| client.origins.contains(origin)))
    }

    fn refused_redirects<'a>(
        &'a self,
        of: &'a ClientId,
    ) -> Reading<'a, Vec<record::RefusedRedirect>> {
        let tables = self.tables();
        let rows = tables.refused_redirects.rows();
        let mut all: Vec<_> = rows.filter(|row| row.client == *of).cloned().collect();
        // They are in the order of their URIs.
        all.sort_by_key(|row| std::cmp::Reverse(row.last));
        ready(all)
    }

    fn unused_clients(&self, changed: UnixTime, most: u16) -> Reading<'_, Vec<record::Client>> {
        ready(self.tables().unused_clients(changed, usize::from(most)))
    }

    fn initial_token(&self, id: InitialTokenId) -> Reading<'_, Option<record::InitialToken>> {
        ready(self.tables().initial_tokens.find(&id).cloned())
    }

    fn initial_token_by_digest(
        &self,
        digest: SecretDigest,
    ) -> Reading<'_, Option<record::InitialToken>> {
        let tables = self.tables();
        let mut rows = tables.initial_tokens.rows();
        ready(rows.find(|row| row.digest == digest).cloned())
    }

    fn initial_tokens<'a>(
        &'a self,
        of: &'a ProjectId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::InitialToken>> {
        let tables = self.tables();
        let rows = tables.initial_tokens.rows();
        let rows = rows.filter(|row| row.project == *of);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn registration<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Option<record::Registration>> {
        ready(self.tables().registrations.find(of).cloned())
    }

    fn registrations(&self) -> Reading<'_, u64> {
        ready(self.tables().registrations.rows().count() as u64)
    }

    fn client_secrets<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<record::ClientSecret>> {
        let tables = self.tables();
        let rows = tables.client_secrets.rows().filter(|row| row.client == *of);
        let mut secrets: Vec<_> = rows.cloned().collect();
        secrets.sort_by_key(|secret| (secret.created, secret.id));
        ready(secrets)
    }

    fn client_secret(&self, id: SecretId) -> Reading<'_, Option<record::ClientSecret>> {
        ready(self.tables().client_secrets.find(&id).cloned())
    }

    fn secret_uses<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<record::SecretUse>> {
        let tables = self.tables();
        let rows = tables.secret_uses.rows().filter(|row| row.client == *of);
        ready(rows.cloned().collect())
    }
}
