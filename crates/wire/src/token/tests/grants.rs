//! One request per grant.

use super::{
    AccessTokenResponse, GrantType, Params, TokenErrorCode, TokenRequest, TokenRequestError,
    TokenResponse, TokenType,
};
use crate::authorization_details::AuthorizationDetails;
use crate::crn::Crn;
use crate::params::MissingParameter;
use crate::token::TokenTypeUri;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn parse(form: &str) -> Result<TokenRequest<'_>, TokenRequestError> {
    TokenRequest::parse(
        &mut Params::parse(form.as_bytes()).unwrap(),
        &GrantType::ALL,
    )
}

#[test]
fn rfc6749_4_1_3_a_code_is_redeemed() {
    let form = format!(
        "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.example%2Fcb\
         &code_verifier={VERIFIER}&resource=https://x.example/&resource=urn:y"
    );
    let Ok(TokenRequest::AuthorizationCode(request)) = parse(&form) else {
        panic!("no request")
    };
    assert_eq!(request.code, "c");
    assert_eq!(
        request.redirect_uri.as_deref(),
        Some("https://a.example/cb")
    );
    assert_eq!(request.code_verifier.unwrap().as_str(), VERIFIER);
    assert_eq!(request.resource, ["https://x.example/", "urn:y"]);
    let error = parse("grant_type=authorization_code&code=c&code_verifier=short").unwrap_err();
    assert_eq!(error.crn(), Crn::CODE_VERIFIER_MALFORMED);
    assert_eq!(error.code(), TokenErrorCode::InvalidRequest);
    let error = parse("grant_type=authorization_code&code=").unwrap_err();
    assert_eq!(error, MissingParameter("code").into());
}

#[test]
fn rfc6749_6_a_refresh_may_ask_for_less() {
    let form = "grant_type=refresh_token&refresh_token=r&scope=b+a";
    let Ok(TokenRequest::RefreshToken(request)) = parse(form) else {
        panic!("no request")
    };
    assert_eq!(request.scope.unwrap().as_str(), "a b");
    let error = parse("grant_type=refresh_token&refresh_token=r&scope=%22").unwrap_err();
    assert_eq!(error.code(), TokenErrorCode::InvalidScope);
}

#[test]
fn rfc6749_4_4_2_a_client_asks_for_itself() {
    let request = parse("grant_type=client_credentials").unwrap();
    assert_eq!(request.grant_type(), GrantType::ClientCredentials);
}

#[test]
fn rfc8707_2_a_resource_is_an_absolute_uri_without_a_fragment() {
    for resource in [
        "api",
        "%2Fapi",
        "https%3A%2F%2Fa.example%2F%23x",
        "https%3A%2F%2Fa b",
        "%00",
    ] {
        let form = format!("grant_type=client_credentials&resource=urn:x&resource={resource}");
        let error = parse(&form).unwrap_err();
        assert_eq!(error.crn(), Crn::RESOURCE_MALFORMED, "{resource}");
        assert_eq!(error.code(), TokenErrorCode::InvalidTarget);
    }
}

#[test]
fn rfc8628_3_4_a_device_polls_and_google_wire_4_6_so_does_an_old_one() {
    for form in [
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=d",
        "grant_type=http://oauth.net/grant_type/device/1.0&code=d",
    ] {
        let Ok(TokenRequest::DeviceCode(request)) = parse(form) else {
            panic!("no request")
        };
        assert_eq!(request.device_code, "d");
    }
}

