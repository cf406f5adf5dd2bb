//! `organizations/{organization}/delegations`: which service accounts may act as its people.

use axum::http::Method;
use carnet_core::record::{self, Project, Whom as Covered};
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::delegation::{self, DelegationPatch, Ends, NewDelegation, listed};
use carnet_core::rule::admin::scope::Typed;
use carnet_core::rule::admin::{Done, No};
use carnet_core::store::Fault;
use carnet_core::value::{DelegationId, OrganizationId, UnixTime};
use carnet_wire::scope::Scope;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::body::{Given, Read};
use super::call::Call;
use super::clients::client;
use super::delegation_view::{Delegation, show};
use super::etag::Needed;
use super::people;
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;

/// Scopes, as a list or as one text with commas, spaces or line ends between.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Scopes {
    /// `calendar.readonly, mail.send`
    Text(String),
    /// A list of scopes.
    List(Vec<String>),
}

/// As whom: `everyone`, or groups and users.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Whom {
    /// Every user of the organization.
    Everyone(Everyone),
    /// These.
    Listed(Listed),
}

/// Every user of the organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Everyone {
    /// The word itself.
    Everyone,
}

/// Groups and users of the organization, 100 of each at most.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Listed {
    /// Groups, by id or e-mail: their members.
    #[serde(default)]
    #[schema(max_items = 100)]
    groups: Vec<String>,
    /// Users, by id or e-mail.
    #[serde(default)]
    #[schema(max_items = 100)]
    users: Vec<String>,
}

/// A delegation to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateDelegation {
    /// The service account that may act: its e-mail or its 21-digit number.
    #[schema(
        max_length = 254,
        example = "invoice-sync@billing.iam.gserviceaccount.com"
    )]
    client: String,
    /// With which scopes. Each must be one that the account could ask for.
    scopes: Scopes,
    /// As whom.
    whom: Whom,
    /// Until when. Absent: it does not end by itself.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// What it is for: at most 256 bytes.
    #[serde(default)]
    #[schema(max_length = 256, default = "")]
    note: String,
}

/// Changes to a delegation. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchDelegation {
    /// With which scopes: all of them.
    scopes: Option<Scopes>,
    /// As whom.
    whom: Option<Whom>,
    /// Until when; null: without end.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Given<String>,
    /// What it is for: at most 256 bytes.
    #[schema(max_length = 256)]
    note: Option<String>,
}

