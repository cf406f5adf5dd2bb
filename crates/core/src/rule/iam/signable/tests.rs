//! What is refused to be signed, since it could be kept.

use carnet_wire::crn::Crn;
use serde_json::Value;
use serde_json::json;

use super::Here;
use super::bytes;
use super::claims;
use crate::rule::Refusal;
use crate::rule::assertion::OwnAudiences;
use crate::rule::assertion::Roots;
use crate::value::UnixTime;

const NOW: i64 = 1_775_121_058;
const ISSUER: &str = "https://auth.example";

/// Holds claims against the names of a server.
fn held(test: impl FnOnce(Here<'_>) -> Result<(), Refusal>) -> Result<(), Crn> {
    let own = OwnAudiences::of(ISSUER);
    let google = ["https://iam.googleapis.com".to_owned()];
    let roots = Roots {
        own: ISSUER,
        google: &google,
    };
    let token = &own;
    test(Here { token, roots }).map_err(|refusal| refusal.crn)
}

/// Whether claims are signed, and the same as the bytes of a JWT.
fn signed(payload: &Value) -> bool {
    let now = UnixTime(NOW);
    let as_claims = held(|here| claims(&payload.to_string(), here, now)).is_ok();
    let part = |value: &Value| carnet_jose::base64url::encode(value.to_string());
    let header = json!({"alg": "RS256", "typ": "JWT"});
    let text = format!("{}.{}", part(&header), part(payload));
    let as_bytes = held(|here| bytes(text.as_bytes(), here, now)).is_ok();
    assert_eq!(as_bytes, as_claims);
    as_claims
}

#[test]
fn lesson_19_what_this_server_takes_is_signed_for_the_hour_and_not_to_be_kept() {
    for aud in [
        "https://oauth2.googleapis.com/token",
        "https://auth.example/token",
        "https://auth.example",
        "https://auth.example/v1/projects/-/serviceAccounts",
        "https://iam.googleapis.com/",
    ] {
        let of = |iat: i64, exp: i64| json!({"aud": aud, "iat": NOW + iat, "exp": NOW + exp});
        assert!(signed(&of(0, 3_600)), "{aud}");
        assert!(signed(&of(300, 3_900)), "{aud}");
        assert!(!signed(&of(301, 3_900)), "{aud}");
        assert!(!signed(&of(30_000, 33_600)), "{aud}");
        assert!(!signed(&of(0, 3_700)), "{aud}");
        let several = json!({"aud": ["x", aud], "iat": NOW, "exp": NOW + 40_000});
        assert!(!signed(&several), "{aud}");
    }
    let by_scope = json!({"scope": "a", "iat": NOW + 30_000, "exp": NOW + 33_600});
    assert!(!signed(&by_scope));
}

#[test]
fn google_wire_5_1_what_is_for_others_lives_for_twelve_hours() {
    for aud in ["https://api.example/", "https://auth.example.evil/token"] {
        let long = json!({"aud": aud, "iat": NOW, "exp": NOW + 43_200});
        assert!(signed(&long), "{aud}");
    }
    assert!(
        signed(&json!({"aud": "https://auth.example/token"})),
        "taken nowhere"
    );
}

#[test]
fn google_wire_5_1_claims_that_are_signed_end_within_twelve_hours() {
    let exp = |ahead: i64| format!(r#"{{"sub":"a","exp":{}}}"#, NOW + ahead);
    for good in [
        "{}".to_owned(),
        r#"{"iat":1}"#.to_owned(),
        exp(1),
        exp(43_200),
    ] {
        let now = UnixTime(NOW);
        assert_eq!(held(|here| claims(&good, here, now)), Ok(()), "{good}");
    }
    for bad in [
        exp(0),
        exp(43_201),
        r#"{"exp":1775121058000}"#.to_owned(),
        r#"{"exp":"soon"}"#.to_owned(),
        r#"{"a":1,"a":2}"#.to_owned(),
        "[]".to_owned(),
        "{".to_owned(),
        String::new(),
    ] {
        let refusal = held(|here| claims(&bad, here, UnixTime(NOW)));
        assert_eq!(refusal, Err(Crn::IAM_JWT_CLAIMS), "{bad}");
    }
}
