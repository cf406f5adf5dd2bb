//! The password grant (RFC 6749 section 4.3), for one's own apps that are on their way to something better.

use axum::http::StatusCode;
use carnet_core::record::Trust;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::CAROL;
use carnet_testkit::world::PRIVATE;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use crate::code::actor::Actor;
use crate::code::actor::claims;
use crate::code::actor::member;
use crate::people::PASSWORD;

/// An app with these settings, and Alice with a password.
async fn actor(trust: Trust, password: bool) -> Actor {
    let actor = Actor::new().await;
    actor.provider.give_password(ALICE, PASSWORD).await;
    actor.provider.give_password(CAROL, PASSWORD).await;
    switch(&actor, trust, password).await;
    actor
}

async fn switch(actor: &Actor, trust: Trust, password: bool) {
    let store = actor.provider.world.store();
    let found = store.client(&WEB.parse().unwrap()).await.unwrap();
    let mut client = found.unwrap();
    client.trust = trust;
    client.legacy.password = password;
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
}

async fn ask(actor: &Actor, name: &str, password: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", "password"),
        ("username", name),
        ("password", password),
    ];
    form.extend(more);
    let provider = &actor.provider;
    provider.post_basic("/token", &form, (WEB, SECRET)).await
}

fn refused(answer: &Answer, error: &str, crn: &str) {
    assert_eq!(answer.json()["error"], error, "{}", answer.body);
    assert!(answer.body.contains(crn), "{}", answer.body);
    assert!(!answer.body.contains(PASSWORD), "a secret in an answer");
}

#[tokio::test]
async fn rfc9700_2_4_the_password_grant_is_off_and_absent_from_discovery() {
    for (trust, password) in [(Trust::Own, false), (Trust::Known, true)] {
        let actor = actor(trust, password).await;
        let answer = ask(&actor, ALICE, PASSWORD, &[("scope", READ)]).await;
        refused(&answer, "unauthorized_client", "CRN-1409");
    }
    let actor = actor(Trust::Own, true).await;
    let listed = actor
        .provider
        .get("/.well-known/openid-configuration")
        .await;
    let grants = listed.json()["grant_types_supported"].clone();
    let grants = grants.as_array().unwrap();
    assert!(grants.iter().all(|grant| grant != "password"), "{grants:?}");
}

#[tokio::test]
async fn rfc6749_4_3_an_own_app_gets_tokens_for_a_password_until_that_changes() {
    let actor = actor(Trust::Own, true).await;
    let scope = format!("email {READ} offline_access openid");
    let answer = ask(&actor, ALICE, PASSWORD, &[("scope", &scope)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["scope"], scope);
    let access = claims(&member(&answer, "access_token"));
    assert_eq!(access["client_id"], WEB);
    assert_eq!(access["aud"], "https://billing.example");
    let who = actor.userinfo(&member(&answer, "access_token")).await;
    assert_eq!(who.json()["email"], ALICE);
    let renewed = actor.refresh(&member(&answer, "refresh_token")).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);

    let filter = AuditFilter {
        action: Some("authorization.begin".to_owned()),
        ..AuditFilter::default()
    };
    let store = actor.provider.world.store();
    let entries = store.audit(&filter, &Page::first(1)).await.unwrap();
    let told = &entries.items[0].draft.detail;
    assert!(
        told.contains("RFC 9700") && !told.contains(PASSWORD),
        "{told}"
    );

    actor.provider.wait(60);
    actor.provider.give_password(ALICE, "another horse").await;
    let dead = actor.refresh(&member(&renewed, "refresh_token")).await;
    assert_eq!(dead.json()["error"], "invalid_grant");
    switch(&actor, Trust::Own, false).await;
    let off = ask(&actor, ALICE, "another horse", &[("scope", READ)]).await;
    refused(&off, "unauthorized_client", "CRN-1409");
}

#[tokio::test]
async fn rfc6749_4_3_2_who_it_is_not_is_one_answer_and_has_to_wait() {
    let actor = actor(Trust::Own, true).await;
    let mut told = Vec::new();
    for (name, password) in [
        (ALICE, "wrong"),
        ("nobody@acme.example", PASSWORD),
        ("no address", PASSWORD),
        (CAROL, PASSWORD),
    ] {
        let answer = ask(&actor, name, password, &[("scope", READ)]).await;
        refused(&answer, "invalid_grant", "CRN-1318");
        told.push(answer.json()["error_description"].clone());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    let mut last = StatusCode::BAD_REQUEST;
    for _ in 0..20 {
        let answer = ask(&actor, ALICE, "wrong", &[("scope", READ)]).await;
        last = answer.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers.contains_key("retry-after"));
            assert!(answer.headers.contains_key("ratelimit"));
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let right = ask(&actor, ALICE, PASSWORD, &[("scope", READ)]).await;
    assert_eq!(
        right.status,
        StatusCode::TOO_MANY_REQUESTS,
        "it is not looked at"
    );
    actor.provider.wait(3_600);
    let right = ask(&actor, ALICE, PASSWORD, &[("scope", READ)]).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
}

#[tokio::test]
async fn an_own_app_gets_no_more_by_a_password_than_it_may_ask_for() {
    let actor = actor(Trust::Own, true).await;
    for scope in [PRIVATE, "nothing.of.this", "profile:all"] {
        let answer = ask(&actor, ALICE, PASSWORD, &[("scope", scope)]).await;
        refused(&answer, "invalid_scope", "CRN-2");
    }
    let missing = [("grant_type", "password"), ("username", ALICE)];
    let answer = actor.token(&missing).await;
    refused(&answer, "invalid_request", "CRN-1001");
}
