//! `clients/{client}/refused-redirects`: redirect URIs that were sent for an app and are not registered for
//! it, with the one thing by which they fail.

use axum::http::Method;
use carnet_core::record;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::authorize::near_miss;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::call::Call;
use super::client::found;
use super::problem::Problem;
use super::route::{Route, route};

/// A redirect URI that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedRedirect {
    /// What was sent, without its query and fragment; cut at 300 characters.
    #[schema(example = "https://ledgerly.example/callback/")]
    pub uri: String,
    /// How often.
    pub count: i64,
    /// When first.
    #[schema(format = DateTime)]
    pub first: String,
    /// When last.
    #[schema(format = DateTime)]
    pub last: String,
    /// The registered URI that it nearly is. Absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub near: Option<NearMiss>,
}

/// By what a redirect URI fails to be a registered one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NearMiss {
    /// The registered one.
    pub registered: String,
    /// The one thing: `trailing_slash`, `scheme`, `port`, `case`, `encoding`, `loopback_name`, `host`,
    /// `path`, `query` or `fragment`.
    pub difference: &'static str,
    /// The same in words.
    #[schema(example = "differs by a trailing slash")]
    pub detail: String,
}

/// Where they are listed.
pub(crate) fn routes() -> [Route; 1] {
    [route(
        Method::GET,
        "clients/{client}/refused-redirects",
        "Lists the redirect URIs that were refused to an app, the last one first: twenty at most, without \
         those that were registered since.",
        |call| Box::pin(list(call)),
    )
    .gives::<List<RefusedRedirect>>()]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let (client, _) = found(&call, Right::Read).await?;
    let all = call.desk.store().refused_redirects(&client.id).await?;
    let open = |refused: &record::RefusedRedirect| !near_miss::is_settled(&client, refused);
    Ok(Answer::ok(&List {
        items: all
            .into_iter()
            .filter(open)
            .map(RefusedRedirect::from)
            .collect(),
        next_page_token: None,
    }))
}

impl From<record::RefusedRedirect> for RefusedRedirect {
    fn from(refused: record::RefusedRedirect) -> Self {
        Self {
            uri: refused.uri,
            count: refused.count,
            first: refused.first.rfc3339(),
            last: refused.last.rfc3339(),
            near: refused.near.map(|near| NearMiss {
                registered: near.registered,
                difference: near.difference.as_str(),
                detail: near.difference.to_string(),
            }),
        }
    }
}
