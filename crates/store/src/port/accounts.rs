//! Service accounts, what proves them, and as whom they may act.

use carnet_core::record::AccountPolicy;
use carnet_core::record::Delegation;
use carnet_core::record::KeyUse;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::SystemKey;
use carnet_core::store::Accounts;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::value::DelegationId;
use carnet_core::value::KeyId;
use carnet_core::value::OrganizationId;
use carnet_core::value::ProjectId;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::port::after_text;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::account_policy;
use crate::statements::delegation;
use crate::statements::service_account;
use crate::statements::service_account_key;
use crate::statements::system_key;

impl<E: Engine> Accounts for Sql<E> {
    fn service_account<'a>(&'a self, id: &'a UniqueId) -> Reading<'a, Option<ServiceAccount>> {
        self.one(&service_account::BY_ID, params![id], service_account::read)
    }

    fn service_account_by_email<'a>(
        &'a self,
        email: &'a ServiceAccountEmail,
    ) -> Reading<'a, Option<ServiceAccount>> {
        self.one(
            &service_account::BY_EMAIL,
            params![email],
            service_account::read,
        )
    }

    fn service_accounts<'a>(
        &'a self,
        of: &'a ProjectId,
        page: &'a Page,
    ) -> Reading<'a, Listing<ServiceAccount>> {
        let list = List {
            statement: &service_account::PAGE,
            params: params![of, after_text(page)],
            decode: service_account::read,
        };
        self.page(list, page, |row| row.unique_id.to_string())
    }

    fn service_accounts_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<ServiceAccount>> {
        let question = Question {
            statement: &service_account::DELETED_UNTIL,
            params: params![moment, i64::from(most.clamp(1, Page::MOST))],
            size: Size::List,
        };
        self.all(question, service_account::read)
    }

    fn service_account_key<'a>(&'a self, id: &'a KeyId) -> Reading<'a, Option<ServiceAccountKey>> {
        self.one(
            &service_account_key::BY_ID,
            params![id],
            service_account_key::read,
        )
    }

    fn service_account_keys<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<ServiceAccountKey>> {
        let statement = &service_account_key::OF_ACCOUNT;
        let question = Question {
            statement,
            params: params![of],
            size: Size::Point,
        };
        self.all(question, service_account_key::read)
    }

    fn key_uses<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<KeyUse>> {
        let statement = &service_account_key::USES;
        let question = Question {
            statement,
            params: params![of],
            size: Size::Point,
        };
        self.all(question, service_account_key::read_use)
    }

    fn account_policy<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Option<AccountPolicy>> {
        let statement = &account_policy::OF_ACCOUNT;
        self.one(statement, params![of], account_policy::read)
    }

    fn system_keys<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<SystemKey>> {
        let question = Question {
            statement: &system_key::OF_ACCOUNT,
            params: params![of],
            size: Size::Point,
        };
        self.all(question, system_key::read)
    }

    fn delegation(&self, id: DelegationId) -> Reading<'_, Option<Delegation>> {
        self.one(&delegation::BY_ID, params![id], delegation::read)
    }

    fn delegations<'a>(
        &'a self,
        of: OrganizationId,
        page: &'a Page,
    ) -> Reading<'a, Listing<Delegation>> {
        let list = List {
            statement: &delegation::PAGE,
            params: params![of, after_id::<DelegationId>(page)],
            decode: delegation::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn delegations_of<'a>(&'a self, client_id: &'a UniqueId) -> Reading<'a, Vec<Delegation>> {
        let params = params![client_id, i64::from(Page::MOST)];
        let question = Question {
            statement: &delegation::OF_CLIENT,
            params,
            size: Size::List,
        };
        self.all(question, delegation::read)
    }
}
