//! google-cloud-auth, Google's own crate (R3). It never asks a token endpoint for access tokens: it signs a JWT that the
//! API itself must take, for 3620 seconds, and with `aud: null` where it has scopes.

use carnet_interop::SERVER;
use carnet_interop::admin;
use carnet_interop::claims;
use carnet_interop::forged;
use carnet_interop::insert;
use carnet_interop::list;
use carnet_interop::nobody;
use google_cloud_auth::credentials::service_account::AccessSpecifier;
use google_cloud_auth::credentials::service_account::Builder;
use serde_json::Value;

async fn signed(key: &Value, specifier: AccessSpecifier) -> String {
    let builder = Builder::new(key.clone()).with_access_specifier(specifier);
    let credentials = builder
        .build_access_token_credentials()
        .expect("a key file");
    credentials.access_token().await.expect("a token").token
}

async fn reading(key: &Value) -> String {
    signed(key, AccessSpecifier::from_scopes([&SERVER.read])).await
}

async fn refuses(token: &str) {
    let (status, challenge) = list(token).await;
    assert_eq!(status, 401);
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert!(
        challenge.contains(r#"error="invalid_token""#),
        "{challenge}"
    );
}

#[tokio::test]
async fn r3_a_jwt_with_scopes() {
    let token = reading(&SERVER.ci_key).await;

    let said = claims(&token);
    assert!(said.as_object().expect("claims").contains_key("aud"));
    assert_eq!(said["aud"], Value::Null);
    assert_eq!(
        said["exp"].as_i64().expect("exp") - said["iat"].as_i64().expect("iat"),
        3620
    );
    assert_eq!(list(&token).await.0, 200);
    let (status, challenge) = insert(&token).await;
    assert_eq!(status, 403);
    assert!(
        challenge.contains(r#"error="insufficient_scope""#),
        "{challenge}"
    );
}

#[tokio::test]
async fn r3_a_jwt_with_both_scopes_writes() {
    let both = AccessSpecifier::from_scopes([&SERVER.read, &SERVER.write]);
    assert_eq!(insert(&signed(&SERVER.ci_key, both).await).await.0 / 100, 2);
}

#[tokio::test]
async fn r3_a_jwt_for_the_root_of_the_api() {
    for audience in [SERVER.issuer.clone(), format!("{}/", SERVER.issuer)] {
        let token = signed(&SERVER.ci_key, AccessSpecifier::from_audience(&audience)).await;
        assert_eq!(claims(&token)["aud"], audience);
        assert_eq!(list(&token).await.0, 200);
    }
}

#[tokio::test]
async fn r3_a_jwt_for_another_api_is_refused() {
    let other = AccessSpecifier::from_audience("https://other.example.com/");
    refuses(&signed(&SERVER.ci_key, other).await).await;
}

#[tokio::test]
async fn r3_a_jwt_with_a_scope_that_the_api_does_not_know_is_not_enough() {
    let other = AccessSpecifier::from_scopes(["https://other.example.com/auth/things"]);
    assert_eq!(list(&signed(&SERVER.ci_key, other).await).await.0, 403);
}

#[tokio::test]
async fn r3_a_bad_signature_is_refused() {
    let forged = forged(&admin::account("stranger").await);
    refuses(&reading(&forged).await).await;
    refuses(&reading(&nobody(&forged)).await).await;
}

#[tokio::test]
async fn r3_a_disabled_key_is_refused() {
    let key = admin::account("disabledkey").await;
    admin::disable_key(&key).await;
    refuses(&reading(&key).await).await;
}

#[tokio::test]
async fn r3_a_deleted_key_is_refused() {
    let key = admin::account("deletedkey").await;
    admin::key(key["client_email"].as_str().expect("e-mail")).await;
    admin::delete_key(&key).await;
    refuses(&reading(&key).await).await;
}
