//! Refusals, to the byte.

use std::fmt::Write as _;

use carnet_wire::crn::Crn;
use http::Response;

use super::Answers;
use super::Envelope;
use crate::refusal::Refusal;

/// The response as it goes out.
fn printed(response: &Response<Vec<u8>>) -> String {
    let mut text = format!("{}\n", response.status().as_u16());
    for (name, value) in response.headers() {
        writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
    }
    text + "\n" + std::str::from_utf8(response.body()).unwrap()
}

fn google(refusal: &Refusal) -> String {
    printed(&Answers::default().response(refusal))
}

fn plain(refusal: &Refusal) -> String {
    let answers = Answers {
        realm: "invoices".to_owned(),
        resource_metadata: Some(
            "https://api.example/.well-known/oauth-protected-resource".to_owned(),
        ),
        envelope: Envelope::Plain,
        proofs: false,
    };
    printed(&answers.response(refusal))
}

#[test]
fn google_wire_3_4_no_credential() {
    let refusal = Refusal::new(Crn::TOKEN_MISSING, "no token was sent");
    assert_eq!(
        google(&refusal),
        r#"401
content-type: application/json; charset=UTF-8
cache-control: no-store
www-authenticate: Bearer realm="https://accounts.google.com/"

{"error":{"code":401,"message":"Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","errors":[{"message":"Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","domain":"global","reason":"required"}],"status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CREDENTIALS_MISSING","domain":"googleapis.com"}]}}"#
    );
    assert_eq!(
        plain(&refusal),
        r#"401
content-type: application/json; charset=UTF-8
cache-control: no-store
www-authenticate: Bearer realm="invoices", resource_metadata="https://api.example/.well-known/oauth-protected-resource"

{}"#
    );
}

#[test]
fn google_wire_3_4_an_expired_token() {
    let refusal = Refusal::new(Crn::TOKEN_EXPIRED, "the token expired 180 s ago");
    assert_eq!(
        google(&refusal),
        r#"401
content-type: application/json; charset=UTF-8
cache-control: no-store
www-authenticate: Bearer realm="https://accounts.google.com/", error="invalid_token", error_description="CRN-4001: the token expired 180 s ago"

{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","errors":[{"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","domain":"global","reason":"authError"}],"status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED","domain":"googleapis.com"}]}}"#
    );
    assert_eq!(
        plain(&refusal),
        r#"401
content-type: application/json; charset=UTF-8
cache-control: no-store
www-authenticate: Bearer realm="invoices", error="invalid_token", error_description="CRN-4001: the token expired 180 s ago", resource_metadata="https://api.example/.well-known/oauth-protected-resource"

{"error":"invalid_token","error_description":"CRN-4001: the token expired 180 s ago"}"#
    );
}

#[test]
fn google_wire_3_4_scopes_too_small() {
    let refusal = Refusal::scope_too_small("invoices.write", "invoices.read");
    assert_eq!(
        google(&refusal),
        r#"403
content-type: application/json; charset=UTF-8
cache-control: no-store
www-authenticate: Bearer realm="https://accounts.google.com/", error="insufficient_scope", error_description="CRN-4006: this needs invoices.write; the token has invoices.read", scope="invoices.write"

{"error":{"code":403,"message":"Request had insufficient authentication scopes.","errors":[{"message":"Request had insufficient authentication scopes.","domain":"global","reason":"insufficientPermissions"}],"status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT","domain":"googleapis.com"}]}}"#
    );
}

#[test]
fn google_wire_3_4_a_token_of_another_kind() {
    for crn in [
        Crn::TOKEN_OF_ANOTHER_KIND,
        Crn::TOKEN_SIGNATURE,
        Crn::TOKEN_MALFORMED,
    ] {
        let text = google(&Refusal::new(crn, "x"));
        assert!(text.starts_with("401"), "{text}");
        assert!(text.contains(r#"error="invalid_token""#), "{text}");
        assert!(text.contains("ACCESS_TOKEN_TYPE_UNSUPPORTED"), "{text}");
    }
}

#[test]
fn rfc6750_3_1_a_malformed_request() {
    let refusal = Refusal::new(Crn::TOKEN_IN_THE_WRONG_PLACE, "twice");
    assert_eq!(
        google(&refusal),
        r#"400
content-type: application/json; charset=UTF-8
cache-control: no-store
www-authenticate: Bearer realm="https://accounts.google.com/", error="invalid_request", error_description="CRN-4008: twice"

{"error":{"code":400,"message":"CRN-4008: twice","status":"INVALID_ARGUMENT"}}"#
    );
}

#[tokio::test]
async fn an_issuer_that_is_down_is_503_without_a_challenge() {
    let world = crate::rehearsal::World::new();
    world.set(crate::rehearsal::JWKS, 0, "");
    let token = crate::rehearsal::access_token(&serde_json::json!({}));
    let refusal = world.verifier().await.verify(&token).await.unwrap_err();
    assert_eq!(
        google(&refusal),
        r#"503
content-type: application/json; charset=UTF-8
cache-control: no-store
retry-after: 5

{"error":{"code":503,"message":"The service is currently unavailable.","status":"UNAVAILABLE"}}"#
    );
    assert_eq!(
        plain(&refusal),
        r#"503
content-type: application/json; charset=UTF-8
cache-control: no-store
retry-after: 5

{"error":"temporarily_unavailable","error_description":"CRN-5002: The token cannot be checked at the moment."}"#
    );
}

#[test]
fn nothing_of_a_caller_breaks_out_of_the_header() {
    let refusal = Refusal::new(Crn::TOKEN_MALFORMED, "a\"b\\c\r\nSet-Cookie: x\u{e9}");
    let text = google(&refusal);
    assert!(
        text.contains(r#"error_description="CRN-4005: a'b/c  Set-Cookie: x?""#),
        "{text}"
    );
}

#[test]
fn every_cause_has_the_status_of_its_code() {
    for (number, status) in (4001..=4013).map(|number| match number {
        4006 => (number, 403),
        4008 => (number, 400),
        _ => (number, 401),
    }) {
        let refusal = Refusal::new(Crn::find(number).unwrap(), "x");
        assert_eq!(refusal.status(), status, "{number}");
        assert_eq!(Answers::default().response(&refusal).status(), status);
    }
}
