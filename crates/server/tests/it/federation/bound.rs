//! Credentials that are bound to a key (RFC 7800) at a provider: nobody who found one comes in.

use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use super::scene::EXCHANGE;
use super::scene::JWT;
use super::scene::Scene;
use super::scene::Shows;
use super::scene::payload;

fn proof(key: &Prover, name: &str) -> String {
    let url = format!("{ISSUER}/v1/token");
    key.prove(&prover::claims(name, ("POST", &url), NOW))
}

async fn show(scene: &Scene, cnf: Value, shows: Shows<'_>) -> Answer {
    let token = scene.issuer.sign(&scene.with(json!({ "cnf": cnf })));
    let audience = scene.provider.name.audience();
    let form = [
        ("grant_type", EXCHANGE),
        ("audience", audience.as_str()),
        ("scope", READ),
        ("subject_token_type", JWT),
        ("subject_token", token.as_str()),
    ];
    shows.post(&scene.server, "/v1/token", &form).await
}

#[tokio::test]
async fn rfc7800_3_a_subject_token_bound_to_a_key_is_worth_nothing_without_its_proof() {
    let scene = Scene::new().await;
    let (mine, others) = (Prover::new(), Prover::new());
    let cnf = || json!({ "jkt": mine.thumbprint() });
    let wrong = proof(&others, "a");
    for shows in [
        Shows::nothing(),
        Shows::proof(&wrong),
        Shows::certificate(b"mine"),
    ] {
        let answer = show(&scene, cnf(), shows).await;
        scene.refused(&answer, "invalid_grant", 2_518).await;
    }
    let shown = proof(&mine, "b");
    let good = show(&scene, cnf(), Shows::proof(&shown)).await;
    assert_eq!(good.status, 200, "{}", good.body);
    let body = good.json();
    assert_eq!(body["token_type"], "DPoP");
    let token = payload(body["access_token"].as_str().unwrap());
    assert_eq!(token["cnf"], cnf());
    let reused = show(&scene, cnf(), Shows::proof(&shown)).await;
    assert_eq!(
        reused.json()["error"],
        "invalid_dpop_proof",
        "{}",
        reused.body
    );
}

#[tokio::test]
async fn rfc7800_3_a_subject_token_bound_to_a_certificate_wants_that_connection() {
    let scene = Scene::new().await;
    let cnf = || json!({ "x5t#S256": base64url::encode(sha256(b"mine")) });
    for shows in [Shows::nothing(), Shows::certificate(b"another's")] {
        let answer = show(&scene, cnf(), shows).await;
        scene.refused(&answer, "invalid_grant", 2_518).await;
    }
    let good = show(&scene, cnf(), Shows::certificate(b"mine")).await;
    assert_eq!(good.status, 200, "{}", good.body);
    let body = good.json();
    let token = payload(body["access_token"].as_str().unwrap());
    assert_eq!(token["cnf"], cnf());
}

#[tokio::test]
async fn rfc7800_3_1_what_nobody_here_can_prove_is_refused_and_without_cnf_nothing_is_looked_at() {
    let scene = Scene::new().await;
    let key = Prover::new();
    for (place, cnf) in [
        json!({ "jwk": key.header()["jwk"] }),
        json!({ "jkt": key.thumbprint(), "kid": "one" }),
        json!({}),
        json!("text"),
    ]
    .into_iter()
    .enumerate()
    {
        let shown = proof(&key, &format!("proof-{place}"));
        let answer = show(&scene, cnf, Shows::proof(&shown)).await;
        scene.refused(&answer, "invalid_grant", 2_518).await;
    }
    let answer = show(&scene, Value::Null, Shows::proof("no proof")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["token_type"], "Bearer");
}
