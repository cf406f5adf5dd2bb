//! `organizations/{organization}/groups`: sets of users, by which delegations are limited.

use axum::http::Method;
use carnet_core::record::{self, Membership};
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::{Done, No, directory};
use carnet_core::store::{Committed, Listing, Why};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::call::Call;
use super::etag::{self, Needed};
use super::people;
use super::problem::{Problem, committed};
use super::route::{Route, route};
use super::user::{entry, patch};
use crate::entropy::SystemEntropy;

/// A set of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Group {
    /// Its id.
    pub id: String,
    /// The id of its organization.
    pub organization: String,
    /// Its address; the domain is one of the organization's.
    #[schema(example = "sales@acme.example")]
    pub email: String,
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

/// A group to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateGroup {
    /// Its address; the domain must be one of the organization's.
    #[schema(max_length = 254, example = "sales@acme.example")]
    email: String,
    /// What people call it: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "")]
    title: String,
}

/// Changes to a group. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchGroup {
    /// Its address; the domain must be one of the organization's.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// What people call it: at most 100 bytes.
    #[schema(max_length = 100)]
    title: Option<String>,
}

/// A user in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    /// The id of the user.
    pub user: String,
    /// The address of the user.
    pub email: String,
    /// Since when.
    #[schema(format = DateTime)]
    pub created: String,
}

/// A user to be put into a group.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AddMember {
    /// The user, by id or e-mail.
    #[schema(max_length = 254)]
    user: String,
}

/// Where groups and members answer.
pub(crate) fn routes() -> [Route; 8] {
    const LIST: &str = "organizations/{organization}/groups";
    const ONE: &str = "organizations/{organization}/groups/{group}";
    const MEMBERS: &str = "organizations/{organization}/groups/{group}/members";
    [
        route(
            Method::GET,
            LIST,
            "Lists the groups of an organization.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Group>>()
        .paged(),
        route(Method::POST, LIST, "Makes a group.", |call| {
            Box::pin(create(call))
        })
        .takes::<CreateGroup>()
        .creates::<Group>(),
        route(Method::GET, ONE, "Shows a group.", |call| {
            Box::pin(get(call))
        })
        .gives::<Group>(),
        route(Method::PATCH, ONE, "Changes a group.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchGroup>()
        .gives::<Group>(),
        route(
            Method::DELETE,
            ONE,
            "Deletes a group. A delegation that names it covers nobody by it any more.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::GET,
            MEMBERS,
            "Lists the members of a group.",
            |call| Box::pin(members(call)),
        )
        .gives::<List<Member>>()
        .paged(),
        route(Method::POST, MEMBERS, "Puts a user into a group.", |call| {
            Box::pin(add(call))
        })
        .takes::<AddMember>()
        .creates::<Member>(),
        route(
            Method::DELETE,
            "organizations/{organization}/groups/{group}/members/{user}",
            "Takes a user out of a group.",
            |call| Box::pin(remove(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().groups(organization.id, &page).await?;
    Ok(call.listed(listing, Group::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Write).await?;
    let body: CreateGroup = call.read()?;
    let new = entry(&call, organization.id, ("/title", &body.title), &body.email).await?;
    let existing = call.desk.store().group_by_email(&new.email).await?;
    let context = call.context();
    let done = directory::create_group(new, existing.as_ref(), &context, &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(made.id), made.version);
    Ok(Answer::created(&Group::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let group = found(&call, Right::Read).await?;
    let version = group.version;
    Ok(call.record(&Group::from(group), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let group = found(&call, Right::Write).await?;
    let body: PatchGroup = call.read()?;
    call.if_match(group.version, Needed::Yes)?;
    let title = ("/title", body.title.as_deref());
    let patch = patch(&call, group.organization, title, body.email.as_deref()).await?;
    let done: Done<record::Group> = directory::update_group(group, patch, &call.context())?;
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Group::from(now)).tagged(version))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let group = found(&call, Right::Write).await?;
    call.if_match(group.version, Needed::No)?;
    let done = directory::delete_group(group, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn members(call: Call) -> Result<Answer, Problem> {
    let group = found(&call, Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().members(group.id, &page).await?;
    let mut items = Vec::with_capacity(listing.items.len());
    for membership in listing.items {
        items.push(member(&call, membership).await?);
    }
    let next = listing.next;
    Ok(call.listed(Listing { items, next }, |member| member))
}

async fn add(call: Call) -> Result<Answer, Problem> {
    let group = found(&call, Right::Write).await?;
    let body: AddMember = call.read()?;
    let user = people::user(call.desk.store(), &body.user).await?;
    let done = directory::add_member(&group, user.as_ref(), &call.context())?;
    let made = call.commit(done).await?;
    let location = call.location(&made.user);
    Ok(Answer::created(&member(&call, made).await?, location))
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    let group = found(&call, Right::Write).await?;
    let user = people::user(call.desk.store(), call.text("user")).await?;
    let user = user.filter(|user| user.organization == group.organization);
    let user = user.ok_or_else(No::hidden)?;
    let done = directory::remove_member(&group, &user.id, &call.context())?;
    match call.desk.store().commit(&done.changes).await? {
        Committed::No(_, Why::Stale) => Err(No::hidden().into()),
        ended => committed(ended).map(|()| Answer::gone()),
    }
}

/// The group that the path names, in its organization.
async fn found(call: &Call, right: Right) -> Result<record::Group, Problem> {
    let organization = call.organization(right).await?;
    let found = people::group(call.desk.store(), call.text("group")).await?;
    let found = found.filter(|found| found.organization == organization.id);
    Ok(found.ok_or_else(No::hidden)?)
}

async fn member(call: &Call, membership: Membership) -> Result<Member, Problem> {
    let user = call.desk.store().user(&membership.user).await?;
    Ok(Member {
        user: membership.user.to_string(),
        email: user.map_or_else(String::new, |user| user.email.to_string()),
        created: membership.created.rfc3339(),
    })
}

impl From<record::Group> for Group {
    fn from(group: record::Group) -> Self {
        Self {
            id: group.id.to_string(),
            organization: group.organization.to_string(),
            email: group.email.to_string(),
            title: group.title.to_string(),
            created: group.created.rfc3339(),
            changed: group.changed.rfc3339(),
            etag: etag::of(group.version),
        }
    }
}
