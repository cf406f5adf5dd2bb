//! Authorization requests that apps push (RFC 9126): the app pushes, the browser brings the name.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use carnet_wire::par::REQUEST_URI_PREFIX;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::field;
use crate::code::actor::member;

/// The usual parameters with these instead, as an app pushes them.
fn parameters(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let path = authorize(WEB, more);
    let (_, query) = path.split_once('?').unwrap();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs
        .filter(|(name, value)| name != "client_id" && !value.is_empty())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn form(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(a, b)| (&**a, &**b)).collect()
}

impl Actor {
    /// Pushes as the app.
    async fn push(&self, more: &[(&str, &str)]) -> Answer {
        let pairs = parameters(more);
        self.provider
            .post_basic("/par", &form(&pairs), (WEB, SECRET))
            .await
    }

    /// The path at which a browser brings what was pushed.
    pub(crate) async fn pushed(&self, more: &[(&str, &str)]) -> String {
        let answer = self.push(more).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        brought(WEB, &member(&answer, "request_uri"))
    }

    pub(crate) async fn change_app(&self, change: impl FnOnce(&mut carnet_core::record::Client)) {
        let store = &self.provider.parts().store;
        let client = store.client(&WEB.parse().unwrap()).await.unwrap();
        let mut client = client.unwrap();
        change(&mut client);
        client.version = client.version.next();
        let changes = [Change::Replace(Record::Client(client))];
        let committed = store.commit(&changes).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    }
}

fn brought(client: &str, request_uri: &str) -> String {
    let fields = [("client_id", client), ("request_uri", request_uri)];
    format!("/authorize?{}", encoded(&fields))
}

fn is_page(answer: &Answer, crn: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(answer.headers.get("location"), None);
    assert!(answer.body.contains(crn), "{}", answer.body);
}

