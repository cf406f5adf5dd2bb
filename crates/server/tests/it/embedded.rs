//! Requests that come inside an app, in a web view (RFC 8252 section 8.12): nobody signs in there, unless an
//! administrator lets them.

#![expect(clippy::panic, reason = "a test ends where something is missing")]

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::record::Client;
use carnet_core::record::ClientKind;
use carnet_core::record::Trust;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;
use serde_json::json;

use crate::code::actor::Actor;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::field;
use crate::jar;

const VIEW: &str = "Mozilla/5.0 (Linux; Android 10; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36";
const INSTAGRAM: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 300.0.0.0.0";
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";

impl Actor {
    /// Fetches with this `User-Agent`, as somebody who is signed in, or who is not.
    async fn get_with(&self, agent: &str, path: &str, signed_in: bool) -> Answer {
        let mut request = Request::get(path).header("user-agent", agent);
        if signed_in {
            request = request.header("cookie", &self.cookie);
        }
        self.provider
            .send(request.body(Body::empty()).unwrap())
            .await
    }

    async fn post_with(&self, agent: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header("user-agent", agent)
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        let body = Body::from(encoded(fields));
        self.provider.send(request.body(body).unwrap()).await
    }
}

/// In front of an app that runs on somebody's telephone.
async fn native() -> Actor {
    let actor = Actor::new().await;
    actor.change_app(|app| app.kind = ClientKind::Native).await;
    actor
}

/// It is the page that says where to go on, and nothing else.
fn is_refused(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    assert_eq!(answer.headers.get("location"), None);
    assert_eq!(answer.headers["cache-control"], "no-store");
    for told in ["CRN-1227", "Open this in your browser"] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    for never in ["type=\"password\"", "/login", "decision"] {
        assert!(!answer.body.contains(never), "{never}: {}", answer.body);
    }
}

/// The address to copy: its path, where it is one of ours.
fn address(answer: &Answer) -> Option<String> {
    let (_, rest) = answer.body.split_once("aria-label=\"Address\"")?;
    let (_, rest) = rest.split_once("<code>")?;
    let (text, _) = rest.split_once("</code>")?;
    Some(text.replace("&#x2f;", "/").replace("&amp;", "&"))
}

fn path(answer: &Answer) -> String {
    let address = address(answer).unwrap();
    let path = address.strip_prefix(ISSUER);
    path.unwrap_or_else(|| panic!("{address}")).to_owned()
}

#[tokio::test]
async fn rfc8252_8_12_inside_an_app_nobody_is_asked_for_anything() {
    let actor = native().await;
    let request = authorize(WEB, &[("scope", READ)]);
    for agent in [VIEW, INSTAGRAM] {
        for signed_in in [true, false] {
            let page = actor.get_with(agent, &request, signed_in).await;
            is_refused(&page);
            assert_eq!(path(&page), request, "it is this request, whole");
        }
    }
    // The same address in a browser goes on, and so does what nobody has heard of.
    for agent in [CHROME, "curl/8.5.0", ""] {
        let page = actor.get_with(agent, &request, true).await;
        assert_eq!(page.status, StatusCode::OK, "{agent}: {}", page.body);
        let page = actor.get_with(agent, &request, false).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{agent}");
    }
    // Google's name for the endpoint is no way around it.
    let google = request.replace("/authorize?", "/o/oauth2/v2/auth?");
    is_refused(&actor.get_with(VIEW, &google, true).await);
    // Many people have one address, and none of them tries anything out.
    for _ in 0..100 {
        is_refused(&actor.get_with(VIEW, &request, false).await);
    }
}

