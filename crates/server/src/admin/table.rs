//! Every path of the admin API on one screen: each noun lists its own routes, and here they are
//! together. The published document is made of this table.

use super::route::Route;
use super::{delegation, project, service_account, service_account_key, whoami};

/// All routes, as the document lists them.
pub(crate) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(whoami::routes());
    all.extend(project::routes());
    all.extend(service_account::routes());
    all.extend(service_account_key::routes());
    all.extend(delegation::routes());
    all
}
