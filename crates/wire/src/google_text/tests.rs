//! The wire texts, held against what was recorded.

use super::{EXP_NOT_SET, IAT_NOT_SET, SHORT_LIVED};
use crate::crn::{Answer, Crn};
use crate::token::TokenErrorCode;

fn answers(crn: Crn) -> (TokenErrorCode, &'static str, Option<u16>) {
    let Answer::Token { error, says } = crn.answer() else {
        panic!("{crn} is not of the token endpoint")
    };
    (error, says, crn.status())
}

#[test]
fn google_wire_2_4_what_cannot_be_read() {
    use TokenErrorCode as E;
    let rows = [
        (
            Crn::GRANT_TYPE_UNKNOWN,
            E::UnsupportedGrantType,
            "Invalid grant_type: ",
        ),
        (
            Crn::GRANT_TYPE_MISSING,
            E::UnsupportedGrantType,
            "Invalid grant_type: ",
        ),
        (Crn::PARAMETER_MISSING, E::InvalidRequest, "Bad Request"),
        (Crn::NOT_THREE_PARTS, E::InvalidRequest, "Bad Request"),
        (Crn::NOT_JSON, E::InvalidRequest, "Bad Request"),
    ];
    for (crn, error, says) in rows {
        assert_eq!(answers(crn), (error, says, Some(400)), "{crn}");
    }
}

#[test]
fn google_wire_2_4_keys_and_accounts() {
    use TokenErrorCode as E;
    for crn in [
        Crn::SIGNATURE,
        Crn::ALGORITHM,
        Crn::KEY_EXPIRED,
        Crn::KEY_DISABLED,
    ] {
        let bad_signature = (E::InvalidGrant, "Invalid JWT Signature.", Some(400));
        assert_eq!(answers(crn), bad_signature, "{crn}");
    }
    let (error, says, status) = answers(Crn::ISS_MISSING);
    assert_eq!(
        (error, says),
        (E::InvalidGrant, "Invalid grant: account not found")
    );
    assert_eq!(status, Some(400));
    let (error, says, status) = answers(Crn::ACCOUNT_DELETED);
    assert_eq!(
        (error, says),
        (E::DeletedClient, "The OAuth client was deleted.")
    );
    assert_eq!(status, Some(401));
}

#[test]
fn google_wire_2_4_claims() {
    use TokenErrorCode as E;
    let sub = "Invalid impersonation &quot;sub&quot; field: ";
    let scope = "Invalid OAuth scope or ID token audience provided.";
    let rows = [
        (
            Crn::AUDIENCE,
            E::InvalidGrant,
            "Invalid JWT: Failed audience check.",
        ),
        (Crn::USER_UNKNOWN, E::InvalidGrant, "Not a valid email."),
        (Crn::USER_SUSPENDED, E::AccessDenied, "Account restricted"),
        (Crn::SCOPE_EMPTY, E::InvalidScope, scope),
        (Crn::SCOPE_UNKNOWN, E::InvalidScope, scope),
        (Crn::SUB_NOT_AN_EMAIL, E::InvalidRequest, sub),
    ];
    for (crn, error, says) in rows {
        assert_eq!(answers(crn), (error, says, Some(400)), "{crn}");
    }
    assert_eq!(IAT_NOT_SET, "Invalid JWT: iat (issued at) is not set.");
    assert_eq!(
        EXP_NOT_SET,
        "Invalid JWT: exp (expiration time) is not set."
    );
}

#[test]
fn seed_jwt_error_table_rows() {
    use TokenErrorCode as E;
    let rows = [
        (
            Crn::DELEGATION_MISSING,
            E::UnauthorizedClient,
            "Unauthorized client or scope in request.",
            401,
        ),
        (
            Crn::DELEGATION_OF_OTHER_SCOPES,
            E::UnauthorizedClient,
            "Client is unauthorized to retrieve access tokens using this method, or client not \
             authorized for any of the scopes requested.",
            401,
        ),
        (
            Crn::DELEGATION_OF_SOME_SCOPES,
            E::AccessDenied,
            "Requested client not authorized.",
            400,
        ),
        (Crn::POLICY_BLOCKS_SCOPE, E::AdminPolicyEnforced, "", 400),
        (
            Crn::CLIENT_AUTHENTICATION_FAILED,
            E::InvalidClient,
            "Unauthorized",
            401,
        ),
        (
            Crn::ACCOUNT_DISABLED,
            E::DisabledClient,
            "The OAuth client was disabled.",
            401,
        ),
        (
            Crn::INTERNAL_ONLY,
            E::OrgInternal,
            "This client is restricted to users within its organization.",
            403,
        ),
    ];
    for (crn, error, says, status) in rows {
        assert_eq!(answers(crn), (error, says, Some(status)), "{crn}");
    }
    assert_eq!(
        SHORT_LIVED,
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable \
         timeframe. Check your iat and exp values and use a clock with skew to account for clock \
         differences between systems."
    );
}

#[test]
fn ux_4_3_every_code_about_time_says_the_short_lived_sentence() {
    for number in 2104..=2111 {
        let (error, says, _) = answers(Crn::find(number).unwrap());
        assert_eq!(
            (error, says),
            (TokenErrorCode::InvalidGrant, SHORT_LIVED),
            "{number}"
        );
    }
}