#[test]
fn rfc8693_2_1_a_token_is_exchanged() {
    let exchange = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange";
    let kind = "urn:ietf:params:oauth:token-type:access_token";
    let form = format!(
        "{exchange}&subject_token=s&subject_token_type={kind}&actor_token=a&actor_token_type={kind}\
         &audience=one&audience=two&requested_token_type=urn:ietf:params:oauth:token-type:jwt"
    );
    let Ok(TokenRequest::TokenExchange(request)) = parse(&form) else {
        panic!("no request")
    };
    assert_eq!(request.audience, ["one", "two"]);
    assert_eq!(request.requested_token_type, Some(TokenTypeUri::Jwt));
    assert_eq!(
        request.actor_token,
        Some(("a".into(), TokenTypeUri::AccessToken))
    );
    for (rest, crn) in [
        (
            format!("subject_token=s&subject_token_type={kind}&actor_token_type={kind}"),
            Crn::TOKEN_TYPE_ALONE,
        ),
        (
            format!("subject_token=s&subject_token_type={kind}&actor_token=a"),
            Crn::PARAMETER_MISSING,
        ),
        (
            "subject_token=s&subject_token_type=jwt".to_owned(),
            Crn::TOKEN_TYPE_UNKNOWN,
        ),
        ("subject_token=s".to_owned(), Crn::PARAMETER_MISSING),
    ] {
        let form = format!("{exchange}&{rest}");
        assert_eq!(parse(&form).unwrap_err().crn(), crn, "{rest}");
    }
}

#[test]
fn lesson_4_a_missing_or_emptied_subject_token_asks_for_nobody() {
    let exchange = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange\
                    &subject_token_type=urn:ietf:params:oauth:token-type:access_token";
    for rest in [
        "",
        "&subject_token=",
        "&subject_token",
        "&subject_token=+++",
        "&subject_token=%09",
    ] {
        let form = format!("{exchange}{rest}&actor_token=a");
        assert_eq!(
            parse(&form).unwrap_err(),
            MissingParameter("subject_token").into(),
            "{rest}"
        );
    }
}

#[test]
fn rfc6749_4_3_2_a_password_is_read_and_not_shown() {
    let request = parse("grant_type=password&username=dana&password=hunter2").unwrap();
    assert!(!format!("{request:?}").contains("hunter2"));
    let refused = TokenRequest::parse(
        &mut Params::parse(b"grant_type=password").unwrap(),
        &[GrantType::RefreshToken],
    );
    assert_eq!(refused.unwrap_err().crn(), Crn::GRANT_TYPE_UNKNOWN);
}

#[test]
fn ux_4_4_the_closest_grant_is_named() {
    for (sent, meant) in [
        ("authorization-code", GrantType::AuthorizationCode),
        ("AUTHORIZATION_CODE", GrantType::AuthorizationCode),
        ("device_code", GrantType::DeviceCode),
        ("token_exchange", GrantType::TokenExchange),
    ] {
        assert_eq!(GrantType::closest(sent), Some(meant));
        let error = parse(&format!("grant_type={sent}")).unwrap_err();
        assert!(
            error.to_string().ends_with(&format!("Closest: {meant}")),
            "{error}"
        );
    }
    assert_eq!(GrantType::closest("saml"), None);
}

#[test]
fn no_secret_shows_in_debug() {
    for form in [
        "grant_type=authorization_code&code=hunter2",
        "grant_type=refresh_token&refresh_token=hunter2",
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=hunter2",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=hunter2\
         &subject_token_type=urn:ietf:params:oauth:token-type:jwt",
    ] {
        assert!(
            !format!("{:?}", parse(form).unwrap()).contains("hunter2"),
            "{form}"
        );
    }
}

#[test]
fn rfc6749_5_1_rfc8693_2_2_1_rfc9396_7_everything_that_may_be_answered() {
    let response = TokenResponse::AccessToken(AccessTokenResponse {
        access_token: "t".into(),
        expires_in: Some(1),
        token_type: TokenType::Dpop,
        scope: Some("a".into()),
        refresh_token: Some("r".into()),
        id_token: Some("i".into()),
        issued_token_type: Some(TokenTypeUri::AccessToken.as_str().into()),
        authorization_details: Some(AuthorizationDetails::parse(r#"[{"type": "x"}]"#).unwrap()),
    });
    let bytes = response.to_bytes();
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        concat!(
            r#"{"access_token":"t","expires_in":1,"token_type":"DPoP","scope":"a","refresh_token":"r","#,
            r#""id_token":"i","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","#,
            r#""authorization_details":[{"type":"x"}]}"#
        )
    );
    assert_eq!(TokenResponse::parse(&bytes), Ok(response));
}
