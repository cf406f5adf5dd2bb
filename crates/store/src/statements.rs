//! Every statement of SQL, one file a noun: the texts, how a record becomes parameters, and how a
//! row becomes a record. [`all`] lists every text, and a test prepares them all on both engines.

pub(crate) mod account_policy;
pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod authorization;
pub(crate) mod client;
mod client_credentials;
pub(crate) mod delegation;
pub(crate) mod detail_type;
pub(crate) mod device_authorization;
pub(crate) mod given_name;
pub(crate) mod group;
pub(crate) mod json;
pub(crate) mod liveness;
pub(crate) mod organization;
pub(crate) mod password;
pub(crate) mod policy;
pub(crate) mod project;
pub(crate) mod pushed_request;
pub(crate) mod refused_redirect;
pub(crate) mod registration;
pub(crate) mod role;
pub(crate) mod service_account;
pub(crate) mod service_account_key;
pub(crate) mod session;
pub(crate) mod signing_key;
pub(crate) mod spent;
pub(crate) mod system_key;
pub(crate) mod trusted_issuer;
pub(crate) mod user;
pub(crate) mod workforce_sign_in;
pub(crate) mod workload_pool;
pub(crate) mod workload_provider;

use crate::statement::Statement;

/// Every statement there is, but for those that open and migrate a database.
pub(crate) fn all() -> impl Iterator<Item = &'static Statement> {
    [
        organization::ALL,
        trusted_issuer::ALL,
        user::ALL,
        password::ALL,
        session::ALL,
        given_name::ALL,
        group::ALL,
        project::ALL,
        pushed_request::ALL,
        registration::ALL,
        api::ALL,
        service_account::ALL,
        service_account_key::ALL,
        client::ALL,
        authorization::ALL,
        delegation::ALL,
        device_authorization::ALL,
        policy::ALL,
        refused_redirect::ALL,
        role::ALL,
        signing_key::ALL,
        spent::ALL,
        account_policy::ALL,
        system_key::ALL,
        audit::ALL,
        liveness::ALL,
        workforce_sign_in::ALL,
        workload_pool::ALL,
        workload_provider::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
