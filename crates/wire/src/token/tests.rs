//! Requests and answers of the token endpoint.

use std::borrow::Cow;

use proptest::prelude::{any, proptest};

use super::{
    AccessTokenResponse, ErrorResponse, GrantType, IdTokenResponse, JWT_BEARER, NotATokenResponse,
    TokenErrorCode, TokenRequest, TokenRequestError, TokenResponse, TokenType,
};
use crate::crn::Crn;
use crate::legal::Echo;
use crate::params::{MissingParameter, Params};

const URN: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

fn parse(form: &str) -> Result<TokenRequest<'_>, TokenRequestError> {
    TokenRequest::parse(
        &mut Params::parse(form.as_bytes()).unwrap(),
        &[GrantType::JwtBearer],
    )
}

fn assertion<'a>(request: &'a TokenRequest<'_>) -> &'a str {
    let TokenRequest::JwtBearer(request) = request else {
        panic!("another grant")
    };
    &request.assertion
}

#[test]
fn rfc7523_2_1_the_request_in_any_order() {
    let form = format!("assertion=a.b.c&{URN}");
    let request = parse(&form).unwrap();
    assert_eq!(assertion(&request), "a.b.c");
}

#[test]
fn rfc7521_4_1_a_scope_may_stand_beside_the_assertion() {
    let form = format!("{URN}&assertion=a.b.c&scope=x+y");
    let Ok(TokenRequest::JwtBearer(request)) = parse(&form) else {
        panic!("no request")
    };
    assert_eq!(request.scope.as_deref(), Some("x y"));
}

#[test]
fn google_wire_2_1_the_legacy_pair_is_taken() {
    let form = "grant_type=assertion&assertion=a.b.c\
                &assertion_type=http%3A%2F%2Foauth.net%2Fgrant_type%2Fjwt%2F1.0%2Fbearer";
    assert_eq!(assertion(&parse(form).unwrap()), "a.b.c");
    for form in [
        "grant_type=assertion&assertion=a.b.c",
        "grant_type=assertion&assertion=a.b.c&assertion_type=saml",
    ] {
        let unknown = TokenRequestError::GrantTypeUnknown(Echo::of("assertion"));
        assert_eq!(parse(form), Err(unknown));
    }
}

#[test]
fn google_wire_2_4_a_missing_or_unknown_grant_type_is_unsupported() {
    for (form, crn) in [
        ("", Crn::GRANT_TYPE_MISSING),
        ("grant_type=&assertion=a.b.c", Crn::GRANT_TYPE_MISSING),
        ("grant_type=password", Crn::GRANT_TYPE_UNKNOWN),
        ("grant_type=JWT-bearer", Crn::GRANT_TYPE_UNKNOWN),
    ] {
        let error = parse(form).unwrap_err();
        assert_eq!(error.code(), TokenErrorCode::UnsupportedGrantType, "{form}");
        assert_eq!(error.crn(), crn, "{form}");
    }
}

#[test]
fn google_wire_2_4_a_missing_assertion_is_an_invalid_request() {
    let error = parse(URN).unwrap_err();
    assert_eq!(
        error,
        TokenRequestError::Missing(MissingParameter("assertion"))
    );
    assert_eq!(error.code(), TokenErrorCode::InvalidRequest);
    assert_eq!(error.crn(), Crn::PARAMETER_MISSING);
    assert_eq!(error.to_string(), "assertion is missing");
}

#[test]
fn rfc6749_3_2_unrecognized_parameters_are_ignored() {
    let form = format!("{URN}&assertion=a.b.c&client_id=x&nonsense=1");
    assert!(parse(&form).is_ok());
}

#[test]
fn the_assertion_does_not_show_in_debug() {
    let form = format!("{URN}&assertion=very.secret.thing");
    assert!(!format!("{:?}", parse(&form).unwrap()).contains("secret"));
}

