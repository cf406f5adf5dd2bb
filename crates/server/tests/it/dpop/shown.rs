//! Bound tokens at this server's own resources.

use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use serde_json::json;

use super::holder::for_token;
use super::holder::for_use;
use super::holder::holder;
use super::holder::own;
use super::holder::show;
use super::holder::token;
use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::member;

const USERINFO: (&str, &str) = ("GET", "/userinfo");

/// A person's token that is bound to this key.
async fn bound(actor: &Actor, key: &Prover) -> String {
    let path = authorize(SPA, &[("scope", "openid email")]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", SPA),
    ];
    let proof = key.prove(&for_token("code"));
    let answer = token(&actor.provider, &form, None, &[&proof]).await;
    member(&answer, "access_token")
}

/// The challenges of an answer.
fn challenges(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("www-authenticate").iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn rfc9449_7_1_a_bound_token_is_shown_with_its_proof_once() {
    let actor = Actor::new().await;
    let key = holder();
    let token = bound(&actor, &key).await;
    let proof = key.prove(&for_use("a", USERINFO, &token));
    let provider = &actor.provider;
    let answer = show(provider, USERINFO, ("DPoP", &token), Some(&proof)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.headers.contains_key("dpop-nonce"));
    let again = show(provider, USERINFO, ("DPoP", &token), Some(&proof)).await;
    assert_eq!(again.status, 401);
    assert_eq!(again.json()["error"], "invalid_dpop_proof");
    let [challenge] = challenges(&again).try_into().unwrap();
    assert!(challenge.starts_with("DPoP "), "{challenge}");
    assert!(challenge.contains("CRN-1605"), "{challenge}");
    assert!(
        challenge.contains(r#"algs="ES256 ES384 EdDSA Ed25519 PS256""#),
        "{challenge}"
    );
}

#[tokio::test]
async fn rfc9449_7_2_a_bound_token_is_no_bearer_token() {
    let actor = Actor::new().await;
    let key = holder();
    let token = bound(&actor, &key).await;
    let provider = &actor.provider;
    let proof = key.prove(&for_use("a", USERINFO, &token));
    for proof in [None, Some(proof.as_str())] {
        let answer = show(provider, USERINFO, ("Bearer", &token), proof).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"], "invalid_token");
        let [bearer, dpop] = challenges(&answer).try_into().unwrap();
        for (challenge, scheme) in [(bearer, "Bearer "), (dpop, "DPoP ")] {
            assert!(challenge.starts_with(scheme), "{challenge}");
            assert!(
                challenge.contains(r#"error="invalid_token""#),
                "{challenge}"
            );
        }
    }
    let form = [("access_token", token.as_str())];
    let answer = provider.post("/userinfo", &form).await;
    assert_eq!(answer.status, 401, "in a form it is shown without its key");
    let told = provider
        .get(&format!("/tokeninfo?access_token={token}"))
        .await;
    assert_eq!(told.status, 400, "{}", told.body);
    let path = ("GET", "/tokeninfo");
    let proof = key.prove(&for_use("b", path, &token));
    let told = show(provider, path, ("DPoP", &token), Some(&proof)).await;
    assert_eq!(told.status, 200, "{}", told.body);
    let none = show(provider, path, ("DPoP", &token), None).await;
    assert_eq!(none.status, 401);
}

#[tokio::test]
async fn rfc9449_7_1_a_proof_is_about_this_token_and_this_request() {
    let actor = Actor::new().await;
    let (key, other) = (holder(), holder());
    let token = bound(&actor, &key).await;
    let right = for_use("a", USERINFO, &token);
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = right.clone();
        claims[name] = value;
        key.prove(&claims)
    };
    for (proof, error, code) in [
        (
            with("ath", prover::of_token("x").into()),
            "invalid_dpop_proof",
            "CRN-1606",
        ),
        (
            key.prove(&prover::claims(
                "a",
                ("GET", &format!("{ISSUER}/userinfo")),
                NOW,
            )),
            "invalid_dpop_proof",
            "CRN-1606",
        ),
        (with("htm", "POST".into()), "invalid_dpop_proof", "CRN-1603"),
        (
            with("htu", format!("{ISSUER}/token").into()),
            "invalid_dpop_proof",
            "CRN-1603",
        ),
        (
            with("iat", (NOW - 61).into()),
            "invalid_dpop_proof",
            "CRN-1604",
        ),
        (with("nonce", "x".into()), "use_dpop_nonce", "CRN-1601"),
        (other.prove(&right), "invalid_token", "CRN-1611"),
    ] {
        let answer = show(&actor.provider, USERINFO, ("DPoP", &token), Some(&proof)).await;
        assert_eq!(answer.status, 401, "{code}: {}", answer.body);
        assert_eq!(answer.json()["error"], error);
        let all = challenges(&answer).join(", ");
        assert!(all.contains(code), "{all}");
    }
    let none = show(&actor.provider, USERINFO, ("DPoP", &token), None).await;
    assert!(challenges(&none).join(", ").contains("CRN-1607"));
    let proof = key.prove(&right);
    let answer = show(&actor.provider, USERINFO, ("DPoP", &token), Some(&proof)).await;
    assert_eq!(
        answer.status, 200,
        "nothing of that was spent: {}",
        answer.body
    );
}

#[tokio::test]
async fn rfc9449_7_2_a_scheme_that_promises_a_key_wants_a_bound_token() {
    let actor = Actor::new().await;
    let code = actor.code("openid").await;
    let plain = member(&actor.redeem(&code).await, "access_token");
    let proof = holder().prove(&for_use("a", USERINFO, &plain));
    let answer = show(&actor.provider, USERINFO, ("DPoP", &plain), Some(&proof)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (401, &json!("invalid_token"))
    );
    let answer = show(
        &actor.provider,
        USERINFO,
        ("Bearer", &plain),
        Some("nobody looks"),
    )
    .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn rfc9449_7_1_whoever_shows_no_token_is_told_both_schemes() {
    let actor = Actor::new().await;
    let answer = actor.provider.get("/userinfo").await;
    assert_eq!(answer.status, 401);
    let [bearer, dpop] = challenges(&answer).try_into().unwrap();
    assert!(bearer.starts_with("Bearer realm="), "{bearer}");
    assert!(
        dpop.starts_with("DPoP realm=") && dpop.contains("algs="),
        "{dpop}"
    );
    assert!(!format!("{bearer}{dpop}").contains("error"));
}

#[tokio::test]
async fn rfc9449_6_2_introspection_tells_the_key() {
    let actor = Actor::new().await;
    let provider = &actor.provider;
    let key = holder();
    let answer = own(provider, &[&key.prove(&for_token("a"))]).await;
    let text = member(&answer, "access_token");
    let form = [("token", text.as_str())];
    let told = provider
        .post_basic("/introspect", &form, (DAEMON, SECRET))
        .await;
    let told = told.json();
    assert_eq!(
        (&told["active"], &told["token_type"]),
        (&json!(true), &json!("DPoP"))
    );
    assert_eq!(told["cnf"], json!({"jkt": key.thumbprint()}));
}

#[tokio::test]
async fn rfc9449_7_who_asks_with_a_bound_token_proves_its_key() {
    let actor = Actor::new().await;
    let provider = &actor.provider;
    let key = holder();
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let scope = json!({"scope": "carnet.introspect carnet.admin.read"});
    let assertion = provider.world.sign(&provider.world.with(scope));
    let form = [("grant_type", grant), ("assertion", assertion.as_str())];
    let answer = token(provider, &form, None, &[&key.prove(&for_token("a"))]).await;
    assert_eq!(answer.json()["token_type"], "DPoP", "{}", answer.body);
    let text = member(&answer, "access_token");
    let replayed = token(provider, &form, None, &[&key.prove(&for_token("a"))]).await;
    assert_eq!(replayed.status, 400, "{}", replayed.body);
    for (place, good) in [
        (("POST", "/introspect"), 400),
        (("GET", "/admin/v1/whoami"), 200),
    ] {
        let bearer = show(provider, place, ("Bearer", &text), None).await;
        assert_eq!(bearer.status, 401, "{place:?} {}", bearer.body);
        let all = challenges(&bearer).join(", ");
        assert!(all.contains("DPoP ") && all.contains("CRN-1611"), "{all}");
        let proof = key.prove(&for_use(place.1, place, &text));
        let right = show(provider, place, ("DPoP", &text), Some(&proof)).await;
        // Whoever is let in at introspection has not said what they ask about.
        assert_eq!(right.status, good, "{place:?} {}", right.body);
        let again = show(provider, place, ("DPoP", &text), Some(&proof)).await;
        assert_eq!(again.status, 401, "{place:?} {}", again.body);
        assert!(again.headers.contains_key("dpop-nonce"));
    }
}
