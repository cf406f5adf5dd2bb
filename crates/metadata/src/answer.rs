//! Answers, with the headers that Google's server puts on each of them.
//!
//! google-wire 7.1. Libraries look at `Metadata-Flavor: Google`, and decode JSON where `Content-Type` says so and nowhere
//! else.

use axum::body::Body;
use http::HeaderName;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use http::header;
use serde_json::Value;

/// The header that marks a request as meant, and an answer as ours.
pub(crate) const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");

/// Its only value.
pub(crate) const GOOGLE: &str = "Google";

const XSS: HeaderName = HeaderName::from_static("x-xss-protection");

const EACH: [(HeaderName, HeaderValue); 6] = [
    (FLAVOR, HeaderValue::from_static(GOOGLE)),
    (
        header::SERVER,
        HeaderValue::from_static("Metadata Server for VM"),
    ),
    (
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    ),
    (XSS, HeaderValue::from_static("0")),
    (
        header::X_FRAME_OPTIONS,
        HeaderValue::from_static("SAMEORIGIN"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

/// A value: `application/text`.
pub(crate) fn text(text: String, tag: &str) -> Response<Body> {
    tagged(of(StatusCode::OK, "application/text", text), tag)
}

/// JSON.
pub(crate) fn json(value: &Value, tag: &str) -> Response<Body> {
    let text = value.to_string();
    tagged(of(StatusCode::OK, "application/json", text), tag)
}

/// An ID token: bare, and `text/html` for whatever reason.
pub(crate) fn identity(token: String, tag: &str) -> Response<Body> {
    tagged(of(StatusCode::OK, "text/html", token), tag)
}

/// A no, with its reason.
pub(crate) fn no(status: StatusCode, why: impl std::fmt::Display) -> Response<Body> {
    // Of a foreign server's words only what cannot be markup.
    let why: String = why
        .to_string()
        .chars()
        .map(|letter| match letter {
            '<' | '>' | '&' => ' ',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect();
    of(status, "text/html; charset=UTF-8", format!("{why}\n"))
}

/// There is nothing here.
pub(crate) fn not_found() -> Response<Body> {
    let page = "<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)</title>\
                <p>404. The requested URL was not found on this server.</html>\n";
    of(
        StatusCode::NOT_FOUND,
        "text/html; charset=UTF-8",
        page.to_owned(),
    )
}

/// The same with a slash at its end. Only what came in the request line is in it, which is printable.
pub(crate) fn moved(path: &str, query: Option<&str>) -> Response<Body> {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let mut answer = of(
        StatusCode::MOVED_PERMANENTLY,
        "text/html; charset=UTF-8",
        String::new(),
    );
    if let Ok(place) = HeaderValue::try_from(format!("{path}/{query}")) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

fn of(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.extend(EACH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

fn tagged(mut answer: Response<Body>, tag: &str) -> Response<Body> {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}
