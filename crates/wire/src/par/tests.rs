//! Names of pushed requests.

use super::{PushedAuthorizationResponse, reference};

#[test]
fn rfc9126_2_2_the_answer_names_the_request() {
    let response = PushedAuthorizationResponse::new("hunter2", 60);
    let bytes = response.to_bytes();
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        r#"{"request_uri":"urn:ietf:params:oauth:request_uri:hunter2","expires_in":60}"#
    );
    assert_eq!(
        PushedAuthorizationResponse::parse(&bytes),
        Some(response.clone())
    );
    assert_eq!(reference(&response.request_uri), Some("hunter2"));
    assert!(!format!("{response:?}").contains("hunter2"));
}

#[test]
fn rfc9126_4_another_uri_names_no_pushed_request() {
    let long = format!("urn:ietf:params:oauth:request_uri:{}", "x".repeat(513));
    for uri in [
        "",
        "urn:ietf:params:oauth:request_uri:",
        "https://a.example/r",
        "urn:ietf:params:oauth:request_uri:a/b",
        &long,
    ] {
        assert_eq!(reference(uri), None, "{uri}");
    }
}
