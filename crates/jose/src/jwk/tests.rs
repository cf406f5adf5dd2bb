//! Tests of `jwk`.

use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::{Jwk, LONGEST};
use crate::{
    alg::Algorithm,
    json::NotJson,
    key_pair::{KeyPair, KeyType},
    key_refused::KeyRefused,
};

fn jwk(kind: KeyType) -> Jwk {
    Jwk::new(KeyPair::generate(kind).unwrap().public_key().clone(), "k1")
}

fn parse(value: &Value) -> Result<Jwk, KeyRefused> {
    Jwk::parse(value.to_string().as_bytes())
}

/// The JSON form with some members changed.
fn with(jwk: &Jwk, changes: &Value) -> Value {
    let mut value = jwk.to_json();
    for (name, change) in changes.as_object().unwrap() {
        value[name] = change.clone();
    }
    value
}

#[test]
fn what_is_printed_is_read_again() {
    for kind in [
        KeyType::Rsa2048,
        KeyType::P256,
        KeyType::P384,
        KeyType::Ed25519,
    ] {
        let jwk = jwk(kind);
        assert_eq!(parse(&jwk.to_json()).unwrap(), jwk);
        assert_eq!(serde_json::to_value(&jwk).unwrap(), jwk.to_json());
        assert_eq!(jwk.to_json()["use"], "sig");
        assert_eq!(jwk.to_json()["alg"], jwk.key.algorithm().name());
    }
}

#[test]
fn rfc7517_4_unknown_members_are_ignored() {
    let jwk = jwk(KeyType::P256);
    let value = with(
        &jwk,
        &json!({ "x5c": ["MII"], "iat": 7, "nested": { "a": [1] } }),
    );
    assert_eq!(parse(&value).unwrap(), jwk);
}

