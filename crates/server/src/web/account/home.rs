//! `/account`: the first page.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::store::Fault;
use carnet_pages::AccountHome;

use super::Caller;
use super::activity;
use super::apps;
use super::devices;
use super::seconds;
use crate::parts::Parts;

/// How many events it shows, and how many apps.
const SHOWN: usize = 3;

/// The page.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    match Caller::of(&parts, request, "/account").await {
        Ok(caller) => {
            let view = view(&parts, &caller).await;
            caller.show(&parts, StatusCode::OK, view, carnet_pages::account)
        }
        Err(answer) => *answer,
    }
}

async fn view(parts: &Parts, caller: &Caller) -> Result<AccountHome, Fault> {
    let user = &caller.present.user.id;
    let password = parts.store.password(user).await?;
    let sessions = devices::living(parts, caller).await?;
    let apps = apps::connected(parts, caller).await?;
    let (mut events, _) = activity::events(parts, user, None).await?;
    events.truncate(SHOWN);
    Ok(AccountHome {
        person: caller.present.person(),
        csrf: caller.csrf(parts),
        now: seconds(caller.visit.now),
        app_count: u32::try_from(apps.len()).unwrap_or(u32::MAX),
        apps: apps.into_iter().take(SHOWN).collect(),
        session_count: u32::try_from(sessions.len()).unwrap_or(u32::MAX),
        password_changed: password.map(|password| seconds(password.changed)),
        activity: events,
    })
}
