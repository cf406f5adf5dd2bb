//! Authorizations and consents in the reference: put, refreshed, ended, read, forgotten.

use crate::record::Authorization;
use crate::record::Consent;
use crate::record::Ended;
use crate::store::Grants;
use crate::store::Listing;
use crate::store::Memory;
use crate::store::Page;
use crate::store::Reading;
use crate::store::Refreshed;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::store::memory::read::page;
use crate::store::memory::read::ready;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::UnixTime;
use crate::value::UserId;

impl Tables {
    pub(super) fn put_authorization(&mut self, row: &Authorization) -> Applied {
        let both = self.users.has(&row.user) && self.clients.has(&row.client);
        unless(!both, Why::Referenced)?;
        self.authorizations.put(row.id, row.clone());
        Ok(())
    }

    pub(super) fn put_consent(&mut self, row: &Consent) -> Applied {
        let both = self.users.has(&row.user) && self.clients.has(&row.client);
        unless(!both, Why::Referenced)?;
        let pair = (row.user.clone(), row.client.clone());
        self.consents.put(pair, row.clone());
        Ok(())
    }

    pub(super) fn refresh(&mut self, refreshed: Refreshed) -> Applied {
        let found = self.authorizations.find(&refreshed.id).cloned();
        let fits = |row: &Authorization| row.ended.is_none() && row.generation == refreshed.from;
        let mut row = found.filter(fits).ok_or(Why::Stale)?;
        row.generation = row.generation.saturating_add(1);
        row.rotated = refreshed.at;
        self.authorizations.put(refreshed.id, row);
        Ok(())
    }

    pub(super) fn end_authorization(&mut self, id: AuthorizationId, end: Ended, until: UnixTime) {
        if let Some(mut row) = self.authorizations.find(&id).cloned()
            && row.ended.is_none()
        {
            row.ended = Some(end);
            self.authorizations.put(id, row);
        }
        self.revoked.put(id.as_token(), until);
    }

    pub(super) fn forget_authorizations(&mut self, now: UnixTime, most: usize) -> usize {
        let over = self
            .authorizations
            .rows()
            .filter(|row| row.ends <= now)
            .map(|row| row.id)
            .take(most);
        let over: Vec<_> = over.collect();
        for id in &over {
            self.authorizations.take(id);
        }
        over.len()
    }
}

impl Grants for Memory {
    fn authorization(&self, id: AuthorizationId) -> Reading<'_, Option<Authorization>> {
        ready(self.tables().authorizations.find(&id).cloned())
    }

    fn authorizations_of<'a>(
        &'a self,
        user: &'a UserId,
        at: &'a Page,
    ) -> Reading<'a, Listing<Authorization>> {
        let tables = self.tables();
        let rows = tables.authorizations.rows().filter(|row| row.user == *user);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn consent<'a>(
        &'a self,
        user: &'a UserId,
        client: &'a ClientId,
    ) -> Reading<'a, Option<Consent>> {
        let pair = (user.clone(), client.clone());
        ready(self.tables().consents.find(&pair).cloned())
    }

    fn consents_of<'a>(&'a self, user: &'a UserId, at: &'a Page) -> Reading<'a, Listing<Consent>> {
        let tables = self.tables();
        let rows = tables.consents.rows().filter(|row| row.user == *user);
        ready(page(rows, at, |row| row.client.to_string()))
    }
}
