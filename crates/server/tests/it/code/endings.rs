//! How what an app holds goes on and ends: replays, races, rotation, revocation, the end of the session.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::store::Change;
use carnet_core::store::RecordKey;
use carnet_core::value::Version;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use serde_json::json;

use super::actor::Actor;
use super::actor::BACK;
use super::actor::VERIFIER;
use super::actor::answered;
use super::actor::authorize;
use super::actor::member;

const OFFLINE: &str = "openid offline_access";

async fn tokens(actor: &Actor, scope: &str) -> (String, String) {
    let answer = actor.redeem(&actor.code(scope).await).await;
    (
        member(&answer, "access_token"),
        member(&answer, "refresh_token"),
    )
}

fn refused(answer: &Answer, crn: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(member(answer, "error"), "invalid_grant");
    let description = member(answer, "error_description");
    assert!(description.contains(crn), "{description}");
}

#[tokio::test]
async fn rfc6749_4_1_2_a_code_that_comes_again_ends_what_it_gave() {
    let actor = Actor::new().await;
    let code = actor.code(OFFLINE).await;
    let first = actor.redeem(&code).await;
    let access = member(&first, "access_token");
    assert_eq!(actor.userinfo(&access).await.status, StatusCode::OK);
    refused(&actor.redeem(&code).await, "CRN-1303");
    let dead = actor.userinfo(&access).await;
    assert_eq!(dead.status, StatusCode::UNAUTHORIZED);
    let challenge = dead.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("invalid_token"), "{challenge}");
    refused(
        &actor.refresh(&member(&first, "refresh_token")).await,
        "CRN-1316",
    );
}

#[tokio::test]
async fn of_sixteen_redemptions_at_once_one_is_good_and_ends() {
    let actor = Arc::new(Actor::new().await);
    let code = actor.code(OFFLINE).await;
    let tries = (0..16).map(|_| {
        let (actor, code) = (Arc::clone(&actor), code.clone());
        tokio::spawn(async move { actor.redeem(&code).await })
    });
    let mut good = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        let answer = tried.await.unwrap();
        if answer.status == StatusCode::OK {
            good.push(answer);
        } else {
            refused(&answer, "CRN-1303");
        }
    }
    assert_eq!(good.len(), 1);
    refused(
        &actor.refresh(&member(&good[0], "refresh_token")).await,
        "CRN-1316",
    );
}

