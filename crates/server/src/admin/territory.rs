//! Finds what a path names, and asks whether the caller may do this there.
//!
//! A thing that is not there, one that the caller may not know of, and one that is in another place
//! than the path says are one answer.

use std::str::FromStr;

use carnet_core::record::{Client, Organization, Project, ServiceAccount};
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::{No, client};
use carnet_core::store::{Fault, Store};
use carnet_core::value::{
    ApiId, ClientId, DelegationId, DomainName, KeyId, OrganizationId, PolicyId, ProjectId, SecretId,
};

use super::call::Call;
use super::people;
use super::problem::Problem;
pub(crate) use crate::place::{account, of, place};

/// The place of the `{project}` segment that stands for whichever project the account is in.
const ANY: &str = "-";

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

/// The place of what an audit entry is about, by the text of its target: a project, an organization, or
/// something in one.
pub(crate) async fn of_target(store: &dyn Store, target: &str) -> Result<Option<Place>, Fault> {
    if let Some(account) = account(store, target).await? {
        return in_project(store, &account.project).await;
    }
    if let Ok(id) = KeyId::from_str(target)
        && let Some(key) = store.service_account_key(&id).await?
    {
        let account = store.service_account(&key.account).await?;
        return match account {
            Some(account) => in_project(store, &account.project).await,
            None => Ok(None),
        };
    }
    if let Ok(id) = ApiId::from_str(target)
        && let Some(api) = store.api(id).await?
    {
        return in_project(store, &api.project).await;
    }
    if let Some(client) = client_of(store, target).await? {
        return in_project(store, &client.project).await;
    }
    if let Ok(id) = ProjectId::from_str(target)
        && let Some(project) = store.project(&id).await?
    {
        return Ok(Some(of(&project)));
    }
    let organization = organization_of(store, target).await?;
    Ok(organization.map(Place::Organization))
}

/// The app that an entry is about, by its own name or by that of a secret of it. The name of an app
/// stands behind a prefix: people choose it, and it must not look like another thing's.
async fn client_of(store: &dyn Store, target: &str) -> Result<Option<Client>, Fault> {
    if let Some(name) = target.strip_prefix(client::TARGET) {
        return match ClientId::from_str(name) {
            Ok(id) => store.client(&id).await,
            Err(_) => Ok(None),
        };
    }
    let Ok(id) = SecretId::from_str(target) else {
        return Ok(None);
    };
    match store.client_secret(id).await? {
        Some(secret) => store.client(&secret.client).await,
        None => Ok(None),
    }
}

async fn in_project(store: &dyn Store, id: &ProjectId) -> Result<Option<Place>, Fault> {
    Ok(store.project(id).await?.map(|project| of(&project)))
}

/// The organization of something that belongs to one.
async fn organization_of(store: &dyn Store, target: &str) -> Result<Option<OrganizationId>, Fault> {
    if let Ok(id) = OrganizationId::from_str(target) {
        return Ok(Some(id));
    }
    if let Ok(id) = DelegationId::from_str(target) {
        let found = store.delegation(id).await?;
        return Ok(found.map(|found| found.organization));
    }
    if let Ok(id) = PolicyId::from_str(target) {
        return Ok(store.policy(id).await?.map(|found| found.organization));
    }
    if let Some(user) = people::user(store, target).await? {
        return Ok(Some(user.organization));
    }
    if let Some(group) = people::group(store, target).await? {
        return Ok(Some(group.organization));
    }
    match DomainName::from_str(target) {
        Ok(name) => Ok(store.domain(&name).await?.map(|found| found.organization)),
        Err(_) => Ok(None),
    }
}
