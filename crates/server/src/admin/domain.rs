//! `organizations/{organization}/domains`: the names by which people's addresses belong to an organization.

use axum::http::Method;
use carnet_core::record;
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::{No, organization};
use carnet_core::store::{Fault, Page, Store};
use carnet_core::value::DomainName;
use carnet_wire::crn::Crn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};

/// A domain name that belongs to an organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Domain {
    /// The name.
    #[schema(example = "acme.example")]
    pub name: String,
    /// The id of its organization.
    pub organization: String,
    /// When it was added.
    #[schema(format = DateTime)]
    pub created: String,
    /// Its ETag.
    pub etag: String,
}

/// A domain to be added.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateDomain {
    /// The name. It belongs to one organization at most.
    #[schema(max_length = 253, example = "acme.example")]
    name: String,
}

/// Where domains answer.
pub(crate) fn routes() -> [Route; 4] {
    const DOMAINS: &str = "organizations/{organization}/domains";
    const DOMAIN: &str = "organizations/{organization}/domains/{domain}";
    [
        route(
            Method::GET,
            DOMAINS,
            "Lists the domains of an organization.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Domain>>()
        .paged(),
        route(
            Method::POST,
            DOMAINS,
            "Adds a domain to an organization. An admin of the installation vouches for it.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateDomain>()
        .creates::<Domain>(),
        route(Method::GET, DOMAIN, "Shows a domain.", |call| {
            Box::pin(get(call))
        })
        .gives::<Domain>(),
        route(
            Method::DELETE,
            DOMAIN,
            "Takes a domain away in which nobody has an address.",
            |call| Box::pin(delete(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().domains(organization.id, &page).await?;
    Ok(call.listed(listing, Domain::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Write).await?;
    vouched(&call)?;
    let body: CreateDomain = call.read()?;
    let mut read = Read::default();
    let name: Option<DomainName> = read.one("/name", &body.name);
    let name = read.finish(name)?;
    let existing = call.desk.store().domain(&name).await?;
    let context = call.context();
    let done = organization::add_domain(name, organization.id, existing.as_ref(), &context)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(&made.name), made.version);
    Ok(Answer::created(&Domain::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let found = domain(&call, Right::Read).await?;
    let version = found.version;
    Ok(call.record(&Domain::from(found), version))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let found = domain(&call, Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let inhabited = inhabited(call.desk.store(), &found).await?;
    let done = organization::remove_domain(found, inhabited, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

/// Whose people an address names is said by its domain, and nothing proves yet that an organization has
/// one. So somebody who administers the installation must vouch for it.
fn vouched(call: &Call) -> Result<(), Problem> {
    call.permit(Right::Write, &Place::Installation)
        .map_err(|_| {
            let detail = "A domain is added by an admin of the installation, who vouches for it.";
            Problem::new(Crn::ADMIN_ROLE, detail)
        })
}

/// The domain that the path names, in its organization.
async fn domain(call: &Call, right: Right) -> Result<record::Domain, Problem> {
    let organization = call.organization(right).await?;
    let name: DomainName = call.named("domain")?;
    let found = call.desk.store().domain(&name).await?;
    let found = found.filter(|found| found.organization == organization.id);
    Ok(found.ok_or_else(No::hidden)?)
}

/// Whether somebody of the organization has an address in the domain. Rarely asked, and then the whole
/// directory is read, page by page.
async fn inhabited(store: &dyn Store, domain: &record::Domain) -> Result<bool, Fault> {
    let mut page = Page::first(Page::MOST);
    loop {
        let users = store.users(domain.organization, &page).await?;
        if users
            .items
            .iter()
            .any(|user| *user.email.domain() == domain.name)
        {
            return Ok(true);
        }
        match users.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut page = Page::first(Page::MOST);
    loop {
        let groups = store.groups(domain.organization, &page).await?;
        if groups
            .items
            .iter()
            .any(|group| *group.email.domain() == domain.name)
        {
            return Ok(true);
        }
        match groups.next {
            Some(next) => page.after = Some(next),
            None => return Ok(false),
        }
    }
}

impl From<record::Domain> for Domain {
    fn from(domain: record::Domain) -> Self {
        Self {
            name: domain.name.to_string(),
            organization: domain.organization.to_string(),
            created: domain.created.rfc3339(),
            etag: etag::of(domain.version),
        }
    }
}
