//! Who may do what with service accounts, and the keys that we hold for them.

use crate::record::AccountPolicy;
use crate::record::SystemKey;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::UniqueId;
use crate::value::UnixTime;

impl Tables {
    pub(super) fn put_account_policy(&mut self, row: &AccountPolicy) -> Applied {
        unless(!self.accounts.has(&row.account), Why::Referenced)?;
        self.account_policies.put(row.account.clone(), row.clone());
        Ok(())
    }

    pub(super) fn has_system_key(&self, row: &SystemKey) -> bool {
        let place = (row.account.clone(), row.generation);
        self.system_keys.has(&place) || self.system_keys.rows().any(|other| other.id == row.id)
    }

    pub(super) fn put_system_key(&mut self, row: &SystemKey) -> Applied {
        unless(!self.accounts.has(&row.account), Why::Referenced)?;
        let place = (row.account.clone(), row.generation);
        self.system_keys.put(place, row.clone());
        Ok(())
    }

    pub(super) fn system_keys_of(&self, account: &UniqueId) -> Vec<SystemKey> {
        let rows = self.system_keys.rows();
        rows.filter(|row| row.account == *account)
            .cloned()
            .collect()
    }

    pub(super) fn forget_system_keys(&mut self, now: UnixTime, most: usize) -> usize {
        let rows = self.system_keys.entries();
        let over: Vec<_> = rows
            .filter(|(_, row)| row.published_until <= now)
            .map(|(place, _)| place.clone())
            .take(most)
            .collect();
        for place in &over {
            self.system_keys.take(place);
        }
        over.len()
    }
}
