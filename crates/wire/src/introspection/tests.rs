//! Questions about tokens, and answers.

use proptest::prelude::{any, proptest};

use super::{ActiveToken, Actor, Audience, IntrospectionRequest, IntrospectionResponse};
use crate::params::{MissingParameter, Params};
use crate::revocation::TokenTypeHint;

fn parse(form: &str) -> Result<IntrospectionRequest<'_>, MissingParameter> {
    IntrospectionRequest::parse(&mut Params::parse(form.as_bytes()).unwrap())
}

#[test]
fn rfc7662_2_1_the_request() {
    let request = parse("token_type_hint=access_token&token=crn_at_x").unwrap();
    assert_eq!(request.token, "crn_at_x");
    assert_eq!(request.token_type_hint, Some(TokenTypeHint::AccessToken));
    assert_eq!(
        parse("token=x&token_type_hint=nonsense")
            .unwrap()
            .token_type_hint,
        None
    );
    assert_eq!(parse("token=").unwrap_err(), MissingParameter("token"));
    assert!(!format!("{request:?}").contains("crn_at_x"));
}

#[test]
fn rfc7662_2_2_a_token_that_is_not_good_has_no_members() {
    assert_eq!(
        IntrospectionResponse::Inactive.to_bytes(),
        br#"{"active":false}"#
    );
    let read = IntrospectionResponse::parse(br#"{"active":false,"sub":"x"}"#);
    assert_eq!(read, Some(IntrospectionResponse::Inactive));
}

#[test]
fn rfc7662_2_2_a_token_that_is_good() {
    let token = ActiveToken {
        scope: Some("invoices.read".into()),
        client_id: Some("104857291830027466113".into()),
        token_type: Some("Bearer".into()),
        exp: Some(1_775_124_658),
        iat: Some(1_775_121_058),
        sub: Some("alice@example.com".into()),
        aud: Audience::one("https://api.example/"),
        iss: Some("https://auth.example".into()),
        act: Some(Actor {
            sub: "104857291830027466113".into(),
            email: None,
            act: None,
        }),
        ..ActiveToken::default()
    };
    let response = IntrospectionResponse::Active(Box::new(token));
    let expected = concat!(
        r#"{"active":true,"scope":"invoices.read","client_id":"104857291830027466113","token_type":"Bearer","#,
        r#""exp":1775124658,"iat":1775121058,"sub":"alice@example.com","aud":"https://api.example/","#,
        r#""iss":"https://auth.example","act":{"sub":"104857291830027466113"}}"#
    );
    assert_eq!(String::from_utf8(response.to_bytes()).unwrap(), expected);
    assert_eq!(
        IntrospectionResponse::parse(expected.as_bytes()),
        Some(response)
    );
}

#[test]
fn rfc7519_4_1_3_an_audience_is_a_string_or_a_list() {
    let read = |json: &str| {
        let response =
            IntrospectionResponse::parse(json.as_bytes()).map(|response| response.to_bytes());
        response.map(|bytes| String::from_utf8(bytes).unwrap())
    };
    for json in [
        r#"{"active":true,"aud":"a"}"#,
        r#"{"active":true,"aud":["a","b"]}"#,
        r#"{"active":true}"#,
    ] {
        assert_eq!(read(json).as_deref(), Some(json));
    }
    assert_eq!(
        read(r#"{"active":true,"aud":null}"#).as_deref(),
        Some(r#"{"active":true}"#)
    );
    assert_eq!(read(r#"{"active":true,"aud":5}"#), None);
    let long = format!(r#"{{"active":true,"aud":[{}"a"]}}"#, r#""a","#.repeat(64));
    assert_eq!(read(&long), None);
}

#[test]
fn what_is_not_an_answer_is_not_read() {
    for body in [
        "",
        "{}",
        "[]",
        r#"{"active":"true"}"#,
        r#"{"active":1}"#,
        r#"{"error":"invalid_client"}"#,
    ] {
        assert_eq!(
            IntrospectionResponse::parse(body.as_bytes()),
            None,
            "{body}"
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = IntrospectionResponse::parse(&bytes);
    }
}
