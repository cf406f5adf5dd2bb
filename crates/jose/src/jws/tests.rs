//! Tests of `jws`.

use serde_json::json;

use super::{Limits, Segment, TokenRefused, Unverified};
use crate::{
    alg::Algorithm,
    base64url,
    json::NotJson,
    key_pair::{KeyPair, KeyType},
    signer::LocalSigner,
    signing::{SigningHeader, SigningInput},
};

fn signer(kind: KeyType) -> LocalSigner {
    LocalSigner::new(KeyPair::generate(kind).unwrap(), "k1")
}

/// A token whose header is any text, properly signed.
fn token(signer: &LocalSigner, header: &str, payload: &str) -> String {
    let input = format!(
        "{}.{}",
        base64url::encode(header),
        base64url::encode(payload)
    );
    let signature = signer.sign_now(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(signature))
}

fn refused(token: &str) -> TokenRefused {
    Unverified::parse(token, Limits::STRICT).unwrap_err()
}

#[test]
fn every_kind_of_key_signs_and_verifies() {
    for (kind, algorithm) in [
        (KeyType::Rsa2048, Algorithm::RS256),
        (KeyType::P256, Algorithm::ES256),
        (KeyType::P384, Algorithm::ES384),
        (KeyType::Ed25519, Algorithm::EdDSA),
    ] {
        let signer = signer(kind);
        let header = SigningHeader::of(&signer, "at+jwt");
        assert_eq!(header.algorithm(), algorithm);
        let token = SigningInput::new(&header, br#"{"sub":"a"}"#)
            .sign_now(&signer)
            .unwrap();
        let unverified = Unverified::parse(&token, Limits::STRICT).unwrap();
        assert_eq!(unverified.header().typ.as_deref(), Some("at+jwt"));
        let verified = unverified.verify(signer.key_pair().public_key()).unwrap();
        assert_eq!(verified.claims_object().unwrap()["sub"], "a");
    }
}

#[test]
fn rfc7515_4_1_11_crit_is_refused() {
    let signer = signer(KeyType::P256);
    for header in [
        r#"{"alg":"ES256","crit":["exp"]}"#,
        r#"{"alg":"ES256","crit":[]}"#,
        r#"{"alg":"ES256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"ES256","b64":false}"#,
        r#"{"alg":"ES256","b64":"true"}"#,
    ] {
        assert_eq!(
            refused(&token(&signer, header, "{}")),
            TokenRefused::Critical,
            "{header}"
        );
    }
}

#[test]
fn rfc7515_4_a_repeated_member_is_refused() {
    let signer = signer(KeyType::P256);
    for header in [
        r#"{"alg":"none","alg":"ES256"}"#,
        r#"{"alg":"ES256","x":{"y":1,"y":2}}"#,
    ] {
        let refused = refused(&token(&signer, header, "{}"));
        assert_eq!(refused, TokenRefused::Header(NotJson::Repeated), "{header}");
    }
}

#[test]
fn rfc8725_3_1_none_and_hmac_and_other_names_are_refused() {
    let signer = signer(KeyType::P256);
    for alg in [
        "none", "None", "NONE", "HS256", "RS384", "es256", "ES256 ", "",
    ] {
        let header = json!({ "alg": alg }).to_string();
        let refused = refused(&token(&signer, &header, "{}"));
        assert!(matches!(refused, TokenRefused::Algorithm(_)), "{alg}");
    }
    for header in [
        "{}",
        r#"{"alg":7}"#,
        r#"{"alg":null}"#,
        r#"{"alg":["ES256"]}"#,
    ] {
        let refused = refused(&token(&signer, header, "{}"));
        assert_eq!(refused, TokenRefused::Member("alg"), "{header}");
    }
}

#[test]
fn rfc8725_3_1_the_algorithm_belongs_to_the_key() {
    let (ec, ed) = (signer(KeyType::P256), signer(KeyType::Ed25519));
    let token = token(&ec, r#"{"alg":"ES256"}"#, "{}");
    let unverified = Unverified::parse(&token, Limits::STRICT).unwrap();
    assert_eq!(
        unverified.verify(ed.key_pair().public_key()).unwrap_err(),
        TokenRefused::KeyAlgorithm {
            key: Algorithm::EdDSA,
            header: Algorithm::ES256
        }
    );
}

#[test]
fn rfc8725_3_10_a_key_in_the_header_is_not_used() {
    let (ours, theirs) = (signer(KeyType::P256), signer(KeyType::P256));
    let jwk = crate::jwk::Jwk::new(theirs.key_pair().public_key().clone(), "k1").to_json();
    let header = json!({ "alg": "ES256", "kid": "k1", "jwk": jwk, "jku": "https://evil.test" });
    let token = token(&theirs, &header.to_string(), "{}");
    let unverified = Unverified::parse(&token, Limits::STRICT).unwrap();
    assert_eq!(
        unverified.verify(ours.key_pair().public_key()).unwrap_err(),
        TokenRefused::Signature
    );
}

#[test]
fn rfc7515_7_1_exactly_two_dots() {
    for token in ["", "a", "a.b", "a.b.c.d", "a.b.c.d.e", "...", "...."] {
        assert_eq!(refused(token), TokenRefused::NotThreeSegments, "{token}");
    }
    assert_eq!(refused(".."), TokenRefused::Header(NotJson::Malformed));
    let flood = ".".repeat(16 * 1024);
    assert_eq!(refused(&flood), TokenRefused::NotThreeSegments);
    let flood = ".".repeat(16 * 1024 + 1);
    assert_eq!(refused(&flood), TokenRefused::TooLong(16 * 1024));
}

#[test]
fn the_header_and_the_signature_have_their_own_bounds() {
    let long = base64url::encode(vec![b' '; 5000]);
    let header = base64url::encode(r#"{"alg":"ES256"}"#);
    assert_eq!(
        refused(&format!("{long}.e30.AA")),
        TokenRefused::Encoding(Segment::Header)
    );
    let refused_signature = refused(&format!("{header}.e30.{long}"));
    assert_eq!(
        refused_signature,
        TokenRefused::Encoding(Segment::Signature)
    );
    let deep = format!(
        r#"{{"alg":"ES256","x":{}1{}}}"#,
        "[".repeat(9),
        "]".repeat(9)
    );
    let deep = base64url::encode(deep);
    assert_eq!(
        refused(&format!("{deep}.e30.AA")),
        TokenRefused::Header(NotJson::TooDeep)
    );
    for name in ["kid", "typ"] {
        let header = json!({ "alg": "ES256", name: "x".repeat(257) }).to_string();
        let header = base64url::encode(header);
        assert_eq!(
            refused(&format!("{header}.e30.AA")),
            TokenRefused::Member(name)
        );
    }
}

/// Rule 5 of Google's wire: yup-oauth2 and `gcp_auth` pad their segments, and sign the padded text.
#[test]
fn google_wire_rule_5_padding_is_accepted_where_asked_for_and_signed_as_received() {
    let signer = signer(KeyType::Rsa2048);
    let pad = |text: String| {
        let missing = (4 - text.len() % 4) % 4;
        text + &"=".repeat(missing)
    };
    let header = pad(base64url::encode(r#"{"alg":"RS256","typ":"JWT"}"#));
    let claims = pad(base64url::encode(r#"{"iss":"a","sub":null}"#));
    assert!(claims.ends_with('=') || header.ends_with('='));
    let input = format!("{header}.{claims}");
    let signature = pad(base64url::encode(
        signer.sign_now(input.as_bytes()).unwrap(),
    ));
    let token = format!("{input}.{signature}");

    assert_eq!(refused(&token), TokenRefused::Encoding(Segment::Payload));
    let unverified = Unverified::parse(&token, Limits::LENIENT).unwrap();
    let key = signer.key_pair().public_key();
    let verified = unverified.verify(key).unwrap();
    assert_eq!(verified.payload(), br#"{"iss":"a","sub":null}"#);

    // The same token without its padding is another text: its signature cannot hold.
    let bare = token.replace('=', "");
    let unverified = Unverified::parse(&bare, Limits::LENIENT).unwrap();
    assert_eq!(unverified.verify(key).unwrap_err(), TokenRefused::Signature);
}

/// Node and Ruby send `{"alg":"RS256"}` only.
#[test]
fn google_wire_rule_4_kid_and_typ_may_be_missing() {
    let signer = signer(KeyType::Rsa2048);
    let token = token(&signer, r#"{"alg":"RS256"}"#, r#"{"iss":"a"}"#);
    let unverified = Unverified::parse(&token, Limits::LENIENT).unwrap();
    assert_eq!(unverified.header().key_id, None);
    assert_eq!(unverified.header().typ, None);
    assert_eq!(unverified.claims_unverified_for_lookup(), br#"{"iss":"a"}"#);
    assert!(unverified.verify(signer.key_pair().public_key()).is_ok());
}

#[test]
fn claims_are_bounded_in_depth_and_typed_fields_do_not_repeat() {
    #[derive(Debug, serde::Deserialize)]
    struct Claims {
        #[serde(rename = "iss")]
        _issuer: String,
    }
    let signer = signer(KeyType::Ed25519);
    let check = |payload: &str| {
        let token = token(&signer, r#"{"alg":"EdDSA"}"#, payload);
        let unverified = Unverified::parse(&token, Limits::STRICT).unwrap();
        let verified = unverified.verify(signer.key_pair().public_key()).unwrap();
        (
            verified.claims::<Claims>().err(),
            verified.claims_object().err(),
        )
    };
    assert_eq!(check(r#"{"iss":"a"}"#), (None, None));
    let deep = format!(r#"{{"iss":"a","x":{}{}}}"#, "[".repeat(16), "]".repeat(16));
    assert_eq!(
        check(&deep),
        (Some(NotJson::TooDeep), Some(NotJson::TooDeep))
    );
    let (typed, object) = check(r#"{"iss":"a","iss":"b"}"#);
    assert!(matches!(typed, Some(NotJson::Shape(why)) if why.as_str().starts_with("duplicate")));
    assert_eq!(object, Some(NotJson::Repeated));
    assert_eq!(check("nonsense").1, Some(NotJson::Malformed));
    assert_eq!(check("[]").1, Some(NotJson::NotAnObject));
}
