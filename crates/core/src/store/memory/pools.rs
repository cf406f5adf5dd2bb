//! Pools of workload identity and their providers in the reference.

use crate::record::PoolOwner;
use crate::record::WorkloadPool;
use crate::record::WorkloadProvider;
use crate::store::Listing;
use crate::store::Memory;
use crate::store::Page;
use crate::store::Pools;
use crate::store::Reading;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::store::memory::read::page;
use crate::store::memory::read::ready;
use crate::value::PoolName;
use crate::value::ProviderName;
use crate::value::UnixTime;
use crate::value::Version;

impl Tables {
    /// Whether the name is a pool's, or was.
    pub(super) fn has_pool(&self, name: &PoolName) -> bool {
        self.pools.has(name) || self.purged_pools.has(name)
    }

    pub(super) fn has_pools(&self, of: &PoolOwner) -> bool {
        self.pools.rows().any(|row| row.owner == *of)
    }

    pub(super) fn has_room_for(&self, provider: &WorkloadProvider) -> Applied {
        let pool = provider.name.pool();
        let others = self.providers.rows().filter(|row| row.name.pool() == pool);
        unless(others.count() >= WorkloadProvider::MOST, Why::Full)
    }

    pub(super) fn put_pool(&mut self, row: &WorkloadPool) -> Applied {
        match &row.owner {
            PoolOwner::Project(id) => unless(!self.projects.has(id), Why::Referenced)?,
            PoolOwner::Organization(id) => self.belongs(*id)?,
        }
        self.pools.put(row.name.clone(), row.clone());
        Ok(())
    }

    pub(super) fn put_provider(&mut self, row: &WorkloadProvider) -> Applied {
        unless(!self.pools.has(&row.name.pool()), Why::Referenced)?;
        self.providers.put(row.name.clone(), row.clone());
        Ok(())
    }

    pub(super) fn remove_provider(&mut self, name: &ProviderName, version: Version) -> Applied {
        self.providers.stands(name, version)?;
        self.providers.take(name);
        self.workforce.take_where(|_, row| row.provider == *name);
        Ok(())
    }

    pub(super) fn remove_pool(&mut self, name: &PoolName, version: Version) -> Applied {
        self.pools.stands(name, version)?;
        self.pools.take(name);
        self.purged_pools.put(name.clone(), ());
        self.providers.take_where(|row, _| row.pool() == *name);
        self.workforce
            .take_where(|_, row| row.provider.pool() == *name);
        Ok(())
    }
}

impl Pools for Memory {
    fn workload_pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<WorkloadPool>> {
        ready(self.tables().pools.find(name).cloned())
    }

    fn workload_pools<'a>(
        &'a self,
        of: &'a PoolOwner,
        at: &'a Page,
    ) -> Reading<'a, Listing<WorkloadPool>> {
        let tables = self.tables();
        let rows = tables.pools.rows().filter(|row| row.owner == *of);
        ready(page(rows, at, |row| row.name.to_string()))
    }

    fn workload_pools_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<WorkloadPool>> {
        let tables = self.tables();
        let rows = tables.pools.rows().map(|row| (row.deleted, row));
        ready(deleted_until(rows, moment, most, |row| {
            row.name.to_string()
        }))
    }

    fn workload_provider<'a>(
        &'a self,
        name: &'a ProviderName,
    ) -> Reading<'a, Option<WorkloadProvider>> {
        ready(self.tables().providers.find(name).cloned())
    }

    fn workload_providers<'a>(&'a self, of: &'a PoolName) -> Reading<'a, Vec<WorkloadProvider>> {
        let tables = self.tables();
        let rows = tables.providers.rows();
        ready(rows.filter(|row| row.name.pool() == *of).cloned().collect())
    }

    fn workload_providers_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<WorkloadProvider>> {
        let tables = self.tables();
        let rows = tables.providers.rows().map(|row| (row.deleted, row));
        ready(deleted_until(rows, moment, most, |row| {
            row.name.to_string()
        }))
    }
}

fn deleted_until<'a, T: Clone + 'a>(
    rows: impl Iterator<Item = (Option<UnixTime>, &'a T)>,
    moment: UnixTime,
    most: u16,
    name: fn(&T) -> String,
) -> Vec<T> {
    let rows = rows.filter_map(|(deleted, row)| Some((deleted?, row)));
    let mut due: Vec<_> = rows.filter(|(deleted, _)| *deleted <= moment).collect();
    due.sort_by_key(|(deleted, row)| (*deleted, name(row)));
    let most = usize::from(most.clamp(1, Page::MOST));
    due.into_iter()
        .take(most)
        .map(|(_, row)| row.clone())
        .collect()
}
