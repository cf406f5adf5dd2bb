//! One token for another, and what it is.

use serde_json::json;

use super::ACCESS_TOKEN;
use super::Exchange;
use super::ID_TOKEN;
use super::JWT;
use crate::authentication::Authentication;
use crate::rehearsal::Hand;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::pairs;
use crate::token::Secret;
use crate::token::TokenKind;

#[tokio::test]
async fn rfc8693_2_1_everything_that_is_asked_for_is_in_the_form() {
    let answer = json!({
        "access_token": "new", "issued_token_type": ACCESS_TOKEN, "token_type": "Bearer",
        "expires_in": 60, "scope": "ledger.read",
    });
    let script = Script::default().then(200, &[], &answer.to_string());
    let client = client(Authentication::None, &script, &Hand::new());
    let exchange = Exchange::of_access_token(&Secret::new("old"))
        .with_actor(&Secret::new("mine"), JWT)
        .for_audience("ledger")
        .for_resource("https://ledger.example/")
        .scoped(&["ledger.read"])
        .unwrap()
        .requesting(ACCESS_TOKEN);
    let token = client.exchange(&exchange).await.unwrap();
    assert_eq!((token.value().reveal(), token.expires()), ("new", NOW + 60));
    assert_eq!(token.scope(), Some("ledger.read"));
    let sent = pairs(script.asked(0).body());
    let sent: Vec<_> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let expected = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token", "old"),
        ("subject_token_type", ACCESS_TOKEN),
        ("actor_token", "mine"),
        ("actor_token_type", JWT),
        ("requested_token_type", ACCESS_TOKEN),
        ("audience", "ledger"),
        ("resource", "https://ledger.example/"),
        ("scope", "ledger.read"),
        ("client_id", "my-tool"),
    ];
    assert_eq!(sent, expected);
    assert!(!format!("{exchange:?}").contains("old"));
}

#[tokio::test]
async fn rfc8693_2_2_1_a_token_that_is_no_access_token_is_told_apart() {
    let answer = |issued: &str| {
        json!({"access_token": "new", "issued_token_type": issued, "token_type": "N_A"}).to_string()
    };
    let refresh = "urn:ietf:params:oauth:token-type:refresh_token";
    let script =
        Script::default()
            .then(200, &[], &answer(ID_TOKEN))
            .then(200, &[], &answer(refresh));
    let client = client(Authentication::None, &script, &Hand::new());
    let exchange = Exchange::of(&Secret::new("old"), ID_TOKEN);
    assert_eq!(
        client.exchange(&exchange).await.unwrap().kind(),
        TokenKind::Id
    );
    let error = client.exchange(&exchange).await.unwrap_err();
    assert!(error.to_string().contains("unknown type"), "{error}");
}

#[tokio::test]
async fn rfc8693_2_2_2_a_refusal_is_told() {
    let script = Script::default().then(400, &[], r#"{"error":"invalid_target"}"#);
    let client = client(Authentication::None, &script, &Hand::new());
    let exchange = Exchange::of_access_token(&Secret::new("old"));
    let error = client.exchange(&exchange).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_target"));
}
