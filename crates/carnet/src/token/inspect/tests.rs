//! Tokens taken apart for a reader.

use carnet_core::value::UnixTime;
use carnet_jose::base64url;
use serde_json::{Value, json};

use super::{of_assertion, of_token};
use crate::checklist::lines;

const NOW: UnixTime = UnixTime(1_800_000_000);

fn jwt(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
    format!(
        "{}.{}.{}",
        part(header),
        part(claims),
        base64url::encode([0; 256])
    )
}

#[test]
fn every_fault_of_an_assertion_is_listed_with_its_code() {
    let claims = json!({
        "iss": "sync@p.iam.gserviceaccount.com", "scope": "a,b", "sub": "dana",
        "aud": "https://other.example/token", "iat": 1_800_000_000, "exp": 1_800_086_400,
    });
    let token = jwt(&json!({"alg": "RS256", "typ": "JWT"}), &claims);
    let text = lines(
        &of_assertion(&token, Some("https://auth.example"), NOW),
        false,
    );
    for code in ["CRN-2106", "CRN-2215", "CRN-2213", "CRN-2004"] {
        assert!(text.contains(&format!("{code}: ")), "{code} in {text}");
    }
    assert!(text.contains("WARN  kid    missing"), "{text}");
    assert_eq!(text.matches("FAIL").count(), 4, "{text}");
}

#[test]
fn rfc7515_4_1_1_an_algorithm_that_is_never_accepted_is_told() {
    let token = jwt(
        &json!({"alg": "HS256"}),
        &json!({"iss": "a@b.example", "scope": "x"}),
    );
    let text = lines(&of_assertion(&token, None, NOW), false);
    assert!(text.starts_with("FAIL  form  CRN-2002: "), "{text}");
}

#[test]
fn a_token_that_ended_or_is_of_another_issuer_fails() {
    let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": "k"});
    let ended = jwt(
        &header,
        &json!({"iss": "https://a.example", "exp": 1_799_999_940, "sub": "1"}),
    );
    let text = lines(&of_token(&ended, Some("https://b.example"), NOW), false);
    assert!(text.contains("FAIL  exp   ended 60 s ago"), "{text}");
    assert!(
        text.contains("FAIL  iss   https://a.example, and not https://b.example"),
        "{text}"
    );
    let good = jwt(
        &header,
        &json!({"iss": "https://a.example", "exp": 1_800_003_600}),
    );
    let text = lines(&of_token(&good, Some("https://a.example"), NOW), false);
    assert_eq!(text.matches("PASS").count(), 3, "{text}");
}
