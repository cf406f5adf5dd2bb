//! Finds what a path names, and asks whether the caller may do this there.
//!
//! A thing that is not there, one that the caller may not know of, and one that is in another place
//! than the path says are one answer.

use std::str::FromStr;

use carnet_core::record::{Organization, Project, ServiceAccount, Territory};
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::store::{Fault, Store};
use carnet_core::value::{OrganizationId, ProjectId, ServiceAccountEmail, UniqueId};

use super::call::Call;
use super::problem::Problem;

/// The place of the `{project}` segment that stands for whichever project the account is in.
const ANY: &str = "-";

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

impl Call {
    /// The caller may do this here.
    pub(crate) fn permit(&self, right: Right, place: &Place) -> Result<(), Problem> {
        Ok(self.caller.powers.permit(right, place)?)
    }

    /// The organization that the path names.
    pub(crate) async fn organization(&self, right: Right) -> Result<Organization, Problem> {
        let id: OrganizationId = self.named("organization")?;
        self.permit(right, &Place::Organization(id))?;
        let found = self.desk.store().organization(id).await?;
        Ok(found.ok_or_else(No::hidden)?)
    }

    /// The project that the path names.
    pub(crate) async fn project(&self, right: Right) -> Result<Project, Problem> {
        let id: ProjectId = self.named("project")?;
        let found = self
            .desk
            .store()
            .project(&id)
            .await?
            .ok_or_else(No::hidden)?;
        self.permit(right, &of(&found))?;
        Ok(found)
    }

    /// The service account that the path names, by e-mail or unique id, in its project. The project
    /// may be given as `-`.
    pub(crate) async fn account(&self, right: Right) -> Result<(ServiceAccount, Project), Problem> {
        let account = account(self.desk.store(), self.text("account")).await?;
        let account = account.ok_or_else(No::hidden)?;
        let named = self.text("project");
        if named != ANY && named != account.project.as_str() {
            return Err(No::hidden().into());
        }
        let project = self.desk.store().project(&account.project).await?;
        let project = project.ok_or_else(No::hidden)?;
        self.permit(right, &of(&project))?;
        Ok((account, project))
    }
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
