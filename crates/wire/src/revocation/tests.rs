//! Requests to revoke.

use super::{REVOKED, RevocationErrorCode, RevocationRequest, TokenTypeHint};
use crate::google_text;
use crate::params::{MissingParameter, Params};
use crate::token::ErrorResponse;

fn parse(form: &str) -> Result<RevocationRequest<'_>, MissingParameter> {
    RevocationRequest::parse(&mut Params::parse(form.as_bytes()).unwrap())
}

#[test]
fn rfc7009_2_1_the_request() {
    let request = parse("token=1%2F%2F0x&token_type_hint=refresh_token").unwrap();
    assert_eq!(request.token, "1//0x");
    assert_eq!(request.token_type_hint, Some(TokenTypeHint::RefreshToken));
    assert_eq!(
        parse("token_type_hint=access_token").unwrap_err(),
        MissingParameter("token")
    );
    assert!(!format!("{request:?}").contains("0x"));
}

#[test]
fn rfc7009_2_1_a_hint_that_is_not_known_is_no_hint() {
    assert_eq!(
        parse("token=x&token_type_hint=id_token")
            .unwrap()
            .token_type_hint,
        None
    );
}

#[test]
fn google_wire_4_3_the_answers() {
    assert_eq!(REVOKED, b"{}");
    let refusal = ErrorResponse::new(RevocationErrorCode::InvalidToken)
        .describe(google_text::EXPIRED_OR_REVOKED);
    let expected = br#"{"error":"invalid_token","error_description":"Token expired or revoked"}"#;
    assert_eq!(refusal.to_bytes(), expected);
    assert_eq!(RevocationErrorCode::InvalidToken.status(), 400);
    assert_eq!(RevocationErrorCode::InvalidClient.status(), 401);
}
