//! How a request enters the admin API, and leaves it.
//!
//! 1. The path leads to a route, or there is nothing. Who has no token learns neither.
//! 2. The caller is found out ([`super::caller`]).
//! 3. The query and the body are read, within bounds.
//! 4. The route answers. A no goes to the audit log with its cause; a failure of ours to the log.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::request::Parts as Head;
use axum::http::{Method, Request, Response};
use bytes::Bytes;
use carnet_core::record::{AuditDraft, Outcome};
use carnet_core::rule::admin::No;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::media::ContentType;

use super::answer::Answer;
use super::call::{Call, Query};
use super::caller::{self, Caller};
use super::desk::Desk;
use super::problem::Problem;
use super::route::{Found, Route, find};
use super::{openapi, table};
use crate::http::body::{self, NotRead};
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::limits::is_counted;
use crate::possession;
use crate::system::ADMIN_PATH;

/// How large a body may be.
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// How much is read of a body that the route has no use for.
const UNWANTED: usize = 4 * 1024;

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(table::routes);

/// Answers a request.
pub(super) async fn enter(State(desk): State<Arc<Desk>>, request: Request<Body>) -> Response<Body> {
    let now = desk.now();
    let (head, body) = request.into_parts();
    let origin = Origin {
        trace: TraceId::of(&head.extensions),
        address: ClientAddress::of(&head.extensions),
    };
    let mut actor = "anonymous".to_owned();
    let answered = walk(&desk, (head.clone(), body), &origin, now, &mut actor).await;
    let mut response = match answered {
        Ok(answer) => answer.into_response(),
        Err(problem) => {
            record(
                &desk,
                &problem,
                &head,
                &Told {
                    origin: &origin,
                    actor: &actor,
                    now,
                },
            );
            problem.into_response(&desk.parts.issuer, origin.trace.as_str())
        }
    };
    possession::tell(&head, &mut response, now, &desk.parts);
    if head.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn walk(
    desk: &Arc<Desk>,
    (head, body): (Head, Body),
    origin: &Origin,
    now: UnixTime,
    actor: &mut String,
) -> Result<Answer, Problem> {
    let path = head.uri.path().strip_prefix(ADMIN_PATH).unwrap_or_default();
    let path = path.strip_prefix('/').unwrap_or(path);
    if path == "openapi.json" && matches!(head.method, Method::GET | Method::HEAD) {
        return Ok(Answer::ok(&*openapi::DOCUMENT));
    }
    let caller: Caller = caller::known(desk, &head, now).await?;
    actor.clone_from(&caller.actor);
    let (route, captured) = match find(&ROUTES, &head.method, path) {
        Found::Route(route, captured) => (route, captured),
        Found::Nothing => return Err(No::hidden().into()),
        Found::OtherMethods(methods) => return Err(other_methods(&methods)),
    };
    let query = Query::parse(head.uri.query().unwrap_or_default(), &route.query)?;
    let body = read(route, &head, body).await?;
    let permit = desk.parts.limits.work().await;
    let _permit = permit.map_err(|turned| {
        desk.parts.note_turned_away(turned, origin.address, now);
        Problem::turned_away(turned)
    })?;
    let call = Call {
        desk: Arc::clone(desk),
        caller,
        now,
        trace: origin.trace.as_str().to_owned(),
        address: origin
            .address
            .map_or_else(String::new, |address| address.to_string()),
        path: path.to_owned(),
        captured,
        query,
        headers: head.headers,
        body,
    };
    (route.call)(call).await
}

/// The bytes of the body, if the route reads one.
async fn read(route: &Route, head: &Head, body: Body) -> Result<Bytes, Problem> {
    if route.body.is_none() {
        // A short one that nobody needs is read all the same: the connection lives on.
        let _unwanted = body::read(body, UNWANTED).await;
        return Ok(Bytes::new());
    }
    let bytes = body::read(body, MOST_BYTES)
        .await
        .map_err(|why| match why {
            NotRead::TooLarge => {
                let detail = format!("The body is larger than {MOST_BYTES} bytes.");
                Problem::new(Crn::ADMIN_BODY_TOO_LARGE, detail)
            }
            NotRead::Slow | NotRead::Broken => Problem::new(
                Crn::BODY_NOT_JSON,
                "The body did not arrive whole, or not in time.",
            ),
        })?;
    if bytes.is_empty() && route.body_optional {
        return Ok(bytes);
    }
    let sent = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if sent.map(ContentType::parse) != Some(ContentType::Json) {
        let detail = "Send Content-Type: application/json.";
        return Err(Problem::new(Crn::ADMIN_MEDIA_TYPE, detail));
    }
    Ok(bytes)
}

fn other_methods(methods: &[&Method]) -> Problem {
    let mut allowed: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let allowed = allowed.join(", ");
    Problem::new(Crn::ADMIN_METHOD, format!("This path has {allowed}."))
        .with_header(ALLOW, &allowed)
}

/// Where a request came from.
struct Origin {
    trace: TraceId,
    address: Option<IpAddr>,
}

/// What is told about a request that was refused.
struct Told<'a> {
    origin: &'a Origin,
    actor: &'a str,
    now: UnixTime,
}

/// A no goes to the audit log; a failure of ours to the log.
fn record(desk: &Desk, problem: &Problem, head: &Head, told: &Told<'_>) {
    let trace = told.origin.trace.as_str();
    if let Some(fault) = &problem.fault {
        tracing::error!(trace_id = %trace, fault = %fault, "an admin request failed");
        return;
    }
    if problem.turned {
        return;
    }
    if is_counted(problem.status()) {
        desk.parts.limits.refused(told.origin.address);
    }
    let path = head.uri.path();
    tracing::info!(
        trace_id = %trace, refusal.code = %problem.crn, actor = told.actor,
        method = %head.method, path, "an admin request was refused"
    );
    let address = told.origin.address;
    desk.parts.journal.note(AuditDraft {
        at: told.now,
        actor: told.actor.to_owned(),
        action: "admin.refuse".to_owned(),
        target: path.chars().take(200).collect(),
        outcome: Outcome::Refused(problem.crn),
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: trace.to_owned(),
        detail: serde_json::json!({ "method": head.method.as_str(), "detail": problem.detail })
            .to_string(),
    });
}