#[test]
fn rfc7517_4_a_repeated_member_is_refused() {
    let text = jwk(KeyType::Ed25519).to_json().to_string();
    let twice = text.replacen('{', r#"{"kty":"RSA","#, 1);
    assert_eq!(
        Jwk::parse(twice.as_bytes()),
        Err(KeyRefused::Json(NotJson::Repeated))
    );
}

#[test]
fn rfc7517_4_2_use_and_4_3_key_ops_are_respected() {
    let jwk = jwk(KeyType::P256);
    for (change, expected) in [
        (json!({ "use": "enc" }), Some(KeyRefused::NotForSignatures)),
        (json!({ "use": "SIG" }), Some(KeyRefused::NotForSignatures)),
        (json!({ "key_ops": ["verify"] }), None),
        (json!({ "key_ops": ["sign", "verify"] }), None),
        (
            json!({ "key_ops": ["encrypt"] }),
            Some(KeyRefused::NotForSignatures),
        ),
        (json!({ "key_ops": [] }), Some(KeyRefused::NotForSignatures)),
        (
            json!({ "key_ops": "verify" }),
            Some(KeyRefused::Malformed("'key_ops' is not a list")),
        ),
    ] {
        assert_eq!(parse(&with(&jwk, &change)).err(), expected, "{change}");
    }
}

#[test]
fn rfc7517_4_4_alg_must_fit_the_key() {
    let (rsa, ec) = (jwk(KeyType::Rsa2048), jwk(KeyType::P256));
    let ps256 = parse(&with(&rsa, &json!({ "alg": "PS256" }))).unwrap();
    assert_eq!(ps256.key.algorithm(), Algorithm::PS256);
    let refused = |jwk: &Jwk, alg: &str| parse(&with(jwk, &json!({ "alg": alg }))).unwrap_err();
    for alg in ["RSA-OAEP", "RSA-OAEP-256", "RSA1_5"] {
        assert_eq!(refused(&rsa, alg), KeyRefused::NotForSignatures);
    }
    assert_eq!(refused(&ec, "ECDH-ES+A128KW"), KeyRefused::NotForSignatures);
    assert!(matches!(refused(&rsa, "RS512"), KeyRefused::Unsupported(_)));
    assert!(matches!(refused(&ec, "ES512"), KeyRefused::Malformed(_)));
    assert!(matches!(
        refused(&ec, "ES384"),
        KeyRefused::WrongAlgorithm { .. }
    ));
    // The attack of CVE-2015-9235 and its kin: a public key as an HMAC secret.
    assert!(matches!(refused(&rsa, "HS256"), KeyRefused::Unsupported(_)));
    let mut value = jwk(KeyType::Ed25519).to_json();
    value["alg"] = "Ed25519".into(); // RFC 9864
    assert_eq!(parse(&value).unwrap().key.algorithm(), Algorithm::EdDSA);
}

#[test]
fn a_private_key_is_refused_and_never_printed() {
    for (kind, member) in [
        (KeyType::P256, "d"),
        (KeyType::Rsa2048, "p"),
        (KeyType::Ed25519, "d"),
    ] {
        let value = with(&jwk(kind), &json!({ member: "AAAA" }));
        assert_eq!(parse(&value), Err(KeyRefused::PrivateKey));
    }
    for kind in [KeyType::Rsa2048, KeyType::P256, KeyType::Ed25519] {
        let value = jwk(kind).to_json();
        assert!(
            super::PRIVATE_MEMBERS
                .iter()
                .all(|name| value.get(name).is_none())
        );
    }
}

#[test]
fn rfc7518_6_2_1_2_coordinates_have_their_full_length() {
    let ec = jwk(KeyType::P256);
    let refused = Err(KeyRefused::Malformed(
        "a coordinate is not base64url of the full length",
    ));
    for x in ["", "AA", "=", "not base64url!"] {
        assert_eq!(parse(&with(&ec, &json!({ "x": x }))), refused, "{x}");
        assert_eq!(parse(&with(&ec, &json!({ "y": x }))), refused, "{x}");
    }
    let long = jwk(KeyType::P384).to_json();
    assert!(parse(&with(&ec, &json!({ "x": long["x"] }))).is_err());
    assert!(parse(&with(&ec, &json!({ "crv": "P-384" }))).is_err());
    let refused = parse(&with(&ec, &json!({ "crv": "P-521" }))).unwrap_err();
    assert!(matches!(refused, KeyRefused::Unsupported(_)));
}

#[test]
fn kinds_that_are_not_ours_are_unsupported_by_name() {
    for value in [
        json!({ "kty": "oct", "k": "AAAA" }),
        json!({ "kty": "AKP" }),
        json!({ "kty": "OKP", "crv": "X25519", "x": "AA" }),
    ] {
        assert!(
            matches!(parse(&value), Err(KeyRefused::Unsupported(_))),
            "{value}"
        );
    }
    for value in [
        json!({}),
        json!({ "kty": 7 }),
        json!({ "kty": "RSA" }),
        json!({ "kty": "EC", "crv": "P-256" }),
    ] {
        assert!(
            matches!(parse(&value), Err(KeyRefused::Malformed(_))),
            "{value}"
        );
    }
}

#[test]
fn a_leading_zero_of_an_rsa_number_does_not_make_another_key() {
    let rsa = jwk(KeyType::Rsa2048);
    let value = rsa.to_json();
    let n = crate::base64url::decode(value["n"].as_str().unwrap(), crate::Padding::Strict, 512);
    let longer = crate::base64url::encode([vec![0], n.unwrap()].concat());
    let read = parse(&with(&rsa, &json!({ "n": longer, "e": "AAEAAQ" }))).unwrap();
    assert_eq!(read, rsa);
    assert_eq!(read.key.thumbprint(), rsa.key.thumbprint());
}

#[test]
fn what_is_too_long_is_not_looked_at() {
    let ec = jwk(KeyType::P256);
    assert!(parse(&with(&ec, &json!({ "kid": "x".repeat(256) }))).is_ok());
    assert!(parse(&with(&ec, &json!({ "kid": "x".repeat(257) }))).is_err());
    assert!(parse(&with(&ec, &json!({ "x5c": "x".repeat(LONGEST) }))).is_err());
    let huge = with(&jwk(KeyType::Rsa2048), &json!({ "n": "x".repeat(10_000) }));
    assert!(matches!(parse(&huge), Err(KeyRefused::Malformed(_))));
}

proptest! {
    #[test]
    fn nothing_panics(
        kty in "(RSA|EC|OKP)",
        crv in "(P-256|P-384|Ed25519)",
        a in "[A-Za-z0-9_-]{0,90}",
        b in "[A-Za-z0-9_-]{0,90}",
    ) {
        let value = json!({ "kty": kty, "crv": crv, "x": a, "y": b, "n": a, "e": b });
        if let Ok(jwk) = parse(&value) {
            prop_assert_eq!(parse(&jwk.to_json()), Ok(jwk));
        }
    }
}
