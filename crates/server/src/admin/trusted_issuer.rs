//! `…/trusted-issuers`: issuers elsewhere whose assertions are grants, of a project or of an organization.

use axum::http::Method;
use carnet_core::record;
use carnet_core::record::IssuerOwner;
use carnet_core::record::Project;
use carnet_core::record::ServiceAccount;
use carnet_core::record::TrustedKeys;
use carnet_core::record::TrustedSubject;
use carnet_core::rule::admin::Done;
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::scope::Typed;
use carnet_core::rule::admin::trusted_issuer;
use carnet_core::rule::admin::trusted_issuer::Around;
use carnet_core::store::Committed;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::TrustedIssuerId;
use carnet_core::value::Version;
use carnet_wire::scope::Scope;

use super::answer::Answer;
use super::answer::List;
use super::body::Given;
use super::body::Read;
use super::call::Call;
use super::clients;
use super::delegation::Scopes;
use super::etag::Needed;
use super::problem;
use super::problem::Problem;
use super::route::Route;
use super::route::route;
use super::service_account;
use super::trusted_issuer_view::CreateTrustedIssuer;
use super::trusted_issuer_view::PatchTrustedIssuer;
use super::trusted_issuer_view::TrustedIssuer;
use super::trusted_issuer_view::UserClaim;
use super::trusted_issuer_view::keys;
use super::trusted_issuer_view::list;
use crate::client_keys;
use crate::entropy::SystemEntropy;
use crate::system;

/// How long an assertion may live where nothing is said.
const LIFETIME: Seconds = Seconds(3_600);

/// The paths of one kind of owner.
struct Paths {
    list: &'static str,
    one: &'static str,
    disable: &'static str,
    enable: &'static str,
}

const OF_PROJECT: Paths = Paths {
    list: "projects/{project}/trusted-issuers",
    one: "projects/{project}/trusted-issuers/{trusted_issuer}",
    disable: "projects/{project}/trusted-issuers/{trusted_issuer}:disable",
    enable: "projects/{project}/trusted-issuers/{trusted_issuer}:enable",
};

const OF_ORGANIZATION: Paths = Paths {
    list: "organizations/{organization}/trusted-issuers",
    one: "organizations/{organization}/trusted-issuers/{trusted_issuer}",
    disable: "organizations/{organization}/trusted-issuers/{trusted_issuer}:disable",
    enable: "organizations/{organization}/trusted-issuers/{trusted_issuer}:enable",
};

/// Where trusted issuers answer.
pub(crate) fn routes() -> impl Iterator<Item = Route> {
    of(&OF_PROJECT).into_iter().chain(of(&OF_ORGANIZATION))
}

