//! Headers that whole classes of answers share, built once.

use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header;

const XSS: HeaderName = HeaderName::from_static("x-xss-protection");

/// What Google's token endpoint says (google-wire 2.3), and RFC 6749 section 5.1 asks for: nobody
/// keeps an answer with a token in it.
const NO_STORE: [(HeaderName, HeaderValue); 7] = [
    (
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, max-age=0, must-revalidate"),
    ),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (
        header::EXPIRES,
        HeaderValue::from_static("Mon, 01 Jan 1990 00:00:00 GMT"),
    ),
    (
        header::VARY,
        HeaderValue::from_static("Origin, X-Origin, Referer"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::X_FRAME_OPTIONS,
        HeaderValue::from_static("SAMEORIGIN"),
    ),
    (XSS, HeaderValue::from_static("0")),
];

/// Forbids everybody to keep the answer.
pub fn no_store(headers: &mut HeaderMap) {
    headers.reserve(NO_STORE.len() + 3);
    for (name, value) in &NO_STORE {
        headers.insert(name.clone(), value.clone());
    }
}
