//! Files of the type `gdch_service_account` (google-wire 8.4): what Google's libraries send with one, and what is refused.

mod hostile;
mod scene;

use std::sync::Arc;

use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use carnet_testkit::world::World;
use serde_json::json;

use self::scene::API;
use self::scene::IDENTITY;
use self::scene::Scene;
use self::scene::refused;
use crate::federation::scene::payload;

#[tokio::test]
async fn google_wire_8_4_a_service_identity_gets_a_token_for_the_api_that_it_names() {
    let scene = Scene::new().await;
    let answer = scene.ask(&scene.claims(), json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    assert_eq!(told["token_type"], "Bearer");
    assert_eq!(told["expires_in"], 3_600);
    let kind = "urn:ietf:params:oauth:token-type:access_token";
    assert_eq!(told["issued_token_type"], kind);
    assert_eq!(told["scope"], format!("{READ} {WRITE}"));
    assert!(told.get("refresh_token").is_none(), "{told}");
    assert!(
        answer.headers["cache-control"]
            .to_str()
            .unwrap()
            .contains("no-store")
    );
    // It is the service account, as with a key file of the usual type.
    let token = payload(told["access_token"].as_str().unwrap());
    let world = &scene.provider.world;
    assert_eq!(token["sub"], world.client_id().as_str());
    assert_eq!(token["client_id"], world.client_id().as_str());
    assert_eq!(token["email"], world.email().as_str());
    assert_eq!(token["aud"], API);
    assert_eq!(token["scope"], format!("{READ} {WRITE}"));
    assert!(token.get("act").is_none(), "{token}");
}

#[tokio::test]
async fn google_wire_8_4_the_same_in_a_form() {
    let scene = Scene::new().await;
    let token = scene.sign(&scene.claims());
    let answer = scene.form(&token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn google_wire_8_4_what_is_not_said_is_wanted_as_usual() {
    let scene = Scene::new().await;
    let without = json!({ "requested_token_type": null });
    let answer = scene.ask(&scene.claims(), without).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for kind in ["id_token", "jwt", "refresh_token"] {
        let kind = format!("urn:ietf:params:oauth:token-type:{kind}");
        let other = json!({ "requested_token_type": kind });
        let answer = scene.ask(&scene.claims(), other).await;
        refused(&answer, 400, "invalid_request", "CRN-1332");
    }
    let unknown = json!({ "requested_token_type": "access_token" });
    let answer = scene.ask(&scene.claims(), unknown).await;
    refused(&answer, 400, "invalid_request", "CRN-1321");
}

#[tokio::test]
async fn rfc8693_2_1_a_scope_makes_the_token_smaller_and_never_larger() {
    let scene = Scene::new().await;
    let answer = scene.ask(&scene.claims(), json!({ "scope": READ })).await;
    assert_eq!(answer.json()["scope"], READ, "{}", answer.body);
    for beyond in [
        "openid",
        "carnet.admin",
        "unknown",
        &format!("{READ} carnet.admin"),
    ] {
        let answer = scene.ask(&scene.claims(), json!({ "scope": beyond })).await;
        refused(&answer, 400, "invalid_scope", "CRN-2217");
    }
}

#[tokio::test]
async fn google_wire_8_4_a_policy_takes_from_the_token_what_may_not_be_asked_for() {
    let mut world = World::new().await;
    world.reading_is_blocked().await;
    let scene = Scene::over(world).await;
    let answer = scene.ask(&scene.claims(), json!({})).await;
    assert_eq!(answer.json()["scope"], WRITE, "{}", answer.body);
    let answer = scene.ask(&scene.claims(), json!({ "scope": READ })).await;
    refused(&answer, 400, "admin_policy_enforced", "CRN-");
}

#[tokio::test]
async fn google_wire_8_4_an_api_that_is_not_known_is_an_invalid_target() {
    let scene = Scene::new().await;
    // Not there; misspelt; there, and with private scopes of others only.
    let private = "https://other.example";
    for audience in [
        "https://nowhere.example",
        "https://billing.exampel",
        private,
    ] {
        let answer = scene
            .ask(&scene.claims(), json!({ "audience": audience }))
            .await;
        refused(&answer, 400, "invalid_target", "CRN-1206");
    }
    let several = json!({ "audience": [API, "https://nowhere.example"] });
    let answer = scene.ask(&scene.claims(), several).await;
    refused(&answer, 400, "invalid_target", "CRN-1206");
    for missing in [json!(null), json!("")] {
        let answer = scene
            .ask(&scene.claims(), json!({ "audience": missing }))
            .await;
        refused(&answer, 400, "invalid_request", "CRN-1001");
    }
}

#[tokio::test]
async fn google_wire_8_4_this_servers_own_api_is_named_by_its_address() {
    let scene = Scene::new().await;
    for name in ["urn:carnet:admin", "https://auth.acme.example/admin/v1"] {
        let answer = scene
            .ask(&scene.claims(), json!({ "audience": name }))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(payload(&token)["aud"], "urn:carnet:admin");
    }
}

#[tokio::test]
async fn google_wire_8_4_the_token_is_for_any_name_of_ours() {
    let scene = Scene::new().await;
    for ours in [
        json!("https://auth.acme.example"),
        json!(["https://auth.acme.example/token"]),
        json!("https://auth.acme.example/oauth2/v4/token"),
    ] {
        let answer = scene
            .ask(&scene.with(json!({ "aud": ours })), json!({}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    for other in [
        json!("https://service-identity.example/authenticate"),
        json!(["https://auth.acme.example/token", "https://other.example"]),
        json!(null),
    ] {
        let answer = scene
            .ask(&scene.with(json!({ "aud": other })), json!({}))
            .await;
        refused(&answer, 400, "invalid_grant", "CRN-2004");
    }
}

#[tokio::test]
async fn google_wire_8_4_a_token_is_spent_where_it_has_a_name() {
    let scene = Scene::new().await;
    let unnamed = scene.sign(&scene.claims());
    for _ in 0..2 {
        let answer = scene.bring(&unnamed, json!({})).await;
        assert_eq!(answer.status, 200, "as of every assertion: {}", answer.body);
    }
    let named = scene.sign(&scene.with(json!({ "jti": "once" })));
    let answer = scene
        .bring(&named, json!({ "audience": "https://nowhere.example" }))
        .await;
    refused(&answer, 400, "invalid_target", "CRN-1206");
    let answer = scene.bring(&named, json!({})).await;
    assert_eq!(
        answer.status, 200,
        "a refusal spends nothing: {}",
        answer.body
    );
    let answer = scene.bring(&named, json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2111");
}

#[tokio::test]
async fn google_wire_8_4_what_is_stopped_stops_at_once() {
    let mut scene = Scene::new().await;
    scene.key_is_disabled().await;
    let answer = scene.ask(&scene.claims(), json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2011");
    scene.key_is_gone().await;
    let answer = scene.ask(&scene.claims(), json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2005");

    let mut world = World::new().await;
    world.account_is_disabled().await;
    let scene = Scene::over(world).await;
    let answer = scene.ask(&scene.claims(), json!({})).await;
    refused(&answer, 401, "disabled_client", "CRN-2012");

    let mut world = World::new().await;
    world.project_is_suspended().await;
    let scene = Scene::over(world).await;
    let answer = scene.ask(&scene.claims(), json!({})).await;
    refused(&answer, 401, "disabled_client", "CRN-2018");
}

#[tokio::test]
async fn google_wire_8_4_the_owner_reads_why_and_the_caller_does_not() {
    let scene = Scene::new().await;
    let forged = scene.forge(&scene.claims());
    let answer = scene.bring(&forged, json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2005");
    let trace = answer.json()["trace_id"].as_str().unwrap().to_owned();
    scene.provider.settle().await;
    let story = scene.provider.story(&trace).await;
    assert!(story.contains("CRN-2008"), "{story}");
    assert!(story.contains(&scene.provider.world.email()), "{story}");
    assert!(!answer.body.contains("CRN-2008"), "{}", answer.body);
    for secret in [forged.as_str(), forged.split('.').next_back().unwrap()] {
        assert!(!story.contains(secret), "{story}");
        assert!(!answer.body.contains(secret), "{}", answer.body);
    }
}

#[tokio::test]
async fn ux_4_2_of_a_service_identity_too_nobody_learns_who_exists() {
    let scene = Scene::new().await;
    let nobody = "system:serviceaccount:billing:nobody";
    let nowhere = "system:serviceaccount:nowhere:invoice-sync";
    let named = |name: &str| scene.with(json!({ "iss": name, "sub": name }));
    let answers = [
        scene.bring(&scene.forge(&named(IDENTITY)), json!({})).await,
        scene.bring(&scene.forge(&named(nobody)), json!({})).await,
        scene.ask(&named(nobody), json!({})).await,
        scene.ask(&named(nowhere), json!({})).await,
    ];
    let mut told: Vec<_> = answers.iter().map(Answer::golden).collect();
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[tokio::test]
async fn google_wire_8_4_of_sixteen_exchanges_of_one_token_with_a_name_one_is_good() {
    let scene = Arc::new(Scene::new().await);
    let token = scene.sign(&scene.with(json!({ "jti": "once" })));
    let tries = (0..16).map(|_| {
        let (scene, token) = (Arc::clone(&scene), token.clone());
        tokio::spawn(async move { scene.bring(&token, json!({})).await })
    });
    let mut good = 0;
    for tried in tries.collect::<Vec<_>>() {
        let answer = tried.await.unwrap();
        if answer.status == 200 {
            good += 1;
        } else {
            refused(&answer, 400, "invalid_grant", "CRN-2111");
        }
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn rfc9449_5_a_service_identity_may_bind_its_token_to_a_key() {
    let scene = Scene::new().await;
    let key = Prover::new();
    let of = ("POST", "https://auth.acme.example/token");
    let proof = key.prove(&prover::claims("a", of, NOW));
    let answer = scene.with_proof(&proof).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["token_type"], "DPoP");
    let token = payload(answer.json()["access_token"].as_str().unwrap());
    assert_eq!(token["cnf"]["jkt"], key.thumbprint().as_str());
    let answer = scene.with_proof(&proof).await;
    assert_eq!(
        answer.json()["error"],
        "invalid_dpop_proof",
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn google_wire_2_4_a_key_of_a_service_identity_ends_when_it_says() {
    let mut scene = Scene::new().await;
    scene.key_expires_in(60).await;
    scene.provider.wait(59);
    let answer = scene.ask(&scene.claims(), json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    scene.provider.wait(1);
    let answer = scene.ask(&scene.claims(), json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2007");
}

/// RFC 8414 section 2 lists what clients may send by the names of their RFCs, and this is the name of no grant.
#[tokio::test]
async fn rfc8414_2_the_odd_name_is_in_no_list() {
    let scene = Scene::new().await;
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
    ] {
        let listed = scene.provider.get(path).await;
        assert_eq!(listed.status, 200);
        assert!(
            !listed.body.contains("token-type:token-exchange"),
            "{}",
            listed.body
        );
        assert!(!listed.body.contains("k8s"), "{}", listed.body);
    }
}
