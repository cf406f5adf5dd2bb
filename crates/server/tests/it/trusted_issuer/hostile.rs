//! What must never work: replays, confused deputies, strange keys and times, and who tells whom too much.

use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedKeys;
use carnet_core::value::Seconds;
use carnet_core::value::TrustedIssuerId;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::NOW;
use carnet_testkit::world::PRIVATE;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use super::scene::Scene;
use super::scene::refused;
use crate::federation::scene::key_set;
use crate::federation::scene::signed;

/// What an answer says, but for what is each request's own.
fn told(answer: &Answer) -> (u16, Value, String) {
    let body = answer.json();
    let description = body["error_description"].as_str().unwrap();
    (
        answer.status.as_u16(),
        body["error"].clone(),
        description.to_owned(),
    )
}

#[tokio::test]
async fn rfc7523_3_each_claim_that_is_wrong_has_its_code() {
    let scene = Scene::new().await;
    let wrong = [
        (json!({ "aud": [ISSUER, "https://other.example"] }), 2_602),
        (json!({ "exp": NOW - 1 }), 2_603),
        (json!({ "exp": null }), 2_603),
        (json!({ "iat": null }), 2_603),
        (json!({ "iat": NOW + 120 }), 2_603),
        (json!({ "nbf": NOW + 120 }), 2_603),
        (json!({ "exp": NOW + 3_700 }), 2_603),
        (json!({ "sub": null }), 2_605),
        (json!({ "sub": 7 }), 2_605),
        (json!({ "sub": "x".repeat(256) }), 2_605),
        (json!({ "sub": "repo:acme/other:main" }), 2_605),
        (json!({ "sub": "repo:acme/sit" }), 2_605),
        (json!({ "jti": null }), 2_607),
        (json!({ "jti": "" }), 2_607),
        (json!({ "jti": ["a"] }), 2_607),
        (json!({ "jti": "x".repeat(256) }), 2_607),
    ];
    for (changes, crn) in wrong {
        let answer = scene.redeem(&scene.with(changes), &[]).await;
        refused(&answer, "invalid_grant", crn);
    }
    let mut scene = scene;
    scene.set(|trust| trust.longest = Seconds(60)).await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    refused(&answer, "invalid_grant", 2_603);
    scene
        .redeemed(&scene.with(json!({ "exp": NOW + 50 })))
        .await;
}

#[tokio::test]
async fn rfc8725_3_an_assertion_is_read_strictly() {
    let scene = Scene::new().await;
    let rsa = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let p384 = KeyPair::generate(KeyType::P384).unwrap();
    let ec = &scene.issuer.pair;
    let claims = scene.claims();
    let bad = [
        signed(ec, &json!({ "alg": "ES256" }), &claims),
        signed(
            ec,
            &json!({ "alg": "ES256", "kid": "one", "typ": "dpop+jwt" }),
            &claims,
        ),
        signed(&p384, &json!({ "alg": "ES384", "kid": "one" }), &claims),
        signed(&rsa, &json!({ "alg": "PS256", "kid": "one" }), &claims),
    ];
    for assertion in bad {
        let answer = scene.bring(&assertion, &[]).await;
        refused(&answer, "invalid_grant", 2_601);
    }
    let none = format!(
        "{}.",
        signed(ec, &json!({ "alg": "none" }), &claims)
            .rsplit_once('.')
            .unwrap()
            .0
    );
    let answer = scene.bring(&none, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_grant", "{}", answer.body);
}

#[tokio::test]
async fn rfc7523_3_a_jti_works_once() {
    let scene = Scene::new().await;
    let claims = scene.claims();
    scene.redeemed(&claims).await;
    for again in [claims.clone(), scene.with(json!({ "jti": claims["jti"] }))] {
        let answer = scene.redeem(&again, &[]).await;
        refused(&answer, "invalid_grant", 2_111);
        let story = scene.story(&answer).await;
        assert!(story.contains(&scene.trust.id.to_string()), "{story}");
    }
}

#[tokio::test]
async fn rfc7523_3_a_jti_stays_spent_where_the_trust_is_made_anew() {
    let mut scene = Scene::new().await;
    let claims = scene.claims();
    scene.redeemed(&claims).await;
    scene.remove().await;
    scene.trust.id = TrustedIssuerId::from_bytes([0x77; 16]);
    scene.add(&scene.trust).await;
    let answer = scene.redeem(&claims, &[]).await;
    refused(&answer, "invalid_grant", 2_111);
    scene.redeemed(&scene.claims()).await;
}

#[tokio::test]
async fn of_sixteen_redemptions_of_one_assertion_one_is_good() {
    let scene = Scene::new().await;
    let assertion = scene.issuer.sign(&scene.claims());
    let asked = (0..16).map(|_| scene.bring(&assertion, &[]));
    let answers = futures_util::future::join_all(asked).await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 1);
}