#[test]
fn google_wire_2_4_every_code_and_its_status() {
    let expected = [
        ("invalid_request", 400),
        ("invalid_client", 401),
        ("invalid_grant", 400),
        ("unauthorized_client", 401),
        ("unsupported_grant_type", 400),
        ("invalid_scope", 400),
        ("invalid_target", 400),
        ("authorization_pending", 400),
        ("slow_down", 400),
        ("expired_token", 400),
        ("invalid_authorization_details", 400),
        ("invalid_dpop_proof", 400),
        ("use_dpop_nonce", 400),
        ("unsupported_response_type", 400),
        ("invalid_request_object", 400),
        ("invalid_token", 401),
        ("invalid_redirect_uri", 400),
        ("invalid_client_metadata", 400),
        ("unapproved_software_statement", 400),
        ("access_denied", 400),
        ("admin_policy_enforced", 400),
        ("org_internal", 403),
        ("disabled_client", 401),
        ("deleted_client", 401),
        ("internal_failure", 500),
        ("temporarily_unavailable", 503),
    ];
    assert_eq!(
        TokenErrorCode::ALL.map(|code| (code.as_str(), code.status())),
        expected
    );
    for code in TokenErrorCode::ALL {
        assert_eq!(TokenErrorCode::parse(code.as_str()), Some(code));
    }
    assert_eq!(TokenErrorCode::parse("Invalid_Grant"), None);
}

#[test]
fn google_wire_2_3_an_access_token_is_answered_with_an_integer() {
    let response = TokenResponse::AccessToken(AccessTokenResponse {
        access_token: Cow::Borrowed("crn_at_x"),
        expires_in: Some(3599),
        ..AccessTokenResponse::default()
    });
    let bytes = br#"{"access_token":"crn_at_x","expires_in":3599,"token_type":"Bearer"}"#;
    assert_eq!(response.to_bytes(), bytes);
    assert_eq!(TokenResponse::parse(bytes), Ok(response.clone()));
    assert!(!format!("{response:?}").contains("crn_at_x"));
}

#[test]
fn rfc6749_5_1_the_scope_is_told_where_it_is_known() {
    let response = AccessTokenResponse {
        access_token: Cow::Borrowed("t"),
        expires_in: Some(1),
        scope: Some(Cow::Borrowed("a b")),
        ..AccessTokenResponse::default()
    };
    let bytes = br#"{"access_token":"t","expires_in":1,"token_type":"Bearer","scope":"a b"}"#;
    assert_eq!(response.to_bytes(), bytes);
}

