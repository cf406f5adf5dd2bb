//! Tests of `jwks`.

use serde_json::{Value, json};

use super::{JwkSet, LONGEST, MOST_KEYS, NotAKeySet};
use crate::{
    json::NotJson,
    jwk::Jwk,
    key_pair::{KeyPair, KeyType},
    key_refused::KeyRefused,
    printable::Printable,
};

fn jwk(key_id: &str) -> Jwk {
    Jwk::new(
        KeyPair::generate(KeyType::P256)
            .unwrap()
            .public_key()
            .clone(),
        key_id,
    )
}

fn parse(value: &Value) -> Result<JwkSet, NotAKeySet> {
    JwkSet::parse(value.to_string().as_bytes())
}

#[test]
fn what_is_printed_is_read_again() {
    let set = JwkSet {
        keys: vec![jwk("a"), jwk("b")],
        skipped: vec![],
    };
    assert_eq!(JwkSet::parse(set.to_json().as_bytes()), Ok(set));
    assert_eq!(JwkSet::default().to_json(), r#"{"keys":[]}"#);
}

#[test]
fn rfc7517_5_keys_that_are_not_understood_are_skipped() {
    let good = jwk("good");
    let mut encryption = jwk("enc").to_json();
    encryption["use"] = "enc".into();
    let set = parse(&json!({
        "keys": [{ "kty": "oct", "k": "AA", "kid": "secret" }, good.to_json(), encryption, { "kty": "AKP" }],
        "other": [[1]],
    }))
    .unwrap();
    assert_eq!(set.keys, [good]);
    let skipped: Vec<_> = set
        .skipped
        .iter()
        .map(|skipped| skipped.key_id.as_ref().map(Printable::as_str))
        .collect();
    assert_eq!(skipped, [Some("secret"), Some("enc"), None]);
    assert_eq!(set.skipped[1].because, KeyRefused::NotForSignatures);
}

#[test]
fn a_set_is_bounded_in_keys_and_bytes_and_depth() {
    let oct = |count| json!({ "keys": vec![json!({ "kty": "oct" }); count] });
    assert_eq!(parse(&oct(MOST_KEYS)).unwrap().skipped.len(), MOST_KEYS);
    assert_eq!(parse(&oct(MOST_KEYS + 1)), Err(NotAKeySet::TooMany));
    let long = json!({ "keys": [], "x": "x".repeat(LONGEST) });
    assert_eq!(parse(&long), Err(NotAKeySet::TooLong));
    let deep = format!(r#"{{"keys":[],"x":{}{}}}"#, "[".repeat(20), "]".repeat(20));
    assert_eq!(
        JwkSet::parse(deep.as_bytes()),
        Err(NotAKeySet::Json(NotJson::TooDeep))
    );
}

#[test]
fn what_is_no_set_is_refused() {
    for wrong in [
        json!({}),
        json!({ "keys": {} }),
        json!({ "keys": null }),
        json!({ "keys": ["a"] }),
    ] {
        assert_eq!(parse(&wrong), Err(NotAKeySet::NoKeys), "{wrong}");
    }
    assert_eq!(
        parse(&json!([])),
        Err(NotAKeySet::Json(NotJson::NotAnObject))
    );
}

#[test]
fn rfc7517_4_5_a_kid_names_its_keys_and_no_kid_names_all() {
    let set = JwkSet {
        keys: vec![jwk("a"), jwk("b"), jwk("a")],
        skipped: vec![],
    };
    assert_eq!(set.candidates(Some("a")).count(), 2);
    assert_eq!(set.candidates(Some("b")).count(), 1);
    assert_eq!(set.candidates(Some("c")).count(), 0);
    assert_eq!(set.candidates(None).count(), 3);
}
