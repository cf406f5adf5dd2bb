//! `projects/{project}/apis`: resource servers with their scopes.

use axum::http::Method;
use carnet_core::record::{self, ApiScope};
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::api::{self as rule, ApiPatch, NewApi};
use carnet_core::rule::admin::signing_key::signable;
use carnet_core::rule::admin::{Done, No};
use carnet_core::value::{ApiId, ApiIdentifier, Seconds};
use carnet_jose::Algorithm;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::api_view::{Api, Risk, Scope, TokenAlgorithm, TokenFormat, Visibility};
use super::body::Read;
use super::call::Call;
use super::detail_type::{self, DetailType};
use super::etag::Needed;
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;

/// How long access tokens live unless said otherwise, in seconds.
const LIFETIME: i64 = 3_600;

/// An API to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateApi {
    /// What `aud` says for it: an absolute URI without fragment. One API has it, and it stays.
    #[schema(max_length = 255, example = "https://api.acme.example/invoices")]
    identifier: String,
    /// What people call it: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "")]
    title: String,
    /// How its access tokens are made.
    #[serde(default)]
    #[schema(required = false)]
    tokens: TokenFormat,
    /// With which algorithm JWT access tokens are signed. A signing key for it must be active.
    #[serde(default)]
    #[schema(required = false)]
    algorithm: TokenAlgorithm,
    /// How long its access tokens live, in seconds: 60 to 43200.
    #[schema(minimum = 60, maximum = 43200, default = 3600)]
    lifetime_seconds: Option<i64>,
    /// Its scopes.
    #[serde(default)]
    #[schema(max_items = 200)]
    scopes: Vec<NewScope>,
    /// What apps may ask for in detail (RFC 9396).
    #[serde(default)]
    #[schema(max_items = 32)]
    detail_types: Vec<DetailType>,
}

/// A scope of an API.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct NewScope {
    /// The scope token. It belongs to one API at most.
    #[schema(min_length = 1, max_length = 256, example = "invoices.read")]
    name: String,
    /// What it allows, verb first: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "", example = "See invoices")]
    title: String,
    /// How far it goes: at most 256 bytes.
    #[serde(default)]
    #[schema(max_length = 256, default = "")]
    detail: String,
    /// How dangerous it is.
    #[serde(default)]
    #[schema(required = false)]
    risk: Risk,
    /// Who may know of it, and ask for it.
    #[serde(default)]
    #[schema(required = false)]
    visibility: Visibility,
}

/// Changes to an API. What is absent stays; its identifier stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchApi {
    /// What people call it: at most 100 bytes.
    #[schema(max_length = 100)]
    title: Option<String>,
    /// How its access tokens are made.
    tokens: Option<TokenFormat>,
    /// With which algorithm JWT access tokens are signed.
    algorithm: Option<TokenAlgorithm>,
    /// How long its access tokens live, in seconds: 60 to 43200.
    #[schema(minimum = 60, maximum = 43200)]
    lifetime_seconds: Option<i64>,
    /// Its scopes: all of them.
    #[schema(max_items = 200)]
    scopes: Option<Vec<NewScope>>,
    /// What apps may ask for in detail: all types.
    #[schema(max_items = 32)]
    detail_types: Option<Vec<DetailType>>,
}

