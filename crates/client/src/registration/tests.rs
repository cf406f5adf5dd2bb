//! A client registers itself once, and keeps what it was given.

use serde_json::Value;
use serde_json::json;

use super::Registered;
use super::Registration;
use super::register_with;
use crate::error::Error;
use crate::rehearsal::Hand;
use crate::rehearsal::Script;
use crate::rehearsal::metadata;
use crate::retry::Outside;
use crate::token::Secret;

async fn register(
    script: &Script,
    wanted: &Registration,
    initial: Option<&Secret>,
) -> Result<Registered, Error> {
    let (transport, clock) = (script.transport(), Hand::new().clock());
    let outside = Outside { transport, clock };
    register_with(&metadata(&json!({})), wanted, initial, &outside).await
}

#[tokio::test]
async fn rfc7591_3_a_public_client() {
    let answer = json!({
        "client_id": "c1", "token_endpoint_auth_method": "none", "scope": "a",
        "registration_access_token": "hidden",
    });
    let script = Script::default().then(201, &[], &answer.to_string());
    let wanted =
        Registration::native("My tool", &["http://127.0.0.1/callback"]).with("scope", json!("a b"));
    let registered = register(&script, &wanted, Some(&Secret::new("first")))
        .await
        .unwrap();
    assert_eq!(registered.client_id(), "c1");
    assert!(registered.client_secret().is_none());
    assert_eq!(registered.member("scope"), Some(&json!("a")));
    assert_eq!(
        registered.registration_access_token().unwrap().reveal(),
        "hidden"
    );
    assert!(!format!("{registered:?}").contains("hidden"));
    assert_eq!(registered.client(metadata(&json!({}))).unwrap().id(), "c1");
    let request = script.asked(0);
    assert_eq!(request.uri(), "https://auth.example/register");
    assert_eq!(request.headers()["authorization"], "Bearer first");
    assert_eq!(request.headers()["content-type"], "application/json");
    let sent: Value = serde_json::from_slice(request.body()).unwrap();
    let expected = json!({
        "client_name": "My tool",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "a b",
    });
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn rfc7591_3_2_1_a_secret_and_its_end() {
    let answer =
        json!({"client_id": "c1", "client_secret": "hidden", "client_secret_expires_at": 0});
    let later = json!({
        "client_id": "c1", "client_secret": "hidden", "client_secret_expires_at": 1_900_000_000,
        "token_endpoint_auth_method": "private_key_jwt",
    });
    let script =
        Script::default()
            .then(201, &[], &answer.to_string())
            .then(201, &[], &later.to_string());
    let wanted = Registration::web("A site", &["https://a.example/back"]);
    let registered = register(&script, &wanted, None).await.unwrap();
    assert_eq!(registered.secret_ends(), None);
    assert!(!format!("{registered:?}").contains("hidden"));
    registered.client(metadata(&json!({}))).unwrap();
    let registered = register(&script, &wanted, None).await.unwrap();
    assert_eq!(registered.secret_ends(), Some(1_900_000_000));
    let error = registered.client(metadata(&json!({}))).unwrap_err();
    assert!(error.to_string().contains("private_key_jwt"), "{error}");
}

#[tokio::test]
async fn rfc7591_3_2_2_a_no_is_told_and_nothing_is_sent_twice() {
    let script = Script::default()
        .then(503, &[], "")
        .then(400, &[], r#"{"error":"invalid_redirect_uri"}"#)
        .then(201, &[], "{}");
    let wanted = Registration::web("A site", &["https://a.example/back"]);
    assert!(
        register(&script, &wanted, None)
            .await
            .unwrap_err()
            .is_temporary()
    );
    assert_eq!(script.count(), 1);
    let error = register(&script, &wanted, None).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_redirect_uri"));
    assert_eq!(
        register(&script, &wanted, None).await.unwrap_err().crn(),
        Some("CRN-7007")
    );
}
