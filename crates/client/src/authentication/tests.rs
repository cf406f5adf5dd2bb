//! A client proves itself in the one way it was registered with.

use std::sync::Arc;

use carnet_jose::Limits;
use carnet_jose::Unverified;
use http::header::AUTHORIZATION;

use crate::authentication::Authentication;
use crate::client_credentials::ClientCredentials;
use crate::rehearsal::Hand;
use crate::rehearsal::ISSUER;
use crate::rehearsal::KEY;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::pair;
use crate::rehearsal::pairs;
use crate::signing_key::SigningKey;
use crate::token::Secret;

async fn asked(authentication: Authentication, script: Script) -> Script {
    let client = client(authentication, &script, &Hand::new());
    let credentials = ClientCredentials::new(&client, &["a"]).unwrap();
    credentials.token().await.unwrap();
    script
}

#[tokio::test]
async fn rfc6749_2_3_1_basic_encodes_both_as_a_form_does() {
    let secret = Secret::new("a b:c%");
    let script = Script::default().then_token("one");
    let script = asked(Authentication::SecretBasic(secret), script).await;
    let request = script.asked(0);
    // my-tool:a+b%3Ac%25
    assert_eq!(
        request.headers()[AUTHORIZATION],
        "Basic bXktdG9vbDphK2IlM0FjJTI1"
    );
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    assert_eq!(pair(request.body(), "client_id"), None);
    assert_eq!(pair(request.body(), "client_secret"), None);
}

#[tokio::test]
async fn rfc6749_2_3_1_post_writes_both_into_the_form() {
    let secret = Secret::new("a b");
    let script = Script::default().then_token("one");
    let script = asked(Authentication::SecretPost(secret), script).await;
    let request = script.asked(0);
    assert_eq!(request.headers().get(AUTHORIZATION), None);
    let sent = pairs(request.body());
    let sent: Vec<_> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let expected = [
        ("grant_type", "client_credentials"),
        ("scope", "a"),
        ("client_id", "my-tool"),
        ("client_secret", "a b"),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn rfc6749_2_1_a_public_client_says_its_name_alone() {
    let script = asked(Authentication::None, Script::default().then_token("one")).await;
    let sent = pairs(script.asked(0).body());
    assert_eq!(
        sent.last().unwrap(),
        &("client_id".to_owned(), "my-tool".to_owned())
    );
}

#[tokio::test]
async fn rfc7523_3_each_try_has_an_assertion_of_its_own() {
    let pem = KEY.to_pkcs8_pem().unwrap();
    let key = Arc::new(SigningKey::from_pem(&pem, "k1").unwrap());
    let script = Script::default().then(503, &[], "").then_token("one");
    let script = asked(Authentication::PrivateKeyJwt(key), script).await;
    let claims = |at: usize| {
        let request = script.asked(at);
        assert_eq!(
            pair(request.body(), "client_assertion_type").unwrap(),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let assertion = pair(request.body(), "client_assertion").unwrap();
        let unverified = Unverified::parse(&assertion, Limits::STRICT).unwrap();
        let verified = unverified.verify(KEY.public_key()).unwrap();
        verified.claims_object().unwrap()
    };
    let (first, second) = (claims(0), claims(1));
    for (name, expected) in [("iss", "my-tool"), ("sub", "my-tool"), ("aud", ISSUER)] {
        assert_eq!(first[name], expected, "{name}");
    }
    assert_eq!(
        (first["iat"].clone(), first["exp"].clone()),
        (NOW.into(), (NOW + 60).into())
    );
    assert_ne!(first["jti"], second["jti"]);
}

#[test]
fn lesson_secrets_are_never_printed() {
    let printed = format!("{:?}", Authentication::SecretBasic(Secret::new("hidden")));
    assert!(!printed.contains("hidden"), "{printed}");
}
