//! Requests that apps sign (RFC 9101): what is in the request object counts, and nothing else.

use axum::http::StatusCode;
use carnet_core::record::ClientKeys;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use serde_json::Value;
use serde_json::json;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::member;

/// A person, and an app with a key.
pub(crate) async fn signing() -> (Actor, KeyPair) {
    let actor = Actor::new().await;
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let store = &actor.provider.parts().store;
    let mut client = store.client(&WEB.parse().unwrap()).await.unwrap().unwrap();
    client.credentials.keys = Some(ClientKeys::Inline(JwkSet {
        keys: vec![Jwk::new(pair.public_key().clone(), "one".to_owned())],
        skipped: Vec::new(),
    }));
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    (actor, pair)
}

/// The usual request with these claims instead; null takes one away.
fn claims(with: &Value) -> Value {
    let mut claims = json!({
        "iss": WEB, "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "client_id": WEB,
        "redirect_uri": BACK, "response_type": "code", "scope": READ, "state": "st&te",
        "code_challenge": base64url::encode(sha256(VERIFIER)), "code_challenge_method": "S256",
    });
    for (name, value) in with.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn signed_as(header: &Value, claims: &Value, pair: &KeyPair) -> String {
    let parts = [header, claims].map(|part| base64url::encode(part.to_string()));
    let input = parts.join(".");
    let signature = pair.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(signature))
}

pub(crate) fn signed(with: &Value, pair: &KeyPair) -> String {
    let header = json!({"alg": "ES256", "typ": "oauth-authz-req+jwt", "kid": "one"});
    signed_as(&header, &claims(with), pair)
}

/// The address that a browser brings, with these parameters beside the object.
pub(crate) fn brought(object: &str, beside: &[(&str, &str)]) -> String {
    let fields = [&[("client_id", WEB), ("request", object)], beside].concat();
    format!("/authorize?{}", encoded(&fields))
}

