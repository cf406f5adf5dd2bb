//! What is answered at a path where nothing is: a page to a browser, JSON to a program. And at one where
//! something is, to a method that it has not.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::rule::Refusal;
use carnet_pages::Cause;
use carnet_pages::ErrorPage;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;

use crate::answer;
use crate::answer::Told;
use crate::http::trace::TraceId;
use crate::parts::Parts;
use crate::web::page;

/// Something is here, and not by this method. Which ones there are is told by `Allow`, which the router
/// adds (RFC 9110 section 15.5.6).
pub async fn method(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let trace = TraceId::of(request.extensions());
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now: parts.now(),
    };
    let detail = format!(
        "Nothing here is done by {}.",
        Echo::of(request.method().as_str())
    );
    let mut response = answer::refusal(&Refusal::new(Crn::METHOD, detail), told);
    response.headers_mut().remove(header::ALLOW);
    response
}

/// Nothing is here.
#[expect(clippy::unused_async, reason = "a route is answered by a future")]
pub async fn any(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let now = parts.now();
    let trace = TraceId::of(request.extensions());
    if !page::wants_page(request.headers()) {
        let told = Told {
            issuer: &parts.issuer,
            trace: trace.as_str(),
            now,
        };
        let refusal = Refusal::new(Crn::PATH_UNKNOWN, "There is nothing at this path.");
        return answer::refusal(&refusal, told);
    }
    let frame = page::frame(&parts, request.headers());
    let view = ErrorPage {
        status: StatusCode::NOT_FOUND.as_u16(),
        cause: Cause::NotFound,
        reference: trace.as_str().to_owned(),
        at: now.rfc3339(),
        code: Some(Crn::PATH_UNKNOWN.to_string()),
        detail: None,
        sent: Vec::new(),
        retry: None,
    };
    page::answer(
        StatusCode::NOT_FOUND,
        &frame,
        carnet_pages::error(&frame, &view),
    )
}
