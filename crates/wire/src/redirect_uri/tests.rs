//! Good URIs, hostile ones, and near misses.

use proptest::prelude::{any, proptest};

use super::{Difference, MAX_BYTES, RedirectUri, RedirectUriError, RedirectUriKind};

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

#[test]
fn rfc8252_7_the_three_kinds_are_taken() {
    for (text, kind) in [
        ("https://ledgerly.app/callback", RedirectUriKind::Https),
        ("https://ledgerly.app", RedirectUriKind::Https),
        (
            "https://ledgerly.app:8443/cb?tenant=1",
            RedirectUriKind::Https,
        ),
        ("https://xn--bcher-kva.example/cb", RedirectUriKind::Https),
        ("https://192.0.2.7/cb", RedirectUriKind::Https),
        ("https://[2001:db8::1]/cb", RedirectUriKind::Https),
        ("https://a.example/b%20c/@d;e=1", RedirectUriKind::Https),
        ("http://127.0.0.1/cb", RedirectUriKind::Loopback),
        ("http://127.0.0.1:49152/cb", RedirectUriKind::Loopback),
        ("http://[::1]:8080/", RedirectUriKind::Loopback),
        ("http://localhost:3000/cb", RedirectUriKind::Loopback),
        (
            "com.example.app:/oauth2redirect",
            RedirectUriKind::PrivateUse,
        ),
        (
            "com.example.app://callback/x?y=1",
            RedirectUriKind::PrivateUse,
        ),
    ] {
        assert_eq!(uri(text).kind(), kind, "{text}");
        assert_eq!(uri(text).as_str(), text);
        assert!(uri(text).accepts(text), "{text}");
    }
}

use RedirectUriError as E;

