//! Assertions that are bound to a key (RFC 7800): nobody who found one gets a token that anybody may show.

use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::SECRET;
use serde_json::Value;
use serde_json::json;

use super::scene::GRANT;
use super::scene::Scene;
use super::scene::refused;
use crate::federation::scene::Shows;
use crate::federation::scene::payload;

fn proof(key: &Prover, name: &str) -> String {
    let url = format!("{ISSUER}/token");
    key.prove(&prover::claims(name, ("POST", &url), NOW))
}

impl Scene {
    /// Brings the claims with what else the request shows.
    async fn show(&self, claims: &Value, shows: Shows<'_>) -> carnet_testkit::provider::Answer {
        let assertion = self.issuer.sign(claims);
        let form = [("grant_type", GRANT), ("assertion", assertion.as_str())];
        shows.post(&self.server, "/token", &form).await
    }
}

#[tokio::test]
async fn rfc7800_3_an_assertion_bound_to_a_key_is_worth_nothing_without_its_proof() {
    let scene = Scene::new().await;
    let (mine, others) = (Prover::new(), Prover::new());
    let claims = scene.with(json!({ "cnf": { "jkt": mine.thumbprint() } }));
    let none = scene.show(&claims, Shows::nothing()).await;
    refused(&none, "invalid_grant", 2_608);
    let wrong = scene
        .show(&claims, Shows::proof(&proof(&others, "a")))
        .await;
    refused(&wrong, "invalid_grant", 2_608);
    let certificate = scene.show(&claims, Shows::certificate(b"mine")).await;
    refused(&certificate, "invalid_grant", 2_608);
    // None of that spent it.
    let shown = proof(&mine, "b");
    let good = scene.show(&claims, Shows::proof(&shown)).await;
    assert_eq!(good.status, 200, "{}", good.body);
    let body = good.json();
    assert_eq!(body["token_type"], "DPoP");
    let token = payload(body["access_token"].as_str().unwrap());
    assert_eq!(token["cnf"], json!({ "jkt": mine.thumbprint() }));
    let again = scene.with(json!({ "cnf": { "jkt": mine.thumbprint() } }));
    let reused = scene.show(&again, Shows::proof(&shown)).await;
    assert_eq!(
        reused.json()["error"],
        "invalid_dpop_proof",
        "{}",
        reused.body
    );
}

#[tokio::test]
async fn rfc7800_3_an_assertion_bound_to_a_certificate_wants_that_connection() {
    let scene = Scene::new().await;
    let digest = base64url::encode(sha256(b"mine"));
    let claims = scene.with(json!({ "cnf": { "x5t#S256": digest } }));
    for shows in [
        Shows::nothing(),
        Shows::certificate(b"another's"),
        Shows::proof(&proof(&Prover::new(), "a")),
    ] {
        let answer = scene.show(&claims, shows).await;
        refused(&answer, "invalid_grant", 2_608);
    }
    let good = scene.show(&claims, Shows::certificate(b"mine")).await;
    assert_eq!(good.status, 200, "{}", good.body);
    let body = good.json();
    let token = payload(body["access_token"].as_str().unwrap());
    assert_eq!(token["cnf"], json!({ "x5t#S256": digest }));
    // Of both, both are shown.
    let key = Prover::new();
    let both = json!({ "cnf": { "x5t#S256": digest, "jkt": key.thumbprint() } });
    let half = scene
        .show(&scene.with(both.clone()), Shows::certificate(b"mine"))
        .await;
    refused(&half, "invalid_grant", 2_608);
    let half = proof(&key, "b");
    let half = scene.show(&scene.with(both), Shows::proof(&half)).await;
    refused(&half, "invalid_grant", 2_608);
}

#[tokio::test]
async fn rfc7800_3_1_what_nobody_here_can_prove_is_refused() {
    let scene = Scene::new().await;
    let key = Prover::new();
    let jkt = key.thumbprint();
    for (place, cnf) in [
        json!({ "jwk": key.header()["jwk"] }),
        json!({ "kid": "one" }),
        json!({ "jkt": jkt, "kid": "one" }),
        json!({ "jku": "https://ci.example/keys" }),
        json!({ "jkt": 7 }),
        json!({ "jkt": null }),
        json!({}),
        json!([jkt]),
        json!(jkt),
        json!(true),
    ]
    .into_iter()
    .enumerate()
    {
        let claims = scene.with(json!({ "cnf": cnf }));
        let shown = proof(&key, &format!("proof-{place}"));
        let answer = scene.show(&claims, Shows::proof(&shown)).await;
        refused(&answer, "invalid_grant", 2_608);
    }
    scene.redeemed(&scene.claims()).await;
}

/// A client's own proof of who it is is no proof of the assertion's key.
#[tokio::test]
async fn rfc7800_3_a_client_that_authenticates_shows_the_key_too() {
    let mut scene = Scene::new().await;
    scene
        .set(|trust| trust.clients = vec![DAEMON.parse().unwrap()])
        .await;
    let key = Prover::new();
    let claims = scene.with(json!({ "cnf": { "jkt": key.thumbprint() } }));
    let by = Some((DAEMON, SECRET));
    let none = scene
        .show(
            &claims,
            Shows {
                by,
                ..Shows::nothing()
            },
        )
        .await;
    refused(&none, "invalid_grant", 2_608);
    let shown = proof(&key, "a");
    let proven = Shows {
        by,
        ..Shows::proof(&shown)
    };
    let good = scene.show(&claims, proven).await;
    assert_eq!(good.status, 200, "{}", good.body);
    assert_eq!(good.json()["token_type"], "DPoP");
}
