//! Whole answers, as Google's libraries read them.

use axum::body::to_bytes;
use axum::http::Response;
use carnet_core::rule::Refusal;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiReason;
use carnet_wire::google::iam_credentials::Request;
use serde_json::Value;
use serde_json::json;

use super::Body;
use super::No;
use super::Told;

const TOLD: Told<'static> = Told {
    issuer: "https://auth.example",
    trace: "abc",
    now: UnixTime(1_775_121_058),
};

async fn body(response: Response<Body>) -> Value {
    let bytes = to_bytes(response.into_body(), 65_536).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn google_wire_5_1_who_may_not_reads_googles_sentence_and_our_cause() {
    let refusal = Refusal::new(Crn::IAM_PERMISSION_DENIED, "x is denied.");
    let response = No::permission("iam.serviceAccounts.signJwt", refusal).answer(TOLD);
    assert_eq!(response.status(), 403);
    assert!(response.headers().get("www-authenticate").is_none());
    assert_eq!(
        body(response).await,
        json!({"error": {
            "code": 403,
            "message": "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist).",
            "status": "PERMISSION_DENIED",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "IAM_PERMISSION_DENIED",
                    "domain": "iam.googleapis.com",
                    "metadata": {"permission": "iam.serviceAccounts.signJwt"},
                },
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "CRN_2401",
                    "domain": "carnet",
                    "metadata": {
                        "cause": "x is denied.",
                        "crn": "CRN-2401",
                        "help": "https://auth.example/e/CRN-2401",
                        "trace_id": "abc",
                    },
                },
            ],
        }})
    );
}

#[tokio::test]
async fn google_wire_3_4_a_no_about_a_token_makes_libraries_fetch_a_new_one() {
    for (reason, crn, challenge) in [
        (
            ApiReason::CredentialsMissing,
            Crn::TOKEN_MISSING,
            r#"Bearer realm="https://accounts.google.com/""#,
        ),
        (
            ApiReason::AccessTokenExpired,
            Crn::TOKEN_REVOKED,
            r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#,
        ),
    ] {
        let response = No::about_token(reason, Refusal::new(crn, "no.")).answer(TOLD);
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], challenge);
        let body = body(response).await;
        assert_eq!(body["error"]["status"], "UNAUTHENTICATED");
        assert_eq!(body["error"]["details"][0]["reason"], reason.as_str());
    }
}

#[tokio::test]
async fn google_wire_5_4_a_wrong_member_is_named() {
    let fault = Request::from_json(b"{}").unwrap().audience().unwrap_err();
    let response = No::from(fault).answer(TOLD);
    assert_eq!(response.status(), 400);
    let body = body(response).await;
    assert_eq!(
        body["error"]["message"],
        "Request contains an invalid argument."
    );
    let violation = &body["error"]["details"][0]["fieldViolations"][0];
    assert_eq!(violation["field"], "audience");
}
