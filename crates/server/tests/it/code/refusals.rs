//! Requests that end on a page, go back with an error, or begin again.

use axum::http::StatusCode;
use carnet_core::value::Seconds;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;
use carnet_wire::redirect_uri::Difference;

use super::actor::Actor;
use super::actor::BACK;
use super::actor::answered;
use super::actor::authorize;
use super::actor::field;

fn page(answer: &Answer, crn: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(answer.headers.get("location"), None);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.body.contains(crn), "{}", answer.body);
    assert!(!answer.body.contains("name=\"password\""), "no sign-in");
}

#[tokio::test]
async fn rfc6749_4_1_2_1_an_untrusted_address_is_a_page_and_never_a_redirect() {
    for signed_in in [true, false] {
        let mut actor = Actor::new().await;
        if !signed_in {
            actor.cookie.clear();
        }
        page(&actor.get(&authorize("nobody", &[])).await, "CRN-1201");
        for elsewhere in [
            "https://evil.example/",
            "https://ledgerly.example/callback?kept=1&more",
            "https://ledgerly.example/callback",
            "javascript:alert(1)",
        ] {
            let path = authorize(WEB, &[("redirect_uri", elsewhere)]);
            let answer = actor.get(&path).await;
            page(&answer, "CRN-1203");
            assert!(
                !answer.body.contains(BACK),
                "what is registered is not told"
            );
        }
        page(&actor.get("/authorize").await, "CRN-1001");
        let twice = format!("{}&client_id=a", authorize(WEB, &[]));
        page(&actor.get(&twice).await, "CRN-1002");
        page(&actor.get("/authorize?r=rubbish").await, "CRN-1211");
    }
}

#[tokio::test]
async fn a_wrong_request_goes_back_with_its_code_before_anybody_signs_in() {
    let mut actor = Actor::new().await;
    actor.cookie.clear();
    for (name, value, error) in [
        ("response_type", "magic", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("scope", "nothing", "invalid_scope"),
        ("resource", "https://nowhere.example", "invalid_target"),
        ("request", "eyJ", "invalid_request_object"),
        (
            "request_uri",
            "https://a.example",
            "request_uri_not_supported",
        ),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
    ] {
        let path = authorize(WEB, &[(name, value)]);
        let back = actor.get(&path).await;
        let told = answered(&back, "error");
        assert_eq!(told.as_deref(), Some(error), "{name}={value}: {back:?}");
        assert_eq!(answered(&back, "code"), None);
    }
}

#[tokio::test]
async fn rfc6749_4_1_2_nobody_signs_in_for_a_request_whose_state_cannot_come_back() {
    let mut actor = Actor::new().await;
    actor.cookie.clear();
    let path = authorize(WEB, &[("state", &"s".repeat(4_097))]);
    let back = actor.get(&path).await;
    let location = back.headers["location"].to_str().unwrap();
    let why = "error=invalid_request&error_description=Bad+Request+CRN-1009%3A+state+is+too+long";
    assert!(
        location.starts_with(BACK) && location.contains(why),
        "{location}"
    );
    assert!(!location.contains("&state="), "{location}");

    let path = authorize(WEB, &[("state", &"s".repeat(4_096))]);
    let location = actor.get(&path).await.headers["location"].clone();
    let location = location.to_str().unwrap();
    assert!(location.starts_with("/login?"), "{location}");
}

#[tokio::test]
async fn lesson_7_a_form_that_is_not_this_person_s_begins_again() {
    let actor = Actor::new().await;
    let path = authorize(WEB, &[("scope", READ)]);
    let shown = actor.get(&path).await;
    let (csrf, request) = (field(&shown, "csrf"), field(&shown, "request"));
    let allow = ("decision", "allow");
    let forged = [("csrf", "AAAA"), ("request", request.as_str()), allow];
    let none = [("request", request.as_str()), allow];
    let undecided = [("csrf", csrf.as_str()), ("request", request.as_str())];
    for fields in [&forged[..], &none[..], &undecided[..]] {
        let answer = actor.post("/consent", fields).await;
        let location = answer.headers["location"].to_str().unwrap();
        assert!(location.starts_with("/authorize?client_id="), "{location}");
    }
    // The sealed way to the sign-in page is no request of a consent.
    let mut stranger = Actor::new().await;
    stranger.cookie.clear();
    let away = stranger.get(&path).await;
    let location = away.headers["location"].to_str().unwrap();
    let sealed = location.split_once("r=").unwrap().1;
    let fields = [("csrf", csrf.as_str()), ("request", sealed), allow];
    page(&actor.post("/consent", &fields).await, "CRN-1211");

    // Too late: the page is shown again, and nothing was given.
    actor.provider.wait(3_600);
    let fields = [
        ("csrf", csrf.as_str()),
        ("request", request.as_str()),
        allow,
    ];
    let answer = actor.post("/consent", &fields).await;
    let location = answer.headers["location"].to_str().unwrap();
    assert!(location.starts_with("/authorize?client_id="), "{location}");
}

#[tokio::test]
async fn a_refusal_is_kept_for_the_owner_with_what_was_near() {
    let actor = Actor::new().await;
    let path = authorize(
        WEB,
        &[("redirect_uri", "https://ledgerly.example/callback/?kept=1")],
    );
    page(&actor.get(&path).await, "CRN-1203");
    actor.provider.settle().await;
    let store = actor.provider.world.store();
    let filter = carnet_core::store::AuditFilter {
        action: Some("authorize.refuse".to_owned()),
        ..carnet_core::store::AuditFilter::default()
    };
    let kept = store
        .audit(&filter, &carnet_core::store::Page::first(9))
        .await;
    let detail = &kept.unwrap().items[0].draft.detail;
    assert!(detail.contains("trailing_slash"), "{detail}");
}

#[tokio::test]
async fn ux_w8_a_near_miss_is_kept_for_the_owner_and_nothing_of_a_strangers_request() {
    let actor = Actor::new().await;
    let slash = "https://ledgerly.example/callback/?kept=1";
    for _ in 0..3 {
        let path = authorize(WEB, &[("redirect_uri", slash)]);
        page(&actor.get(&path).await, "CRN-1203");
    }
    actor.provider.wait(60);
    let other = authorize(WEB, &[("redirect_uri", "https://evil.test/?code=stolen")]);
    page(&actor.get(&other).await, "CRN-1203");
    let nobody = authorize("nobody", &[("redirect_uri", slash)]);
    page(&actor.get(&nobody).await, "CRN-1201");
    actor.provider.settle().await;

    let store = actor.provider.world.store();
    let client = WEB.parse().unwrap();
    let kept = store.refused_redirects(&client).await.unwrap();
    let [last, first] = &kept[..] else {
        panic!("two, not {kept:?}");
    };
    assert_eq!((last.uri.as_str(), last.count), ("https://evil.test/", 1));
    assert_eq!(last.near, None);
    assert_eq!(first.uri, "https://ledgerly.example/callback/");
    assert_eq!((first.count, last.last - first.last), (3, Seconds(60)));
    let near = first.near.as_ref().unwrap();
    assert_eq!(near.registered, BACK);
    assert_eq!(near.difference, Difference::TrailingSlash);
    assert_eq!(
        store
            .refused_redirects(&"nobody".parse().unwrap())
            .await
            .unwrap(),
        []
    );
}