#[tokio::test]
async fn rfc9101_what_is_in_the_request_object_counts_and_nothing_else() {
    let (actor, pair) = signing().await;
    let beside = [
        ("redirect_uri", "https://evil.example/"),
        ("state", "another"),
        ("code_challenge", "x"),
        ("nonce", "another"),
        ("prompt", "none"),
    ];
    for typ in [json!("oauth-authz-req+jwt"), json!("JWT"), Value::Null] {
        let mut header = json!({"alg": "ES256", "kid": "one"});
        if !typ.is_null() {
            header["typ"] = typ;
        }
        let more = json!({"prompt": "consent", "max_age": 3600});
        let path = brought(&signed_as(&header, &claims(&more), &pair), &beside);
        let back = actor.consent(&path, &[("decision", "allow")]).await;
        let code = answered(&back, "code").unwrap_or_else(|| panic!("{back:?}"));
        let answer = actor.redeem(&code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(member(&answer, "scope"), READ);
    }
}

#[tokio::test]
async fn rfc9101_6_2_and_10_8_what_is_not_the_apps_own_is_refused() {
    let (actor, pair) = signing().await;
    for (what, object) in &not_the_apps_own(&pair) {
        // Where the address beside it is the app's own, the app is told.
        let beside = [("redirect_uri", BACK), ("state", "st&te")];
        let back = actor.get(&brought(object, &beside)).await;
        let error = answered(&back, "error");
        assert_eq!(
            error.as_deref(),
            Some("invalid_request_object"),
            "{what}: {back:?}"
        );
        assert_eq!(answered(&back, "code"), None);
        // Where it is not, the person reads a page.
        let beside = [("redirect_uri", "https://evil.example/")];
        let page = actor.get(&brought(object, &beside)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(page.headers.get("location"), None, "{what}");
    }
    let good = signed(&json!({}), &pair);
    assert_eq!(actor.get(&brought(&good, &[])).await.status, StatusCode::OK);
}

/// Request objects by strangers, of another kind, or with members that are not as they must be.
fn not_the_apps_own(pair: &KeyPair) -> Vec<(&'static str, String)> {
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    let header = |alg: &str, typ: &str| json!({"alg": alg, "typ": typ});
    let plain = claims(&json!({}));
    let own = |with: &Value| signed(with, pair);
    let unsigned = {
        let parts = [&header("none", "JWT"), &plain];
        let parts = parts.map(|part| base64url::encode(part.to_string()));
        format!("{}.", parts.join("."))
    };
    let good = own(&json!({}));
    let (head, _) = good.rsplit_once('.').unwrap();
    vec![
        ("no JWT", "eyJ".to_owned()),
        ("alg none", unsigned),
        ("no signature", format!("{head}.")),
        ("another's key", signed(&json!({}), &stranger)),
        (
            "an access token",
            signed_as(&header("ES256", "at+jwt"), &plain, pair),
        ),
        (
            "an assertion",
            signed_as(&header("ES256", "client-authentication+jwt"), &plain, pair),
        ),
        ("HS256", signed_as(&header("HS256", "JWT"), &plain, pair)),
        ("an assertion's sub", own(&json!({"sub": WEB}))),
        ("iss missing", own(&json!({"iss": null}))),
        ("another iss", own(&json!({"iss": SPA}))),
        ("aud missing", own(&json!({"aud": null}))),
        ("another aud", own(&json!({"aud": "https://evil.example"}))),
        ("exp missing", own(&json!({"exp": null}))),
        ("exp passed", own(&json!({"exp": NOW - 61}))),
        ("exp too far", own(&json!({"exp": NOW + 7_200}))),
        ("iat in the future", own(&json!({"iat": NOW + 61}))),
        ("nbf in the future", own(&json!({"nbf": NOW + 61}))),
        ("client_id missing", own(&json!({"client_id": null}))),
        ("another client_id", own(&json!({"client_id": SPA}))),
        ("request in it", own(&json!({"request": "x"}))),
        ("request_uri in it", own(&json!({"request_uri": "urn:x"}))),
    ]
}

#[tokio::test]
async fn rfc9101_6_3_the_request_in_the_object_is_judged_like_any_other() {
    let (actor, pair) = signing().await;
    for (with, error) in [
        (json!({"scope": "nothing"}), "invalid_scope"),
        (json!({"code_challenge": null}), "invalid_request"),
        (
            json!({"resource": ["https://nowhere.example"]}),
            "invalid_target",
        ),
        (
            json!({"authorization_details": [{"type": "other"}]}),
            "invalid_authorization_details",
        ),
    ] {
        let back = actor.get(&brought(&signed(&with, &pair), &[])).await;
        assert_eq!(answered(&back, "error").as_deref(), Some(error), "{with}");
    }
    let elsewhere = json!({"redirect_uri": "https://evil.example/"});
    let beside = [("redirect_uri", BACK)];
    let page = actor
        .get(&brought(&signed(&elsewhere, &pair), &beside))
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("CRN-1203"), "{}", page.body);
}

#[tokio::test]
async fn oidc_6_1_what_is_said_twice_says_the_same() {
    let (actor, pair) = signing().await;
    let object = signed(&json!({}), &pair);
    let same = [("response_type", "code"), ("scope", READ)];
    let page = actor.get(&brought(&object, &same)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let beside = [
        ("scope", "openid"),
        ("redirect_uri", BACK),
        ("state", "st&te"),
    ];
    let back = actor.get(&brought(&object, &beside)).await;
    let error = answered(&back, "error");
    assert_eq!(error.as_deref(), Some("invalid_request_object"), "{back:?}");
    // An answer to another response type would travel in the fragment.
    let beside = [("response_type", "token"), ("redirect_uri", BACK)];
    let back = actor.get(&brought(&object, &beside)).await;
    let location = back.headers["location"].to_str().unwrap();
    assert!(
        location.contains("#error=invalid_request_object"),
        "{location}"
    );
}

#[tokio::test]
async fn a_person_may_take_longer_than_the_signature_is_good_for() {
    let (mut actor, pair) = signing().await;
    let signed_in = std::mem::take(&mut actor.cookie);
    let path = brought(&signed(&json!({}), &pair), &[]);
    let away = actor.get(&path).await;
    let location = away.headers["location"].to_str().unwrap().to_owned();
    let sealed = location.strip_prefix("/login?r=").unwrap();
    actor.provider.wait(600);
    actor.cookie = signed_in;
    let back = format!("/authorize?r={sealed}");
    let back = actor.consent(&back, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
    let late = actor
        .get(&brought(
            &signed(&json!({}), &pair),
            &[("redirect_uri", BACK), ("state", "st&te")],
        ))
        .await;
    let error = answered(&late, "error");
    assert_eq!(error.as_deref(), Some("invalid_request_object"), "{late:?}");
}

#[tokio::test]
async fn rfc9126_3_a_request_object_may_be_pushed() {
    let (actor, pair) = signing().await;
    let object = signed(&json!({}), &pair);
    let form = [
        ("request", object.as_str()),
        ("scope", READ),
        ("state", "no"),
    ];
    let answer = actor
        .provider
        .post_basic("/par", &form, (WEB, SECRET))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let fields = [
        ("client_id", WEB),
        ("request_uri", &*member(&answer, "request_uri")),
    ];
    let path = format!("/authorize?{}", encoded(&fields));
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    for object in [
        signed(&json!({}), &stranger),
        signed(&json!({"client_id": SPA}), &pair),
        "eyJ".to_owned(),
    ] {
        let form = [("request", object.as_str())];
        let refused = actor
            .provider
            .post_basic("/par", &form, (WEB, SECRET))
            .await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(member(&refused, "error"), "invalid_request_object");
    }
}

#[tokio::test]
async fn rfc9101_9_discovery_says_what_is_read() {
    let (actor, _) = signing().await;
    let says = actor
        .provider
        .get("/.well-known/openid-configuration")
        .await
        .json();
    assert_eq!(says["request_parameter_supported"], true);
    assert_eq!(says["request_uri_parameter_supported"], false);
    let algorithms = says["request_object_signing_alg_values_supported"].as_array();
    assert!(algorithms.unwrap().contains(&json!("ES256")));
    assert!(!algorithms.unwrap().contains(&json!("none")));
}

#[tokio::test]
async fn rfc9101_10_5_who_must_sign_is_asked_for_nothing_that_is_not_signed() {
    let (actor, pair) = signing().await;
    let store = &actor.provider.parts().store;
    let mut client = store.client(&WEB.parse().unwrap()).await.unwrap().unwrap();
    client.require_signed_request_object = true;
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);

    let plain = authorize(WEB, &[("scope", READ)]);
    let back = actor.get(&plain).await;
    assert_eq!(answered(&back, "error").as_deref(), Some("invalid_request"));
    let why = answered(&back, "error_description").unwrap();
    assert!(why.contains("CRN-1226"), "{why}");
    let pairs = plain.split_once('?').unwrap().1.as_bytes();
    let pairs: Vec<_> = url::form_urlencoded::parse(pairs).collect();
    let form: Vec<_> = pairs
        .iter()
        .map(|(a, b)| (&**a, &**b))
        .filter(|(name, _)| *name != "client_id")
        .collect();
    let pushed = actor
        .provider
        .post_basic("/par", &form, (WEB, SECRET))
        .await;
    assert_eq!(pushed.status, StatusCode::BAD_REQUEST, "{}", pushed.body);
    assert_eq!(member(&pushed, "error"), "invalid_request");
    assert!(pushed.body.contains("CRN-1226"), "{}", pushed.body);

    let object = signed(&json!({}), &pair);
    let path = brought(&object, &[]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
    let form = [("request", object.as_str())];
    let pushed = actor
        .provider
        .post_basic("/par", &form, (WEB, SECRET))
        .await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
    let reference = member(&pushed, "request_uri");
    let fields = [("client_id", WEB), ("request_uri", &reference)];
    let back = actor.get(&format!("/authorize?{}", encoded(&fields))).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
}