/// Capabilities, row 23.
const HOSTILE: &[(&str, E)] = &[
    ("", E::NotAbsolute),
    ("/callback", E::NotAbsolute),
    ("//evil.example/cb", E::NotAbsolute),
    ("ledgerly.app/callback", E::NotAbsolute),
    ("https:ledgerly.app", E::NotAbsolute),
    ("https:/ledgerly.app/cb", E::NotAbsolute),
    ("https:///evil.example", E::Host),
    ("https://", E::Host),
    ("https://?a=b", E::Host),
    ("javascript:alert(1)", E::Scheme),
    ("javascript://ledgerly.app/%0aalert(1)", E::PercentCode),
    ("JavaScript:/x", E::Scheme),
    ("data:text/html,x", E::Scheme),
    ("vbscript:x", E::Scheme),
    ("file:///etc/passwd", E::Scheme),
    ("about:blank", E::Scheme),
    ("blob:https://ledgerly.app/1", E::Scheme),
    ("view-source:https://ledgerly.app/", E::Scheme),
    ("ftp://ledgerly.app/cb", E::Scheme),
    ("ws://ledgerly.app/cb", E::Scheme),
    ("intent://x/#Intent;end", E::Fragment),
    ("intent:/x", E::Scheme),
    ("myapp:/callback", E::Scheme),
    ("HTTPS://ledgerly.app/cb", E::Scheme),
    ("urn:ietf:wg:oauth:2.0:oob", E::Scheme),
    (".example:/cb", E::Scheme),
    ("com..example:/cb", E::Scheme),
    ("com.example.app:callback", E::NotAbsolute),
    ("https://ledgerly.app/cb#", E::Fragment),
    ("https://ledgerly.app/cb#code=1", E::Fragment),
    ("https://ledgerly.app@evil.example/cb", E::UserInfo),
    ("https://user:pw@ledgerly.app/cb", E::UserInfo),
    ("https://a.example@@evil.example/cb", E::UserInfo),
    ("https://a.example:443@evil.example/", E::UserInfo),
    ("http://localhost:80@evil.example/", E::UserInfo),
    ("http://localhost@evil.example/", E::UserInfo),
    ("com.example.app://user@host/", E::UserInfo),
    ("com.example.app://:222/cb", E::Host),
    ("https://evil.example\\@ledgerly.app/cb", E::Backslash),
    ("https:\\\\evil.example/cb", E::Backslash),
    ("https://ledgerly.app/cb\\..\\x", E::Backslash),
    ("https://ledgerly.app/cb?state=1", E::AnswerParameter),
    ("https://ledgerly.app/cb?a=b&code", E::AnswerParameter),
    ("com.example.app:/cb?iss=x", E::AnswerParameter),
    ("https://ledgerly.app/a/../b", E::DotSegment),
    ("https://ledgerly.app/..", E::DotSegment),
    ("https://ledgerly.app/./cb", E::DotSegment),
    ("https://ledgerly.app/%2e%2e/b", E::DotSegment),
    ("https://ledgerly.app/.%2E/b", E::DotSegment),
    ("https://ledgerly.app/%252e%252e/b", E::DotSegment),
    ("https://ledgerly.app/%25252e./b", E::DotSegment),
    ("https://ledgerly.app/..;/b", E::DotSegment),
    ("https://ledgerly.app/cb/..%2fb", E::DotSegment),
    ("https://ledgerly.app/cb%5c..%5cb", E::DotSegment),
    ("com.example.app:/../x", E::DotSegment),
    ("https://*.ledgerly.app/cb", E::Wildcard),
    ("https://ledgerly.app/*", E::Wildcard),
    ("https://ledgerly.app/cb?x=*", E::Wildcard),
    ("https://ledgerly.app/%", E::PercentCode),
    ("https://ledgerly.app/%4", E::PercentCode),
    ("https://ledgerly.app/%zz", E::PercentCode),
    ("https://ledgerly.app/%00", E::PercentCode),
    ("https://ledgerly.app/%0d%0aSet-Cookie:x", E::PercentCode),
    ("https://ledgerly.app/%7f", E::PercentCode),
    (" https://ledgerly.app/cb", E::Character),
    ("https://ledgerly.app/cb ", E::Character),
    ("https://ledgerly.app/\tcb", E::Character),
    ("https://ledgerly.app/\r\ncb", E::Character),
    ("https://ledgerly.app/\0", E::Character),
    ("java\nscript:alert(1)", E::Character),
    ("https://ledg\u{435}rly.app/cb", E::Character),
    ("https://b\u{fc}cher.example/cb", E::Character),
    ("https://ledgerly.app\u{3002}evil/cb", E::Character),
    ("https://ledgerly.app/\u{202e}bc", E::Character),
    ("https://ledgerly.app/<script>", E::Character),
    ("https://ledgerly.app/\"x", E::Character),
    ("https://ledgerly.app/{x}", E::Character),
    ("https://led%67erly.app/cb", E::Host),
    ("https://ledgerly..app/cb", E::Host),
    ("https://.ledgerly.app/cb", E::Host),
    ("https://ledgerly.app./cb", E::Host),
    ("https://0x7f.1/cb", E::Host),
    ("https://2130706433/cb", E::Host),
    ("https://127.1/cb", E::Host),
    ("https://017700000001/cb", E::Host),
    ("https://[::ffff:127.0.0.1]/cb", E::Host),
    ("https://[0:0:0:0:0:0:0:1]/cb", E::Host),
    ("https://[::1/cb", E::Host),
    ("https://xn--a/cb", E::Host),
    ("https://ledgerly.app:/cb", E::Port),
    ("https://ledgerly.app:0/cb", E::Port),
    ("https://ledgerly.app:65536/cb", E::Port),
    ("https://ledgerly.app:+443/cb", E::Port),
    ("https://ledgerly.app:443x/cb", E::Port),
    ("http://ledgerly.app/cb", E::NotLoopback),
    ("http://localhost.evil.example/cb", E::NotLoopback),
    ("http://127.0.0.1.evil.example/cb", E::NotLoopback),
    ("http://127.0.0.2/cb", E::NotLoopback),
    ("http://0.0.0.0/cb", E::NotLoopback),
    ("http://LOCALHOST/cb", E::NotLoopback),
];