#[tokio::test]
async fn google_wire_4_7_a_token_request_comes_as_json_too() {
    let actor = Actor::new().await;
    let ask = async |body: String| {
        let request = Request::post("/token").header("content-type", "application/json");
        let request = request.body(Body::from(body)).unwrap();
        actor.provider.send(request).await
    };
    let back = actor
        .consent(
            &authorize(SPA, &[("scope", OFFLINE)]),
            &[("decision", "allow"), ("scope", "offline_access")],
        )
        .await;
    let code = answered(&back, "code").unwrap();
    let redeem = json!({
        "grant_type": "authorization_code", "client_id": SPA, "code": code,
        "redirect_uri": BACK, "code_verifier": VERIFIER,
    });
    let answer = ask(redeem.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let refresh = json!({
        "grant_type": "refresh_token", "client_id": SPA, "scopes": ["openid"],
        "refresh_token": member(&answer, "refresh_token"), "client_secret": null,
    });
    let answer = ask(refresh.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(member(&answer, "scope"), "openid");
    let answer = ask("[]".to_owned()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("CRN-1010"), "{}", answer.body);
}

#[tokio::test]
async fn fifty_refreshes_at_once_succeed_as_one() {
    let actor = Arc::new(Actor::new().await);
    let (_, refresh) = tokens(&actor, OFFLINE).await;
    let tries = (0..50).map(|_| {
        let (actor, refresh) = (Arc::clone(&actor), refresh.clone());
        tokio::spawn(async move { actor.refresh(&refresh).await })
    });
    let mut newest = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        let answer = tried.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        newest.push(member(&answer, "refresh_token"));
    }
    // Each of them is the newest, so each may go on, as one.
    let on = actor.refresh(&newest[0]).await;
    assert_eq!(on.status, StatusCode::OK);
    assert_eq!(actor.refresh(&newest[49]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn rfc9700_4_14_2_an_old_refresh_token_ends_everything() {
    let actor = Actor::new().await;
    let (_, first) = tokens(&actor, OFFLINE).await;
    let second = actor.refresh(&first).await;
    let (access, newest) = (
        member(&second, "access_token"),
        member(&second, "refresh_token"),
    );
    actor.provider.wait(31);
    refused(&actor.refresh(&first).await, "CRN-1316");
    refused(&actor.refresh(&newest).await, "CRN-1316");
    let dead = actor.userinfo(&access).await.status;
    assert_eq!(dead, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lesson_20_codes_and_refresh_tokens_are_of_one_client() {
    let actor = Actor::new().await;
    let code = actor.code(OFFLINE).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", SPA),
    ];
    refused(&actor.provider.post("/token", &form).await, "CRN-1305");
    let (_, refresh) = tokens(&actor, OFFLINE).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", SPA),
    ];
    refused(&actor.provider.post("/token", &form).await, "CRN-1310");
    assert_eq!(actor.refresh(&refresh).await.status, StatusCode::OK);
    assert_eq!(actor.redeem(&code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn lesson_3_nothing_redeems_as_something_else() {
    let actor = Actor::new().await;
    let (access, refresh) = tokens(&actor, OFFLINE).await;
    let code = actor.code(OFFLINE).await;
    refused(&actor.redeem(&refresh).await, "CRN-1305");
    refused(&actor.redeem(&access).await, "CRN-1305");
    refused(&actor.refresh(&code).await, "CRN-1310");
    refused(&actor.refresh(&access).await, "CRN-1310");
    for text in [&code, &refresh] {
        let dead = actor.userinfo(text).await.status;
        assert_eq!(dead, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn rfc7009_2_1_a_refresh_token_takes_everything_with_it() {
    let actor = Actor::new().await;
    let (access, refresh) = tokens(&actor, OFFLINE).await;
    let form = [("token", refresh.as_str())];
    let basic = (WEB, SECRET);
    let gone = actor.provider.post_basic("/revoke", &form, basic).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    let dead = actor.userinfo(&access).await.status;
    assert_eq!(dead, StatusCode::UNAUTHORIZED);
    refused(&actor.refresh(&refresh).await, "CRN-1310");
}

#[tokio::test]
async fn oidc_11_without_offline_access_it_ends_with_the_session() {
    let actor = Actor::new().await;
    let (_, bound) = tokens(&actor, "openid").await;
    let (_, free) = tokens(&actor, OFFLINE).await;
    let (_, plain) = tokens(&actor, READ).await;
    let key = RecordKey::Session(actor.session.id);
    let store = actor.provider.world.store();
    let sign_out = [Change::Remove(key, Version::FIRST)];
    store.commit(&sign_out).await.unwrap();
    refused(&actor.refresh(&bound).await, "CRN-1313");
    for lasting in [free, plain] {
        assert_eq!(actor.refresh(&lasting).await.status, StatusCode::OK);
    }
}

/// ux 2.3, the consent page: "Keep access when you are away" without its tick.
#[tokio::test]
async fn oidc_11_who_may_not_go_on_without_the_person_is_told_so_and_does_not() {
    let actor = Actor::new().await;
    let asked = format!("{READ} offline_access");
    let path = authorize(WEB, &[("scope", &asked)]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let answer = actor.redeem(&answered(&back, "code").unwrap()).await;
    assert_eq!(member(&answer, "scope"), READ, "as much as was granted");
    let renewed = actor.refresh(&member(&answer, "refresh_token")).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);
    assert_eq!(member(&renewed, "scope"), READ);
    let key = RecordKey::Session(actor.session.id);
    let sign_out = [Change::Remove(key, Version::FIRST)];
    let store = actor.provider.world.store();
    store.commit(&sign_out).await.unwrap();
    let over = actor.refresh(&member(&renewed, "refresh_token")).await;
    refused(&over, "CRN-1313");
}

#[tokio::test]
async fn ux_4_4_the_limits_are_those_of_the_client() {
    let day = 86_400;
    let actor = Actor::new().await;
    let code = actor.code(OFFLINE).await;
    actor.provider.wait(61);
    refused(&actor.redeem(&code).await, "CRN-1302");
    let (_, mut refresh) = tokens(&actor, OFFLINE).await;
    for _ in 0..3 {
        actor.provider.wait(29 * day);
        refresh = member(&actor.refresh(&refresh).await, "refresh_token");
    }
    actor.provider.wait(3 * day);
    refused(&actor.refresh(&refresh).await, "CRN-1312");

    let actor = Actor::new().await;
    let (_, refresh) = tokens(&actor, OFFLINE).await;
    actor.provider.wait(30 * day);
    refused(&actor.refresh(&refresh).await, "CRN-1311");
}

#[tokio::test]
async fn lesson_22_a_client_out_of_service_gets_nothing() {
    let actor = Actor::new().await;
    let (access, refresh) = tokens(&actor, OFFLINE).await;
    actor.provider.world.client_is_disabled(WEB).await;
    let answer = actor.refresh(&refresh).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    let dead = actor.userinfo(&access).await.status;
    assert_eq!(dead, StatusCode::UNAUTHORIZED);
}
