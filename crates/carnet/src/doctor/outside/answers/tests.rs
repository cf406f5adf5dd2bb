//! What a server answers, judged without a server.

use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};
use url::Url;

use super::{Target, clock, issuer, ours};
use crate::checklist::Check;

fn shown(check: &Check) -> Value {
    serde_json::to_value(check).unwrap()
}

fn target(base: &str) -> Target {
    // Whoever comes first, it is the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Target {
        base: base.to_owned(),
        url: Url::parse(base).unwrap(),
        client: reqwest::Client::new(),
    }
}

#[test]
fn the_clock_is_judged_by_the_date_of_the_answer() {
    let mut headers = HeaderMap::new();
    assert_eq!(shown(&clock(&headers, 0))["grade"], "warn");
    let date = HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT");
    headers.insert(header::DATE, date);
    let at = |now| shown(&clock(&headers, now));
    assert_eq!(at(784_111_777)["grade"], "pass");
    assert_eq!(at(784_111_777 - 30)["grade"], "warn");
    let far = at(784_111_777 + 243);
    assert_eq!(far["grade"], "fail");
    assert_eq!(far["found"], "the server's is 243 s behind ours");
}

#[test]
fn rfc8414_3_3_the_issuer_is_the_url_that_was_asked() {
    let target = target("https://auth.example.com");
    assert_eq!(
        shown(&issuer(&target, "https://auth.example.com"))["grade"],
        "pass"
    );
    let scheme = shown(&issuer(&target, "http://auth.example.com"));
    assert_eq!(scheme["grade"], json!("fail"));
    assert!(
        scheme["fix"]
            .as_str()
            .unwrap()
            .contains("the scheme differs")
    );
    assert_eq!(
        shown(&issuer(&target, "https://auth.example.com/"))["grade"],
        "fail"
    );
}

#[test]
fn an_endpoint_of_another_server_is_not_asked() {
    let target = target("https://auth.example.com");
    let own = Some("https://auth.example.com/token");
    assert_eq!(ours(&target, own), own);
    assert_eq!(ours(&target, Some("https://evil.example/token")), None);
    assert_eq!(ours(&target, None), None);
}
