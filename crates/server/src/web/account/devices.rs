//! `/account/devices`: where the person is signed in, and the end of it.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record;
use carnet_core::rule::own_account;
use carnet_core::store::Fault;
use carnet_core::value::SessionId;
use carnet_pages::Agent;
use carnet_pages::Devices;
use carnet_pages::Session;

use super::Caller;
use super::seconds;
use crate::parts::Parts;
use crate::web::failed;
use crate::web::page;

const PATH: &str = "/account/devices";

/// The most sessions that a page says were ended.
const MOST: u32 = 1_000;

/// The page.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    match Caller::of(&parts, request, PATH).await {
        Ok(caller) => {
            let ended = caller.visit.query().take("ended");
            let ended = ended.and_then(|ended| ended.parse::<u32>().ok());
            let view = view(&parts, &caller, ended.map(|ended| ended.min(MOST))).await;
            caller.show(&parts, StatusCode::OK, view, carnet_pages::devices)
        }
        Err(answer) => *answer,
    }
}

/// Ends one session of the person.
pub async fn end(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    let mut fields = match caller.fields(&parts, &form) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let id = fields.take("session").unwrap_or_default().parse().ok();
    match end_one(&parts, &caller, id).await {
        Ok(ended) => page::see(&format!("{PATH}?ended={ended}")),
        Err(fault) => failed::ours(&parts, &caller.visit, &fault),
    }
}

/// Ends all sessions of the person but this one.
pub async fn end_others(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    if let Err(answer) = caller.fields(&parts, &form) {
        return *answer;
    }
    match end_all_others(&parts, &caller).await {
        Ok(ended) => page::see(&format!("{PATH}?ended={ended}")),
        Err(fault) => failed::ours(&parts, &caller.visit, &fault),
    }
}

/// The sessions of the person that have not ended: this one first, then the last used first.
pub(super) async fn living(parts: &Parts, caller: &Caller) -> Result<Vec<record::Session>, Fault> {
    let own = &caller.present.session;
    let mut sessions = parts.store.sessions_of(&own.user).await?;
    sessions.retain(|session| session.lives(caller.visit.now));
    sessions.sort_by_key(|session| (session.id != own.id, Reverse(session.seen)));
    Ok(sessions)
}

async fn end_one(parts: &Parts, caller: &Caller, id: Option<SessionId>) -> Result<u32, Fault> {
    let sessions = living(parts, caller).await?;
    let actor = caller.present.actor();
    let context = caller.visit.context(&actor);
    // This one is ended at `/logout`, which takes the cookie away, too.
    let id = id.filter(|id| *id != caller.present.session.id);
    let user = &caller.present.user.id;
    let changes = id.and_then(|id| own_account::end_session(&sessions, id, user, &context));
    let Some(changes) = changes else {
        return Ok(0);
    };
    parts.store.commit(&changes).await?;
    Ok(1)
}

async fn end_all_others(parts: &Parts, caller: &Caller) -> Result<u32, Fault> {
    let others = living(parts, caller).await?.len().saturating_sub(1);
    let actor = caller.present.actor();
    let context = caller.visit.context(&actor);
    let changes = own_account::end_others(&caller.present.session, others, &context);
    parts.store.commit(&changes).await?;
    Ok(u32::try_from(others).unwrap_or(MOST))
}

async fn view(parts: &Parts, caller: &Caller, ended: Option<u32>) -> Result<Devices, Fault> {
    let own = caller.present.session.id;
    let sessions = living(parts, caller).await?;
    let shown = sessions.into_iter().map(|session| Session {
        id: session.id.to_string(),
        agent: Agent::of(session.agent.as_str()),
        this: session.id == own,
        created: seconds(session.created),
        last_seen: seconds(session.seen),
        address: session.address,
    });
    Ok(Devices {
        csrf: caller.csrf(parts),
        now: seconds(caller.visit.now),
        ended,
        sessions: shown.collect(),
    })
}
