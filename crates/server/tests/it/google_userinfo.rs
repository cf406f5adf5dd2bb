//! Google's names for userinfo (google-wire 4.4).

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_testkit::provider::Answer;
use serde_json::Value;

use crate::code::actor::Actor;
use crate::code::actor::member;

const CURRENT: [&str; 2] = ["/oauth2/v3/userinfo", "/v1/userinfo"];
const OLDER: [&str; 3] = [
    "/oauth2/v1/userinfo",
    "/oauth2/v2/userinfo",
    "/userinfo/v2/me",
];

async fn ask(actor: &Actor, path: &str, token: Option<&str>) -> (Answer, Value) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer = actor
        .provider
        .send(request.body(Body::empty()).unwrap())
        .await;
    let body = serde_json::from_str(&answer.body).unwrap();
    (answer, body)
}

async fn token(actor: &Actor, scope: &str) -> String {
    let answer = actor.redeem(&actor.code(scope).await).await;
    member(&answer, "access_token")
}

#[tokio::test]
async fn google_wire_4_4_a_person_is_told_in_both_forms() {
    let actor = Actor::new().await;
    let token = token(&actor, "openid email profile").await;
    let known: Value = serde_json::from_str(&actor.userinfo(&token).await.body).unwrap();
    for path in CURRENT {
        let (answer, body) = ask(&actor, path, Some(&token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        for name in ["sub", "email", "email_verified", "name"] {
            assert_eq!(body[name], known[name], "{path}");
        }
        // OpenID Connect Core 1.0 section 5.3.1: by POST too.
        let request = Request::post(path).header("authorization", format!("Bearer {token}"));
        let posted = actor
            .provider
            .send(request.body(Body::empty()).unwrap())
            .await;
        assert_eq!(posted.body, answer.body, "{path}");
    }
    for path in OLDER {
        let (answer, body) = ask(&actor, path, Some(&token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(body["id"], known["sub"], "{path}");
        assert_eq!(body["email"], known["email"], "{path}");
        assert_eq!(body["verified_email"], known["email_verified"], "{path}");
        assert!(body.get("sub").is_none(), "{path}");
    }
}

#[tokio::test]
async fn google_wire_4_4_only_what_the_scopes_let() {
    let actor = Actor::new().await;
    let token = token(&actor, "openid").await;
    for path in CURRENT.iter().chain(&OLDER) {
        let (answer, body) = ask(&actor, path, Some(&token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            body.get("email").is_none() && body.get("name").is_none(),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn google_wire_4_4_a_bad_token_is_refused_in_the_form_of_the_path() {
    let actor = Actor::new().await;
    for bad in [None, Some("ya29.nothing")] {
        for path in CURRENT {
            let (answer, body) = ask(&actor, path, bad).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(body["error"], "invalid_request", "{path}");
            assert_eq!(body["error_description"], "Invalid Credentials", "{path}");
        }
        for path in OLDER {
            let (answer, body) = ask(&actor, path, bad).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(body["error"]["status"], "UNAUTHENTICATED", "{path}");
            let challenge = answer.headers.get("www-authenticate").unwrap();
            assert!(
                challenge.to_str().unwrap().starts_with("Bearer realm="),
                "{path}"
            );
        }
    }
}
