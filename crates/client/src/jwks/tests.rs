//! Keys are kept, renewed, and asked for no more often than is fair.

use std::sync::LazyLock;

use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use tokio::task::JoinSet;

use super::Cache;
use super::Terms;
use super::lifetime;
use crate::rehearsal::Hand;
use crate::rehearsal::Script;

const URL: &str = "https://auth.example/jwks";

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeyType::P256).unwrap());

/// A document with one key under these names.
fn document(names: &[&str]) -> String {
    let key = |name: &&str| Jwk::new(KEY.public_key().clone(), *name);
    let keys = names.iter().map(key).collect();
    JwkSet {
        keys,
        skipped: vec![],
    }
    .to_json()
}

fn cache(script: &Script, hand: &Hand) -> Cache {
    Cache::with(URL, Terms::default(), &script.transport(), &hand.clock()).unwrap()
}

const HOUR: &[(&str, &str)] = &[("cache-control", "public, max-age=3600"), ("etag", "\"1\"")];

#[tokio::test]
async fn rfc9111_keys_are_kept_as_long_as_the_server_says() {
    let script = Script::default()
        .then(200, HOUR, &document(&["a"]))
        .then(304, HOUR, "")
        .then(200, HOUR, &document(&["b"]));
    let hand = Hand::new();
    let cache = cache(&script, &hand);
    cache.keys().await.unwrap();
    hand.forward(3599);
    cache.keys().await.unwrap();
    assert_eq!(script.count(), 1);
    hand.forward(1);
    let kept = cache.keys().await.unwrap();
    assert_eq!(kept.keys[0].key_id.as_deref(), Some("a"));
    assert_eq!(script.asked(1).headers()["if-none-match"], "\"1\"");
    hand.forward(3600);
    assert_eq!(
        cache.keys().await.unwrap().keys[0].key_id.as_deref(),
        Some("b")
    );
}

#[test]
fn rfc9111_5_2_2_lifetimes_have_bounds() {
    let of = |pairs: &[(&'static str, &'static str)], longest| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        lifetime(&headers, longest)
    };
    let day = 86_400;
    for (value, expected) in [
        ("max-age=600", 600),
        ("public, MAX-AGE=600, must-revalidate", 600),
        ("max-age=\"600\"", 600),
        ("max-age=5", 60),
        ("max-age=99999999999", day),
        ("max-age=-7", 60),
        ("max-age=x", 300),
        ("no-store", 60),
        ("max-age=600, no-cache", 60),
        ("", 300),
    ] {
        assert_eq!(of(&[("cache-control", value)], day), expected, "{value}");
    }
    assert_eq!(of(&[], day), 300);
    assert_eq!(
        of(&[("cache-control", "max-age=600"), ("age", "500")], day),
        100
    );
    assert_eq!(
        of(&[("cache-control", "max-age=600"), ("age", "-9")], day),
        600
    );
    assert_eq!(of(&[("cache-control", "max-age=600")], 300), 300);
}

#[tokio::test]
async fn a_hundred_callers_make_one_request() {
    let script = Script::default().then(200, HOUR, &document(&["a"]));
    let cache = cache(&script, &Hand::new());
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let cache = cache.clone();
        callers.spawn(async move { cache.keys_for(Some("a")).await.unwrap() });
    }
    assert_eq!(callers.join_all().await.len(), 100);
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_after_a_rotation() {
    let script = Script::default().then(200, HOUR, &document(&["a"])).then(
        200,
        HOUR,
        &document(&["a", "b"]),
    );
    let hand = Hand::new();
    let cache = cache(&script, &hand);
    cache.keys().await.unwrap();
    hand.forward(30);
    let keys = cache.keys_for(Some("b")).await.unwrap();
    assert!(keys.candidates(Some("b")).next().is_some());
    cache.keys_for(Some("b")).await.unwrap();
    cache.keys_for(None).await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn a_flood_of_unknown_keys_makes_one_request_in_half_a_minute() {
    let script = Script::default()
        .then(200, HOUR, &document(&["a"]))
        .then(304, HOUR, "")
        .then(304, HOUR, "");
    let hand = Hand::new();
    let cache = cache(&script, &hand);
    cache.keys().await.unwrap();
    for round in 1..=2 {
        hand.forward(30);
        let mut callers = JoinSet::new();
        for number in 0..200 {
            let cache = cache.clone();
            callers.spawn(async move {
                let name = format!("unknown-{number}");
                let keys = cache.keys_for(Some(&name)).await.unwrap();
                assert!(keys.candidates(Some(&name)).next().is_none());
            });
        }
        callers.join_all().await;
        hand.forward(29);
        cache.keys_for(Some("unknown")).await.unwrap();
        hand.forward(-29);
        assert_eq!(script.count(), 1 + round);
    }
}

#[tokio::test]
async fn old_keys_are_used_while_new_ones_cannot_be_had() {
    let mut script = Script::default().then(200, HOUR, &document(&["a"]));
    for _ in 0..3 {
        script = script.then_silence();
    }
    let hand = Hand::new();
    let cache = cache(&script, &hand);
    cache.keys().await.unwrap();
    hand.forward(3600);
    cache.keys_for(Some("a")).await.unwrap();
    cache.keys_for(Some("a")).await.unwrap();
    assert_eq!(script.count(), 2);
    // Nobody can say now whether a key is unknown.
    assert!(cache.keys_for(Some("b")).await.unwrap_err().is_temporary());
    assert_eq!(script.count(), 2);
    hand.forward(4 * 3600 - 1);
    cache.keys().await.unwrap();
    assert_eq!(script.count(), 3);
    hand.forward(1 + 30);
    assert!(cache.keys().await.unwrap_err().is_temporary());
}

#[tokio::test]
async fn an_api_may_start_before_its_issuer() {
    let script = Script::default()
        .then_silence()
        .then(200, HOUR, &document(&["a"]));
    let hand = Hand::new();
    let cache = cache(&script, &hand);
    assert!(cache.keys().await.unwrap_err().is_temporary());
    assert!(cache.keys().await.unwrap_err().is_temporary());
    assert_eq!(script.count(), 1);
    hand.forward(2);
    cache.keys().await.unwrap();
}

#[tokio::test]
async fn what_is_not_a_key_set_is_not_taken() {
    for body in ["", "[]", "{}", r#"{"keys":7}"#] {
        let script = Script::default().then(200, &[], body);
        let error = cache(&script, &Hand::new()).keys().await.unwrap_err();
        assert_eq!(error.crn(), Some("CRN-7007"), "{body}");
    }
    let script = Script::default().then(304, &[], "");
    assert!(cache(&script, &Hand::new()).keys().await.is_err());
    let script = Script::default().then(404, &[], "");
    assert_eq!(
        cache(&script, &Hand::new())
            .keys()
            .await
            .unwrap_err()
            .status(),
        Some(404)
    );
}

#[tokio::test]
async fn on_some_terms_a_missing_document_is_an_empty_one() {
    let script = Script::default().then(404, &[], "").then(404, &[], "");
    let hand = Hand::new();
    let terms = Terms {
        longest: 300,
        missing_is_empty: true,
    };
    let cache = Cache::with(URL, terms, &script.transport(), &hand.clock()).unwrap();
    assert!(cache.keys_for(Some("a")).await.unwrap().keys.is_empty());
    assert!(cache.keys_for(Some("a")).await.unwrap().keys.is_empty());
    assert_eq!(script.count(), 1);
    hand.forward(300);
    cache.keys().await.unwrap();
    assert_eq!(script.count(), 2);
}
