//! All forms of tokeninfo, to the byte.

use super::{AccessTokenInfo, AccessType, IdTokenInfo, TokenInfoRequest, VerifiedEmail, refusal};
use crate::params::Params;

const ID: &str = "104857291830027466113";

fn info() -> AccessTokenInfo<'static> {
    AccessTokenInfo {
        azp: ID.into(),
        aud: ID.into(),
        sub: None,
        scope: "invoices.read".into(),
        exp: 1_775_124_658,
        expires_in: 3599,
        email: None,
        access_type: AccessType::Online,
    }
}

fn email() -> VerifiedEmail<'static> {
    VerifiedEmail {
        email: "a@p".into(),
        email_verified: true,
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn google_wire_4_2_an_access_token_all_values_are_strings() {
    let expected = concat!(
        r#"{"azp":"104857291830027466113","aud":"104857291830027466113","scope":"invoices.read","#,
        r#""exp":"1775124658","expires_in":"3599","access_type":"online"}"#
    );
    assert_eq!(text(info().to_bytes()), expected);
    let with_email = AccessTokenInfo {
        sub: Some(ID.into()),
        email: Some(email()),
        ..info()
    };
    let expected = concat!(
        r#"{"azp":"104857291830027466113","aud":"104857291830027466113","sub":"104857291830027466113","#,
        r#""scope":"invoices.read","exp":"1775124658","expires_in":"3599","email":"a@p","email_verified":"true","#,
        r#""access_type":"online"}"#
    );
    assert_eq!(text(with_email.to_bytes()), expected);
}

#[test]
fn google_wire_4_2_the_older_form_has_a_number_and_a_truth() {
    let older = AccessTokenInfo {
        sub: Some("7".into()),
        email: Some(email()),
        ..info()
    };
    let expected = concat!(
        r#"{"issued_to":"104857291830027466113","audience":"104857291830027466113","user_id":"7","#,
        r#""scope":"invoices.read","expires_in":3599,"email":"a@p","verified_email":true,"access_type":"online"}"#
    );
    assert_eq!(text(older.to_older_bytes()), expected);
}

#[test]
fn google_wire_4_2_an_id_token_with_its_header() {
    let info = IdTokenInfo {
        iss: "https://auth.example".into(),
        azp: Some("a@p".into()),
        aud: "https://app.example".into(),
        sub: ID.into(),
        email: Some(email()),
        iat: 1,
        exp: 3601,
        alg: "RS256".into(),
        kid: Some("k".into()),
        typ: Some("JWT".into()),
    };
    let expected = concat!(
        r#"{"iss":"https://auth.example","azp":"a@p","aud":"https://app.example","sub":"104857291830027466113","#,
        r#""email":"a@p","email_verified":"true","iat":"1","exp":"3601","alg":"RS256","kid":"k","typ":"JWT"}"#
    );
    assert_eq!(text(info.to_bytes()), expected);
}

#[test]
fn google_wire_4_2_bad_tokens_are_invalid_value() {
    let expected = r#"{"error":"invalid_token","error_description":"Invalid Value"}"#;
    assert_eq!(text(refusal().to_bytes()), expected);
}

#[test]
fn google_wire_4_2_the_request() {
    let parse =
        |form: &'static str| TokenInfoRequest::parse(&mut Params::parse(form.as_bytes()).unwrap());
    assert_eq!(
        parse("access_token=x"),
        Some(TokenInfoRequest::AccessToken("x".into()))
    );
    assert_eq!(
        parse("id_token=y"),
        Some(TokenInfoRequest::IdToken("y".into()))
    );
    assert_eq!(parse("access_token="), None);
    assert!(!format!("{:?}", parse("id_token=secret")).contains("secret"));
}
