//! Challenges and verifiers.

use super::{ChallengeMethod, CodeChallenge, CodeVerifier, PkceError};
use crate::legal::{Echo, is_legal};

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const DIGEST: [u8; 32] = [
    19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109,
    241, 68, 86, 110, 225, 137, 74, 203, 112, 249, 195,
];

/// The SHA-256 of appendix B, and something else for everything else.
fn sha256(bytes: &[u8]) -> [u8; 32] {
    if bytes == VERIFIER.as_bytes() {
        DIGEST
    } else {
        [7; 32]
    }
}

#[test]
fn rfc7636_appendix_b() {
    let verifier = CodeVerifier::parse(VERIFIER).unwrap();
    assert_eq!(verifier.s256(sha256), CHALLENGE);
    let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
    assert_eq!(challenge.method(), ChallengeMethod::S256);
    assert!(challenge.holds(&verifier, sha256));
    let other = CodeVerifier::parse("x".repeat(43)).unwrap();
    assert!(!challenge.holds(&other, sha256));
    // The challenge itself is not a verifier of it.
    let stolen = CodeVerifier::parse(CHALLENGE).unwrap();
    assert!(!challenge.holds(&stolen, sha256));
}

#[test]
fn rfc7636_4_3_without_a_method_it_is_plain() {
    let challenge = CodeChallenge::parse(VERIFIER, None).unwrap();
    assert_eq!(challenge.method(), ChallengeMethod::Plain);
    let holds = |text: String| {
        let verifier = CodeVerifier::parse(text).unwrap();
        challenge.holds(&verifier, |_| [0; 32])
    };
    assert!(holds(VERIFIER.to_owned()));
    assert!(!holds(format!("{VERIFIER}x")));
    assert!(!holds(VERIFIER.to_lowercase()));
}

#[test]
fn rfc7636_4_1_a_verifier_has_43_to_128_unreserved_characters() {
    assert!(CodeVerifier::parse("a".repeat(43)).is_ok());
    assert!(CodeVerifier::parse("-._~".repeat(32)).is_ok());
    for text in [
        String::new(),
        "a".repeat(42),
        "a".repeat(129),
        format!("{}+", "a".repeat(43)),
        format!("{}=", "a".repeat(43)),
        format!("{} ", "a".repeat(43)),
        "\u{e9}".repeat(43),
    ] {
        assert_eq!(CodeVerifier::parse(text), Err(PkceError::Verifier));
    }
}

#[test]
fn rfc7636_4_2_a_challenge_is_what_its_method_makes() {
    let s256 = |text: &str| CodeChallenge::parse(text.to_owned(), Some("S256")).unwrap_err();
    for text in [
        "",
        &CHALLENGE[1..],
        &format!("{CHALLENGE}="),
        &CHALLENGE.replace('-', "+"),
    ] {
        assert_eq!(
            s256(text),
            PkceError::Challenge(ChallengeMethod::S256),
            "{text}"
        );
    }
    let unknown = CodeChallenge::parse(CHALLENGE, Some("s256")).unwrap_err();
    assert_eq!(unknown, PkceError::MethodUnknown(Echo::of("s256")));
    let script = CodeChallenge::parse(CHALLENGE, Some("\"\r\n<script>")).unwrap_err();
    assert!(script.to_string().bytes().all(is_legal));
}

#[test]
fn no_secret_shows_in_debug() {
    let challenge = CodeChallenge::parse(VERIFIER, None).unwrap();
    let verifier = CodeVerifier::parse(VERIFIER).unwrap();
    assert!(!format!("{challenge:?} {verifier:?}").contains("dBjft"));
}
