//! Answers that are no page of their own: our fault, too much to do, a form that is none.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::store::Fault;
use carnet_core::value::Seconds;
use carnet_pages::Cause;
use carnet_pages::ErrorPage;

use crate::parts::Parts;
use crate::web::form::NotAForm;
use crate::web::page;
use crate::web::visit::Visit;

/// After how long it is worth to try again where our store does not answer.
const AGAIN: Seconds = Seconds(5);

/// Our own fault. What happened is for the log.
pub fn ours(parts: &Parts, visit: &Visit, fault: &Fault) -> Response<Body> {
    tracing::error!(trace_id = visit.trace.as_str(), fault = %fault, "a page failed");
    if fault.is_temporary() {
        busy(parts, visit, AGAIN)
    } else {
        answer(parts, visit, StatusCode::INTERNAL_SERVER_ERROR, Cause::Ours)
    }
}

/// There is too much to do, or something of ours is away for a moment (503, `Retry-After`).
pub fn busy(parts: &Parts, visit: &Visit, wait: Seconds) -> Response<Body> {
    let wait_seconds = u32::try_from(wait.0.max(1)).unwrap_or(u32::MAX);
    let cause = Cause::Unavailable { wait_seconds };
    let mut response = answer(parts, visit, StatusCode::SERVICE_UNAVAILABLE, cause);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait_seconds));
    response
}

/// What was posted is not a form of ours.
pub fn form(parts: &Parts, visit: &Visit, NotAForm(status, cause): NotAForm) -> Response<Body> {
    answer(parts, visit, status, cause)
}

/// The page of an error.
pub fn answer(parts: &Parts, visit: &Visit, status: StatusCode, cause: Cause) -> Response<Body> {
    let frame = visit.frame(parts);
    let view = ErrorPage {
        status: status.as_u16(),
        cause,
        reference: visit.trace.to_string(),
        at: visit.now.rfc3339(),
        code: None,
        detail: None,
        sent: Vec::new(),
        retry: None,
    };
    page::private(page::answer(
        status,
        &frame,
        carnet_pages::error(&frame, &view),
    ))
}
