//! A pool or provider that is off lets nobody in, and stops what its principals hold at once.

use axum::body::Body;
use axum::http::Request;
use carnet_core::value::UnixTime;
use carnet_testkit::world::READ;

use super::scene::EXCHANGE;
use super::scene::Scene;

async fn let_in(scene: &Scene) -> bool {
    let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
    if answer.status == 200 {
        return true;
    }
    scene.refused(&answer, "invalid_target", 2_502).await;
    false
}

/// Whether the provider lets somebody in, and whether a token that it got before is active.
async fn both(scene: &Scene, token: &str) -> (bool, bool) {
    let active = scene.introspect(token).await["active"] == true;
    (let_in(scene).await, active)
}

#[tokio::test]
async fn lesson_22_what_is_disabled_or_deleted_stops_at_once_and_comes_back() {
    let mut scene = Scene::new().await;
    let token = scene.token().await;
    assert_eq!(both(&scene, &token).await, (true, true));
    let deleted = Some(UnixTime(scene.now));
    scene.set(|provider| provider.disabled = true).await;
    assert_eq!(both(&scene, &token).await, (false, false));
    scene.set(|provider| provider.disabled = false).await;
    assert_eq!(both(&scene, &token).await, (true, true));
    scene.set(|provider| provider.deleted = deleted).await;
    assert_eq!(both(&scene, &token).await, (false, false));
    scene.set(|provider| provider.deleted = None).await;
    scene.set_pool(|pool| pool.disabled = true).await;
    assert_eq!(both(&scene, &token).await, (false, false));
    scene.set_pool(|pool| pool.disabled = false).await;
    assert_eq!(both(&scene, &token).await, (true, true));
    scene.set_pool(|pool| pool.deleted = deleted).await;
    assert_eq!(both(&scene, &token).await, (false, false));
    scene.set_pool(|pool| pool.deleted = None).await;
    assert_eq!(both(&scene, &token).await, (true, true));
    scene.server.world.project_is_suspended().await;
    assert_eq!(both(&scene, &token).await, (false, false));
}

#[tokio::test]
async fn google_wire_6_1_what_is_off_and_what_is_not_there_read_alike() {
    let mut scene = Scene::new().await;
    let token = scene.issuer.sign(&scene.claims());
    let own = scene.provider.name.audience();
    let strange = own.replace("main", "none");
    let elsewhere = own.replace("ci-pool", "no-pool");
    let mut texts = Vec::new();
    for audience in [&strange, &elsewhere] {
        let answer = scene.exchange_at(audience, &token).await;
        texts.push(answer.json()["error_description"].clone());
    }
    scene.set(|provider| provider.disabled = true).await;
    let answer = scene.exchange(&token).await;
    let story = scene.refused(&answer, "invalid_target", 2_502).await;
    assert!(story.contains("the provider is disabled"), "{story}");
    texts.push(answer.json()["error_description"].clone());
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(
        scene.issuer.fetched(),
        0,
        "nothing is fetched for what is off"
    );
}

#[tokio::test]
async fn a_federated_token_is_for_apis_and_opens_nothing_of_people_or_administrators() {
    let scene = Scene::new().await;
    let token = scene.token().await;
    for path in ["/userinfo", "/admin/v1/projects", "/admin/v1/whoami"] {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let answer = scene
            .server
            .send(request.body(Body::empty()).unwrap())
            .await;
        let status = answer.status.as_u16();
        assert!(
            [401, 403, 404].contains(&status),
            "{path}: {status} {}",
            answer.body
        );
    }
    let answer = scene
        .server
        .post_as("/introspect", &[("token", &token)], Some(&token))
        .await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    // Nor does a scope of ours make them more.
    let audience = scene.provider.name.audience();
    let subject = scene.issuer.sign(&scene.claims());
    let form = [
        ("grant_type", EXCHANGE),
        ("audience", audience.as_str()),
        ("scope", "carnet.admin carnet.introspect"),
        ("subject_token_type", super::scene::JWT),
        ("subject_token", subject.as_str()),
    ];
    let answer = scene.server.post("/v1/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let powerful = answer.json()["access_token"].as_str().unwrap().to_owned();
    let about = [("token", token.as_str())];
    let asks = scene.server.post_as("/introspect", &about, Some(&powerful));
    let answer = asks.await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    let request =
        Request::get("/admin/v1/projects").header("authorization", format!("Bearer {powerful}"));
    let answer = scene
        .server
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    // Nor is it a credential for another exchange.
    let access = "urn:ietf:params:oauth:token-type:access_token";
    for kind in [access, super::scene::JWT] {
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", audience.as_str()),
            ("scope", READ),
            ("subject_token_type", kind),
            ("subject_token", token.as_str()),
        ];
        let answer = scene.server.post("/v1/token", &form).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
}
