//! `organizations/{organization}/users/{user}/sessions`: where a user is signed in, and the end of it.
//!
//! A session of somebody stronger may be ended by whoever may write here, as a leaked key may be
//! stopped: it only makes the person sign in again.

use axum::http::Method;
use carnet_core::record;
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::session;
use carnet_core::value::SessionId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::call::Call;
use super::problem::Problem;
use super::route::{Route, route};
use super::user;

/// A session: a person is signed in with one browser.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// The id. It is not the secret that the browser holds.
    pub id: String,
    /// How the person proved who they are: `password`.
    #[schema(example = "password")]
    pub method: String,
    /// When they signed in.
    #[schema(format = DateTime)]
    pub created: String,
    /// When the session was last used, to within a minute or so.
    #[schema(format = DateTime)]
    pub seen: String,
    /// When it ends if it is not used.
    #[schema(format = DateTime)]
    pub idle_ends: String,
    /// When it ends in any case.
    #[schema(format = DateTime)]
    pub ends: String,
    /// What the browser calls itself.
    pub agent: String,
    /// The address from which the person signed in.
    pub address: String,
}

/// Sessions came to an end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionsEnded {
    /// How many.
    pub ended: usize,
}

/// Where sessions answer.
pub(crate) fn routes() -> [Route; 3] {
    const LIST: &str = "organizations/{organization}/users/{user}/sessions";
    [
        route(
            Method::GET,
            LIST,
            "Lists the sessions of a user that have not ended, oldest first: 50 at most.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Session>>()
        .paged(),
        route(
            Method::DELETE,
            "organizations/{organization}/users/{user}/sessions/{session}",
            "Ends a session of a user.",
            |call| Box::pin(end(call)),
        ),
        route(
            Method::POST,
            "organizations/{organization}/users/{user}/sessions:endAll",
            "Ends all sessions of a user.",
            |call| Box::pin(end_all(call)),
        )
        .gives::<SessionsEnded>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let (_, sessions) = living(&call, Right::Read).await?;
    // They fit a page, whatever its size; the parameters are read so that a wrong one is told.
    call.page()?;
    Ok(Answer::ok(&List {
        items: sessions.into_iter().map(Session::from).collect(),
        next_page_token: None,
    }))
}

async fn end(call: Call) -> Result<Answer, Problem> {
    let id: SessionId = call.named("session")?;
    let (user, sessions) = living(&call, Right::Write).await?;
    let found = sessions.into_iter().find(|session| session.id == id);
    let done = session::end(found.ok_or_else(No::hidden)?, &user, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn end_all(call: Call) -> Result<Answer, Problem> {
    let (user, sessions) = living(&call, Right::Write).await?;
    let done = session::end_all(sessions.len(), &user, &call.context())?;
    let ended = call.commit(done).await?;
    Ok(Answer::ok(&SessionsEnded { ended }))
}

/// The user that the path names, and their sessions that have not ended.
async fn living(
    call: &Call,
    right: Right,
) -> Result<(record::User, Vec<record::Session>), Problem> {
    let user = user::found(call, right).await?;
    let mut sessions = call.desk.store().sessions_of(&user.id).await?;
    sessions.retain(|session| session.lives(call.now));
    Ok((user, sessions))
}

impl From<record::Session> for Session {
    fn from(session: record::Session) -> Self {
        Self {
            id: session.id.to_string(),
            method: match session.method {
                record::SignInMethod::Password => "password",
            }
            .to_owned(),
            created: session.created.rfc3339(),
            seen: session.seen.rfc3339(),
            idle_ends: session.idle_ends.rfc3339(),
            ends: session.ends.rfc3339(),
            agent: session.agent.to_string(),
            address: session.address,
        }
    }
}
