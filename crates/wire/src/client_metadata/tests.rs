//! What a client may say of itself, and what not.

use proptest::prelude::*;

use super::{ClientMetadata, ClientMetadataError, DocumentId, MAX_BYTES};
use crate::crn::Crn;

fn parse(body: &str) -> Result<ClientMetadata, ClientMetadataError> {
    ClientMetadata::parse(body.as_bytes())
}

fn refused(body: &str) -> String {
    parse(body).expect_err(body).to_string()
}

#[test]
fn rfc7591_2_the_example_of_the_text_is_read() {
    let read = parse(
        r#"{
            "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/callback2"],
            "client_name": "My Example Client",
            "client_name#ja-Jpan-JP": "\u30AF",
            "token_endpoint_auth_method": "client_secret_basic",
            "logo_uri": "https://client.example.org/logo.png",
            "jwks_uri": "https://client.example.org/my_public_keys.jwks",
            "example_extension_parameter": "example_value"
        }"#,
    );
    let read = read.expect("it is the example");
    assert_eq!(read.redirect_uris.len(), 2);
    assert_eq!(read.client_name.as_deref(), Some("My Example Client"));
    assert_eq!(
        read.token_endpoint_auth_method.as_deref(),
        Some("client_secret_basic")
    );
    assert!(read.grant_types.is_none() && !read.has_software_statement);
}

#[test]
fn rfc7591_2_unknown_null_and_empty_members_are_passed_over() {
    let read = parse(
        r#"{"client_uri":"","logo_uri":null,"scope":"","contacts":["",null_is_not_here],"x":{"y":[1]}}"#
            .replace(",null_is_not_here", "")
            .as_str(),
    );
    let read = read.expect("nothing of it is wrong");
    assert_eq!(read, ClientMetadata::default());
}

#[test]
fn rfc7591_3_2_2_a_wrong_redirect_uri_is_told_at_its_place() {
    let uris = [
        "https://a.example/cb#x",
        "http://a.example/cb",
        "https://a.example/*",
        "javascript:alert(1)",
        "https://u@a.example/cb",
        "https://a.example/../cb",
        "//a.example/cb",
        "",
    ];
    for uri in uris {
        let body = format!(r#"{{"redirect_uris":["https://a.example/","{uri}"]}}"#);
        let error = parse(&body).expect_err(uri);
        assert_eq!(error.crn(), Crn::REGISTRATION_REDIRECT_URI, "{uri}");
        assert!(
            error.to_string().starts_with("/redirect_uris/1: "),
            "{error}"
        );
    }
}

#[test]
fn a_member_in_another_form_is_told() {
    for body in [
        r#"{"redirect_uris":"https://a.example/"}"#,
        r#"{"grant_types":[1]}"#,
        r#"{"client_name":7}"#,
        r#"{"dpop_bound_access_tokens":"yes"}"#,
        r#"{"client_name":"a","client_name":"b"}"#,
        r#"["client_name"]"#,
        "",
        "{",
    ] {
        assert_eq!(parse(body).expect_err(body).crn(), Crn::CLIENT_METADATA);
    }
    assert!(refused(r#"{"client_name":"a\nb"}"#).contains("/client_name: "));
    assert!(refused(r#"{"scope":"a\"b"}"#).contains("/scope: "));
    assert!(refused(r#"{"jwks":"{}"}"#).contains("/jwks: "));
    assert!(refused(r#"{"contacts":["a@b.example","\u0007"]}"#).contains("/contacts/1: "));
}

#[test]
fn every_member_has_an_end() {
    let long = "a".repeat(2_049);
    assert!(refused(&format!(r#"{{"client_name":"{long}"}}"#)).contains("longer"));
    let many = vec!["\"a\""; 21].join(",");
    assert!(refused(&format!(r#"{{"grant_types":[{many}]}}"#)).contains("more than 20"));
    let uris: Vec<_> = (0..51)
        .map(|n| format!("\"https://a.example/{n}\""))
        .collect();
    let body = format!(r#"{{"redirect_uris":[{}]}}"#, uris.join(","));
    assert!(refused(&body).contains("more than 50"));
    let deep = format!(
        r#"{{"jwks":{{"keys":{}1{}}}}}"#,
        "[".repeat(9),
        "]".repeat(9)
    );
    assert!(refused(&deep).contains("nests too deep"));
    let deeper = format!(r#"{{"jwks":{}1{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    assert!(refused(&deeper).contains("cannot be read"));
    let large = format!(r#"{{"x":"{}"}}"#, "a".repeat(MAX_BYTES));
    assert!(refused(&large).contains("more than"));
}

#[test]
fn rfc7591_2_3_a_software_statement_is_noticed() {
    let read = parse(r#"{"software_statement":"eyJ.e30."}"#).expect("it is read");
    assert!(read.has_software_statement);
}

#[test]
fn rfc7592_2_2_what_must_not_be_in_an_update_is_noticed() {
    for name in [
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ] {
        let read = parse(&format!(r#"{{"{name}":1}}"#)).expect("it is read");
        assert_eq!(read.misplaced, Some(name));
    }
}

#[test]
fn client_id_metadata_document_3_a_url_is_https_with_a_path_and_nothing_ambiguous() {
    for url in [
        "https://app.example/client.json",
        "https://app.example/",
        "https://app.example:8443/oauth/client",
        "https://app.example/client?v=2",
        "http://localhost:3000/client.json",
        "http://127.0.0.1/client.json",
    ] {
        let id = DocumentId::parse(url).expect(url);
        assert_eq!(id.as_str(), url);
        assert_eq!(id.is_loopback(), url.starts_with("http:"));
    }
    let long = format!("https://app.example/{}", "a".repeat(512));
    for url in [
        "https://app.example",
        "http://app.example/client.json",
        "https://app.example/client.json#x",
        "https://user@app.example/client.json",
        "https://user:word@app.example/client.json",
        "https://app.example/a/../client.json",
        "https://app.example/./client.json",
        "https://app.example/%2e%2e/client.json",
        "https://app.example\\client.json",
        "https://app.example/*",
        "https:///client.json",
        "com.example.app:/client.json",
        "urn:client",
        "demo-web",
        "",
        long.as_str(),
    ] {
        assert!(DocumentId::parse(url).is_err(), "{url}");
    }
}

#[test]
fn the_host_of_a_url_is_what_people_are_told() {
    for (url, host) in [
        ("https://app.example/client.json", "app.example"),
        ("https://app.example:8443/c", "app.example"),
        ("http://[::1]:80/c", "[::1]"),
        ("http://[::1]/c", "[::1]"),
    ] {
        assert_eq!(DocumentId::parse(url).expect(url).host(), host);
    }
}

proptest! {
    #[test]
    fn nothing_that_comes_in_ends_the_program(body in "\\PC{0,200}") {
        let _ = parse(&body);
        let _ = parse(&format!("{{\"redirect_uris\":[\"{body}\"],\"scope\":\"{body}\"}}"));
        if let Ok(id) = DocumentId::parse(&body) {
            prop_assert!(!id.host().is_empty());
        }
    }
}
