//! Where the keys of issuers come from, how often, and from where never.

use carnet_core::record::ProviderKeys;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_server::config::outbound::Outbound as Settings;
use serde_json::json;

use super::scene::Issuer;
use super::scene::Scene;
use super::scene::signed;
use super::scene::trusts;

#[tokio::test]
async fn oidc_discovery_4_the_keys_are_fetched_once_and_kept() {
    let mut scene = Scene::new().await;
    for _ in 0..3 {
        scene.token().await;
    }
    assert_eq!(scene.issuer.fetched(), 2, "the document and the keys");
    scene.wait(3_599);
    scene.token().await;
    assert_eq!(scene.issuer.fetched(), 2);
    scene.wait(2);
    scene.token().await;
    assert_eq!(scene.issuer.fetched(), 4);
}

#[tokio::test]
async fn many_at_once_wait_for_one_fetch() {
    let scene = std::sync::Arc::new(Scene::new().await);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let scene = std::sync::Arc::clone(&scene);
        all.spawn(async move { scene.token().await });
    }
    assert_eq!(all.join_all().await.len(), 20);
    assert_eq!(scene.issuer.fetched(), 2);
}

#[tokio::test]
async fn rolled_keys_are_found_at_once_and_nobody_makes_us_fetch_more_than_once_a_minute() {
    let mut scene = Scene::new().await;
    scene.token().await;
    let next = KeyPair::generate(KeyType::P256).unwrap();
    let token = |scene: &Scene, kid: &str, pair: &KeyPair| {
        signed(pair, &json!({"alg": "ES256", "kid": kid}), &scene.claims())
    };
    scene
        .issuer
        .has(&[("one", &scene.issuer.pair), ("two", &next)]);
    let soon = scene.exchange(&token(&scene, "two", &next)).await;
    let story = scene.refused(&soon, "invalid_grant", 2_516).await;
    assert!(story.contains("the issuer has no such key"), "{story}");
    scene.wait(60);
    let answer = scene.exchange(&token(&scene, "two", &next)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(scene.issuer.fetched(), 4);
    for made_up in 0..20 {
        let kid = format!("made-up-{made_up}");
        let answer = scene.exchange(&token(&scene, &kid, &next)).await;
        scene.refused(&answer, "invalid_grant", 2_516).await;
    }
    assert_eq!(scene.issuer.fetched(), 4);
}

#[tokio::test]
async fn google_wire_6_1_an_issuer_that_does_not_answer_is_told_and_kept_keys_go_on_for_a_day() {
    let mut scene = Scene::new().await;
    scene.token().await;
    scene.issuer.fails();
    scene.wait(7_200);
    scene.token().await;
    scene.wait(24 * 3_600);
    let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
    let said = answer.json()["error_description"]
        .as_str()
        .unwrap()
        .to_owned();
    let google = "Error connecting to the given credential's issuer.";
    assert!(said.starts_with(google), "{said}");
    let story = scene.refused(&answer, "invalid_grant", 2_515).await;
    assert!(story.contains("the discovery document"), "{story}");
}

#[tokio::test]
async fn oidc_discovery_4_3_a_document_that_names_another_issuer_is_not_taken() {
    let scene = Scene::new().await;
    let url = &scene.issuer.url;
    for document in [
        json!({ "issuer": format!("{url}/"), "jwks_uri": format!("{url}/keys") }),
        json!({ "jwks_uri": format!("{url}/keys") }),
        json!({ "issuer": url, "jwks_uri": "/keys" }),
        json!([1]),
    ] {
        let scene = Scene::new().await;
        scene.issuer.says(&document);
        let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
        scene.refused(&answer, "invalid_grant", 2_515).await;
    }
}

#[tokio::test]
async fn lesson_28_an_issuer_in_our_own_network_is_reached_only_where_that_is_configured() {
    let scene = Scene::reaching(Settings::default()).await;
    let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
    scene.refused(&answer, "invalid_grant", 2_515).await;
    assert_eq!(scene.issuer.fetched(), 0);
}

#[tokio::test]
async fn lesson_28_a_document_cannot_send_us_where_we_do_not_go() {
    let scene = Scene::new().await;
    for url in [
        "http://169.254.169.254/keys",
        "http://10.0.0.1/keys",
        "file:///etc/passwd",
    ] {
        let mut scene = Scene::new().await;
        scene.wait(3_600);
        let document = json!({ "issuer": scene.issuer.url, "jwks_uri": url });
        scene.issuer.says(&document);
        let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
        scene.refused(&answer, "invalid_grant", 2_515).await;
    }
    drop(scene);
}

#[tokio::test]
async fn lesson_14_an_issuer_that_no_provider_names_is_never_fetched() {
    let scene = Scene::new().await;
    let stranger = Issuer::new();
    let claims = scene.with(json!({ "iss": stranger.url }));
    let answer = scene.exchange(&stranger.sign(&claims)).await;
    let story = scene.refused(&answer, "invalid_grant", 2_511).await;
    assert!(story.contains(&scene.issuer.url), "{story}");
    assert_eq!((stranger.fetched(), scene.issuer.fetched()), (0, 0));
}

#[tokio::test]
async fn an_issuer_is_one_whichever_provider_names_it() {
    let scene = Scene::new().await;
    scene.token().await;
    let mut other = carnet_testkit::contract::workload_pool::provider_of(&scene.pool, "other");
    trusts(
        &mut other,
        &scene.issuer.url,
        &["x"],
        ProviderKeys::Discovery,
    );
    scene.add(&other).await;
    let claims = scene.with(json!({ "aud": "x" }));
    let audience = other.name.audience();
    let answer = scene
        .exchange_at(&audience, &scene.issuer.sign(&claims))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(scene.issuer.fetched(), 2);
}