/// Where delegations answer.
pub(crate) fn routes() -> [Route; 7] {
    const LIST: &str = "organizations/{organization}/delegations";
    const ONE: &str = "organizations/{organization}/delegations/{delegation}";
    [
        route(
            Method::GET,
            LIST,
            "Lists the delegations of an organization.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Delegation>>()
        .paged(),
        route(
            Method::POST,
            LIST,
            "Lets a service account act as people of the organization, from now on.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateDelegation>()
        .creates::<Delegation>(),
        route(Method::GET, ONE, "Shows a delegation.", |call| {
            Box::pin(get(call))
        })
        .gives::<Delegation>(),
        route(Method::PATCH, ONE, "Changes a delegation.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchDelegation>()
        .gives::<Delegation>(),
        route(Method::DELETE, ONE, "Ends a delegation for good.", |call| {
            Box::pin(delete(call))
        }),
        route(
            Method::POST,
            "organizations/{organization}/delegations/{delegation}:suspend",
            "Suspends a delegation: tokens that were got by it stop at once.",
            |call| Box::pin(suspend(call)),
        )
        .gives::<Delegation>(),
        route(
            Method::POST,
            "organizations/{organization}/delegations/{delegation}:resume",
            "Puts a suspended delegation into force again.",
            |call| Box::pin(resume(call)),
        )
        .gives::<Delegation>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Read).await?;
    let page = call.page()?;
    let listing = call
        .desk
        .store()
        .delegations(organization.id, &page)
        .await?;
    let mut shown = Vec::with_capacity(listing.items.len());
    for delegation in listing.items {
        shown.push(show(&call, delegation).await?);
    }
    let listing = carnet_core::store::Listing {
        items: shown,
        next: listing.next,
    };
    Ok(call.listed(listing, |delegation| delegation))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Write).await?;
    let body: CreateDelegation = call.read()?;
    let store = call.desk.store();
    let (account, entered) = client(store, "/client", &body.client).await?;
    let project = store
        .project(&account.project)
        .await?
        .ok_or_else(|| no_project(&account))?;
    let scopes = scopes(&call, body.scopes, &project).await?;
    let whom = whom(&call, organization.id, body.whom).await?;
    let mut read = Read::default();
    let until = moment(&mut read, body.until.as_deref());
    let note = read.one("/note", &body.note);
    let note = read.finish(note)?;
    let existing = store.delegations_of(&account.unique_id).await?;
    let new = NewDelegation {
        organization: organization.id,
        account,
        entered,
        scopes,
        whom,
        until,
        note,
    };
    let done = delegation::create(new, &existing, &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(made.id), made.version);
    Ok(Answer::created(&show(&call, made).await?, location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let found = found(&call, Right::Read).await?;
    let version = found.version;
    Ok(call.record(&show(&call, found).await?, version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let found = found(&call, Right::Write).await?;
    let body: PatchDelegation = call.read()?;
    call.if_match(found.version, Needed::Yes)?;
    let store = call.desk.store();
    let mut patch = DelegationPatch::default();
    if let Some(typed) = body.scopes {
        let account = store.service_account(&found.client_id).await?;
        let project = match account {
            Some(account) => store.project(&account.project).await?,
            None => None,
        };
        let project = project.ok_or_else(|| Fault::lasting("a delegation without a project"))?;
        patch.scopes = Some(scopes(&call, typed, &project).await?);
    }
    if let Some(listed) = body.whom {
        patch.whom = Some(whom(&call, found.organization, listed).await?);
    }
    let mut read = Read::default();
    patch.ends = match body.until {
        Given::Stays => None,
        Given::Goes => Some(Ends::Never),
        Given::Is(text) => moment(&mut read, Some(&text)).map(Ends::At),
    };
    patch.note = read.maybe("/note", body.note.as_deref());
    let patch = read.finish(Some(patch))?;
    let done = delegation::update(found, patch, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let found = found(&call, Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let done = delegation::delete(found, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn suspend(call: Call) -> Result<Answer, Problem> {
    let found = found(&call, Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let done = delegation::suspend(found, &call.context())?;
    done_with(&call, done).await
}

async fn resume(call: Call) -> Result<Answer, Problem> {
    let found = found(&call, Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let done = delegation::resume(found, &call.context())?;
    done_with(&call, done).await
}

async fn done_with(call: &Call, done: Done<record::Delegation>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&show(call, now).await?).tagged(version))
}

/// The delegation that the path names, in its organization.
async fn found(call: &Call, right: Right) -> Result<record::Delegation, Problem> {
    let organization = call.organization(right).await?;
    let id: DelegationId = call.named("delegation")?;
    let found = call.desk.store().delegation(id).await?;
    let found = found.filter(|found| found.organization == organization.id);
    Ok(found.ok_or_else(No::hidden)?)
}

fn no_project(account: &record::ServiceAccount) -> Fault {
    Fault::lasting(format!(
        "service account {} has no project",
        account.unique_id
    ))
}

async fn scopes(call: &Call, typed: Scopes, asker: &Project) -> Result<Scope, Problem> {
    let catalog = call.desk.parts.snapshots.catalog().await?;
    Ok(Typed::from(typed).resolve(&catalog, Some(asker))?)
}

async fn whom(call: &Call, of: OrganizationId, typed: Whom) -> Result<Covered, Problem> {
    let typed = match typed {
        Whom::Everyone(Everyone::Everyone) => return Ok(Covered::Everyone),
        Whom::Listed(typed) => typed,
    };
    let store = call.desk.store();
    let mut groups = Vec::with_capacity(typed.groups.len());
    for (place, text) in typed.groups.iter().enumerate() {
        let group = people::group(store, text).await?;
        groups.push((format!("/whom/groups/{place}"), group));
    }
    let mut users = Vec::with_capacity(typed.users.len());
    for (place, text) in typed.users.iter().enumerate() {
        let user = people::user(store, text).await?;
        users.push((format!("/whom/users/{place}"), user));
    }
    Ok(listed(of, groups, users)?)
}

impl From<Scopes> for Typed {
    fn from(typed: Scopes) -> Self {
        match typed {
            Scopes::Text(text) => Self::Text(text),
            Scopes::List(list) => Self::List(list),
        }
    }
}

fn moment(read: &mut Read, text: Option<&str>) -> Option<UnixTime> {
    let text = text?;
    let moment = UnixTime::from_rfc3339(text);
    if moment.is_none() {
        read.wrong("/until", "until is a moment like 2027-04-01T00:00:00Z.");
    }
    moment
}
