//! Tokens under a shared secret.

use super::{MacAlgorithm, UnverifiedMac, sign_with_secret};
use crate::base64url;
use crate::jws::{Limits, TokenRefused, Unverified};

const SECRET: &[u8] = &[7; 64];

#[test]
fn rfc7515_a_1_the_example_of_the_rfc_holds() {
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
                 eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
                 dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let key =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let key = base64url::decode(key, base64url::Padding::Strict, 64).unwrap();
    let unverified = UnverifiedMac::parse(token, Limits::STRICT).unwrap();
    assert_eq!(unverified.algorithm(), MacAlgorithm::HS256);
    assert_eq!(unverified.typ(), Some("JWT"));
    assert!(unverified.holds(&key));
    assert!(!unverified.holds(SECRET));
}

#[test]
fn each_algorithm_verifies_what_it_made_and_nothing_else() {
    for algorithm in MacAlgorithm::ALL {
        let token = sign_with_secret(algorithm, b"{}", SECRET);
        let unverified = UnverifiedMac::parse(&token, Limits::STRICT).unwrap();
        assert!(unverified.holds(SECRET), "{}", algorithm.name());
        assert_eq!(unverified.claims_unverified_for_lookup(), b"{}");
        assert!(!unverified.holds(&[8; 64]));
        let cut = UnverifiedMac::parse(&token[..token.len() - 4], Limits::STRICT);
        assert!(cut.is_err() || cut.is_ok_and(|cut| !cut.holds(SECRET)));
    }
}

#[test]
fn rfc7518_3_2_a_secret_shorter_than_the_hash_verifies_nothing() {
    for algorithm in MacAlgorithm::ALL {
        for (length, good) in [
            (algorithm.shortest_secret() - 1, false),
            (algorithm.shortest_secret(), true),
        ] {
            let secret = vec![7; length];
            let token = sign_with_secret(algorithm, b"{}", &secret);
            let unverified = UnverifiedMac::parse(&token, Limits::STRICT).unwrap();
            assert_eq!(unverified.holds(&secret), good, "{length}");
        }
    }
}

#[test]
fn rfc8725_3_1_neither_reader_takes_the_others_algorithms() {
    let mac = sign_with_secret(MacAlgorithm::HS256, b"{}", SECRET);
    assert!(matches!(
        Unverified::parse(&mac, Limits::STRICT),
        Err(TokenRefused::Algorithm(_))
    ));
    for name in ["none", "RS256", "ES256", "hs256", "HS1", ""] {
        let header = base64url::encode(format!(r#"{{"alg":"{name}"}}"#));
        let token = format!("{header}.e30.AAAA");
        assert!(matches!(
            UnverifiedMac::parse(&token, Limits::STRICT),
            Err(TokenRefused::Algorithm(_))
        ));
    }
}
