//! Tokens are kept, renewed early, and fetched once.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::rehearsal::Hand;
use crate::rehearsal::Script;
use crate::rehearsal::account;

#[tokio::test]
async fn google_wire_11_a_token_is_kept_until_3_minutes_45_before_its_end() {
    let (script, hand) = (
        Script::default().then_token("one").then_token("two"),
        Hand::new(),
    );
    let account = account(&script, &hand);

    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
    hand.forward(3600 - 226);
    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
    assert_eq!(script.count(), 1);
    hand.forward(1);
    assert_eq!(account.token().await.unwrap().value().reveal(), "two");
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn google_wire_11_a_hundred_callers_make_one_request() {
    let (script, hand) = (Script::default().then_token("one"), Hand::new());
    let account = account(&script, &hand);
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let account = account.clone();
        callers.spawn(async move { account.token().await.unwrap() });
    }
    let tokens = callers.join_all().await;
    assert_eq!(tokens.len(), 100);
    assert!(tokens.iter().all(|token| token.value().reveal() == "one"));
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn google_wire_11_while_one_renews_early_the_others_get_the_old_token() {
    let (script, hand) = (
        Script::default().then_token("one").then_token("two"),
        Hand::new(),
    );
    let account = account(&script, &hand);
    account.token().await.unwrap();
    hand.forward(3600 - 200);

    let (first, second) = tokio::join!(account.token(), account.token());
    assert_eq!(first.unwrap().value().reveal(), "two");
    assert_eq!(second.unwrap().value().reveal(), "one");
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn an_early_renewal_that_fails_costs_nothing_and_is_put_off() {
    let script = Script::default()
        .then_token("one")
        .then_silence()
        .then_token("two");
    let hand = Hand::new();
    let account = account(&script, &hand);
    account.token().await.unwrap();

    hand.forward(3600 - 200);
    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
    assert_eq!((script.count(), hand.waits()), (2, vec![]));
    hand.forward(30);
    assert_eq!(account.token().await.unwrap().value().reveal(), "two");
}

#[tokio::test]
async fn a_token_is_over_ten_seconds_before_its_end() {
    let (script, hand) = (
        Script::default().then_token("one").then(400, &[], "{}"),
        Hand::new(),
    );
    let account = account(&script, &hand);
    account.token().await.unwrap();
    hand.forward(3600 - 10);
    assert_eq!(account.token().await.unwrap_err().status(), Some(400));
}

#[tokio::test]
async fn failures_are_shared_by_those_who_waited_and_not_kept() {
    let refusal = r#"{"error":"invalid_grant"}"#;
    let script = Script::default().then(400, &[], refusal).then_token("one");
    let hand = Hand::new();
    let account = account(&script, &hand);
    let mut callers = JoinSet::new();
    for _ in 0..20 {
        let account = account.clone();
        callers.spawn(async move { account.token().await });
    }
    for outcome in callers.join_all().await {
        assert_eq!(outcome.unwrap_err().code(), Some("invalid_grant"));
    }
    assert_eq!(script.count(), 1);
    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_block_the_others() {
    let (script, hand) = (
        Script::default().then_token("lost").then_token("one"),
        Hand::new(),
    );
    let account = account(&script, &hand);
    let polls = AtomicUsize::new(0);
    let mut first = Box::pin(account.token());
    std::future::poll_fn(|context| {
        polls.fetch_add(1, Ordering::SeqCst);
        assert!(first.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    drop(first);
    assert_eq!(polls.load(Ordering::SeqCst), 1);
    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
}

#[tokio::test]
async fn a_token_that_an_api_refused_is_let_go_once() {
    let (script, hand) = (
        Script::default().then_token("one").then_token("two"),
        Hand::new(),
    );
    let account = account(&script, &hand);
    let one = account.token().await.unwrap();
    account.forget(&one);
    let two = account.token().await.unwrap();
    account.forget(&one);
    assert_eq!(account.token().await.unwrap(), two);
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn a_short_token_is_not_fetched_for_every_call() {
    let body = r#"{"access_token":"one","expires_in":100,"token_type":"Bearer"}"#;
    let (script, hand) = (
        Script::default().then(200, &[], body).then_token("two"),
        Hand::new(),
    );
    let account = account(&script, &hand);
    account.token().await.unwrap();
    hand.forward(49);
    account.token().await.unwrap();
    assert_eq!(script.count(), 1);
    hand.forward(1);
    assert_eq!(account.token().await.unwrap().value().reveal(), "two");
}

#[tokio::test]
async fn google_wire_2_4_three_tries_with_one_and_two_seconds_between() {
    for status in [408, 429, 500, 502, 503, 504] {
        let script = Script::default()
            .then(status, &[], "<html>")
            .then_silence()
            .then_token("one");
        let hand = Hand::new();
        let account = account(&script, &hand);
        assert_eq!(account.token().await.unwrap().value().reveal(), "one");
        let waits = hand.waits();
        assert_eq!(waits.len(), 2);
        for (wait, about) in waits.into_iter().zip([1000, 2000]) {
            let wait = wait.as_millis();
            assert!((about * 9 / 10..=about * 11 / 10).contains(&wait), "{wait}");
        }
        // The very same request: the server may have answered the first.
        assert_eq!(script.asked(0).body(), script.asked(2).body());
    }
}

#[tokio::test]
async fn google_wire_2_4_the_codes_that_pass_are_tried_again_whatever_the_status() {
    for code in [
        "internal_failure",
        "temporarily_unavailable",
        "server_error",
    ] {
        let said = format!(r#"{{"error":"{code}"}}"#);
        let described = format!(r#"{{"error":"x","error_description":"{code}"}}"#);
        let script = Script::default()
            .then(400, &[], &said)
            .then(400, &[], &described)
            .then(400, &[], &said);
        let account = account(&script, &Hand::new());
        let error = account.token().await.unwrap_err();
        assert!(error.is_temporary() && !error.is_refused(), "{error}");
        assert_eq!((error.code(), script.count()), (Some(code), 3));
    }
}

#[tokio::test]
async fn google_wire_2_4_a_refusal_is_not_tried_again() {
    let script = Script::default().then(400, &[], r#"{"error":"invalid_grant"}"#);
    let hand = Hand::new();
    let error = account(&script, &hand).token().await.unwrap_err();
    assert!(error.is_refused() && !error.is_temporary());
    assert_eq!((script.count(), hand.waits()), (1, vec![]));
}

#[tokio::test]
async fn rfc9110_10_2_3_retry_after_is_honoured_up_to_half_a_minute() {
    let script = Script::default()
        .then(429, &[("retry-after", "7")], "")
        .then_token("one");
    let hand = Hand::new();
    account(&script, &hand).token().await.unwrap();
    assert_eq!(hand.waits(), [Duration::from_secs(7)]);

    let script = Script::default().then(503, &[("retry-after", "31")], "");
    let hand = Hand::new();
    let error = account(&script, &hand).token().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    assert_eq!((script.count(), hand.waits()), (1, vec![]));
}
