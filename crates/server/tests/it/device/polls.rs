//! The device polls (RFC 8628 section 3.4 and 3.5).

use axum::http::StatusCode;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use serde_json::json;

use super::tv::TV;
use super::tv::Tv;
use super::tv::refused;
use super::tv::scope;
use super::tv::unkept;
use crate::code::actor::claims;
use crate::code::actor::member;

const BAD: StatusCode = StatusCode::BAD_REQUEST;

#[tokio::test]
async fn rfc8628_3_5_a_device_waits_and_then_has_all_its_tokens() {
    let tv = Tv::new().await;
    let codes = tv.codes(&scope()).await;
    let pending = tv.poll(&codes).await;
    refused(&pending, BAD, "authorization_pending", "CRN-1501");
    tv.allow(&codes).await;
    tv.actor.provider.wait(5);
    let tokens = tv.poll(&codes).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    unkept(&tokens);
    assert_eq!(member(&tokens, "scope"), scope());
    let access = member(&tokens, "access_token");
    let who = tv.actor.userinfo(&access).await;
    assert_eq!(who.json()["email"], json!(ALICE), "{}", who.body);
    let id = claims(&member(&tokens, "id_token"));
    assert_eq!((&id["aud"], &id["iss"]), (&json!(TV), &json!(ISSUER)));
    assert_eq!(id["auth_time"], json!(NOW));
    assert!(id.get("nonce").is_none() && id["at_hash"].is_string());
    let again = tv.refresh(&member(&tokens, "refresh_token")).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
}

#[tokio::test]
async fn rfc8628_3_5_each_hasty_poll_makes_the_interval_five_seconds_longer() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    let pending = "authorization_pending";
    refused(&tv.poll(&codes).await, BAD, pending, "CRN-1501");
    tv.actor.provider.wait(4);
    refused(&tv.poll(&codes).await, BAD, "slow_down", "CRN-1502");
    tv.actor.provider.wait(9);
    refused(&tv.poll(&codes).await, BAD, "slow_down", "CRN-1502");
    tv.actor.provider.wait(15);
    refused(&tv.poll(&codes).await, BAD, pending, "CRN-1501");
    tv.actor.provider.wait(15);
    refused(&tv.poll(&codes).await, BAD, pending, "CRN-1501");
}

#[tokio::test]
async fn rfc8628_3_5_a_code_expires_to_the_second_and_says_so_for_an_hour() {
    let tv = Tv::new().await;
    let (codes, allowed) = (tv.codes(READ).await, tv.codes(READ).await);
    tv.allow(&allowed).await;
    tv.actor.provider.wait(899);
    let pending = "authorization_pending";
    refused(&tv.poll(&codes).await, BAD, pending, "CRN-1501");
    tv.actor.provider.wait(1);
    refused(&tv.poll(&codes).await, BAD, "expired_token", "CRN-1503");
    refused(&tv.poll(&allowed).await, BAD, "expired_token", "CRN-1503");
    let store = tv.actor.provider.world.store();
    let now = |tv: &Tv| tv.actor.provider.parts().now();
    tv.actor.provider.wait(3_599);
    assert_eq!(store.forget_expired(now(&tv), 100).await.unwrap(), 0);
    refused(&tv.poll(&codes).await, BAD, "expired_token", "CRN-1503");
    tv.actor.provider.wait(1);
    assert_eq!(store.forget_expired(now(&tv), 100).await.unwrap(), 2);
    refused(&tv.poll(&codes).await, BAD, "invalid_grant", "CRN-1506");
}

#[tokio::test]
async fn rfc8628_3_5_what_the_person_denied_is_denied_for_good() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    let done = tv.answer(&codes, &[("decision", "deny")]).await;
    assert!(done.body.contains("The device was not connected"));
    for _ in 0..2 {
        refused(&tv.poll(&codes).await, BAD, "access_denied", "CRN-1505");
    }
}

#[tokio::test]
async fn d3_a_device_code_is_redeemed_once() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    tv.allow(&codes).await;
    let first = tv.poll(&codes).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    refused(&tv.poll(&codes).await, BAD, "invalid_grant", "CRN-1506");
    let again = tv.refresh(&member(&first, "refresh_token")).await;
    assert_eq!(again.status, StatusCode::OK, "what came of it stands");
}

