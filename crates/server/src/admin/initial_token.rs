//! `projects/{project}/initial-tokens`: what lets clients register themselves in a project. The text of a
//! token stands in the answer to its creation and nowhere else.

use axum::http::Method;
use carnet_core::record;
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::initial_token as rule;
use carnet_core::value::InitialTokenId;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::client_view::revealed;
use super::etag::Needed;
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;

/// An initial access token (RFC 7591 section 3), without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitialToken {
    /// The id. It is no secret.
    pub id: String,
    /// The project that clients will belong to.
    pub project: String,
    /// Whom it was made for.
    pub title: String,
    /// The last four characters of its text.
    pub ends_in: String,
    /// How many clients may still register with it.
    pub uses: u32,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// From when on it is worth nothing.
    #[schema(format = DateTime)]
    pub expires: String,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedInitialToken {
    /// The token.
    #[serde(flatten)]
    pub token: InitialToken,
    /// Its text, which is shown this once: the client sends it as a bearer token to `/register`.
    #[serde(serialize_with = "revealed")]
    #[schema(value_type = String, example = "crn_ia_...")]
    pub initial_access_token: Zeroizing<String>,
}

/// A token to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CreateInitialToken {
    /// Whom it is for.
    title: Option<String>,
    /// How many clients may register with it: one unless said otherwise.
    #[schema(minimum = 1, maximum = 10000, default = 1)]
    uses: Option<u32>,
    /// After how many days it is worth nothing: seven unless said otherwise.
    #[schema(minimum = 1, maximum = 365, default = 7)]
    expires_in_days: Option<i64>,
}

/// Where tokens answer.
pub(crate) fn routes() -> [Route; 3] {
    const LIST: &str = "projects/{project}/initial-tokens";
    [
        route(
            Method::GET,
            LIST,
            "Lists the initial access tokens of a project, without their texts.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<InitialToken>>()
        .paged(),
        route(
            Method::POST,
            LIST,
            "Makes an initial access token. Its text is in this answer and nowhere else.",
            |call| Box::pin(create(call)),
        )
        .may_take::<CreateInitialToken>()
        .creates::<CreatedInitialToken>(),
        route(
            Method::DELETE,
            "projects/{project}/initial-tokens/{token}",
            "Deletes an initial access token: nobody registers with it any more.",
            |call| Box::pin(delete(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().initial_tokens(&project.id, &page).await?;
    Ok(call.listed(listing, InitialToken::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Write).await?;
    let body: CreateInitialToken = call.read()?;
    let mut read = Read::default();
    let title = read.one("/title", body.title.as_deref().unwrap_or_default());
    let title = read.finish(title)?;
    let wanted = (
        title,
        body.uses.unwrap_or(1),
        body.expires_in_days.unwrap_or(7),
    );
    let done = rule::create(&project, wanted, &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(made.token.id), made.token.version);
    let created = CreatedInitialToken {
        token: InitialToken::from(made.token),
        initial_access_token: Zeroizing::new(made.text.reveal()),
    };
    Ok(Answer::created(&created, location).tagged(version))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Write).await?;
    let id: InitialTokenId = call.named("token")?;
    let token = call.desk.store().initial_token(id).await?;
    let token = token.filter(|token| token.project == project.id);
    let token = token.ok_or_else(No::hidden)?;
    call.if_match(token.version, Needed::No)?;
    let done = rule::delete(token, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

impl From<record::InitialToken> for InitialToken {
    fn from(token: record::InitialToken) -> Self {
        Self {
            id: token.id.to_string(),
            project: token.project.to_string(),
            title: token.title.to_string(),
            ends_in: token.ends_in,
            uses: token.uses,
            created: token.created.rfc3339(),
            expires: token.expires.rfc3339(),
        }
    }
}
