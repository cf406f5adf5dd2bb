//! Asking about tokens.

use http::Response;

use super::Introspector;
use super::answer::IntrospectionResponse;
use super::process;
use crate::rehearsal::Hand;
use crate::rehearsal::Script;
use crate::rehearsal::account;

const URL: &str = "https://auth.example/introspect";

#[tokio::test]
async fn rfc7662_2_1_the_token_is_in_the_form_and_the_caller_in_the_header() {
    let script =
        Script::default()
            .then_token("mine")
            .then(200, &[], r#"{"active":true,"sub":"1"}"#);
    let account = account(&script, &Hand::new());
    let introspector = Introspector::new(URL, &account).unwrap();
    let response = introspector.ask("crn_at_x/+").await.unwrap();
    let IntrospectionResponse::Active(token) = process(&response, URL).unwrap() else {
        panic!("it is active");
    };
    assert_eq!(token.sub.as_deref(), Some("1"));
    let request = script.asked(1);
    assert_eq!(request.headers()["authorization"], "Bearer mine");
    assert_eq!(
        request.body(),
        b"token=crn_at_x%2F%2B&token_type_hint=access_token"
    );
}

#[tokio::test]
async fn a_callers_token_that_is_refused_is_replaced_once() {
    let script = Script::default()
        .then_token("old")
        .then(401, &[], "")
        .then_token("new")
        .then(200, &[], r#"{"active":false}"#);
    let introspector = Introspector::new(URL, &account(&script, &Hand::new())).unwrap();
    introspector.ask("t").await.unwrap();
    assert_eq!(script.asked(3).headers()["authorization"], "Bearer new");

    let script = Script::default()
        .then_token("old")
        .then(401, &[], "")
        .then_token("new")
        .then(401, &[], "");
    let introspector = Introspector::new(URL, &account(&script, &Hand::new())).unwrap();
    assert_eq!(introspector.ask("t").await.unwrap_err().status(), Some(401));
}

#[tokio::test]
async fn a_server_that_is_down_is_asked_once() {
    let script = Script::default().then_token("mine").then(503, &[], "");
    let introspector = Introspector::new(URL, &account(&script, &Hand::new())).unwrap();
    assert!(introspector.ask("t").await.unwrap_err().is_temporary());
    assert_eq!(script.count(), 2);
}

#[test]
fn rfc7662_2_2_what_is_not_an_answer() {
    for body in ["", "{}", "[]", r#"{"active":"true"}"#] {
        let error = process(&Response::new(body.into()), URL).unwrap_err();
        assert_eq!(error.crn(), Some("CRN-7007"), "{body}");
    }
}