#[test]
fn google_wire_2_3_an_id_token_is_answered_alone() {
    let response = TokenResponse::IdToken(IdTokenResponse {
        id_token: Cow::Borrowed("a.b.c"),
    });
    assert_eq!(response.to_bytes(), br#"{"id_token":"a.b.c"}"#);
    assert_eq!(
        TokenResponse::parse(br#"{"id_token":"a.b.c"}"#),
        Ok(response)
    );
}

#[test]
fn rfc6749_5_1_other_servers_answers_are_read() {
    let read = |body: &'static str| TokenResponse::parse(body.as_bytes());
    let Ok(TokenResponse::AccessToken(token)) = read(
        r#"{"token_type":"bearer","access_token":"t\u0031","expires_in":"3599","id_token":"x","new":{}}"#,
    ) else {
        panic!("not read")
    };
    assert_eq!(
        (token.access_token.as_ref(), token.expires_in),
        ("t1", Some(3599))
    );
    let Ok(TokenResponse::AccessToken(token)) = read(r#"{"access_token":"t","scope":null}"#) else {
        panic!("not read")
    };
    assert_eq!((token.expires_in, token.scope), (None, None));

    assert_eq!(read("{}"), Err(NotATokenResponse::NoToken));
    assert_eq!(
        read(r#"{"access_token":""}"#),
        Err(NotATokenResponse::NoToken)
    );
    assert_eq!(read(r#"["t"]"#), Err(NotATokenResponse::NotJson));
    assert_eq!(read("<html>"), Err(NotATokenResponse::NotJson));
    assert_eq!(
        read(r#"{"access_token":"t","expires_in":"soon"}"#),
        Err(NotATokenResponse::NotJson)
    );
    assert_eq!(
        read(r#"{"access_token":"t","token_type":"mac"}"#),
        Err(NotATokenResponse::OtherType)
    );
}

#[test]
fn ux_4_1_the_refusal_in_full() {
    let mut refusal = ErrorResponse::new(TokenErrorCode::InvalidGrant).describe(
        Crn::SIGNATURE.describe("The signature does not match an active key of this account."),
    );
    refusal.error_uri = Some(Cow::Borrowed("https://auth.example/e/CRN-2005"));
    refusal.trace_id = Some(Cow::Borrowed("01JQ7VK3M0T6"));
    refusal.timestamp = Some(Cow::Borrowed("2026-04-02T09:10:58Z"));
    let expected = concat!(
        r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature. CRN-2005: The signature does not "#,
        r#"match an active key of this account.","error_uri":"https://auth.example/e/CRN-2005","#,
        r#""trace_id":"01JQ7VK3M0T6","timestamp":"2026-04-02T09:10:58Z"}"#
    );
    assert_eq!(String::from_utf8(refusal.to_bytes()).unwrap(), expected);
    assert_eq!(ErrorResponse::parse(expected.as_bytes()), Some(refusal));
}

#[test]
fn rfc6749_5_2_a_refusal_with_its_code_alone() {
    let refusal = ErrorResponse::new(TokenErrorCode::InternalFailure);
    assert_eq!(refusal.to_bytes(), br#"{"error":"internal_failure"}"#);
    assert_eq!(ErrorResponse::parse(br#"{"error":{"code":401}}"#), None);
    assert_eq!(ErrorResponse::parse(b"Bad Gateway"), None);
}

#[test]
fn the_grant_type_is_the_one_of_the_registry() {
    assert_eq!(JWT_BEARER, "urn:ietf:params:oauth:grant-type:jwt-bearer");
}

proptest! {
    #[test]
    fn rfc6749_5_2_only_legal_characters_leave(text in any::<String>()) {
        let bytes = ErrorResponse::new(TokenErrorCode::InvalidGrant).describe(text).to_bytes();
        let read = ErrorResponse::parse(&bytes).unwrap();
        assert!(read.error_description.unwrap().bytes().all(crate::legal::is_legal));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = TokenResponse::parse(&bytes);
        let _ = ErrorResponse::parse(&bytes);
        if let Ok(mut params) = Params::parse(&bytes) {
            let _ = TokenRequest::parse(&mut params, &GrantType::ALL);
        }
    }

    #[test]
    fn a_token_comes_back_as_it_was(token in "\\PC{1,60}", expires_in in any::<u64>()) {
        let response = TokenResponse::AccessToken(AccessTokenResponse {
            access_token: Cow::Owned(token),
            expires_in: Some(expires_in),
            ..AccessTokenResponse::default()
        });
        assert_eq!(TokenResponse::parse(&response.to_bytes()), Ok(response.clone()));
    }
}

mod grants;

#[test]
fn google_wire_8_4_a_service_identity_asks_under_names_of_its_own() {
    let form = "grant_type=urn:ietf:params:oauth:token-type:token-exchange&audience=x:y\
                &requested_token_type=urn:ietf:params:oauth:token-type:access_token\
                &subject_token=a.b.c&subject_token_type=urn:k8s:params:oauth:token-type:serviceaccount";
    let Ok(TokenRequest::JwtBearer(request)) = parse(form) else {
        panic!("no request")
    };
    assert_eq!(request.assertion, "a.b.c");
    let identity = request.identity.clone().unwrap();
    assert_eq!(identity.audience, ["x:y"]);
    assert!(!format!("{request:?}").contains("a.b.c"));
    let mut request = parse(form).unwrap();
    assert_eq!(request.resources_mut(), ["x:y"]);
    assert_eq!(request.grant_type(), GrantType::JwtBearer);

    let without = |part: &str| parse(&form.replacen(part, "x=", 1)).map(|_| ());
    for missing in ["audience", "subject_token"] {
        let refused = TokenRequestError::Missing(MissingParameter(missing));
        assert_eq!(without(&format!("{missing}=")), Err(refused), "{missing}");
    }
    let odd = "urn:ietf:params:oauth:token-type:token-exchange";
    let unknown = TokenRequestError::GrantTypeUnknown(Echo::of(odd));
    assert_eq!(without("subject_token_type="), Err(unknown.clone()));
    assert!(unknown.to_string().contains("grant-type:token-exchange"));
    let not_offered = TokenRequest::parse(&mut Params::parse(form.as_bytes()).unwrap(), &[]);
    assert_eq!(not_offered, Err(unknown));
}
