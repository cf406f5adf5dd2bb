//! What all requests of a client have in common.

use serde_json::json;

use crate::authentication::Authentication;
use crate::client::Client;
use crate::client_credentials::ClientCredentials;
use crate::rehearsal::Hand;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::metadata;
use crate::rehearsal::pair;
use crate::token::Secret;

#[test]
fn a_client_has_a_name() {
    assert!(Client::new(metadata(&json!({})), "", Authentication::None).is_err());
}

#[tokio::test]
async fn what_a_server_lacks_is_said_before_anything_is_sent() {
    let script = Script::default();
    let bare = metadata(&json!({"token_endpoint": null, "revocation_endpoint": null}));
    let bare = Client::new(bare, "my-tool", Authentication::None)
        .unwrap()
        .with_transport(script.transport());
    let error = ClientCredentials::new(&bare, &[])
        .unwrap()
        .token()
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("https://auth.example has no token endpoint"),
        "{error}"
    );
    let error = bare.revoke(&Secret::new("x")).await.unwrap_err();
    assert!(
        error.to_string().contains("no revocation endpoint"),
        "{error}"
    );
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn rfc7009_2_a_token_is_called_back_and_a_no_is_told() {
    let no = r#"{"error":"unsupported_token_type"}"#;
    let script = Script::default().then(200, &[], "").then(400, &[], no);
    let client = client(Authentication::None, &script, &Hand::new());
    client.revoke(&Secret::new("one")).await.unwrap();
    let error = client.revoke(&Secret::new("two")).await.unwrap_err();
    assert_eq!(error.code(), Some("unsupported_token_type"));
    let request = script.asked(0);
    assert_eq!(request.uri(), "https://auth.example/revoke");
    assert_eq!(pair(request.body(), "token").unwrap(), "one");
    assert_eq!(pair(request.body(), "client_id").unwrap(), "my-tool");
}

#[tokio::test]
async fn rfc6749_4_4_the_token_is_kept_and_asked_for_with_scope_and_resource() {
    let script = Script::default().then_token("one").then_token("two");
    let hand = Hand::new();
    let client = client(Authentication::None, &script, &hand);
    let credentials = ClientCredentials::new(&client, &["b", "a"])
        .unwrap()
        .for_resource("https://one.example/")
        .for_resource("https://two.example/");
    let first = credentials.token().await.unwrap();
    assert_eq!(credentials.token().await.unwrap(), first);
    let body = script.asked(0).body().clone();
    let text = String::from_utf8(body).unwrap();
    assert!(
        text.contains(
            "scope=a+b&resource=https%3A%2F%2Fone.example%2F&resource=https%3A%2F%2Ftwo.example%2F"
        ),
        "{text}"
    );
    credentials.forget(&first);
    assert_eq!(credentials.token().await.unwrap().value().reveal(), "two");
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn rfc9449_5_a_bound_token_is_refused_by_a_client_without_a_key() {
    let answer = json!({"access_token": "one", "token_type": "DPoP", "expires_in": 60});
    let script = Script::default().then(200, &[], &answer.to_string());
    let client = client(Authentication::None, &script, &Hand::new());
    let error = ClientCredentials::new(&client, &["a"])
        .unwrap()
        .token()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("unknown type"), "{error}");
}
