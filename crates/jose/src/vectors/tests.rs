//! Tests of `vectors`: Project Wycheproof, every vector.
//!
//! Where the files are absent (a checkout without its neighbour directory), the test says so in a
//! printed line and checks nothing.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Value, json};

use super::{Judgement, judge};
use crate::{
    jwk::Jwk,
    key_pair::{KeyPair, KeyType},
    signer::LocalSigner,
    signing::{SigningHeader, sign_compact},
};

fn wycheproof(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/wycheproof")
        .join(file);
    let Ok(text) = std::fs::read(&path) else {
        println!("SKIPPED: {file} is not there; no vector of it was checked");
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

/// How often each (expected, judged) came.
type Totals = BTreeMap<(String, String), usize>;

/// Judges every vector of a file, prints the totals and why vectors are unsupported.
///
/// An invalid one never comes out valid, and with a key of ours it comes out invalid. A valid one
/// comes out valid, or unsupported for a reason that is on the list.
fn hold_against(file: &str) -> Totals {
    let (mut totals, mut reasons) = (Totals::new(), BTreeMap::new());
    let Some(document) = wycheproof(file) else {
        return totals;
    };
    for group in document["testGroups"].as_array().unwrap() {
        let key = group.get("public").or(group.get("private")).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let (token, kind) = match (&test["jws"], &test["jwe"]) {
                (Value::Null, jwe) => (jwe, "jwe"),
                (jws, _) => (jws, "jws"),
            };
            // A JSON serialisation may stand there as an object; as text it is no compact token.
            let token = token
                .as_str()
                .map_or_else(|| token.to_string(), str::to_owned);
            let judgement = judge(kind, key, &token);
            let expected = test["result"].as_str().unwrap();
            let name = format!(
                "{file} {}: {} {}",
                test["tcId"], group["comment"], test["comment"]
            );
            if judgement == Judgement::Unsupported {
                let reason = not_ours(kind, key, expected, &token);
                let reason = reason.unwrap_or_else(|| panic!("{name} is ours to judge"));
                *reasons.entry(format!("{reason}, {expected}")).or_insert(0) += 1;
            } else {
                assert_eq!(judgement == Judgement::Valid, expected == "valid", "{name}");
            }
            *totals
                .entry((expected.to_owned(), format!("{judgement:?}")))
                .or_insert(0) += 1;
        }
    }
    println!("{file}: {totals:?}; unsupported: {reasons:?}");
    totals
}

/// Why a vector is none of ours, found without the code under test.
fn not_ours(kind: &str, key: &Value, expected: &str, token: &str) -> Option<String> {
    if kind == "jwe" {
        return Some("JWE".to_owned());
    }
    let key = key["keys"].get(0).unwrap_or(key);
    match (
        key["kty"].as_str()?,
        key["alg"].as_str(),
        key["crv"].as_str(),
    ) {
        ("oct", ..) => Some("HMAC".to_owned()),
        ("EC", _, Some(curve @ "P-521")) => Some(curve.to_owned()),
        ("RSA", Some(alg @ ("RS384" | "RS512" | "PS384" | "PS512")), _) => Some(alg.to_owned()),
        // RFC 7520 §4.2 signs with PS384; the file gives its key as one for PS256.
        ("RSA", Some("PS256"), _) if expected == "valid" && token.starts_with(PS384_HEADER) => {
            Some("PS384 under a key for PS256".to_owned())
        }
        _ => None,
    }
}

/// `{"alg":"PS384"`, encoded.
const PS384_HEADER: &str = "eyJhbGciOiJQUzM4NCI";

fn check(file: &str, valid: usize, invalid: usize) {
    let totals = hold_against(file);
    if totals.is_empty() {
        return; // it was said that the file is absent
    }
    let total = |expected: &str, judged: &str| {
        totals
            .get(&(expected.to_owned(), judged.to_owned()))
            .copied()
            .unwrap_or_default()
    };
    assert_eq!(total("valid", "Valid"), valid, "{totals:?}");
    assert_eq!(total("invalid", "Invalid"), invalid, "{totals:?}");
}

#[test]
fn wycheproof_json_web_signature() {
    check("json_web_signature_test.json", 16, 308);
}

#[test]
fn wycheproof_json_web_key() {
    check("json_web_key_test.json", 1, 11);
}

#[test]
fn wycheproof_json_web_crypto() {
    check("json_web_crypto_test.json", 2, 27);
}

#[test]
fn wycheproof_json_web_encryption_is_unsupported_throughout() {
    check("json_web_encryption_test.json", 0, 0);
}

fn signed() -> (Value, String) {
    let signer = LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), "k");
    let header = SigningHeader::of(&signer, "JWT");
    let token = sign_compact(&header, b"{}", &signer).unwrap();
    (
        Jwk::new(signer.key_pair().public_key().clone(), "k").to_json(),
        token,
    )
}

#[test]
fn a_kind_that_we_do_not_have_is_unsupported_and_nonsense_is_invalid() {
    let (key, token) = signed();
    assert_eq!(judge("jws", &key, &token), Judgement::Valid);
    assert_eq!(judge("jwe", &key, &token), Judgement::Unsupported);
    assert_eq!(judge("mac", &key, &token), Judgement::Unsupported);
    assert_eq!(judge("jws", &json!(7), &token), Judgement::Invalid);
    assert_eq!(judge("jws", &json!({}), &token), Judgement::Invalid);
    assert_eq!(
        judge("jws", &json!({ "keys": 7 }), &token),
        Judgement::Invalid
    );
    assert_eq!(judge("jws", &key, "nonsense"), Judgement::Invalid);
}

#[test]
fn in_a_set_the_kid_chooses_and_two_of_one_name_are_no_choice() {
    let (key, token) = signed();
    let (other, _) = signed();
    let mut elsewhere = other.clone();
    elsewhere["kid"] = "another".into();
    assert_eq!(
        judge("jws", &json!({ "keys": [key] }), &token),
        Judgement::Valid
    );
    assert_eq!(
        judge("jws", &json!({ "keys": [elsewhere, key] }), &token),
        Judgement::Valid
    );
    assert_eq!(
        judge("jws", &json!({ "keys": [other, key] }), &token),
        Judgement::Invalid
    );
    assert_eq!(
        judge("jws", &json!({ "keys": [] }), &token),
        Judgement::Invalid
    );
}
