//! Assertions of issuers elsewhere as authorization grants (RFC 7523 section 2.1): the issuer runs on this machine, its
//! keys are given, found by discovery, or at an address of their own.

mod bound;
mod hostile;
mod keys;
mod scene;
mod users;

use axum::http::StatusCode;
use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedKeys;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use serde_json::json;

use self::scene::Scene;
use self::scene::active;
use self::scene::refused;
use crate::federation::scene::key_set;
use crate::federation::scene::payload;
use crate::federation::scene::signed;

#[tokio::test]
async fn rfc7523_2_1_an_assertion_of_a_trusted_issuer_buys_a_token_of_its_account() {
    let scene = Scene::new().await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3_600);
    assert!(body.get("refresh_token").is_none(), "RFC 7521 4.1: {body}");
    let claims = payload(body["access_token"].as_str().unwrap());
    let world = &scene.server.world;
    assert_eq!(claims["sub"], world.client_id().as_str());
    assert_eq!(claims["client_id"], world.client_id().as_str());
    assert_eq!(claims["email"], world.email().as_str());
    assert_eq!(claims["scope"], format!("{READ} {WRITE}"));
    // Who became the account is said, as of an impersonated one.
    let act = json!({ "sub": "repo:acme/site:main", "provider": scene.trust.id.to_string() });
    assert_eq!(claims["act"], act);
    assert!(active(&scene, body["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn rfc7517_4_keys_are_found_by_discovery_at_an_address_or_given() {
    let mut scene = Scene::new().await;
    assert_eq!(scene.issuer.fetched(), 0);
    scene.redeemed(&scene.claims()).await;
    assert_eq!(scene.issuer.fetched(), 2, "the document and the keys");
    scene.redeemed(&scene.claims()).await;
    assert_eq!(scene.issuer.fetched(), 2, "and both are kept");

    let rsa = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let set = key_set(&[("rsa", &rsa), ("one", &scene.issuer.pair)]);
    scene
        .set(|trust| trust.keys = TrustedKeys::Inline(set))
        .await;
    scene.issuer.fails();
    scene.redeemed(&scene.claims()).await;
    let header = json!({ "alg": "RS256", "kid": "rsa", "typ": "JWT" });
    let answer = scene
        .bring(&signed(&rsa, &header, &scene.claims()), &[])
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(scene.issuer.fetched(), 2);
}

#[tokio::test]
async fn rfc7521_4_1_the_scope_is_asked_for_beside_or_inside() {
    let scene = Scene::new().await;
    let scope = async |claims, more: &[(&str, &str)]| {
        let answer = scene.redeem(&claims, more).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["scope"].as_str().unwrap().to_owned()
    };
    assert_eq!(scope(scene.claims(), &[("scope", READ)]).await, READ);
    assert_eq!(
        scope(scene.with(json!({ "scope": WRITE })), &[]).await,
        WRITE
    );
    let both = scene.with(json!({ "scope": format!("{READ} {WRITE}") }));
    assert_eq!(scope(both, &[("scope", READ)]).await, READ);
    let beyond = scene.with(json!({ "scope": WRITE }));
    let answer = scene.redeem(&beyond, &[("scope", READ)]).await;
    assert_eq!(answer.json()["error"], "invalid_scope", "{}", answer.body);
}

#[tokio::test]
async fn rfc7523_3_the_audience_is_that_of_the_trust() {
    let mut scene = Scene::new().await;
    for ours in [ISSUER.to_owned(), format!("{ISSUER}/token")] {
        scene.redeemed(&scene.with(json!({ "aud": ours }))).await;
        scene.redeemed(&scene.with(json!({ "aud": [ours] }))).await;
    }
    // Another trust in the same issuer, under a name of its own.
    let project = IssuerOwner::Project("billing".parse().unwrap());
    let mut second = scene.trust.clone();
    second.id = carnet_core::value::TrustedIssuerId::from_bytes([7; 16]);
    second.owner = project;
    second.audience = Some("urn:billing".parse().unwrap());
    second.scopes = carnet_wire::scope::Scope::parse(READ).unwrap();
    scene.add(&second).await;
    let answer = scene
        .redeem(&scene.with(json!({ "aud": "urn:billing" })), &[])
        .await;
    assert_eq!(answer.json()["scope"], READ, "{}", answer.body);
    scene.set(|trust| trust.disabled = true).await;
    let answer = scene
        .redeem(&scene.with(json!({ "aud": "urn:billing" })), &[])
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn rfc7521_4_1_a_client_authenticates_where_the_trust_wants_one() {
    let mut scene = Scene::new().await;
    // Nobody must, anybody may, and who does must be who they say.
    let by = async |scene: &Scene, secret: &str| {
        let token = scene.issuer.sign(&scene.claims());
        let form = scene::form(&token);
        scene
            .server
            .post_basic("/token", &form, (DAEMON, secret))
            .await
    };
    let secret = carnet_testkit::world::SECRET;
    assert_eq!(by(&scene, secret).await.status, StatusCode::OK);
    let wrong = by(&scene, "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{}", wrong.body);
    scene
        .set(|trust| trust.clients = vec![DAEMON.parse().unwrap()])
        .await;
    assert_eq!(by(&scene, secret).await.status, StatusCode::OK);
    let nobody = scene.redeem(&scene.claims(), &[]).await;
    refused(&nobody, "invalid_client", 1_404);
    scene
        .set(|trust| trust.clients = vec!["ledgerly".parse().unwrap()])
        .await;
    let other = by(&scene, secret).await;
    assert_eq!(
        other.json()["error"],
        "unauthorized_client",
        "{}",
        other.body
    );
}

#[tokio::test]
async fn lesson_22_what_is_disabled_stops_at_once_and_comes_back() {
    let mut scene = Scene::new().await;
    let token = scene.redeemed(&scene.claims()).await;
    scene.set(|trust| trust.disabled = true).await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    refused(&answer, "invalid_grant", 2_604);
    assert!(!active(&scene, &token).await);
    scene.set(|trust| trust.disabled = false).await;
    scene.redeemed(&scene.claims()).await;
    assert!(active(&scene, &token).await);

    // The trust names another account now: what it got for this one is over.
    let before = scene.trust.subject.clone();
    scene.names_another().await;
    assert!(!active(&scene, &token).await);
    scene.set(|trust| trust.subject = before).await;
    assert!(active(&scene, &token).await);

    scene.remove().await;
    assert!(!active(&scene, &token).await);
    let answer = scene.redeem(&scene.claims(), &[]).await;
    refused(&answer, "invalid_grant", 2_005);
}

#[tokio::test]
async fn lesson_22_an_account_or_project_that_is_off_gets_nothing() {
    let mut scene = Scene::new().await;
    let token = scene.redeemed(&scene.claims()).await;
    scene.server.world.account_is_disabled().await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    refused(&answer, "disabled_client", 2_012);
    assert!(!active(&scene, &token).await);

    let mut scene = Scene::new().await;
    let token = scene.redeemed(&scene.claims()).await;
    scene.server.world.project_is_suspended().await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    assert!(!active(&scene, &token).await);
}
