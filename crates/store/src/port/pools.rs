//! Pools of workload identity and their providers.

use carnet_core::record::PoolOwner;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Pools;
use carnet_core::store::Reading;
use carnet_core::value::PoolName;
use carnet_core::value::ProviderName;
use carnet_core::value::UnixTime;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_text;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::workload_pool as pool;
use crate::statements::workload_provider as provider;

impl<E: Engine> Pools for Sql<E> {
    fn workload_pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<WorkloadPool>> {
        self.one(&pool::BY_NAME, params![name], pool::read)
    }

    fn workload_pools<'a>(
        &'a self,
        of: &'a PoolOwner,
        page: &'a Page,
    ) -> Reading<'a, Listing<WorkloadPool>> {
        let after = after_text(page);
        let (statement, params) = match of {
            PoolOwner::Project(id) => (&pool::PAGE_OF_PROJECT, params![id, after]),
            PoolOwner::Organization(id) => (&pool::PAGE_OF_ORGANIZATION, params![*id, after]),
        };
        let list = List {
            statement,
            params,
            decode: pool::read,
        };
        self.page(list, page, |row| row.name.to_string())
    }

    fn workload_pools_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<WorkloadPool>> {
        let question = Question {
            statement: &pool::DELETED_UNTIL,
            params: params![moment, i64::from(most.clamp(1, Page::MOST))],
            size: Size::List,
        };
        self.all(question, pool::read)
    }

    fn workload_provider<'a>(
        &'a self,
        name: &'a ProviderName,
    ) -> Reading<'a, Option<WorkloadProvider>> {
        self.one(&provider::BY_NAME, params![name], provider::read)
    }

    fn workload_providers<'a>(&'a self, of: &'a PoolName) -> Reading<'a, Vec<WorkloadProvider>> {
        let most = i64::try_from(WorkloadProvider::MOST).unwrap_or(i64::MAX);
        let question = Question {
            statement: &provider::OF_POOL,
            params: params![of, most],
            size: Size::List,
        };
        self.all(question, provider::read)
    }

    fn workload_providers_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<WorkloadProvider>> {
        let question = Question {
            statement: &provider::DELETED_UNTIL,
            params: params![moment, i64::from(most.clamp(1, Page::MOST))],
            size: Size::List,
        };
        self.all(question, provider::read)
    }
}
