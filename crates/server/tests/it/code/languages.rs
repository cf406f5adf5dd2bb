//! The pages that a request leads to speak the language that its app wishes for its person.

use axum::http::StatusCode;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::actor::Actor;
use super::actor::authorize;
use super::actor::encoded;
use super::actor::field;
use super::actor::member;

fn language(page: &Answer) -> String {
    let named = page.headers["content-language"].to_str().unwrap();
    let written = format!("<html lang=\"{named}\"");
    assert!(page.body.contains(&written), "{}", page.body);
    named.to_owned()
}

#[tokio::test]
async fn oidc_3_1_2_1_the_first_of_ui_locales_that_is_spoken_comes_before_the_browser() {
    let actor = Actor::new().await;
    for (ui_locales, expected) in [
        ("fr de-CH en", "de"),
        ("en de", "en"),
        ("fr pt", "en"),
        ("", "en"),
    ] {
        let path = authorize(WEB, &[("scope", READ), ("ui_locales", ui_locales)]);
        let page = actor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(language(&page), expected, "consent, {ui_locales:?}");
        let onward = actor.provider.get(&path).await;
        let onward = onward.headers["location"].to_str().unwrap();
        assert!(onward.starts_with("/login?r="), "{onward}");
        let page = actor.provider.get(onward).await;
        assert_eq!(language(&page), expected, "sign-in, {ui_locales:?}");
        let wrong = [("email", "nobody"), ("request", &field(&page, "request"))];
        let page = actor.provider.post("/login", &wrong).await;
        assert_eq!(language(&page), expected, "a stale form, {ui_locales:?}");
    }
}

#[tokio::test]
async fn oidc_3_1_2_1_the_pages_of_a_refusal_speak_it_too() {
    let actor = Actor::new().await;
    let wish = ("ui_locales", "de");
    let strange = ("redirect_uri", "https://elsewhere.example/");
    for path in [
        authorize(WEB, &[strange, wish]),
        authorize("nobody", &[wish]),
        format!("/authorize?{}", encoded(&[wish])),
    ] {
        let page = actor.get(&path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
        assert_eq!(language(&page), "de", "{path}");
    }
    let page = actor.get(&authorize(WEB, &[strange])).await;
    assert_eq!(language(&page), "en");
}

#[tokio::test]
async fn rfc9126_4_a_wish_that_was_pushed_is_heard_and_none_beside_it() {
    let actor = Actor::new().await;
    let pushed = |wish: &str| {
        let path = authorize(WEB, &[("scope", READ), ("ui_locales", wish)]);
        let query = path.split_once('?').unwrap().1.as_bytes();
        let pairs = url::form_urlencoded::parse(query);
        let pairs = pairs.filter(|(name, _)| name != "client_id");
        let pairs = pairs.map(|(name, value)| (name.into_owned(), value.into_owned()));
        pairs.collect::<Vec<_>>()
    };
    for (wish, expected) in [("de", "de"), ("en", "en")] {
        let pairs = pushed(wish);
        let form: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
        let answer = actor
            .provider
            .post_basic("/par", &form, (WEB, SECRET))
            .await;
        let reference = member(&answer, "request_uri");
        let beside = if wish == "de" { "en" } else { "de" };
        let brought = [
            ("client_id", WEB),
            ("request_uri", &reference),
            ("ui_locales", beside),
        ];
        let path = format!("/authorize?{}", encoded(&brought));
        let page = actor.get(&path).await;
        assert_eq!(language(&page), expected, "{}", page.body);
        let onward = actor.provider.get(&path).await;
        let onward = onward.headers["location"].to_str().unwrap();
        assert_eq!(language(&actor.provider.get(onward).await), expected);
    }
}
