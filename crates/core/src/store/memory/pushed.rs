//! Pushed requests in the reference: put, opened, spent, forgotten.

use crate::record::PushedRequest;
use crate::record::PushedState;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::SecretDigest;
use crate::value::UnixTime;

impl Tables {
    pub(super) fn put_pushed(&mut self, row: &PushedRequest) -> Applied {
        unless(!self.clients.has(&row.client), Why::Referenced)?;
        self.pushed.put(*row.digest.as_bytes(), row.clone());
        Ok(())
    }

    pub(super) fn open_pushed(&mut self, digest: SecretDigest, until: UnixTime) {
        let row = self.pushed.find(digest.as_bytes()).cloned();
        if let Some(mut row) = row.filter(|row| row.state == PushedState::Waiting) {
            row.state = PushedState::Opened;
            row.ends = until;
            self.pushed.put(*digest.as_bytes(), row);
        }
    }

    pub(super) fn spend_pushed(&mut self, digest: SecretDigest, now: UnixTime) -> Applied {
        let good = |row: &PushedRequest| row.state != PushedState::Spent && row.ends > now;
        let row = self.pushed.find(digest.as_bytes()).cloned();
        let mut row = row.filter(good).ok_or(Why::Stale)?;
        row.state = PushedState::Spent;
        self.pushed.put(*digest.as_bytes(), row);
        Ok(())
    }

    pub(super) fn forget_pushed(&mut self, now: UnixTime, most: usize) -> usize {
        let over = self.pushed.entries().filter(|(_, row)| row.ends <= now);
        let over: Vec<_> = over.map(|(key, _)| *key).take(most).collect();
        for digest in &over {
            self.pushed.take(digest);
        }
        over.len()
    }
}
