//! The layer, around a service of plain bytes: no axum in it.

use std::convert::Infallible;

use http::Request;
use http::Response;
use serde_json::json;
use tower::Layer as _;
use tower::ServiceExt as _;
use tower::service_fn;

use super::Guard;
use crate::rehearsal::World;
use crate::rehearsal::access_token;
use crate::verified::Verified;

/// What the guarded service answers; it tells who calls.
async fn answer(
    guard: &Guard,
    request: http::request::Builder,
    control: Option<&'static str>,
) -> Response<Vec<u8>> {
    let service = service_fn(move |request: Request<()>| async move {
        let caller = request.extensions().get::<Verified>().unwrap().clone();
        let sensitive = request
            .headers()
            .get("authorization")
            .is_none_or(http::HeaderValue::is_sensitive);
        assert!(sensitive);
        let mut response = Response::builder();
        if let Some(control) = control {
            response = response.header("cache-control", control);
        }
        Ok::<_, Infallible>(response.body(caller.subject().as_bytes().to_vec()).unwrap())
    });
    guard
        .layer(service)
        .oneshot(request.body(()).unwrap())
        .await
        .unwrap()
}

fn with(token: &str) -> http::request::Builder {
    Request::get("/v1/invoices").header("authorization", format!("Bearer {token}"))
}

fn challenge(response: &Response<Vec<u8>>) -> &str {
    response.headers()["www-authenticate"].to_str().unwrap()
}

#[tokio::test]
async fn a_good_token_goes_on_and_the_handler_knows_who_calls() {
    let guard = World::new().verifier().await.require(&["invoices.read"]);
    let response = answer(&guard, with(&access_token(&json!({}))), None).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.body(), b"104857291830027466113");
    assert_eq!(response.headers().get("cache-control"), None);
}

#[tokio::test]
async fn rfc6750_3_everybody_else_is_answered_here() {
    let guard = World::new().verifier().await.require(&["invoices.read"]);
    let missing = answer(&guard, Request::get("/"), None).await;
    assert_eq!(missing.status(), 401);
    assert_eq!(
        challenge(&missing),
        r#"Bearer realm="https://accounts.google.com/""#
    );
    let bad = answer(&guard, with("x"), None).await;
    assert_eq!(bad.status(), 401);
    assert!(challenge(&bad).contains(r#"error="invalid_token", error_description="CRN-4005"#));
}

#[tokio::test]
async fn all_or_any_of_the_scopes() {
    let verifier = World::new().verifier().await;
    let token = access_token(&json!({"scope": "a b"}));
    for (guard, status) in [
        (verifier.require(&[]), 200),
        (verifier.require(&["a", "b"]), 200),
        (verifier.require(&["a", "c"]), 403),
        (verifier.require_any(&["a", "c"]), 200),
        (verifier.require_any(&["c", "d"]), 403),
        (verifier.require_any(&[]), 403),
        (verifier.require(&["A"]), 403),
    ] {
        let response = answer(&guard, with(&token), None).await;
        assert_eq!(response.status(), status, "{guard:?}");
    }
    let refused = answer(&verifier.require(&["a", "c"]), with(&token), None).await;
    assert!(
        challenge(&refused).ends_with(r#"scope="a c""#),
        "{}",
        challenge(&refused)
    );
    let none = answer(
        &verifier.require(&["a"]),
        with(&access_token(&json!({"scope": ""}))),
        None,
    )
    .await;
    assert!(challenge(&none).contains("the token has no scope of this API"));
}

#[tokio::test]
async fn rfc6750_2_3_a_token_in_the_url_makes_the_answer_private() {
    let guard = World::new().verifier().await.require(&[]);
    let url = || Request::get(format!("/?access_token={}", access_token(&json!({}))));
    let refused = answer(&guard, url(), None).await;
    assert_eq!(refused.status(), 400);
    assert!(challenge(&refused).contains(r#"error="invalid_request""#));

    let guard = guard.with_tokens_in_query();
    for (handler, expected) in [
        (None, "private"),
        (Some("public, max-age=60"), "private"),
        (Some("no-store"), "no-store"),
    ] {
        let taken = answer(&guard, url(), handler).await;
        assert_eq!(
            (taken.status().as_u16(), &taken.headers()["cache-control"]),
            (200, &http::HeaderValue::from_static(expected))
        );
    }
    let header = answer(&guard, with(&access_token(&json!({}))), Some("public")).await;
    assert_eq!(header.headers()["cache-control"], "public");
    let both = url().header("authorization", "Bearer x");
    assert_eq!(answer(&guard, both, None).await.status(), 400);
}