#[tokio::test]
async fn lesson_20_a_device_code_is_of_one_client() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    tv.allow(&codes).await;
    let stolen = tv.poll_as("other-tv", &codes.device).await;
    refused(&stolen, BAD, "invalid_grant", "CRN-1506");
    let invented = tv.poll_as("other-tv", "crn_dc_rubbish").await;
    let said = |answer| member(answer, "error_description");
    assert_eq!(said(&stolen), said(&invented));
    assert_eq!(tv.poll(&codes).await.status, StatusCode::OK);
}

#[tokio::test]
async fn rfc8628_3_4_what_is_no_device_code_is_refused() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    for code in [codes.user.as_str(), "crn_dc_", &codes.device[..40], "a"] {
        let answer = tv.poll_as(TV, code).await;
        refused(&answer, BAD, "invalid_grant", "CRN-1506");
    }
    let missing = [("grant_type", super::tv::DEVICE_CODE), ("client_id", TV)];
    let answer = tv.actor.provider.post("/token", &missing).await;
    assert_eq!(member(&answer, "error"), "invalid_request");
}

#[tokio::test]
async fn rfc8628_3_3_a_device_has_no_more_than_its_person_ticked() {
    let tv = Tv::new().await;
    let codes = tv.codes(&format!("{READ} offline_access")).await;
    let answer = [("decision", "allow"), ("scope", WRITE)];
    let done = tv.answer(&codes, &answer).await;
    assert!(done.body.contains("Your device is connected"));
    let tokens = tv.poll(&codes).await;
    assert_eq!(member(&tokens, "scope"), READ);
}

#[tokio::test]
async fn a_device_stays_signed_in_when_the_browser_does_not() {
    let tv = Tv::new().await;
    let codes = tv.codes(&format!("openid {READ}")).await;
    tv.allow(&codes).await;
    let tokens = tv.poll(&codes).await;
    tv.actor.provider.wait(8 * 86_400);
    assert_ne!(tv.actor.get("/device").await.status, StatusCode::OK);
    let again = tv.refresh(&member(&tokens, "refresh_token")).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
}

#[tokio::test]
async fn lesson_22_a_password_that_was_changed_since_ends_what_was_allowed() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    tv.allow(&codes).await;
    tv.actor.provider.wait(1);
    tv.actor.provider.give_password(ALICE, "another one").await;
    refused(&tv.poll(&codes).await, BAD, "invalid_grant", "CRN-1506");
}

#[tokio::test]
async fn lesson_12_who_was_suspended_since_lets_nobody_in() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    tv.allow(&codes).await;
    tv.actor.provider.suspend(ALICE, true).await;
    refused(&tv.poll(&codes).await, BAD, "invalid_grant", "CRN-1506");
}

#[tokio::test]
async fn rfc9700_4_14_2_who_removes_the_app_ends_what_the_device_has() {
    let tv = Tv::new().await;
    let codes = tv.codes(&scope()).await;
    tv.allow(&codes).await;
    let tokens = tv.poll(&codes).await;
    let apps = tv.actor.get("/account/apps").await;
    assert!(apps.body.contains("Runboard TV"), "{}", apps.body);
    let csrf = crate::code::actor::field(&apps, "csrf");
    let fields = [("csrf", csrf.as_str()), ("client", TV)];
    tv.actor.post("/account/apps/remove", &fields).await;
    let again = tv.refresh(&member(&tokens, "refresh_token")).await;
    assert_eq!(member(&again, "error"), "invalid_grant");
}

#[tokio::test]
async fn a_device_that_waits_as_it_was_told_is_no_refusal_in_the_audit_log() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    let provider = &tv.actor.provider;
    let pending = tv.poll(&codes).await;
    provider.settle().await;
    let told = provider.story(&member(&pending, "trace_id")).await;
    assert_eq!(told, "");
    let hasty = tv.poll(&codes).await;
    provider.settle().await;
    let told = provider.story(&member(&hasty, "trace_id")).await;
    assert!(told.contains("Poll every 10 s"), "{told}");
}