#[test]
fn lesson_8_hostile_uris_cannot_be_registered() {
    let wrong: Vec<_> = HOSTILE
        .iter()
        .filter(|(text, why)| RedirectUri::parse(text) != Err(*why))
        .map(|(text, why)| (text, why, RedirectUri::parse(text)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(HOSTILE.len() >= 40);
}

#[test]
fn lesson_8_no_hostile_uri_is_accepted_by_a_registered_one() {
    let https = uri("https://ledgerly.app/cb");
    let loopback = uri("http://127.0.0.1/cb");
    for presented in [
        "https://ledgerly.app/cb/",
        "https://ledgerly.app/cb?",
        "https://ledgerly.app/cb#",
        "https://ledgerly.app/cb/../evil",
        "https://ledgerly.app:443/cb",
        "https://ledgerly.app:8443/cb",
        "https://ledgerly.app@evil.example/cb",
        "https://ledgerly.app.evil.example/cb",
        "https://LEDGERLY.app/cb",
        "https://ledgerly.app/%63b",
        "https://ledgerly.app/cb\0",
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:8080\\@evil.example/cb",
        "http://user@127.0.0.1:8080/cb",
        "http://127.0.0.1:8080/cb/..",
        "http://127.0.0.1:8080/cb#x",
        "https://127.0.0.1:8080/cb",
        "http://localhost:8080/cb",
        "http://[::1]:8080/cb",
    ] {
        assert!(!https.accepts(presented), "{presented}");
        assert!(!loopback.accepts(presented), "{presented}");
    }
}

#[test]
fn rfc8252_7_3_a_loopback_uri_is_accepted_at_any_port() {
    for (registered, presented) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
        ("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:3000/cb", "http://127.0.0.1:65535/cb"),
        ("http://[::1]/cb?a=b", "http://[::1]:1/cb?a=b"),
        ("http://localhost", "http://localhost:8085"),
    ] {
        assert!(uri(registered).accepts(presented), "{presented}");
    }
}

#[test]
fn lesson_34_the_loopback_exception_is_case_sensitive_and_includes_the_query() {
    let registered = uri("http://127.0.0.1/cb?a=b");
    for presented in [
        "http://127.0.0.1:8080/CB?a=b",
        "http://127.0.0.1:8080/cb?A=b",
        "http://127.0.0.1:8080/cb?a=b&c=d",
        "http://127.0.0.1:8080/cb",
        "HTTP://127.0.0.1:8080/cb?a=b",
    ] {
        assert!(!registered.accepts(presented), "{presented}");
    }
}

#[test]
fn ux_4_4_a_near_miss_has_a_name() {
    use Difference as D;
    for (registered, presented, difference) in [
        (
            "https://a.example/cb",
            "https://a.example/cb/",
            D::TrailingSlash,
        ),
        (
            "https://a.example/cb/",
            "https://a.example/cb",
            D::TrailingSlash,
        ),
        ("https://a.example", "https://a.example/", D::TrailingSlash),
        ("https://a.example/cb", "http://a.example/cb", D::Scheme),
        ("https://a.example/cb", "https://a.example:8443/cb", D::Port),
        ("https://a.example/cb", "https://a.example/CB", D::Case),
        ("https://a.example/cb", "https://A.example/cb", D::Case),
        ("https://a.example/cb", "https://www.a.example/cb", D::Host),
        (
            "https://a.example/cb",
            "https://a.example/callback",
            D::Path,
        ),
        ("https://a.example/cb", "https://a.example/cb?x=1", D::Query),
        ("https://a.example/cb", "https://a.example/cb#", D::Fragment),
        (
            "https://a.example/c%62",
            "https://a.example/cb",
            D::Encoding,
        ),
        (
            "http://127.0.0.1/cb",
            "http://localhost:8080/cb",
            D::LoopbackName,
        ),
        ("http://localhost:1/cb", "http://[::1]/cb", D::LoopbackName),
    ] {
        let found = uri(registered).difference(presented);
        assert_eq!(found, Some(difference), "{registered} {presented}");
        assert!(difference.to_string().starts_with("differs "));
    }
    let registered = uri("https://a.example/cb");
    for other in [
        "https://a.example/cb",
        "https://b.example/other",
        "https://a.example@evil.example/cb",
        "",
    ] {
        assert_eq!(registered.difference(other), None, "{other}");
    }
}

#[test]
fn the_bound_holds_to_the_byte() {
    let long = |length: usize| format!("https://a.example/{}", "x".repeat(length - 18));
    assert!(RedirectUri::parse(&long(MAX_BYTES)).is_ok());
    let error = RedirectUri::parse(&long(MAX_BYTES + 1));
    assert_eq!(error, Err(RedirectUriError::TooLong));
    assert_eq!(
        uri("https://a.example/").difference(&long(MAX_BYTES + 1)),
        None
    );
}

#[test]
fn json_is_judged_too() {
    let read: Result<RedirectUri, _> = serde_json::from_str("\"http://evil.example/\"");
    assert!(read.is_err());
    let read: RedirectUri = serde_json::from_str("\"https://a.example/\"").unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        "\"https://a.example/\""
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), tail in "\\PC{0,40}") {
        let registered = uri("http://localhost/cb");
        for presented in [text.clone(), format!("http://localhost{tail}"), format!("https://a.example/{tail}")] {
            let _ = registered.difference(&presented);
            if registered.accepts(&presented) {
                // Whatever is accepted, a browser would take to this machine.
                let read = url::Url::parse(&presented).unwrap();
                assert_eq!(read.host_str(), Some("localhost"));
                assert_eq!(read.path(), "/cb");
            }
            if let Ok(parsed) = RedirectUri::parse(&presented) {
                assert!(parsed.accepts(&presented));
            }
        }
    }
}
