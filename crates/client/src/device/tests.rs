//! A device polls as often as it may, and not longer than the codes live.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::Device;
use crate::authentication::Authentication;
use crate::authorization_code::Ask;
use crate::client::Client;
use crate::rehearsal::Hand;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::pair;

fn codes() -> Value {
    json!({
        "device_code": "secret-code",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://auth.example/device",
        "verification_uri_complete": "https://auth.example/device?user_code=WDJB-MJHT",
        "expires_in": 900,
        "interval": 5,
    })
}

fn no(code: &str) -> String {
    json!({"error": code}).to_string()
}

async fn asked(script: &Script, hand: &Hand) -> (Client, Device) {
    let client = client(Authentication::None, script, hand);
    let ask = Ask::for_scopes(&["a"]).unwrap();
    let device = client.ask_device(&ask).await.unwrap();
    (client, device)
}

fn seconds(hand: &Hand) -> Vec<u64> {
    hand.waits().iter().map(Duration::as_secs).collect()
}

#[tokio::test]
async fn rfc8628_3_5_polls_at_the_interval_and_slower_when_told() {
    let script = Script::default()
        .then(200, &[], &codes().to_string())
        .then(400, &[], &no("authorization_pending"))
        .then(400, &[], &no("slow_down"))
        .then(400, &[], &no("authorization_pending"))
        .then_silence()
        .then(503, &[], "")
        .then_token("one");
    let hand = Hand::new();
    let (client, device) = asked(&script, &hand).await;
    assert_eq!(device.user_code(), "WDJB-MJHT");
    assert_eq!(device.ends(), NOW + 900);
    assert!(!format!("{device:?}").contains("secret-code"));
    let tokens = client.poll_device(&device).await.unwrap();
    assert_eq!(tokens.access().value().reveal(), "one");
    assert_eq!(seconds(&hand), [5, 5, 10, 10, 20, 40]);
    let first = script.asked(0);
    assert_eq!(first.uri(), "https://auth.example/device");
    assert_eq!(pair(first.body(), "scope").unwrap(), "a");
    assert_eq!(pair(first.body(), "client_id").unwrap(), "my-tool");
    let poll = script.asked(1).body().clone();
    assert_eq!(
        pair(&poll, "grant_type").unwrap(),
        "urn:ietf:params:oauth:grant-type:device_code"
    );
    assert_eq!(pair(&poll, "device_code").unwrap(), "secret-code");
}

#[tokio::test]
async fn rfc8628_3_5_a_no_and_an_end_are_told() {
    for code in ["access_denied", "expired_token", "invalid_grant"] {
        let script =
            Script::default()
                .then(200, &[], &codes().to_string())
                .then(400, &[], &no(code));
        let (client, device) = asked(&script, &Hand::new()).await;
        let error = client.poll_device(&device).await.unwrap_err();
        assert_eq!(error.code(), Some(code));
    }
}

#[tokio::test]
async fn rfc8628_3_2_polls_no_longer_than_the_codes_live() {
    let pending = no("authorization_pending");
    let script = Script::default()
        .then(200, &[], &codes().to_string())
        .then(400, &[], &pending);
    let hand = Hand::new();
    let (client, device) = asked(&script, &hand).await;
    hand.forward(900);
    let error = client.poll_device(&device).await.unwrap_err();
    assert!(
        error.to_string().contains("nobody answered in time"),
        "{error}"
    );
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn rfc8628_3_2_an_interval_is_bounded_and_five_seconds_unless_said() {
    for (interval, expected) in [(Value::Null, 5), (json!(0), 1), (json!(86_400), 60)] {
        let mut body = codes();
        if interval.is_null() {
            body.as_object_mut().unwrap().remove("interval");
        } else {
            body["interval"] = interval;
        }
        let script = Script::default()
            .then(200, &[], &body.to_string())
            .then_token("one");
        let hand = Hand::new();
        let (client, device) = asked(&script, &hand).await;
        client.poll_device(&device).await.unwrap();
        assert_eq!(seconds(&hand), [expected]);
    }
}

#[tokio::test]
async fn what_is_shown_to_a_person_is_a_word_and_an_address_of_the_web() {
    let wrong = [
        ("user_code", json!("")),
        ("user_code", json!("a\u{1b}[31m")),
        ("user_code", json!("a".repeat(65))),
        ("verification_uri", json!("javascript:alert(1)")),
        ("verification_uri_complete", json!("file:///etc/passwd")),
        ("device_code", json!("")),
    ];
    for (name, value) in wrong {
        let mut body = codes();
        body[name] = value;
        let script = Script::default().then(200, &[], &body.to_string());
        let client = client(Authentication::None, &script, &Hand::new());
        let error = client
            .ask_device(&Ask::for_scopes(&["a"]).unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.crn(), Some("CRN-7007"), "{name}");
    }
}