fn of(paths: &Paths) -> [Route; 7] {
    [
        route(
            Method::GET,
            paths.list,
            "Lists the issuers that are trusted.",
            |call| Box::pin(listed(call)),
        )
        .gives::<List<TrustedIssuer>>()
        .paged(),
        route(
            Method::POST,
            paths.list,
            "Trusts an issuer: its assertions buy tokens, within what is said here (RFC 7523).",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateTrustedIssuer>()
        .creates::<TrustedIssuer>(),
        route(Method::GET, paths.one, "Shows a trusted issuer.", |call| {
            Box::pin(get(call))
        })
        .gives::<TrustedIssuer>(),
        route(
            Method::PATCH,
            paths.one,
            "Changes what a trusted issuer may.",
            |call| Box::pin(update(call)),
        )
        .takes::<PatchTrustedIssuer>()
        .gives::<TrustedIssuer>(),
        route(
            Method::DELETE,
            paths.one,
            "Trusts an issuer no more, for good: what it got its subjects is refused at once.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::POST,
            paths.disable,
            "Switches a trusted issuer off: what it got its subjects is refused at once.",
            |call| Box::pin(switch(call, true)),
        )
        .gives::<TrustedIssuer>(),
        route(
            Method::POST,
            paths.enable,
            "Switches a trusted issuer on again.",
            |call| Box::pin(switch(call, false)),
        )
        .gives::<TrustedIssuer>(),
    ]
}

/// Who trusts, by the path.
async fn owner(call: &Call, right: Right) -> Result<(IssuerOwner, Option<Project>), Problem> {
    if call.text("organization").is_empty() {
        let project = call.project(right).await?;
        return Ok((IssuerOwner::Project(project.id.clone()), Some(project)));
    }
    let organization = call.organization(right).await?;
    Ok((IssuerOwner::Organization(organization.id), None))
}

/// The trust that the path names, in its place.
pub(super) async fn found(
    call: &Call,
    right: Right,
) -> Result<(record::TrustedIssuer, Option<Project>), Problem> {
    let (owner, project) = owner(call, right).await?;
    let id: TrustedIssuerId = call.named("trusted_issuer")?;
    let found = call.desk.store().trusted_issuer(id).await?;
    let found = found.filter(|found| found.owner == owner);
    Ok((found.ok_or_else(No::hidden)?, project))
}

async fn listed(call: Call) -> Result<Answer, Problem> {
    let (owner, _) = owner(&call, Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().trusted_issuers(&owner, &page).await?;
    Ok(call.listed(listing, |issuer| TrustedIssuer::of(&issuer)))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let (owner, project) = owner(&call, Right::Write).await?;
    let body: CreateTrustedIssuer = call.read()?;
    let account = account(&call, body.account.as_deref()).await?;
    let mut read = Read::default();
    let subject = subject(&mut read, account.as_ref(), body.user_claim);
    if subject.is_none() {
        read.wrong("/account", "Say whom it is for: account or user_claim.");
    }
    let title = read.one("/title", &body.title);
    let issuer = read.one("/issuer", &body.issuer);
    let audience = read.maybe("/audience", body.audience.as_deref());
    let given = |keys: Option<_>| keys.map_or(Given::Stays, Given::Is);
    let uri = body.jwks_uri.map_or(Given::Stays, Given::Is);
    let keys = keys(&mut read, given(body.jwks), uri);
    let subjects = list(&mut read, "/subjects", &body.subjects);
    let clients = list(&mut read, "/clients", &body.clients);
    let ((title, issuer), subject) = read.finish(title.zip(issuer).zip(subject))?;
    let mut new = record::TrustedIssuer {
        id: TrustedIssuerId::mint(call.now, &mut SystemEntropy),
        owner,
        title,
        issuer,
        audience,
        keys: keys.unwrap_or(TrustedKeys::Discovery),
        subject,
        subjects,
        scopes: Scope::default(),
        clients,
        longest: body.max_lifetime_seconds.map_or(LIFETIME, Seconds),
        disabled: body.disabled,
        created: call.now,
        changed: call.now,
        version: Version::FIRST,
    };
    own_names(&call, &new)?;
    may_ask(&call, &new)?;
    let around = around(&call, &new).await?;
    new.scopes = scopes(body.scopes, &around, project.as_ref())?;
    covered(&call, &around).await?;
    let done = trusted_issuer::create(new, &around, &call.context())?;
    match call.desk.store().commit(&done.changes).await? {
        Committed::No(_, Why::Taken) => return Err(trusted_issuer::taken().into()),
        committed => problem::committed(committed)?,
    }
    let made = done.record;
    let location = call.location(made.id);
    Ok(Answer::created(&TrustedIssuer::of(&made), location).tagged(made.version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (issuer, _) = found(&call, Right::Read).await?;
    Ok(call.record(&TrustedIssuer::of(&issuer), issuer.version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let (before, project) = found(&call, Right::Write).await?;
    let body: PatchTrustedIssuer = call.read()?;
    call.if_match(before.version, Needed::Yes)?;
    let account = account(&call, body.account.as_deref()).await?;
    let mut next = before.clone();
    let mut read = Read::default();
    if body.account.is_some() || body.user_claim.is_some() {
        next.subject =
            subject(&mut read, account.as_ref(), body.user_claim).unwrap_or(next.subject);
    }
    next.title = read
        .maybe("/title", body.title.as_deref())
        .unwrap_or(next.title);
    next.keys = keys(&mut read, body.jwks, body.jwks_uri).unwrap_or(next.keys);
    if let Some(subjects) = &body.subjects {
        next.subjects = list(&mut read, "/subjects", subjects);
    }
    if let Some(clients) = &body.clients {
        next.clients = list(&mut read, "/clients", clients);
    }
    next.longest = body.max_lifetime_seconds.map_or(next.longest, Seconds);
    next.disabled = body.disabled.unwrap_or(next.disabled);
    let mut next = read.finish(Some(next))?;
    may_ask(&call, &next)?;
    let around = around(&call, &next).await?;
    if let Some(typed) = body.scopes {
        next.scopes = scopes(typed, &around, project.as_ref())?;
    }
    covered(&call, &around).await?;
    let done = trusted_issuer::update(before, next, &around, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (issuer, _) = found(&call, Right::Write).await?;
    call.if_match(issuer.version, Needed::No)?;
    let done = trusted_issuer::delete(issuer, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn switch(call: Call, disabled: bool) -> Result<Answer, Problem> {
    let (issuer, _) = found(&call, Right::Write).await?;
    call.if_match(issuer.version, Needed::No)?;
    if !disabled {
        let around = around(&call, &issuer).await?;
        covered(&call, &around).await?;
    }
    let done = trusted_issuer::switch(issuer, disabled, &call.context())?;
    done_with(&call, done).await
}

async fn done_with(call: &Call, done: Done<record::TrustedIssuer>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    Ok(Answer::ok(&TrustedIssuer::of(&now)).tagged(now.version))
}

async fn account(call: &Call, named: Option<&str>) -> Result<Option<ServiceAccount>, Problem> {
    let Some(named) = named else { return Ok(None) };
    let (account, _) = clients::client(call.desk.store(), "/account", named).await?;
    Ok(Some(account))
}

fn subject(
    read: &mut Read,
    account: Option<&ServiceAccount>,
    claim: Option<UserClaim>,
) -> Option<TrustedSubject> {
    match (account, claim) {
        (Some(_), Some(_)) => {
            read.wrong(
                "/user_claim",
                "It is for an account or for users, not both.",
            );
            None
        }
        (Some(account), None) => Some(TrustedSubject::Account(account.unique_id.clone())),
        (None, Some(claim)) => Some(TrustedSubject::User(claim.into())),
        (None, None) => None,
    }
}

/// An audience that is one of our own names needs no saying, and would never be found.
fn own_names(call: &Call, issuer: &record::TrustedIssuer) -> Result<(), No> {
    let audience = issuer.audience.as_ref();
    if audience.is_some_and(|audience| call.desk.parts.audiences.has(audience.as_str())) {
        let detail =
            "This is a name of this server: leave audience out, and all of them are taken.";
        return Err(No::field("/audience", detail));
    }
    Ok(())
}

/// Whether this server would ask for the keys, as far as the URL tells.
fn may_ask(call: &Call, issuer: &record::TrustedIssuer) -> Result<(), No> {
    let outbound = &call.desk.parts.outbound;
    let (pointer, url) = match &issuer.keys {
        TrustedKeys::Inline(_) => return Ok(()),
        TrustedKeys::At(url) => ("/jwks_uri", url.to_string()),
        TrustedKeys::Discovery => {
            let issuer = issuer.issuer.as_str().trim_end_matches('/');
            let document = format!("{issuer}/.well-known/openid-configuration");
            ("/issuer", document)
        }
    };
    client_keys::may_be_at(&url, outbound).map_err(|why| {
        let detail = format!("{url}: {why}; where it cannot be reached, give its keys in jwks.");
        No::field(pointer, detail)
    })
}

/// What a trust refers to, as it is now.
async fn around(call: &Call, issuer: &record::TrustedIssuer) -> Result<Around, Problem> {
    let store = call.desk.store();
    let mut account = None;
    if let Some(id) = issuer.account()
        && let Some(found) = store.service_account(id).await?
    {
        // Of an account of others nothing is told, least of all its roles.
        let project = store.project(&found.project).await?;
        let project = project.filter(|project| issuer.owner.has(project));
        account = project.map(|project| (found, project));
    }
    let mut clients = Vec::new();
    for id in issuer
        .clients
        .iter()
        .take(record::TrustedIssuer::MOST_CLIENTS)
    {
        clients.push(match store.client(id).await? {
            None => None,
            Some(client) => {
                let project = store.project(&client.project).await?;
                project.map(|project| (client, project))
            }
        });
    }
    Ok(Around {
        account,
        clients,
        catalog: call.desk.parts.snapshots.catalog().await?,
        us: call.desk.parts.issuer.clone(),
        own_api: system::ADMIN_API.to_owned(),
    })
}

/// Each scope is one that whoever asks could have: the account, or the first client that may ask for users.
fn scopes(typed: Scopes, around: &Around, project: Option<&Project>) -> Result<Scope, No> {
    let of_account = around.account.as_ref().map(|(_, project)| project);
    let of_client = around.clients.iter().flatten().next();
    let asker = of_account.or(of_client.map(|(_, project)| project));
    Typed::from(typed).resolve(&around.catalog, asker.or(project))
}

/// Who lets somebody become an account must have its roles.
async fn covered(call: &Call, around: &Around) -> Result<(), Problem> {
    match &around.account {
        None => Ok(()),
        Some((account, _)) => service_account::covered(call, account).await,
    }
}
