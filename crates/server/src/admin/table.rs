//! Every path of the admin API on one screen: each noun lists its own routes, and here they are
//! together. The published document is made of this table.

use super::route::Route;
use super::{
    account_policy, api, audit, client, client_secret, delegation, domain, group, initial_token,
    organization, password, policy, project, refused_redirect, role_binding, service_account,
    service_account_key, session, signing_key, trusted_issuer, trusted_issuer_check, user, whoami,
    workload_check, workload_pool, workload_provider,
};

/// All routes, as the document lists them.
pub(crate) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(whoami::routes());
    all.extend(organization::routes());
    all.extend(domain::routes());
    all.extend(user::routes());
    all.extend(password::routes());
    all.extend(session::routes());
    all.extend(group::routes());
    all.extend(policy::routes());
    all.extend(delegation::routes());
    all.extend(project::routes());
    all.extend(api::routes());
    all.extend(service_account::routes());
    all.extend(service_account_key::routes());
    all.extend(account_policy::routes());
    all.extend(workload_pool::routes());
    all.extend(workload_provider::routes());
    all.extend(workload_check::routes());
    all.extend(trusted_issuer_check::routes());
    all.extend(trusted_issuer::routes());
    all.extend(client::routes());
    all.extend(client_secret::routes());
    all.extend(refused_redirect::routes());
    all.extend(initial_token::routes());
    all.extend(role_binding::routes());
    all.extend(signing_key::routes());
    all.extend(audit::routes());
    all
}
