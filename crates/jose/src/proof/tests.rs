//! Proofs, and what is none.

use serde_json::{Value, json};

use super::{Proof, ProofRefused};
use crate::{
    alg::Algorithm,
    base64url,
    jwk::Jwk,
    jws::TokenRefused,
    key_pair::{KeyPair, KeyType},
    key_refused::KeyRefused,
    signer::LocalSigner,
};

const TYP: &str = "dpop+jwt";
const ALLOWED: &[Algorithm] = &[Algorithm::ES256, Algorithm::EdDSA, Algorithm::PS256];

fn signer(kind: KeyType) -> LocalSigner {
    LocalSigner::new(KeyPair::generate(kind).unwrap(), "")
}

fn jwk(signer: &LocalSigner) -> Value {
    let mut jwk = Jwk::new(signer.key_pair().public_key().clone(), "").to_json();
    for name in ["kid", "alg", "use"] {
        jwk.as_object_mut().unwrap().remove(name);
    }
    jwk
}

fn token(signer: &LocalSigner, header: &Value) -> String {
    let input = [header.to_string(), "{}".to_owned()].map(base64url::encode);
    let input = input.join(".");
    let signature = signer.sign_now(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(signature))
}

#[test]
fn rfc9449_4_3_a_proof_is_signed_by_the_key_in_it() {
    for (kind, name) in [(KeyType::P256, "ES256"), (KeyType::Ed25519, "EdDSA")] {
        let signer = signer(kind);
        let header = json!({"typ": "DPoP+jwt", "alg": name, "jwk": jwk(&signer)});
        let proof = Proof::verify(&token(&signer, &header), TYP, ALLOWED).unwrap();
        assert_eq!(
            proof.key().thumbprint(),
            signer.key_pair().public_key().thumbprint()
        );
        assert_eq!(proof.payload(), b"{}");
    }
}

#[test]
fn rfc9449_4_3_an_rsa_key_without_an_algorithm_is_good_for_both() {
    let pair = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let pair = pair.with_algorithm(Algorithm::PS256).unwrap();
    let signer = LocalSigner::new(pair, "");
    let header = json!({"typ": TYP, "alg": "PS256", "jwk": jwk(&signer)});
    assert!(Proof::verify(&token(&signer, &header), TYP, ALLOWED).is_ok());
    let mut named = jwk(&signer);
    named["alg"] = "RS256".into();
    let header = json!({"typ": TYP, "alg": "PS256", "jwk": named});
    let refused = Proof::verify(&token(&signer, &header), TYP, ALLOWED).unwrap_err();
    assert!(matches!(
        refused,
        ProofRefused::Token(TokenRefused::KeyAlgorithm { .. })
    ));
}

#[test]
fn rfc9449_4_3_what_is_no_proof() {
    let signer = signer(KeyType::P256);
    let right = json!({"typ": TYP, "alg": "ES256", "jwk": jwk(&signer)});
    let other = self::signer(KeyType::P256);
    let with = |name: &str, value: Value| {
        let mut header = right.clone();
        header[name] = value;
        Proof::verify(&token(&signer, &header), TYP, ALLOWED).unwrap_err()
    };
    assert_eq!(with("typ", json!("JWT")), ProofRefused::Type);
    assert_eq!(with("jwk", Value::Null), ProofRefused::NoKey);
    assert_eq!(with("jwk", json!("x")), ProofRefused::NoKey);
    let mut private = jwk(&signer);
    private["d"] = "AAAA".into();
    assert_eq!(
        with("jwk", private),
        ProofRefused::Key(KeyRefused::PrivateKey)
    );
    let symmetric = with("jwk", json!({"kty": "oct", "k": "AAAA"}));
    assert!(matches!(
        symmetric,
        ProofRefused::Key(KeyRefused::Unsupported(_))
    ));
    assert_eq!(
        with("jwk", jwk(&other)),
        ProofRefused::Token(TokenRefused::Signature)
    );
    let mut header = right.clone();
    header.as_object_mut().unwrap().remove("typ");
    let refused = Proof::verify(&token(&signer, &header), TYP, ALLOWED).unwrap_err();
    assert_eq!(refused, ProofRefused::Type);
    for name in ["none", "HS256"] {
        let refused = with("alg", json!(name));
        assert!(
            matches!(refused, ProofRefused::Token(TokenRefused::Algorithm(_))),
            "{name}"
        );
    }
    let es384 = self::signer(KeyType::P384);
    let header = json!({"typ": TYP, "alg": "ES384", "jwk": jwk(&es384)});
    let refused = Proof::verify(&token(&es384, &header), TYP, ALLOWED).unwrap_err();
    assert_eq!(refused, ProofRefused::Algorithm(Algorithm::ES384));
    let long = "a".repeat(super::LONGEST + 1);
    for text in ["", "a.b", &long] {
        let refused = Proof::verify(text, TYP, ALLOWED).unwrap_err();
        assert!(matches!(refused, ProofRefused::Token(_)), "{refused:?}");
    }
}
