//! What is sent to the token endpoint, and what its answers mean.

use carnet_jose::Limits;
use carnet_jose::Unverified;
use http::Response;
use serde_json::Value;
use serde_json::json;
use url::form_urlencoded;

use super::Ask;
use super::Assertion;
use super::process;
use super::request;
use crate::rehearsal::EMAIL;
use crate::rehearsal::KEY;
use crate::rehearsal::NOW;
use crate::rehearsal::TOKEN_URI;
use crate::signing_key::SigningKey;
use crate::token::TokenKind;

/// The claims of an assertion, of which the signature holds.
fn claims(body: &[u8]) -> Value {
    let form: Vec<_> = form_urlencoded::parse(body).into_owned().collect();
    let [(grant, kind), (name, assertion)] = form.as_slice() else {
        panic!("{form:?}");
    };
    assert_eq!(
        (grant.as_str(), kind.as_str(), name.as_str()),
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion"
        )
    );
    let unverified = Unverified::parse(assertion, Limits::STRICT).unwrap();
    assert_eq!(unverified.header().key_id.as_deref(), Some("k1"));
    assert_eq!(unverified.header().typ.as_deref(), Some("JWT"));
    let verified = unverified.verify(KEY.public_key()).unwrap();
    Value::Object(verified.claims_object().unwrap())
}

fn key() -> SigningKey {
    SigningKey::from_pem(&KEY.to_pkcs8_pem().unwrap(), "k1").unwrap()
}

fn assertion(ask: Ask<'static>, subject: Option<&'static str>) -> Assertion<'static> {
    Assertion {
        issuer: EMAIL,
        audience: TOKEN_URI,
        subject,
        ask,
        now: NOW,
    }
}

#[test]
fn google_wire_2_2_the_assertion_for_an_access_token() {
    let asked = assertion(Ask::Scope("a b"), None);
    let request = request(TOKEN_URI, &asked, &key()).unwrap();
    assert_eq!(
        (
            request.method().as_str(),
            request.uri().to_string().as_str()
        ),
        ("POST", TOKEN_URI)
    );
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    let expected = json!({
        "iss": EMAIL, "aud": TOKEN_URI, "scope": "a b", "iat": NOW, "exp": NOW + 3600,
    });
    assert_eq!(claims(request.body()), expected);
}

#[test]
fn google_wire_9_the_subject_is_the_user_who_delegated() {
    let asked = assertion(Ask::Scope("a"), Some("dana@example.com"));
    let request = request(TOKEN_URI, &asked, &key()).unwrap();
    assert_eq!(claims(request.body())["sub"], "dana@example.com");
}

#[test]
fn google_wire_2_2_the_assertion_for_an_id_token_has_no_scope() {
    let asked = assertion(Ask::TargetAudience("https://reports.example"), None);
    let claims = claims(request(TOKEN_URI, &asked, &key()).unwrap().body());
    assert_eq!(claims["target_audience"], "https://reports.example");
    assert_eq!(claims.get("scope"), None);
}

#[test]
fn an_endpoint_is_http_and_holds_no_password() {
    for bad in [
        "token",
        "file:///etc/passwd",
        "https://user:secret@auth.example/token",
    ] {
        let asked = assertion(Ask::Scope("a"), None);
        let error = request(bad, &asked, &key()).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

fn answer(status: u16, body: &str) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .body(body.as_bytes().to_vec())
        .unwrap()
}

#[test]
fn google_wire_2_3_an_access_token() {
    let body =
        r#"{"access_token":"ya29.c.b0....","expires_in":3599,"token_type":"Bearer","scope":"a"}"#;
    let token = process(&answer(200, body), TOKEN_URI, NOW).unwrap();
    assert_eq!(token.value().reveal(), "ya29.c.b0....");
    assert_eq!(
        (token.kind(), token.expires()),
        (TokenKind::Access, NOW + 3599)
    );
    assert_eq!(token.scope(), Some("a"));
    assert_eq!(
        token.authorization().to_str().unwrap(),
        "Bearer ya29.c.b0...."
    );
    assert!(token.authorization().is_sensitive());
    let printed = format!("{token:?} {:?}", token.value());
    assert!(!printed.contains("ya29"), "{printed}");
}

#[test]
fn google_wire_2_3_an_id_token_ends_when_it_says() {
    let signed = key()
        .sign(json!({"exp": NOW + 77}).to_string().as_bytes())
        .unwrap();
    let body = json!({"id_token": signed.reveal()}).to_string();
    let token = process(&answer(200, &body), TOKEN_URI, NOW).unwrap();
    assert_eq!((token.kind(), token.expires()), (TokenKind::Id, NOW + 77));
}

#[test]
fn rfc6749_5_1_a_lifetime_that_is_not_said_is_short() {
    let body = r#"{"access_token":"a","token_type":"bearer"}"#;
    let token = process(&answer(200, body), TOKEN_URI, NOW).unwrap();
    assert_eq!(token.expires(), NOW + 300);
}

#[test]
fn what_is_not_a_token_is_an_error() {
    for body in [
        "",
        "<html>",
        "[]",
        "{}",
        r#"{"access_token":"","token_type":"Bearer"}"#,
        r#"{"access_token":"a b","token_type":"Bearer"}"#,
        r#"{"access_token":"a\r\nX: y","token_type":"Bearer"}"#,
        r#"{"access_token":"a","token_type":"DPoP"}"#,
        r#"{"access_token":7,"token_type":"Bearer"}"#,
    ] {
        let error = process(&answer(200, body), TOKEN_URI, NOW).unwrap_err();
        assert_eq!(error.crn(), Some("CRN-7007"), "{body}");
        assert!(!error.is_temporary() && !error.is_refused());
    }
}

#[test]
fn a_redirect_is_not_followed_but_told() {
    let error = process(&answer(302, ""), TOKEN_URI, NOW).unwrap_err();
    assert_eq!(error.status(), Some(302));
}
