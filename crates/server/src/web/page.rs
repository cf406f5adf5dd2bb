//! A page as an answer: type, language, and the policy that forbids everything inline and foreign.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_pages::CONTENT_SECURITY_POLICY;
use carnet_pages::Fault;
use carnet_pages::Frame;
use carnet_pages::Html;
use carnet_pages::Language;
use carnet_pages::content_security_policy;

use crate::http::headers;
use crate::parts::Parts;

/// Whether it is a browser that asks, or somebody else who can read a page.
#[must_use]
pub fn wants_page(asked: &HeaderMap) -> bool {
    let accept = asked.get(header::ACCEPT);
    accept
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The frame of a page for this reader.
pub fn frame(parts: &Parts, asked: &HeaderMap) -> Frame {
    let wanted = asked
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Frame {
        language: Language::choose(wanted.unwrap_or_default()),
        name: parts.name.clone(),
        issuer: parts.issuer.clone(),
        version: None,
        sandbox: parts.sandbox,
    }
}

/// The answer with this page in it.
pub fn answer(status: StatusCode, frame: &Frame, page: Result<Html, Fault>) -> Response<Body> {
    answer_toward(status, frame, page, None)
}

/// The answer with a page in it whose form may end in a redirect to an app: `destination` is the origin
/// of the app's redirect URI, or its scheme ([`content_security_policy`]).
pub fn answer_toward(
    status: StatusCode,
    frame: &Frame,
    page: Result<Html, Fault>,
    destination: Option<&str>,
) -> Response<Body> {
    let page = match page {
        Ok(page) => page,
        Err(fault) => {
            tracing::error!(fault = %fault, "a page could not be rendered");
            let mut response = Response::new(Body::from("Our fault. Nothing was changed.\n"));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return response;
        }
    };
    let mut response = Response::new(Body::from(page.into_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(Html::CONTENT_TYPE),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    if let Ok(language) = HeaderValue::from_str(frame.language.tag()) {
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    headers::page(headers, policy(destination));
    response
}

/// What is neither an origin nor a scheme is left out, so this is always a header value.
fn policy(destination: Option<&str>) -> HeaderValue {
    let wider = destination.map(content_security_policy);
    wider
        .and_then(|policy| HeaderValue::from_str(&policy).ok())
        .unwrap_or(HeaderValue::from_static(CONTENT_SECURITY_POLICY))
}

/// Nobody keeps it.
pub fn private(mut response: Response<Body>) -> Response<Body> {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

/// A path of ours, to be fetched next (303). It names no host: the browser stays at the name under which
/// it has our cookies.
pub fn see(path: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(target) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    let policy = HeaderValue::from_static("no-referrer");
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, policy);
    private(response)
}