#[tokio::test]
async fn rfc8252_8_12_an_answer_that_comes_from_inside_an_app_gives_no_code() {
    let actor = native().await;
    let request = authorize(WEB, &[("scope", READ)]);
    let page = actor.get_with(CHROME, &request, true).await;
    let (csrf, sealed) = (field(&page, "csrf"), field(&page, "request"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("request", sealed.as_str()),
        ("decision", "allow"),
    ];
    is_refused(&actor.post_with(VIEW, "/consent", &fields).await);
    let back = actor.post_with(CHROME, "/consent", &fields).await;
    assert!(answered(&back, "code").is_some(), "{back:?}");
}

#[tokio::test]
async fn rfc8252_8_12_an_app_that_wants_no_page_hears_of_it_itself() {
    let actor = native().await;
    let quiet = authorize(WEB, &[("scope", READ), ("prompt", "none")]);
    let back = actor.get_with(VIEW, &quiet, true).await;
    assert_eq!(answered(&back, "error").unwrap(), "access_denied");
    let page = answered(&back, "error_uri").unwrap();
    assert_eq!(page, format!("{ISSUER}/e/CRN-1227"));
}

#[tokio::test]
async fn rfc8252_8_12_an_administrator_may_let_an_app_be_used_so() {
    let actor = native().await;
    let request = authorize(WEB, &[("scope", READ)]);
    let on = |on: bool| move |app: &mut Client| app.legacy.embedded_user_agents = on;
    actor.change_app(on(true)).await;
    let page = actor.get_with(VIEW, &request, true).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    actor.change_app(on(false)).await;
    is_refused(&actor.get_with(VIEW, &request, true).await);
}

/// What knows its person by a cookie gets them back where they began, and not in the middle.
#[tokio::test]
async fn rfc8252_8_12_for_a_web_app_its_own_page_is_named() {
    let actor = native().await;
    let request = authorize(WEB, &[("scope", READ)]);
    let web = |home: Option<&str>, trust: Trust| {
        let home = home.map(|home| home.parse().unwrap());
        move |app: &mut Client| {
            app.kind = ClientKind::Web;
            app.about.home = home;
            app.trust = trust;
            if trust == Trust::Unknown {
                app.source = carnet_core::record::ClientSource::Registered;
            }
        }
    };
    let home = "https://www.ledgerly.example/start";
    for (change, named) in [
        (web(Some(home), Trust::Known), Some(home)),
        (web(None, Trust::Known), Some("https://ledgerly.example")),
        // Nobody vouches for it, and our page leads to no page of a stranger.
        (web(Some(home), Trust::Unknown), None),
    ] {
        actor.change_app(change).await;
        let page = actor.get_with(INSTAGRAM, &request, true).await;
        is_refused(&page);
        assert_eq!(address(&page).as_deref(), named);
    }
}

#[tokio::test]
async fn rfc8252_8_12_what_was_pushed_or_signed_goes_on_in_a_browser() {
    let actor = native().await;
    let pushed = actor.pushed(&[("scope", READ)]).await;
    let page = actor.get_with(VIEW, &pushed, true).await;
    is_refused(&page);
    // A name is good for a minute, and going over to a browser takes longer.
    actor.provider.wait(120);
    let page = actor.get_with(CHROME, &path(&page), true).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);

    let (actor, pair) = jar::signing().await;
    actor.change_app(|app| app.kind = ClientKind::Native).await;
    let signed = jar::brought(&jar::signed(&json!({}), &pair), &[]);
    let page = actor.get_with(VIEW, &signed, true).await;
    is_refused(&page);
    let path = path(&page);
    assert!(path.starts_with("/authorize?r="), "{path}");
    let page = actor.get_with(CHROME, &path, true).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

/// A request that is wrong is answered as everywhere: nothing is asked of anybody there.
#[tokio::test]
async fn rfc8252_8_12_a_faulty_request_is_answered_as_in_a_browser() {
    let actor = native().await;
    let faulty = authorize(WEB, &[("response_type", "nothing")]);
    let back = actor.get_with(VIEW, &faulty, true).await;
    assert_eq!(
        answered(&back, "error").unwrap(),
        "unsupported_response_type"
    );
    let unknown = authorize("nobody", &[]);
    let page = actor.get_with(VIEW, &unknown, true).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("CRN-1201"), "{}", page.body);
}
