//! The layer, around a service of plain bytes: no axum in it.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;

use http::Request;
use http::Response;
use serde_json::json;
use tower::Layer as _;
use tower::ServiceExt as _;
use tower::service_fn;
use tracing::Dispatch;
use tracing_subscriber::Registry;

use super::Guard;
use crate::rehearsal::ACCOUNT_KEY;
use crate::rehearsal::JWKS;
use crate::rehearsal::World;
use crate::rehearsal::access_token;
use crate::rehearsal::claims;
use crate::rehearsal::opaque;
use crate::rehearsal::self_signed;
use crate::rehearsal::sign;
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

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// With two subscribers, each event is asked about anew, whichever test meets it first.
static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Registry::default()));

/// Whatever a caller shows and whatever comes of it, no part of it that could be used is logged, printed, or told
/// back.
#[tokio::test]
async fn security_no_token_is_in_a_log_an_answer_or_debug() {
    LazyLock::force(&ANOTHER);
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let changed = |changes| access_token(&changes);
    let good = access_token(&json!({}));
    let shown = [
        (200, good.clone()),
        (401, changed(json!({"exp": 1, "iat": 0}))),
        (401, changed(json!({"aud": "https://another.example"}))),
        (401, changed(json!({"iss": "https://evil.example"}))),
        (403, changed(json!({"scope": "other"}))),
        (401, sign(&claims(&json!({})), "at+jwt", &ACCOUNT_KEY)),
        (401, format!("{good}AAAA")),
        (401, opaque(7)),
        (200, self_signed(&json!({}))),
        (401, self_signed(&json!({"exp": 1}))),
        (401, "not-a-token-and-secret-all-the-same".to_owned()),
    ];
    let world = World::new();
    world.set(crate::rehearsal::INTROSPECT, 200, r#"{"active":false}"#);
    let verifier = world.verifier().await;
    let guard = verifier.require(&["invoices.read"]);
    let mut told = String::new();
    for (status, token) in &shown {
        let response = answer(&guard, with(token), None).await;
        assert_eq!(response.status(), *status, "{response:?}");
        let outcome = verifier.verify(token).await;
        write!(told, "{response:?} {outcome:?} ").unwrap();
        if let Err(refusal) = &outcome {
            write!(told, "{refusal} {}", refusal.description()).unwrap();
        }
    }
    // An issuer that does not answer is what the log is for.
    let silent = World::new();
    silent.set(JWKS, 0, "");
    let guard = silent.verifier().await.require(&["invoices.read"]);
    let response = answer(&guard, with(&good), None).await;
    assert_eq!(response.status(), 503);
    write!(told, "{response:?} {guard:?} {verifier:?}").unwrap();
    let lines = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(
        lines.contains("a token cannot be checked"),
        "it was heard: {lines}"
    );
    for (_, token) in &shown {
        for part in token.split('.').filter(|part| part.len() > 30) {
            assert!(!lines.contains(part), "{part} is in the log: {lines}");
            assert!(!told.contains(part), "{part} is told: {told}");
        }
    }
}
