//! A refresh token that rotates is never lost, and never used twice.

use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use http::Request;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::authentication::Authentication;
use crate::authorization::Authorization;
use crate::rehearsal::Hand;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::pair;
use crate::token::Secret;
use crate::token::Token;
use crate::transport::Transport;

fn answer(access: &str, refresh: Option<&str>) -> String {
    let mut answer = json!({"access_token": access, "token_type": "Bearer", "expires_in": 3600});
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    answer.to_string()
}

fn resumed(script: &Script, hand: &Hand) -> Authorization {
    let client = client(Authentication::None, script, hand);
    Authorization::resume(&client, &Secret::new("r1"))
}

fn shown(script: &Script, at: usize) -> String {
    pair(script.asked(at).body(), "refresh_token").unwrap()
}

#[tokio::test]
async fn rfc6749_6_the_new_refresh_token_is_used_next_and_the_old_one_stays_where_there_is_none() {
    let script = Script::default()
        .then(200, &[], &answer("a1", Some("r2")))
        .then(200, &[], &answer("a2", None))
        .then(200, &[], &answer("a3", Some("r3")));
    let hand = Hand::new();
    let authorization = resumed(&script, &hand);
    for expected in ["a1", "a2", "a3"] {
        let token = authorization.token().await.unwrap();
        assert_eq!(token.value().reveal(), expected);
        assert_eq!(authorization.token().await.unwrap(), token);
        hand.forward(3600);
    }
    let sent: Vec<_> = (0..3).map(|at| shown(&script, at)).collect();
    assert_eq!(sent, ["r1", "r2", "r2"]);
    let body = script.asked(0).body().clone();
    assert_eq!(pair(&body, "grant_type").unwrap(), "refresh_token");
    assert_eq!(pair(&body, "client_id").unwrap(), "my-tool");
}

#[tokio::test]
async fn a_hundred_callers_make_one_refresh() {
    let script = Script::default().then(200, &[], &answer("a1", Some("r2")));
    let authorization = resumed(&script, &Hand::new());
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let authorization = authorization.clone();
        callers.spawn(async move { authorization.token().await.unwrap() });
    }
    let tokens = callers.join_all().await;
    assert!(tokens.iter().all(|token| token.value().reveal() == "a1"));
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn a_token_that_was_kept_needs_no_refresh() {
    let (script, hand) = (Script::default(), Hand::new());
    let kept = Token::kept("a0", crate::rehearsal::NOW + 3600).unwrap();
    let authorization = resumed(&script, &hand).with_token(&kept);
    assert_eq!(authorization.token().await.unwrap(), kept);
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn lesson_a_refresh_goes_on_where_its_caller_goes_away() {
    let (arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let transport = {
        let (arrived, go_on, asked) = (arrived.clone(), go_on.clone(), asked.clone());
        Transport::from_fn(move |request| {
            let (arrived, go_on) = (arrived.clone(), go_on.clone());
            asked
                .lock()
                .unwrap()
                .push(pair(request.body(), "refresh_token").unwrap());
            Box::pin(async move {
                arrived.notify_one();
                go_on.notified().await;
                Ok(http::Response::new(answer("a1", Some("r2")).into_bytes()))
            })
        })
    };
    let kept = Arc::new(Mutex::new(Vec::new()));
    let client =
        client(Authentication::None, &Script::default(), &Hand::new()).with_transport(transport);
    let authorization = Authorization::resume(&client, &Secret::new("r1")).kept_by({
        let kept = kept.clone();
        move |tokens| {
            let refresh = tokens.refresh_token().unwrap().reveal().to_owned();
            kept.lock().unwrap().push(refresh);
            Ok(())
        }
    });
    let caller = tokio::spawn({
        let authorization = authorization.clone();
        async move { authorization.token().await }
    });
    arrived.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    let second = tokio::spawn({
        let authorization = authorization.clone();
        async move { authorization.token().await }
    });
    tokio::task::yield_now().await;
    go_on.notify_one();
    assert_eq!(second.await.unwrap().unwrap().value().reveal(), "a1");
    assert_eq!(*asked.lock().unwrap(), ["r1"]);
    assert_eq!(*kept.lock().unwrap(), ["r2"]);
}

#[tokio::test]
async fn what_cannot_be_kept_is_told_and_kept_later() {
    let script = Script::default().then(200, &[], &answer("a1", Some("r2")));
    let (full, kept) = (
        Arc::new(AtomicBool::new(true)),
        Arc::new(Mutex::new(Vec::new())),
    );
    let authorization = resumed(&script, &Hand::new()).kept_by({
        let (full, kept) = (full.clone(), kept.clone());
        move |tokens| {
            if full.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            kept.lock()
                .unwrap()
                .push(tokens.refresh_token().unwrap().reveal().to_owned());
            Ok(())
        }
    });
    let error = authorization.token().await.unwrap_err();
    assert!(error.to_string().contains("could not be kept"), "{error}");
    assert!(!error.to_string().contains("r2"));
    full.store(false, Ordering::SeqCst);
    assert_eq!(authorization.token().await.unwrap().value().reveal(), "a1");
    assert_eq!(*kept.lock().unwrap(), ["r2"]);
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn rfc6749_5_2_an_authorization_that_ended_says_so_each_time() {
    let no = r#"{"error":"invalid_grant"}"#;
    let script = Script::default().then(400, &[], no).then(400, &[], no);
    let authorization = resumed(&script, &Hand::new());
    for _ in 0..2 {
        let error = authorization.token().await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"));
        assert!(error.is_refused());
    }
    assert!(!format!("{authorization:?}").contains("r1"));
}

#[tokio::test]
async fn an_api_that_refuses_a_token_before_its_time_gets_another() {
    let script = Script::default()
        .then(200, &[], &answer("a1", None))
        .then(401, &[], "")
        .then(200, &[], &answer("a2", None))
        .then(200, &[], "data");
    let authorization = resumed(&script, &Hand::new());
    let request = Request::get("https://api.example/").body(vec![]).unwrap();
    let answer = authorization.send(&request).await.unwrap();
    assert_eq!(answer.body(), b"data");
    assert_eq!(script.asked(3).headers()["authorization"], "Bearer a2");
}
