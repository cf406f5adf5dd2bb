//! Authorizations and consents in the reference: put, refreshed, ended, read, forgotten.

use carnet_wire::device::UserCode;

use crate::record::Authorization;
use crate::record::Consent;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::Ended;
use crate::record::PushedRequest;
use crate::record::WhyEnded;
use crate::record::WorkforceSignIn;
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
use crate::value::Seconds;
use crate::value::SecretDigest;
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
        row.generation = refreshed.to;
        row.rotated = refreshed.at;
        self.authorizations.put(refreshed.id, row);
        Ok(())
    }

    pub(super) fn end_authorization(&mut self, id: AuthorizationId, end: Ended, until: UnixTime) {
        if let Some(mut row) = self.authorizations.find(&id).cloned()
            && row.ended.is_none_or(|before| {
                before.why == WhyEnded::Removed && end.why != WhyEnded::Removed
            })
        {
            row.ended = Some(end);
            self.authorizations.put(id, row);
        }
        self.revoked.put(id.as_token(), until);
    }

    pub(super) fn restore_authorization(
        &mut self,
        id: AuthorizationId,
        since: UnixTime,
    ) -> Applied {
        let removed = Some(Ended {
            since,
            why: WhyEnded::Removed,
        });
        let found = self.authorizations.find(&id).cloned();
        let mut row = found.filter(|row| row.ended == removed).ok_or(Why::Stale)?;
        row.ended = None;
        self.authorizations.put(id, row);
        self.revoked.take(&id.as_token());
        Ok(())
    }

    /// Both codes are names that nobody else may have.
    pub(super) fn has_device(&self, row: &DeviceAuthorization) -> bool {
        let taken = |other: &DeviceAuthorization| other.user_code == row.user_code;
        self.devices.has(row.digest.as_bytes()) || self.devices.rows().any(taken)
    }

    pub(super) fn put_device(&mut self, row: &DeviceAuthorization) -> Applied {
        unless(!self.clients.has(&row.client), Why::Referenced)?;
        self.devices.put(*row.digest.as_bytes(), row.clone());
        Ok(())
    }

    pub(super) fn device_polled(&mut self, digest: SecretDigest, at: UnixTime, interval: Seconds) {
        if let Some(mut row) = self.devices.find(digest.as_bytes()).cloned() {
            row.polled = Some(at);
            row.interval = interval;
            self.devices.put(*digest.as_bytes(), row);
        }
    }

    pub(super) fn device_decided(
        &mut self,
        digest: SecretDigest,
        state: &DeviceState,
        now: UnixTime,
    ) -> Applied {
        let waits = |row: &DeviceAuthorization| row.state == DeviceState::Pending && row.ends > now;
        let row = self.devices.find(digest.as_bytes()).cloned();
        let mut row = row.filter(waits).ok_or(Why::Stale)?;
        row.state = state.clone();
        self.devices.put(*digest.as_bytes(), row);
        Ok(())
    }

    pub(super) fn device_spent(&mut self, digest: SecretDigest) -> Applied {
        let allowed = |row: &DeviceAuthorization| matches!(row.state, DeviceState::Allowed(_));
        let row = self.devices.find(digest.as_bytes()).cloned();
        let mut row = row.filter(allowed).ok_or(Why::Stale)?;
        row.state = DeviceState::Spent;
        self.devices.put(*digest.as_bytes(), row);
        Ok(())
    }

    pub(super) fn forget_devices(&mut self, now: UnixTime, most: usize) -> usize {
        let over = self
            .devices
            .entries()
            .filter(|(_, row)| row.ends + DeviceAuthorization::REMEMBERED <= now);
        let over: Vec<_> = over.map(|(key, _)| *key).take(most).collect();
        for digest in &over {
            self.devices.take(digest);
        }
        over.len()
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

    fn device(&self, digest: SecretDigest) -> Reading<'_, Option<DeviceAuthorization>> {
        ready(self.tables().devices.find(digest.as_bytes()).cloned())
    }

    fn device_by_user_code<'a>(
        &'a self,
        code: &'a UserCode,
    ) -> Reading<'a, Option<DeviceAuthorization>> {
        let tables = self.tables();
        let found = tables.devices.rows().find(|row| row.user_code == *code);
        ready(found.cloned())
    }

    fn pushed(&self, digest: SecretDigest) -> Reading<'_, Option<PushedRequest>> {
        ready(self.tables().pushed.find(digest.as_bytes()).cloned())
    }

    fn workforce_sign_in(&self, id: AuthorizationId) -> Reading<'_, Option<WorkforceSignIn>> {
        ready(self.tables().workforce.find(&id).cloned())
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
