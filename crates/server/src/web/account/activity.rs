//! `/account/activity`: what happened to the account, from the audit log.
//!
//! A person reads the entries about themselves, and of these the ones that pages have words for. Who
//! reads them is nobody else, so they may know the addresses.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::AuditEntry;
use carnet_core::store::AuditFilter;
use carnet_core::store::Fault;
use carnet_core::store::Page;
use carnet_core::value::UserId;
use carnet_pages::AccountEvent;
use carnet_pages::Activity;
use carnet_pages::ActivityPage;

use super::Caller;
use super::seconds;
use crate::parts::Parts;

/// How many entries are read for a page.
const READ: u16 = 50;

/// The page.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    match Caller::of(&parts, request, "/account/activity").await {
        Ok(caller) => {
            let before = caller.visit.query().take("before");
            let before = before.and_then(|before| before.parse().ok());
            let view = view(&parts, &caller, before).await;
            caller.show(&parts, StatusCode::OK, view, carnet_pages::activity)
        }
        Err(answer) => *answer,
    }
}

async fn view(parts: &Parts, caller: &Caller, before: Option<i64>) -> Result<ActivityPage, Fault> {
    let (events, next) = events(parts, &caller.present.user.id, before).await?;
    Ok(ActivityPage {
        now: seconds(caller.visit.now),
        events,
        older: next.map(|next| format!("/account/activity?before={next}")),
    })
}

/// The events before this entry, newest first, and where older ones begin.
pub(super) async fn events(
    parts: &Parts,
    user: &UserId,
    before: Option<i64>,
) -> Result<(Vec<Activity>, Option<String>), Fault> {
    let filter = AuditFilter {
        target: Some(user.to_string()),
        ..AuditFilter::default()
    };
    let page = Page {
        after: before.map(|before| before.to_string()),
        ..Page::first(READ)
    };
    let entries = parts.store.audit(&filter, &page).await?;
    let events = entries.items.iter().filter_map(event).collect();
    Ok((events, entries.next))
}

fn event(entry: &AuditEntry) -> Option<Activity> {
    let draft = &entry.draft;
    let event = match draft.action.as_str() {
        "session.begin" => AccountEvent::SignedIn,
        "session.refuse" => AccountEvent::SignInFailed,
        "session.end" => AccountEvent::SignedOut,
        "session.end_other" | "session.end_others" => AccountEvent::SessionEnded,
        "password.change" | "password.set" | "password.import" => AccountEvent::PasswordChanged,
        _ => return None,
    };
    Some(Activity {
        at: seconds(draft.at),
        event,
        agent: None,
        address: (!draft.address.is_empty()).then(|| draft.address.clone()),
    })
}
