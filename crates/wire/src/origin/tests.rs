//! Origins, as browsers write them and as nobody should.

use super::{MAX_BYTES, Origin, OriginError};
use crate::redirect_uri::RedirectUri;

#[test]
fn rfc6454_6_2_an_origin_is_taken_as_browsers_write_it() {
    for text in [
        "https://app.example",
        "https://app.example:8443",
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://[::1]:5173",
    ] {
        let origin = Origin::parse(text).unwrap();
        assert_eq!(origin.as_str(), text);
        assert!(origin.accepts(text));
        assert!(!origin.accepts(&format!("{text}/")));
        assert!(!origin.accepts("null"));
    }
}

#[test]
fn rfc6454_6_2_everything_else_is_refused() {
    for (text, why) in [
        ("", OriginError::NotAnOrigin),
        ("null", OriginError::NotAnOrigin),
        ("*", OriginError::NotAnOrigin),
        ("https://*", OriginError::NotAnOrigin),
        ("https://*.app.example", OriginError::NotAnOrigin),
        ("https://app.example/", OriginError::NotAnOrigin),
        ("https://app.example?x", OriginError::NotAnOrigin),
        ("https://user@app.example", OriginError::NotAnOrigin),
        ("https://App.example", OriginError::NotAnOrigin),
        ("HTTPS://app.example", OriginError::NotAnOrigin),
        ("https://app.example:", OriginError::NotAnOrigin),
        ("https://app.example:99999", OriginError::NotAnOrigin),
        ("file://", OriginError::NotAnOrigin),
        ("chrome-extension://abc", OriginError::NotAnOrigin),
        ("http://app.example", OriginError::NotLoopback),
        ("https://app.example:443", OriginError::DefaultPort),
        ("http://localhost:80", OriginError::DefaultPort),
    ] {
        assert_eq!(Origin::parse(text), Err(why), "{text}");
    }
    let long = format!("https://{}", "a".repeat(MAX_BYTES));
    assert_eq!(Origin::parse(&long), Err(OriginError::TooLong));
}

#[test]
fn a_redirect_uri_has_the_origin_of_its_page() {
    let of = |uri: &str| Origin::of(&RedirectUri::parse(uri).unwrap());
    let origin = |text: &str| Origin::parse(text).ok();
    assert_eq!(
        of("https://App.example:443/cb"),
        origin("https://app.example")
    );
    assert_eq!(
        of("http://localhost:3000/cb?x=1"),
        origin("http://localhost:3000")
    );
    assert_eq!(of("com.example.app:/cb"), None);
}
