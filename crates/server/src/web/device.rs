//! `/device`: a person types the code that a device shows, compares, and answers (RFC 8628 section 3.3).
//!
//! 1. Whoever is not signed in does that first, and comes back with the code that the link had
//!    (`verification_uri_complete`). The link only fills the field: the person still sends it (section 5.4).
//! 2. The code is looked up however it was typed. Wrong, expired and answered ones are one answer, and each is
//!    counted: for the person, and for the network (section 5.1).
//! 3. The page between shows the code again, which app asked, when and from where, what it would get, and
//!    to go on only with a device in front of oneself. It comes each time, whatever was agreed before.
//! 4. The answer is held against the device as it is then. A yes is remembered, as at `/authorize`.

mod confirm;
mod entry;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use carnet_pages::App;
use carnet_pages::DeviceProblem;
use carnet_wire::device::UserCode;

use crate::parts::Parts;
use crate::web::caller::Caller;
use crate::web::failed;
use crate::web::page;
use crate::web::visit::Visit;

/// The page to enter a code.
const PATH: &str = "/device";

/// Where the answer is posted.
const ANSWER: &str = "/device/confirm";

/// How much of what somebody typed is shown again, in characters.
const SHOWN: usize = 32;

/// The page to enter a code.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (head, _) = request.into_parts();
    let visit = Visit::of(&parts, head);
    let typed = visit.query().take("user_code").unwrap_or_default();
    let typed = typed.into_owned();
    match Caller::present(&parts, visit, &path(&typed)).await {
        Ok(caller) => entry::page(&parts, &caller, &typed, None),
        Err(answer) => *answer,
    }
}

/// Takes a code, and shows what it is about.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    let mut fields = match form.fields() {
        Ok(fields) => fields,
        Err(why) => return failed::form(&parts, &caller.visit, why),
    };
    let typed = fields.take("user_code").unwrap_or_default();
    if !caller.is_ours(&parts, &fields.take("csrf").unwrap_or_default()) {
        return entry::page(&parts, &caller, &typed, Some(DeviceProblem::Stale));
    }
    let shown = match entry::found(&parts, &caller, &typed).await {
        Ok(Ok(waiting)) => confirm::page(&parts, &caller, &waiting).await,
        Ok(Err(problem)) => return entry::page(&parts, &caller, &typed, Some(problem)),
        Err(fault) => Err(fault),
    };
    shown.unwrap_or_else(|fault| failed::ours(&parts, &caller.visit, &fault))
}

/// Takes the answer.
pub async fn confirm(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    let mut fields = match form.with_boxes("scope") {
        Ok(fields) => fields,
        Err(why) => return failed::form(&parts, &caller.visit, why),
    };
    let typed = fields.take("user_code").unwrap_or_default();
    if !caller.is_ours(&parts, &fields.take("csrf").unwrap_or_default()) {
        return entry::page(&parts, &caller, &typed, Some(DeviceProblem::Stale));
    }
    let allow = match fields.take("decision").as_deref() {
        Some("allow") => true,
        Some("deny") => false,
        _ => return page::see(&path(&typed)),
    };
    let ticked = fields.take_all("scope");
    let ticked: Vec<&str> = ticked.iter().map(AsRef::as_ref).collect();
    let answered = match entry::found(&parts, &caller, &typed).await {
        Ok(Ok(waiting)) => confirm::answered(&parts, &caller, &waiting, (allow, &ticked)).await,
        Ok(Err(problem)) => return entry::page(&parts, &caller, &typed, Some(problem)),
        Err(fault) => Err(fault),
    };
    answered.unwrap_or_else(|fault| failed::ours(&parts, &caller.visit, &fault))
}

/// The page with this code filled in, if it can be one.
fn path(typed: &str) -> String {
    match UserCode::parse(typed) {
        Some(code) => format!("{PATH}?user_code={code}"),
        None => PATH.to_owned(),
    }
}

/// The app on a device as people know it: it has no host where they would get to.
fn app(waiting: &carnet_core::rule::device::Waiting) -> App {
    App {
        name: waiting.client().title.to_string(),
        host: None,
    }
}
