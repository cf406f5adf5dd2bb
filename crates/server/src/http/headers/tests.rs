//! The headers that each answer has.

use http::HeaderMap;
use http::HeaderValue;

use super::NotAHeaderValue;
use super::configured;
use super::no_store;
use super::page;
use super::strict_transport;
use crate::http::client_address::Scheme;

#[test]
fn google_wire_2_3_an_answer_with_a_token_is_kept_by_nobody() {
    let mut headers = HeaderMap::new();
    no_store(&mut headers);
    let expected = [
        (
            "cache-control",
            "no-cache, no-store, max-age=0, must-revalidate",
        ),
        ("pragma", "no-cache"),
        ("expires", "Mon, 01 Jan 1990 00:00:00 GMT"),
        ("vary", "Origin, X-Origin, Referer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-xss-protection", "0"),
    ];
    assert_eq!(headers.len(), expected.len());
    for (name, value) in expected {
        assert_eq!(headers[name], value);
    }
}

#[test]
fn rfc6797_7_2_strict_transport_is_told_over_tls_only() {
    for (scheme, told) in [
        (Scheme::Https, Some("max-age=31536000")),
        (Scheme::Http, None),
    ] {
        let mut headers = HeaderMap::new();
        page(&mut headers, HeaderValue::from_static("default-src 'none'"));
        strict_transport(&mut headers, scheme);
        let strict = headers.get("strict-transport-security");
        assert_eq!(strict.map(|value| value.to_str().unwrap()), told);
        assert_eq!(headers["content-security-policy"], "default-src 'none'");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}

#[test]
fn lesson_15_a_configured_value_with_a_line_break_is_refused() {
    assert_eq!(
        configured("max-age=1; preload").unwrap(),
        "max-age=1; preload"
    );
    for text in [
        "a\r\nSet-Cookie: x=y",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\tb",
        "\u{e9}",
        "a\u{7f}",
    ] {
        assert_eq!(configured(text), Err(NotAHeaderValue), "{text:?}");
    }
}