/// Where APIs answer.
pub(crate) fn routes() -> [Route; 5] {
    const LIST: &str = "projects/{project}/apis";
    const ONE: &str = "projects/{project}/apis/{api}";
    [
        route(Method::GET, LIST, "Lists the APIs of a project.", |call| {
            Box::pin(list(call))
        })
        .gives::<List<Api>>()
        .paged(),
        route(
            Method::POST,
            LIST,
            "Makes an API with its scopes.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateApi>()
        .creates::<Api>(),
        route(Method::GET, ONE, "Shows an API.", |call| {
            Box::pin(get(call))
        })
        .gives::<Api>(),
        route(Method::PATCH, ONE, "Changes an API.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchApi>()
        .gives::<Api>(),
        route(
            Method::DELETE,
            ONE,
            "Deletes an API and its scopes: nobody gets a token for it any more.",
            |call| Box::pin(delete(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().apis(Some(&project.id), &page).await?;
    Ok(call.listed(listing, Api::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Write).await?;
    let body: CreateApi = call.read()?;
    let mut read = Read::default();
    let identifier: Option<ApiIdentifier> = read.one("/identifier", &body.identifier);
    let title = read.one("/title", &body.title);
    let scopes = scopes(&mut read, &body.scopes);
    let detail_types = detail_type::read(&mut read, &body.detail_types);
    let (identifier, title) = read.finish(identifier.zip(title))?;
    let new = NewApi {
        project: project.id,
        identifier,
        title,
        tokens: body.tokens.into(),
        algorithm: body.algorithm.into(),
        lifetime: Seconds(body.lifetime_seconds.unwrap_or(LIFETIME)),
        scopes,
        detail_types,
    };
    let signable = algorithms(&call).await?;
    let around = (signable.as_slice(), call.desk.parts.issuer.as_str());
    let done = rule::create(new, around, &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(made.id), made.version);
    Ok(Answer::created(&Api::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let api = found(&call, Right::Read).await?;
    let version = api.version;
    Ok(call.record(&Api::from(api), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let api = found(&call, Right::Write).await?;
    let body: PatchApi = call.read()?;
    call.if_match(api.version, Needed::Yes)?;
    let mut read = Read::default();
    let title = read.maybe("/title", body.title.as_deref());
    let scopes = body.scopes.map(|typed| scopes(&mut read, &typed));
    let detail_types = body.detail_types;
    let detail_types = detail_types.map(|typed| detail_type::read(&mut read, &typed));
    read.finish(Some(()))?;
    let patch = ApiPatch {
        title,
        tokens: body.tokens.map(Into::into),
        algorithm: body.algorithm.map(Into::into),
        lifetime: body.lifetime_seconds.map(Seconds),
        scopes,
        detail_types,
    };
    let signable = algorithms(&call).await?;
    let done: Done<record::Api> = rule::update(api, patch, &signable, &call.context())?;
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Api::from(now)).tagged(version))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let api = found(&call, Right::Write).await?;
    call.if_match(api.version, Needed::No)?;
    let done = rule::delete(api, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

/// The API that the path names, in its project.
async fn found(call: &Call, right: Right) -> Result<record::Api, Problem> {
    let project = call.project(right).await?;
    let id: ApiId = call.named("api")?;
    let found = call.desk.store().api(id).await?;
    let found = found.filter(|found| found.project == project.id);
    Ok(found.ok_or_else(No::hidden)?)
}

/// The algorithms for which a key of ours signs.
async fn algorithms(call: &Call) -> Result<Vec<Algorithm>, Problem> {
    Ok(signable(&call.desk.store().signing_keys().await?))
}

fn scopes(read: &mut Read, typed: &[NewScope]) -> Vec<ApiScope> {
    let mut scopes = Vec::with_capacity(typed.len());
    for (place, scope) in typed.iter().enumerate() {
        let name = read.one(&format!("/scopes/{place}/name"), &scope.name);
        let title = read.one(&format!("/scopes/{place}/title"), &scope.title);
        let detail = read.one(&format!("/scopes/{place}/detail"), &scope.detail);
        if let (Some(name), Some(title), Some(detail)) = (name, title, detail) {
            scopes.push(ApiScope {
                name,
                title,
                detail,
                risk: scope.risk.into(),
                visibility: scope.visibility.into(),
            });
        }
    }
    scopes
}

impl From<ApiScope> for Scope {
    fn from(scope: ApiScope) -> Self {
        Self {
            name: scope.name.to_string(),
            title: scope.title.to_string(),
            detail: scope.detail.to_string(),
            risk: scope.risk.into(),
            visibility: scope.visibility.into(),
        }
    }
}
