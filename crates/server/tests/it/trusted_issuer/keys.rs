//! Where the keys of trusted issuers come from, over https, how often, and from where never.

use carnet_core::record::TrustedKeys;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_testkit::provider::Answer;
use serde_json::json;

use super::scene::Scene;
use super::scene::refused;
use crate::federation::scene::FAR;
use crate::federation::scene::Issuer;
use crate::federation::scene::signed;

async fn far() -> Scene {
    let (issuer, outbound) = Issuer::over_tls(true);
    Scene::with_issuer(issuer, outbound).await
}

impl Scene {
    /// It has its keys at an address, and no document.
    async fn at(&mut self, path: &str) {
        let url = format!("{}{path}", self.issuer.url);
        self.set(|trust| trust.keys = TrustedKeys::At(url.parse().unwrap()))
            .await;
    }

    /// Good claims under a key of this name.
    async fn under(&self, kid: &str, pair: &KeyPair) -> Answer {
        let header = json!({ "alg": "ES256", "kid": kid, "typ": "JWT" });
        self.bring(&signed(pair, &header, &self.claims()), &[])
            .await
    }

    /// It was refused as what proves nothing, and the owner reads why.
    async fn unproved(&self, answer: &Answer, why: &str) {
        assert_eq!(
            answer.status, 400,
            "never a failure of ours: {}",
            answer.body
        );
        refused(answer, "invalid_grant", 2_005);
        let said = answer.json()["error_description"].to_string();
        assert!(!said.contains(FAR), "{said}");
        let story = self.story(answer).await;
        assert!(story.contains(why), "{why}: {story}");
    }
}

fn pair() -> KeyPair {
    KeyPair::generate(KeyType::P256).unwrap()
}

#[tokio::test]
async fn oidc_discovery_4_over_https_the_keys_are_fetched_once_and_kept_for_their_time() {
    let mut scene = far().await;
    assert!(scene.issuer.url.starts_with("https://"));
    for _ in 0..3 {
        scene.redeemed(&scene.claims()).await;
    }
    assert_eq!(scene.issuer.fetched(), 2, "the document and the keys");
    scene.wait(3_601);
    scene.redeemed(&scene.claims()).await;
    assert_eq!(scene.issuer.fetched(), 4);
}

#[tokio::test]
async fn rfc7517_5_over_https_an_address_of_keys_needs_no_document() {
    let mut scene = far().await;
    scene.at("/keys").await;
    for _ in 0..2 {
        scene.redeemed(&scene.claims()).await;
    }
    assert_eq!(scene.issuer.fetched(), 1);
}

#[tokio::test]
async fn rolled_keys_are_found_and_nobody_makes_us_fetch_more_than_once_a_minute() {
    for at_an_address in [false, true] {
        let mut scene = far().await;
        if at_an_address {
            scene.at("/keys").await;
        }
        let each = if at_an_address { 1 } else { 2 };
        scene.redeemed(&scene.claims()).await;
        let next = pair();
        scene
            .issuer
            .has(&[("one", &scene.issuer.pair), ("two", &next)]);
        let soon = scene.under("two", &next).await;
        scene.unproved(&soon, "the issuer has no such key").await;
        scene.wait(60);
        let answer = scene.under("two", &next).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(scene.issuer.fetched(), 2 * each);
        for made_up in 0..10 {
            let answer = scene.under(&format!("made-up-{made_up}"), &next).await;
            scene.unproved(&answer, "the issuer has no such key").await;
        }
        assert_eq!(scene.issuer.fetched(), 2 * each);
        // The old one is taken off the page: it is good until the page is read again, and no longer.
        scene.issuer.has(&[("two", &next)]);
        scene.wait(3_600);
        let answer = scene.under("two", &next).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let old = scene.redeem(&scene.claims(), &[]).await;
        scene.unproved(&old, "CRN-2516").await;
    }
}

#[tokio::test]
async fn an_issuer_that_is_down_is_a_clear_no_and_kept_keys_go_on_for_a_day() {
    let mut scene = far().await;
    scene.issuer.fails();
    let never = scene.redeem(&scene.claims(), &[]).await;
    scene.unproved(&never, "CRN-2515").await;
    let story = scene.story(&never).await;
    assert!(story.contains("the discovery document"), "{story}");
    // It is not asked again at once, and found when it is back.
    let asked = scene.issuer.fetched();
    let soon = scene.redeem(&scene.claims(), &[]).await;
    scene.unproved(&soon, "CRN-2515").await;
    assert_eq!(scene.issuer.fetched(), asked);
    let url = scene.issuer.url.clone();
    scene
        .issuer
        .says(&json!({ "issuer": url, "jwks_uri": format!("{url}/keys") }));
    scene.issuer.has(&[("one", &scene.issuer.pair)]);
    scene.wait(60);
    scene.redeemed(&scene.claims()).await;
    // Down again, it is good for a day.
    scene.issuer.fails();
    scene.wait(7_200);
    scene.redeemed(&scene.claims()).await;
    scene.wait(24 * 3_600);
    let late = scene.redeem(&scene.claims(), &[]).await;
    scene.unproved(&late, "CRN-2515").await;
}

#[tokio::test]
async fn lesson_28_who_shows_a_certificate_of_nobody_is_not_believed() {
    let (issuer, outbound) = Issuer::over_tls(false);
    let scene = Scene::with_issuer(issuer, outbound).await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    scene.unproved(&answer, "CRN-2515").await;
    assert_eq!(scene.issuer.fetched(), 0);
}

#[tokio::test]
async fn lesson_28_neither_a_document_nor_a_trust_sends_us_where_we_do_not_go() {
    for url in [
        "https://169.254.169.254/keys",
        "https://10.0.0.1/keys",
        "https://[::1]/keys",
        "http://issuer.test/keys",
        "file:///etc/passwd",
        "/keys",
    ] {
        let scene = far().await;
        let document = json!({ "issuer": scene.issuer.url, "jwks_uri": url });
        scene.issuer.says(&document);
        let answer = scene.redeem(&scene.claims(), &[]).await;
        scene.unproved(&answer, "CRN-2515").await;
        assert_eq!(scene.issuer.fetched(), 1, "{url}");
    }
    for url in ["https://169.254.169.254/keys", "https://10.0.0.1/keys"] {
        let mut scene = far().await;
        scene
            .set(|trust| trust.keys = TrustedKeys::At(url.parse().unwrap()))
            .await;
        let answer = scene.redeem(&scene.claims(), &[]).await;
        scene.unproved(&answer, "CRN-2515").await;
        assert_eq!(scene.issuer.fetched(), 0);
    }
}

#[tokio::test]
async fn oidc_discovery_4_3_the_document_of_a_trusted_issuer_names_that_issuer() {
    for other in ["https://issuer.test", "https://other.example"] {
        let scene = far().await;
        let keys = format!("{}/keys", scene.issuer.url);
        scene
            .issuer
            .says(&json!({ "issuer": other, "jwks_uri": keys }));
        let answer = scene.redeem(&scene.claims(), &[]).await;
        scene.unproved(&answer, "names another issuer").await;
    }
}