#[tokio::test]
async fn rfc9126_2_2_what_was_pushed_gives_a_code() {
    let actor = Actor::new().await;
    let answer = actor.push(&[("scope", READ)]).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let kept = answer.headers["cache-control"].to_str().unwrap();
    assert!(kept.contains("no-store"), "{kept}");
    assert_eq!(answer.json()["expires_in"], 60);
    let request_uri = member(&answer, "request_uri");
    let reference = request_uri.strip_prefix(REQUEST_URI_PREFIX).unwrap();
    assert!(reference.starts_with("crn_pr_"), "{reference}");
    let path = brought(WEB, &request_uri);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").unwrap();
    let answer = actor.redeem(&code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(member(&answer, "scope"), READ);
}

#[tokio::test]
async fn rfc9126_2_only_the_client_itself_pushes() {
    let actor = Actor::new().await;
    let provider = &actor.provider;
    let pairs = parameters(&[("scope", READ)]);
    let wrong = provider
        .post_basic("/par", &form(&pairs), (WEB, "wrong"))
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(member(&wrong, "error"), "invalid_client");
    assert!(wrong.headers.contains_key("www-authenticate"));
    let nobody = provider.post("/par", &form(&pairs)).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{}", nobody.body);
    let mut named = form(&pairs);
    named.push(("client_id", WEB));
    let unproved = provider.post("/par", &named).await;
    assert_eq!(member(&unproved, "error"), "invalid_client");
    // The method that is registered, and no other.
    named.push(("client_secret", SECRET));
    let another = provider.post("/par", &named).await;
    assert_eq!(member(&another, "error"), "invalid_client");
    let fetched = provider.get("/par").await;
    assert_eq!(fetched.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(fetched.headers["allow"], "POST");
}

#[tokio::test]
async fn rfc9126_2_a_public_client_says_its_name() {
    let actor = Actor::new().await;
    let pairs = parameters(&[("scope", READ)]);
    let mut public = form(&pairs);
    public.push(("client_id", SPA));
    let answer = actor.provider.post("/par", &public).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let path = brought(SPA, &member(&answer, "request_uri"));
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
}

#[tokio::test]
async fn rfc9126_2_3_what_is_wrong_is_told_at_the_push() {
    let actor = Actor::new().await;
    for (name, value, error) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("scope", "nothing", "invalid_scope"),
        ("resource", "https://nowhere.example", "invalid_target"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("request", "eyJ", "invalid_request_object"),
    ] {
        let answer = actor.push(&[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert_eq!(member(&answer, "error"), error, "{name}={value}");
        assert!(!answer.body.contains(BACK), "{}", answer.body);
    }
    let long = "x".repeat(40_000);
    let answer = actor.push(&[("nonce", &long)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
}

#[tokio::test]
async fn rfc9126_2_1_a_reference_is_not_pushed() {
    let actor = Actor::new().await;
    let first = actor.push(&[("scope", READ)]).await;
    let request_uri = member(&first, "request_uri");
    for reference in [request_uri.as_str(), "https://a.example/r"] {
        let answer = actor.push(&[("request_uri", reference)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(member(&answer, "error"), "invalid_request");
        assert!(answer.body.contains("CRN-1218"), "{}", answer.body);
    }
}

#[tokio::test]
async fn rfc9126_4_what_the_browser_adds_is_not_looked_at() {
    let actor = Actor::new().await;
    let path = actor.pushed(&[("scope", READ)]).await;
    let swapped = [
        ("redirect_uri", "https://evil.example/"),
        ("state", "another"),
        ("scope", "openid email"),
        ("code_challenge", "x"),
        ("response_mode", "fragment"),
        ("prompt", "none"),
    ];
    let path = format!("{path}&{}", encoded(&swapped));
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").unwrap();
    let answer = actor.redeem(&code).await;
    assert_eq!(member(&answer, "scope"), READ);
}

#[tokio::test]
async fn rfc9126_2_2_a_pushed_request_is_of_its_client() {
    let actor = Actor::new().await;
    let answer = actor.push(&[("scope", READ)]).await;
    let request_uri = member(&answer, "request_uri");
    let other = actor.get(&brought(SPA, &request_uri)).await;
    is_page(&other, "CRN-1215");
    let unknown = format!("{REQUEST_URI_PREFIX}crn_pr_none");
    let nobody = actor.get(&brought(SPA, &unknown)).await;
    is_page(&nobody, "CRN-1215");
    let said = |answer: &Answer| {
        let (_, rest) = answer.body.split_once("No request was pushed").unwrap();
        rest.split_once('.').unwrap().0.to_owned()
    };
    assert_eq!(said(&other), said(&nobody), "whose it is, is not told");
    let good = actor.get(&brought(WEB, &request_uri)).await;
    assert_eq!(good.status, StatusCode::OK, "it is still its client's");
}

#[tokio::test]
async fn rfc9126_7_3_a_pushed_request_gives_one_code() {
    let actor = Actor::new().await;
    let path = actor.pushed(&[("scope", READ)]).await;
    for _ in 0..3 {
        let page = actor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "the page may be loaded again");
    }
    let page = actor.get(&path).await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("request", request.as_str()),
        ("decision", "allow"),
    ];
    let back = actor.post("/consent", &fields).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
    let again = actor.post("/consent", &fields).await;
    let once_more = actor.get(&path).await;
    for late in [again, once_more] {
        assert_eq!(answered(&late, "code"), None);
        let error = answered(&late, "error");
        assert_eq!(error.as_deref(), Some("invalid_request_uri"), "{late:?}");
    }
    // Who has agreed before gets the code at once, and once.
    let path = actor.pushed(&[("scope", READ)]).await;
    assert!(answered(&actor.get(&path).await, "code").is_some());
    let late = actor.get(&path).await;
    assert_eq!(
        answered(&late, "error").as_deref(),
        Some("invalid_request_uri")
    );
}

#[tokio::test]
async fn rfc9126_2_2_a_pushed_request_is_good_for_a_minute() {
    let actor = Actor::new().await;
    let in_time = actor.pushed(&[("scope", READ)]).await;
    actor.provider.wait(59);
    assert_eq!(actor.get(&in_time).await.status, StatusCode::OK);
    let late = actor.pushed(&[("scope", READ)]).await;
    actor.provider.wait(60);
    let back = actor.get(&late).await;
    let error = answered(&back, "error");
    assert_eq!(error.as_deref(), Some("invalid_request_uri"), "{back:?}");
    // Whose page was open in time may think for an hour.
    actor.provider.wait(3_000);
    let back = actor.consent(&in_time, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
    let thought = actor.pushed(&[("scope", "openid email")]).await;
    assert_eq!(actor.get(&thought).await.status, StatusCode::OK);
    actor.provider.wait(3_600);
    let back = actor.get(&thought).await;
    let error = answered(&back, "error");
    assert_eq!(error.as_deref(), Some("invalid_request_uri"), "{back:?}");
}

#[tokio::test]
async fn who_signs_in_for_a_pushed_request_comes_back_to_it() {
    let mut actor = Actor::new().await;
    let signed_in = std::mem::take(&mut actor.cookie);
    let path = actor.pushed(&[("scope", READ)]).await;
    let away = actor.get(&path).await;
    let location = away.headers["location"].to_str().unwrap().to_owned();
    let sealed = location.strip_prefix("/login?r=").unwrap();
    actor.provider.wait(600);
    actor.cookie = signed_in;
    let back = format!("/authorize?r={sealed}");
    let back = actor.consent(&back, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lesson_d3_of_sixteen_uses_of_a_pushed_request_one_gets_the_code() {
    let actor = Arc::new(Actor::new().await);
    let path = actor.pushed(&[("scope", READ)]).await;
    let page = actor.get(&path).await;
    let body = encoded(&[
        ("csrf", field(&page, "csrf").as_str()),
        ("request", field(&page, "request").as_str()),
        ("decision", "allow"),
    ]);
    let all: Vec<_> = (0..16)
        .map(|_| {
            let (actor, body) = (Arc::clone(&actor), body.clone());
            tokio::spawn(async move {
                let request = Request::post("/consent")
                    .header("cookie", &actor.cookie)
                    .header("content-type", "application/x-www-form-urlencoded");
                let request = request.body(Body::from(body)).unwrap();
                actor.provider.send(request).await
            })
        })
        .collect();
    assert_eq!(codes(all).await, 1);
    let path = actor.pushed(&[("scope", READ)]).await;
    let all: Vec<_> = (0..16)
        .map(|_| {
            let (actor, path) = (Arc::clone(&actor), path.clone());
            tokio::spawn(async move { actor.get(&path).await })
        })
        .collect();
    assert_eq!(codes(all).await, 1);
}

async fn codes(all: Vec<tokio::task::JoinHandle<Answer>>) -> usize {
    let mut codes = 0;
    for one in all {
        let back = one.await.unwrap();
        if answered(&back, "code").is_some() {
            codes += 1;
        } else {
            let error = answered(&back, "error");
            assert_eq!(error.as_deref(), Some("invalid_request_uri"), "{back:?}");
        }
    }
    codes
}

#[tokio::test]
async fn rfc9126_6_an_app_that_must_push_does() {
    let actor = Actor::new().await;
    actor.change_app(|client| client.require_par = true).await;
    let back = actor.get(&authorize(WEB, &[("scope", READ)])).await;
    assert_eq!(answered(&back, "error").as_deref(), Some("invalid_request"));
    let description = answered(&back, "error_description").unwrap();
    assert!(description.contains("CRN-1217"), "{description}");
    let path = actor.pushed(&[("scope", READ)]).await;
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
}

#[tokio::test]
async fn lesson_7_what_was_pushed_is_judged_anew_at_each_step() {
    let actor = Actor::new().await;
    let path = actor.pushed(&[("scope", READ)]).await;
    let page = actor.get(&path).await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    actor
        .change_app(|client| {
            client.redirect_uris = vec!["https://ledgerly.example/new".parse().unwrap()];
        })
        .await;
    is_page(&actor.get(&path).await, "CRN-1203");
    let fields = [
        ("csrf", csrf.as_str()),
        ("request", request.as_str()),
        ("decision", "allow"),
    ];
    is_page(&actor.post("/consent", &fields).await, "CRN-1203");
}

#[tokio::test]
async fn rfc9126_5_discovery_says_where_to_push() {
    let actor = Actor::new().await;
    let answer = actor
        .provider
        .get("/.well-known/openid-configuration")
        .await;
    let says = answer.json();
    let endpoint = says["pushed_authorization_request_endpoint"].as_str();
    assert!(endpoint.unwrap().ends_with("/par"), "{endpoint:?}");
    assert_eq!(says["require_pushed_authorization_requests"], false);
    assert_eq!(says["request_uri_parameter_supported"], false);
}
