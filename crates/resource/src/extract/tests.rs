//! The extractors, in a router.

use axum::Router;
use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::State;
use axum::http::Request;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;
use tower::ServiceExt as _;

use super::Bearer;
use super::Caller;
use crate::rehearsal::World;
use crate::rehearsal::access_token;
use crate::verifier::Verifier;

async fn behind_the_layer(Caller(caller): Caller) -> String {
    caller.subject().to_owned()
}

async fn by_itself(State(verifier): State<Verifier>, Bearer(caller): Bearer) -> Response {
    match caller.require(&["invoices.write"]) {
        Ok(()) => "written".into_response(),
        Err(refusal) => verifier.answer(&refusal).map(Into::into),
    }
}

async fn app() -> Router {
    let verifier = World::new().verifier().await;
    let guard = verifier.require(&["invoices.read"]);
    Router::new()
        .route("/layer", get(behind_the_layer).layer(guard))
        .route("/forgotten", get(behind_the_layer))
        .route("/bearer", get(by_itself))
        .with_state(verifier)
}

async fn ask(path: &str, token: Option<&str>) -> (u16, Option<String>, String) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = app()
        .await
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge.map(|value| value.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, challenge, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_caller_stands_behind_the_layer() {
    let token = access_token(&json!({}));
    let (status, _, body) = ask("/layer", Some(&token)).await;
    assert_eq!((status, body.as_str()), (200, "104857291830027466113"));
    let (status, challenge, body) = ask("/layer", None).await;
    assert_eq!((status, challenge.is_some()), (401, true));
    assert!(body.contains("CREDENTIALS_MISSING"));
}

#[tokio::test]
async fn a_forgotten_layer_lets_nobody_through() {
    let token = access_token(&json!({}));
    assert_eq!(ask("/forgotten", Some(&token)).await.0, 500);
    assert_eq!(ask("/forgotten", None).await.0, 500);
}

#[tokio::test]
async fn a_bearer_needs_no_layer() {
    let (status, challenge, _) = ask("/bearer", None).await;
    assert_eq!(status, 401);
    assert_eq!(
        challenge.unwrap(),
        r#"Bearer realm="https://accounts.google.com/""#
    );
    let (status, challenge, _) = ask("/bearer", Some(&access_token(&json!({})))).await;
    assert_eq!(status, 403);
    assert!(challenge.unwrap().contains(r#"scope="invoices.write""#));
    let token = access_token(&json!({"scope": "invoices.write"}));
    assert_eq!(
        ask("/bearer", Some(&token)).await,
        (200, None, "written".to_owned())
    );
}
