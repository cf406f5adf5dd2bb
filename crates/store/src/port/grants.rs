//! What people have let clients do, and what clients hold of them.

use carnet_core::record::Authorization;
use carnet_core::record::Consent;
use carnet_core::record::DeviceAuthorization;
use carnet_core::record::PushedRequest;
use carnet_core::record::WorkforceSignIn;
use carnet_core::store::Grants;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::value::AuthorizationId;
use carnet_core::value::ClientId;
use carnet_core::value::SecretDigest;
use carnet_core::value::UserId;
use carnet_wire::device::UserCode;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::port::after_text;
use crate::statement::params;
use crate::statements::authorization;
use crate::statements::device_authorization as device;
use crate::statements::pushed_request;
use crate::statements::workforce_sign_in as workforce;

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

    fn device(&self, digest: SecretDigest) -> Reading<'_, Option<DeviceAuthorization>> {
        let params = params![digest];
        self.one(&device::BY_DIGEST, params, device::read)
    }

    fn device_by_user_code<'a>(
        &'a self,
        code: &'a UserCode,
    ) -> Reading<'a, Option<DeviceAuthorization>> {
        let params = params![code.as_str()];
        self.one(&device::BY_USER_CODE, params, device::read)
    }

    fn pushed(&self, digest: SecretDigest) -> Reading<'_, Option<PushedRequest>> {
        let params = params![digest];
        self.one(&pushed_request::BY_DIGEST, params, pushed_request::read)
    }

    fn workforce_sign_in(&self, id: AuthorizationId) -> Reading<'_, Option<WorkforceSignIn>> {
        let params = params![id];
        self.one(&workforce::BY_ID, params, workforce::read)
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
