//! Where things are, for roles that hold there: what the admin API and Google's IAM both ask.

use std::str::FromStr;

use carnet_core::record::Project;
use carnet_core::record::ServiceAccount;
use carnet_core::record::Territory;
use carnet_core::rule::admin::access::Place;
use carnet_core::store::Fault;
use carnet_core::store::Store;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::UniqueId;

/// The place of a project.
pub(crate) fn of(project: &Project) -> Place {
    Place::Project(project.id.clone(), project.organization)
}

/// The place that a territory is, if it exists.
pub(crate) async fn place(
    store: &dyn Store,
    territory: &Territory,
) -> Result<Option<Place>, Fault> {
    Ok(match territory {
        Territory::Installation => Some(Place::Installation),
        Territory::Organization(id) => store
            .organization(*id)
            .await?
            .map(|found| Place::Organization(found.id)),
        Territory::Project(id) => store.project(id).await?.map(|found| of(&found)),
    })
}

/// A service account by e-mail or unique id.
pub(crate) async fn account(
    store: &dyn Store,
    text: &str,
) -> Result<Option<ServiceAccount>, Fault> {
    if let Ok(id) = UniqueId::from_str(text) {
        store.service_account(&id).await
    } else if let Ok(email) = ServiceAccountEmail::from_str(text) {
        store.service_account_by_email(&email).await
    } else {
        Ok(None)
    }
}
