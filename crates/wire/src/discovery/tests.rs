//! The metadata document.

use proptest::prelude::{any, proptest};

use super::{Metadata, NotMetadata, oauth_authorization_server, openid_configuration};

#[test]
fn rfc8414_3_2_what_does_not_hold_is_left_out() {
    let metadata = Metadata {
        issuer: "https://auth.example".to_owned(),
        token_endpoint: Some("https://auth.example/token".to_owned()),
        grant_types_supported: vec![crate::token::JWT_BEARER.to_owned()],
        ..Metadata::default()
    };
    let expected = r#"{
  "issuer": "https://auth.example",
  "token_endpoint": "https://auth.example/token",
  "response_types_supported": [],
  "grant_types_supported": [
    "urn:ietf:params:oauth:grant-type:jwt-bearer"
  ]
}
"#;
    let bytes = metadata.to_bytes();
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected);
    assert_eq!(
        Metadata::parse(&bytes, "https://auth.example"),
        Ok(metadata)
    );
}

#[test]
fn rfc8414_3_3_the_document_of_another_issuer_is_not_used() {
    let body = br#"{"issuer":"https://auth.example/"}"#;
    assert_eq!(
        Metadata::parse(body, "https://auth.example"),
        Err(NotMetadata::OtherIssuer)
    );
    assert_eq!(
        Metadata::parse(b"{}", "https://auth.example"),
        Err(NotMetadata::OtherIssuer)
    );
    assert_eq!(
        Metadata::parse(b"<html>", "https://auth.example"),
        Err(NotMetadata::NotJson)
    );
    assert_eq!(
        Metadata::parse(&vec![b' '; 200_000], ""),
        Err(NotMetadata::TooLarge)
    );
}

#[test]
fn rfc8414_3_1_the_well_known_path_is_put_before_the_path_of_the_issuer() {
    let address = oauth_authorization_server;
    assert_eq!(
        address("https://example.com/issuer1"),
        "https://example.com/.well-known/oauth-authorization-server/issuer1"
    );
    assert_eq!(
        address("http://127.0.0.1:8080/"),
        "http://127.0.0.1:8080/.well-known/oauth-authorization-server"
    );
}

#[test]
fn openid_discovery_4_the_well_known_path_is_put_behind_it() {
    assert_eq!(
        openid_configuration("https://example.com/issuer1/"),
        "https://example.com/issuer1/.well-known/openid-configuration"
    );
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(issuer in any::<String>(), body in any::<Vec<u8>>()) {
        let _ = oauth_authorization_server(&issuer);
        let _ = openid_configuration(&issuer);
        let _ = Metadata::parse(&body, &issuer);
    }
}
