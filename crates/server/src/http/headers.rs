//! Headers that whole classes of answers share, built once.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::header;

use super::client_address::Scheme;

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

/// A year, as RFC 6797 section 6.1.1 counts. Whether it holds for other names below ours is not ours
/// to say.
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What a page is allowed: nothing that its policy does not name, in no foreign frame, and without
/// telling the next site where the reader came from.
pub fn page(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
}

/// A browser that came over TLS shall come so again. Over plain HTTP it is not said (RFC 6797
/// section 7.2).
pub fn strict_transport(headers: &mut HeaderMap, scheme: Scheme) {
    if scheme == Scheme::Https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
}

/// A header value that an operator configured cannot be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a header value holds printable ASCII only; line breaks would let it add headers")]
pub struct NotAHeaderValue;

/// A header value from the configuration, checked when it is read and not when it is sent.
pub fn configured(text: &str) -> Result<HeaderValue, NotAHeaderValue> {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if plain {
        HeaderValue::from_str(text).map_err(|_| NotAHeaderValue)
    } else {
        Err(NotAHeaderValue)
    }
}

#[cfg(test)]
mod tests;
