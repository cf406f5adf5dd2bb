//! Sign-ins of people of workforces in the reference: put, redeemed, ended, forgotten.

use crate::record::Ended;
use crate::record::WorkforceSignIn;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::AuthorizationId;
use crate::value::Seconds;
use crate::value::UnixTime;

/// For how long a sign-in is kept whose code nobody redeemed, after the code's end.
const UNUSED: Seconds = Seconds(600);

impl Tables {
    pub(super) fn put_workforce(&mut self, row: &WorkforceSignIn) -> Applied {
        unless(!self.providers.has(&row.provider), Why::Referenced)?;
        self.workforce.put(row.id, row.clone());
        Ok(())
    }

    pub(super) fn redeem_sign_in(&mut self, id: AuthorizationId, now: UnixTime) -> Applied {
        let good = |row: &WorkforceSignIn| {
            row.redeemed.is_none() && row.ended.is_none() && row.code_ends > now
        };
        let row = self.workforce.find(&id).cloned();
        let mut row = row.filter(good).ok_or(Why::Stale)?;
        row.redeemed = Some(now);
        self.workforce.put(id, row);
        Ok(())
    }

    pub(super) fn end_sign_in(&mut self, id: AuthorizationId, ended: Ended) {
        let row = self.workforce.find(&id).cloned();
        if let Some(mut row) = row.filter(|row| row.ended.is_none()) {
            row.ended = Some(ended);
            self.workforce.put(id, row);
        }
    }

    pub(super) fn forget_sign_ins(&mut self, now: UnixTime, most: usize) -> usize {
        let over = |row: &WorkforceSignIn| {
            let unused = row.redeemed.is_none() && row.code_ends + UNUSED <= now;
            row.ends <= now || unused
        };
        let over = self.workforce.entries().filter(|(_, row)| over(row));
        let over: Vec<_> = over.map(|(key, _)| *key).take(most).collect();
        for id in &over {
            self.workforce.take(id);
        }
        over.len()
    }
}
