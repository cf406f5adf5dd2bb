//! `organizations`: workspaces with domains, users, groups, policies and delegations.

use std::collections::BTreeMap;

use axum::http::Method;
use carnet_core::record::{self, Territory};
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::organization;
use carnet_core::store::{Listing, Page};
use carnet_core::value::OrganizationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;

/// An organization: a workspace with domains, users, groups, policies and delegations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// An organization to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateOrganization {
    /// What people call it: at most 100 bytes.
    #[schema(min_length = 1, max_length = 100, example = "Acme")]
    title: String,
}

/// Changes to an organization. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchOrganization {
    /// What people call it: at most 100 bytes.
    #[schema(min_length = 1, max_length = 100)]
    title: Option<String>,
}

/// Where organizations answer.
pub(crate) fn routes() -> [Route; 5] {
    const ONE: &str = "organizations/{organization}";
    [
        route(
            Method::GET,
            "organizations",
            "Lists the organizations that you may see.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Organization>>()
        .paged(),
        route(
            Method::POST,
            "organizations",
            "Makes an organization.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateOrganization>()
        .creates::<Organization>(),
        route(Method::GET, ONE, "Shows an organization.", |call| {
            Box::pin(get(call))
        })
        .gives::<Organization>(),
        route(Method::PATCH, ONE, "Changes an organization.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchOrganization>()
        .gives::<Organization>(),
        route(
            Method::DELETE,
            ONE,
            "Deletes an organization that nothing belongs to any more.",
            |call| Box::pin(delete(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let listing = if call.permit(Right::Read, &Place::Installation).is_ok() {
        call.desk.store().organizations(&page).await?
    } else {
        visible(&call, &page).await?
    };
    Ok(call.listed(listing, Organization::from))
}

/// The organizations on which the caller has a role.
async fn visible(call: &Call, page: &Page) -> Result<Listing<record::Organization>, Problem> {
    let mut found: BTreeMap<OrganizationId, record::Organization> = BTreeMap::new();
    for binding in &call.caller.powers.subject {
        let Territory::Organization(id) = &binding.territory else {
            continue;
        };
        let text = id.to_string();
        let later = page
            .after
            .as_deref()
            .is_none_or(|after| text.as_str() > after);
        if later
            && call.permit(Right::Read, &Place::Organization(*id)).is_ok()
            && let Some(organization) = call.desk.store().organization(*id).await?
        {
            found.insert(*id, organization);
        }
    }
    let items = found.into_values().collect();
    Ok(Listing::cut(items, page, |found| found.id.to_string()))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::Write, &Place::Installation)?;
    let body: CreateOrganization = call.read()?;
    let mut read = Read::default();
    let title = read.one("/title", &body.title);
    let title = read.finish(title)?;
    let done = organization::create(title, &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(made.id), made.version);
    Ok(Answer::created(&Organization::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let found = call.organization(Right::Read).await?;
    let version = found.version;
    Ok(call.record(&Organization::from(found), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let found = call.organization(Right::Write).await?;
    let body: PatchOrganization = call.read()?;
    let mut read = Read::default();
    let title = read.maybe("/title", body.title.as_deref());
    read.finish(Some(()))?;
    call.if_match(found.version, Needed::Yes)?;
    let done = organization::update(found, title, &call.context())?;
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Organization::from(now)).tagged(version))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let found = call.organization(Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let done = organization::delete(found, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

impl From<record::Organization> for Organization {
    fn from(organization: record::Organization) -> Self {
        Self {
            id: organization.id.to_string(),
            title: organization.title.to_string(),
            created: organization.created.rfc3339(),
            changed: organization.changed.rfc3339(),
            etag: etag::of(organization.version),
        }
    }
}
