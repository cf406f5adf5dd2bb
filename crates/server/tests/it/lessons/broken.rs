//! Lesson 33, and what may never be lost: where nothing can be written, nothing is answered as if it had been.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use carnet_core::store::Memory;
use carnet_testkit::brittle::Brittle;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::scene::Scene;
use super::scene::gives_a_code;
use crate::code::actor::authorize;
use crate::code::actor::field;
use crate::code::actor::member;
use crate::device::tv::TV;

async fn scene() -> (Scene, Arc<Brittle>) {
    let store = Arc::new(Brittle::over(Arc::new(Memory::new())));
    (Scene::over(Arc::clone(&store) as _).await, store)
}

fn is_for_later(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.body);
    assert!(!answer.body.contains("crn_") && !answer.body.contains("eyJ"));
    assert!(answer.headers.get("location").is_none(), "{what}");
}

async fn revoke(scene: &Scene, token: &str) -> Answer {
    let form = [("token", token)];
    let app = (WEB, SECRET);
    scene.provider().post_basic("/revoke", &form, app).await
}

async fn is_active(scene: &Scene, token: &str) -> bool {
    let form = [("token", token)];
    let daemon = (DAEMON, SECRET);
    let told = scene.provider().post_basic("/introspect", &form, daemon);
    told.await.json()["active"] == true
}

/// Fosite CVE-2020-15223.
#[tokio::test]
async fn lesson_33_a_revocation_that_is_not_written_is_503_and_not_200() {
    let (scene, store) = scene().await;
    let held = scene.held().await;
    store.breaks();
    for (what, token) in [("access", &held.access), ("refresh", &held.refresh)] {
        let answer = revoke(&scene, token).await;
        is_for_later(what, &answer);
        assert!(answer.headers.contains_key("retry-after"), "{what}");
        let alone = [("token", token.as_str())];
        let alone = scene.provider().post("/revoke", &alone).await;
        is_for_later(what, &alone);
    }
    assert!(
        is_active(&scene, &held.access).await,
        "nobody was told otherwise"
    );
    store.mends();
    for token in [&held.access, &held.refresh] {
        assert_eq!(revoke(&scene, token).await.status, 200);
    }
    assert!(!is_active(&scene, &held.access).await);
    assert_eq!(scene.actor().refresh(&held.refresh).await.status, 400);
}

#[tokio::test]
async fn d3_nothing_is_given_for_what_cannot_be_written_down_as_used() {
    let (scene, store) = scene().await;
    let held = scene.held().await;
    let actor = scene.actor();
    let claims = scene
        .provider()
        .world
        .with(serde_json::json!({"jti": "once"}));
    let form = [("client_id", TV), ("scope", READ)];
    let path = "/device_authorization";
    store.breaks();
    for (what, answer) in [
        ("a code", actor.redeem(&held.code).await),
        ("a refresh token", actor.refresh(&held.refresh).await),
        ("a device code", scene.poll(&held.device).await),
        ("an assertion", scene.provider().redeem(&claims).await),
        ("a password", scene.password().await),
        ("a push", scene.push().await),
        ("a device", scene.provider().post(path, &form).await),
        ("a registration", scene.register().await),
    ] {
        is_for_later(what, &answer);
    }
    let pushed = scene.bring(&held.pushed).await;
    assert!(!gives_a_code(&pushed), "{pushed:?}");
    store.mends();
    for (what, answer) in [
        ("a code", actor.redeem(&held.code).await),
        ("a refresh token", actor.refresh(&held.refresh).await),
        ("a device code", scene.poll(&held.device).await),
        ("an assertion", scene.provider().redeem(&claims).await),
    ] {
        assert_eq!(answer.status, 200, "{what} was not used: {}", answer.body);
    }
    assert!(gives_a_code(&scene.bring(&held.pushed).await));
}

#[tokio::test]
async fn d1_a_persons_answer_that_is_not_written_is_no_answer() {
    let (scene, store) = scene().await;
    let actor = scene.actor();
    let path = authorize(WEB, &[("scope", READ), ("prompt", "consent")]);
    let page = actor.get(&path).await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let allow = [
        ("csrf", csrf.as_str()),
        ("request", request.as_str()),
        ("decision", "allow"),
    ];
    let codes = scene.tv.codes(READ).await;
    let apps = actor.get("/account/apps").await;
    let out = field(&actor.get("/logout").await, "csrf");
    let sign_out = [("csrf", out.as_str()), ("decision", "sign_out")];
    store.breaks();
    let answer = actor.post("/consent", &allow).await;
    is_for_later("consent", &answer);
    let answer = actor.post("/logout", &sign_out).await;
    is_for_later("sign-out", &answer);
    let account = actor.get("/account").await;
    assert_eq!(account.status, 200, "the session stands");
    store.mends();
    assert!(gives_a_code(&actor.post("/consent", &allow).await));
    assert_eq!(actor.post("/logout", &sign_out).await.status, 200);
    assert_ne!(actor.get("/account").await.status, 200);
    assert_eq!(apps.status, 200);
    let poll = scene.poll(&codes.device).await;
    assert_eq!(member(&poll, "error"), "authorization_pending");
}

#[tokio::test]
async fn d2_an_app_that_could_not_be_removed_is_said_to_be_there() {
    let (scene, store) = scene().await;
    let held = scene.held().await;
    let actor = scene.actor();
    let page = actor.get("/account/apps").await;
    let csrf = field(&page, "csrf");
    let fields = [("csrf", csrf.as_str()), ("client", TV)];
    store.breaks();
    let answer = actor.post("/account/apps/remove", &fields).await;
    is_for_later("an app", &answer);
    store.mends();
    assert_eq!(scene.poll(&held.device).await.status, 200);
    let request = Request::get("/account/apps").header("cookie", &actor.cookie);
    let page = scene.provider().send(request.body(Body::empty()).unwrap());
    assert!(page.await.body.contains("Runboard TV"));
}
