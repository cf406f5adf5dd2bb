//! Around every page: the name under which the reader came, and over what.
//!
//! 1. Who asks for a page under another host name than the issuer's is told which server this is, and the
//!    way there (421, RFC 9110 section 15.5.20). A sandbox answers to every name: on a laptop nobody knows
//!    by which one it will be opened. Programs are not stopped: tokens never carry the name of a request.
//! 2. A browser that came over TLS is told to do so for a year. A sandbox never says it, since it would hold
//!    for everything else on `localhost`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use carnet_pages::WrongHost;

use crate::http::arrival::Arrival;
use crate::http::client_address::Scheme;
use crate::http::headers;
use crate::http::host;
use crate::http::host::Awaited;
use crate::http::host::CameAs;
use crate::http::trace::TraceId;
use crate::parts::Parts;
use crate::web::page;

/// Lets a request through to its page, unless its reader is elsewhere in mind.
pub async fn around(
    State(parts): State<Arc<Parts>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let arrival = request.extensions().get::<Arrival>();
    let scheme = arrival.map_or(Scheme::Http, |arrival| arrival.scheme);
    let mut response = match elsewhere(&parts, &request) {
        Some(came_as) => wrong_host(&parts, &request, came_as),
        None => next.run(request).await,
    };
    if !parts.sandbox {
        headers::strict_transport(response.headers_mut(), scheme);
    }
    response
}

/// The name of another host, if somebody asks for a page under it.
fn elsewhere(parts: &Parts, request: &Request) -> Option<String> {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    // A listener for other names has looked at the name already.
    let awaited = request.extensions().get::<Awaited>().is_some();
    if parts.sandbox || awaited || !looks || !page::wants_page(request.headers()) {
        return None;
    }
    match host::came_as(request.uri(), request.headers(), authority(parts)) {
        CameAs::Another(name) => Some(name),
        CameAs::Us | CameAs::Unnamed => None,
    }
}

fn authority(parts: &Parts) -> &str {
    let issuer = parts.issuer.as_str();
    issuer.split_once("://").map_or(issuer, |(_, rest)| rest)
}

fn wrong_host(parts: &Parts, request: &Request, came_as: String) -> Response<Body> {
    let frame = page::frame(parts, request.headers());
    let view = WrongHost {
        expected: authority(parts).to_owned(),
        config_line: format!("issuer = \"https://{came_as}\""),
        came_as,
        reference: TraceId::of(request.extensions()).to_string(),
        at: parts.now().rfc3339(),
    };
    let page = carnet_pages::wrong_host(&frame, &view);
    let mut response = page::answer(StatusCode::MISDIRECTED_REQUEST, &frame, page);
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
