//! An app whose refresh tokens do not rotate, since its programs cannot keep a new one: the token stays, and ends
//! as any other does.

use std::sync::Arc;

use axum::http::StatusCode;
use carnet_core::record::Client;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::actor::Actor;
use super::actor::member;

const OFFLINE: &str = "openid offline_access";
const DAY: i64 = 86_400;

async fn set(actor: &Actor, change: impl Fn(&mut Client)) {
    let store = actor.provider.world.store();
    let found = store.client(&WEB.parse().unwrap()).await.unwrap();
    let mut client = found.unwrap();
    change(&mut client);
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
}

/// The refresh token of an app that has rotation switched off.
async fn held() -> (Actor, String) {
    let actor = Actor::new().await;
    set(&actor, |client| client.refresh_token_rotation = false).await;
    let answer = actor.redeem(&actor.code(OFFLINE).await).await;
    let refresh = member(&answer, "refresh_token");
    (actor, refresh)
}

fn refused(answer: &Answer, crn: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    let description = member(answer, "error_description");
    assert!(description.contains(crn), "{description}");
}

#[tokio::test]
async fn rfc9700_4_14_2_many_processes_share_a_token_that_does_not_rotate() {
    let (actor, refresh) = held().await;
    let mut last = String::new();
    for _ in 0..3 {
        let renewed = actor.refresh(&refresh).await;
        assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);
        assert!(!renewed.body.contains("refresh_token"), "{}", renewed.body);
        last = member(&renewed, "access_token");
        actor.provider.wait(3_600);
    }
    let renewed = actor.refresh(&refresh).await;
    let access = member(&renewed, "access_token");
    assert_ne!(access, last);
    assert_eq!(actor.userinfo(&access).await.status, StatusCode::OK);
    let form = [("token", refresh.as_str())];
    let basic = (WEB, SECRET);
    let told = actor.provider.post_basic("/introspect", &form, basic).await;
    assert!(told.body.contains(r#""active":true"#), "{}", told.body);
}

#[tokio::test]
async fn rfc9700_4_14_2_sixteen_refreshes_at_once_without_rotation() {
    let (actor, refresh) = held().await;
    let actor = Arc::new(actor);
    let tries = (0..16).map(|_| {
        let (actor, refresh) = (Arc::clone(&actor), refresh.clone());
        tokio::spawn(async move { actor.refresh(&refresh).await })
    });
    for tried in tries.collect::<Vec<_>>() {
        let answer = tried.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    actor.provider.wait(60);
    assert_eq!(actor.refresh(&refresh).await.status, StatusCode::OK);
}

#[tokio::test]
async fn ux_4_4_a_token_that_does_not_rotate_has_its_ends_too() {
    let (actor, refresh) = held().await;
    for _ in 0..3 {
        actor.provider.wait(29 * DAY);
        let renewed = actor.refresh(&refresh).await;
        assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);
    }
    actor.provider.wait(3 * DAY);
    refused(&actor.refresh(&refresh).await, "CRN-1312");

    let (actor, refresh) = held().await;
    actor.provider.wait(30 * DAY);
    refused(&actor.refresh(&refresh).await, "CRN-1311");
}

#[tokio::test]
async fn rfc7009_2_1_a_token_that_does_not_rotate_is_revoked() {
    let (actor, refresh) = held().await;
    let access = member(&actor.refresh(&refresh).await, "access_token");
    let form = [("token", refresh.as_str())];
    let basic = (WEB, SECRET);
    let gone = actor.provider.post_basic("/revoke", &form, basic).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    let dead = actor.userinfo(&access).await.status;
    assert_eq!(dead, StatusCode::UNAUTHORIZED);
    refused(&actor.refresh(&refresh).await, "CRN-1310");
}

#[tokio::test]
async fn rotation_that_is_switched_on_again_finds_reuse_again() {
    let (actor, refresh) = held().await;
    actor.refresh(&refresh).await;
    set(&actor, |client| client.refresh_token_rotation = true).await;
    let newest = member(&actor.refresh(&refresh).await, "refresh_token");
    // Off again: what was replaced meanwhile is not good, and ends nothing.
    set(&actor, |client| client.refresh_token_rotation = false).await;
    actor.provider.wait(31);
    refused(&actor.refresh(&refresh).await, "CRN-1310");
    assert_eq!(actor.refresh(&newest).await.status, StatusCode::OK);
    set(&actor, |client| client.refresh_token_rotation = true).await;
    actor.provider.wait(31);
    refused(&actor.refresh(&refresh).await, "CRN-1316");
    refused(&actor.refresh(&newest).await, "CRN-1316");
}