/// ux 4.2: nobody learns whom we trust.
#[tokio::test]
async fn ux_4_2_an_unknown_issuer_an_unknown_account_and_a_wrong_signature_read_alike() {
    let mut scene = Scene::new().await;
    let other = KeyPair::generate(KeyType::P256).unwrap();
    let header = json!({ "alg": "ES256", "kid": "one" });
    let mut texts = Vec::new();
    let account = json!({
        "iss": "nobody@billing.iam.gserviceaccount.com", "aud": format!("{ISSUER}/token"),
        "scope": READ, "iat": NOW, "exp": NOW + 300,
    });
    texts.push(told(&scene.server.redeem(&account).await));
    for claims in [
        scene.with(json!({ "iss": "https://nobody.example" })),
        scene.with(json!({ "aud": "https://other.example" })),
        scene.with(json!({ "aud": null })),
    ] {
        texts.push(told(&scene.redeem(&claims, &[]).await));
    }
    texts.push(told(
        &scene
            .bring(&signed(&other, &header, &scene.claims()), &[])
            .await,
    ));
    let unknown = json!({ "alg": "ES256", "kid": "two" });
    texts.push(told(
        &scene
            .bring(&signed(&other, &unknown, &scene.claims()), &[])
            .await,
    ));
    // Nor whether it is on.
    scene.set(|trust| trust.disabled = true).await;
    let answer = scene
        .bring(&signed(&other, &header, &scene.claims()), &[])
        .await;
    let story = scene.story(&answer).await;
    assert!(
        story.contains(&scene.trust.id.to_string()) && story.contains("known_kids"),
        "{story}"
    );
    texts.push(told(&answer));
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:#?}");
}

#[tokio::test]
async fn lesson_ssrf_an_issuer_that_may_not_be_reached_is_not_asked() {
    let scene = Scene::reaching(Settings::default()).await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    refused(&answer, "invalid_grant", 2_005);
    assert_eq!(scene.issuer.fetched(), 0);
    let story = scene.story(&answer).await;
    assert!(story.contains("CRN-2515"), "{story}");
}

#[tokio::test]
async fn lesson_ssrf_nobody_makes_us_fetch_for_an_issuer_that_is_not_trusted() {
    let scene = Scene::new().await;
    let strange = crate::federation::scene::Issuer::new();
    let claims = scene.with(json!({ "iss": strange.url }));
    let answer = scene.bring(&strange.sign(&claims), &[]).await;
    refused(&answer, "invalid_grant", 2_005);
    assert_eq!(strange.fetched(), 0);
}

/// An issuer whom somebody else trusts names our account: it is that trust, and not the assertion, that says whom.
#[tokio::test]
async fn confused_deputy_an_issuer_of_others_gets_no_token_of_our_account() {
    let scene = Scene::new().await;
    let mut other = scene.trust.clone();
    other.id = TrustedIssuerId::from_bytes([9; 16]);
    other.owner = IssuerOwner::Project("elsewhere".parse().unwrap());
    other.issuer = "https://attacker.example".parse().unwrap();
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    other.keys = TrustedKeys::Inline(key_set(&[("one", &pair)]));
    scene.add(&other).await;
    let header = json!({ "alg": "ES256", "kid": "one" });
    let claims = scene.with(json!({ "iss": "https://attacker.example" }));
    let answer = scene.bring(&signed(&pair, &header, &claims), &[]).await;
    refused(&answer, "invalid_grant", 2_605);
    // Nor as our issuer, with its own keys.
    let answer = scene
        .bring(&signed(&pair, &header, &scene.claims()), &[])
        .await;
    refused(&answer, "invalid_grant", 2_005);
}

#[tokio::test]
async fn a_scope_beyond_the_trust_is_refused() {
    let mut scene = Scene::new().await;
    for scope in [PRIVATE, "openid", "nothing"] {
        let answer = scene.redeem(&scene.claims(), &[("scope", scope)]).await;
        assert_eq!(answer.json()["error"], "invalid_scope", "{}", answer.body);
    }
    let private = carnet_wire::scope::Scope::parse(PRIVATE).unwrap();
    scene.set(|trust| trust.scopes = private).await;
    let answer = scene.redeem(&scene.claims(), &[]).await;
    assert_eq!(answer.json()["error"], "invalid_scope", "{}", answer.body);
    scene.server.world.reading_is_blocked().await;
}
