//! What people have let clients do, and what clients hold of them.

use carnet_core::record::Authorization;
use carnet_core::record::Consent;
use carnet_core::store::Grants;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::value::AuthorizationId;
use carnet_core::value::ClientId;
use carnet_core::value::UserId;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::port::after_text;
use crate::statement::params;
use crate::statements::authorization;

impl<E: Engine> Grants for Sql<E> {
    fn authorization(&self, id: AuthorizationId) -> Reading<'_, Option<Authorization>> {
        self.one(&authorization::BY_ID, params![id], authorization::read)
    }

    fn authorizations_of<'a>(
        &'a self,
        user: &'a UserId,
        page: &'a Page,
    ) -> Reading<'a, Listing<Authorization>> {
        let list = List {
            statement: &authorization::OF_PERSON,
            params: params![user, after_id::<AuthorizationId>(page)],
            decode: authorization::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn consent<'a>(
        &'a self,
        user: &'a UserId,
        client: &'a ClientId,
    ) -> Reading<'a, Option<Consent>> {
        let params = params![user, client];
        self.one(&authorization::CONSENT, params, authorization::read_consent)
    }

    fn consents_of<'a>(
        &'a self,
        user: &'a UserId,
        page: &'a Page,
    ) -> Reading<'a, Listing<Consent>> {
        let list = List {
            statement: &authorization::CONSENTS_OF,
            params: params![user, after_text(page)],
            decode: authorization::read_consent,
        };
        self.page(list, page, |row| row.client.to_string())
    }
}
