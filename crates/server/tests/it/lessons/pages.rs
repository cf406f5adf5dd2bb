//! Each page that a person sees: what may be in it, around it, and who keeps it.

use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;

use super::scene::Scene;
use crate::code::actor::Actor;
use crate::code::actor::authorize;

fn is_safe(path: &str, page: &Answer) {
    let header = |name: &str| {
        let value = page.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap()).to_owned()
    };
    let policy = header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "script-src 'self'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    for unsafe_part in ["unsafe-", "*", "data:", "http:"] {
        assert!(!policy.contains(unsafe_part), "{path}: {policy}");
    }
    assert_eq!(header("x-frame-options"), "DENY", "{path}");
    assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    assert!(header("cache-control").contains("no-store"), "{path}");
    let text = page.body.to_lowercase();
    for inline in [
        "<script>",
        " style=",
        "javascript:",
        " onclick=",
        " onload=",
        " onsubmit=",
    ] {
        assert!(!text.contains(inline), "{path}: {inline}");
    }
    for form in text.split("<form").skip(1) {
        let tag = form.split('>').next().unwrap();
        assert!(
            tag.contains("method=\"post\"") || !form.contains("csrf"),
            "{tag}"
        );
    }
}

#[tokio::test]
async fn rfc6819_5_2_2_6_no_page_is_framed_or_runs_what_is_not_ours() {
    let scene = Scene::new().await;
    let asked = authorize(WEB, &[("scope", READ), ("prompt", "consent")]);
    let posted = authorize(WEB, &[("scope", READ), ("response_mode", "form_post")]);
    let evil = authorize(WEB, &[("redirect_uri", "https://evil.example/")]);
    for (path, status) in [
        (asked.as_str(), 200),
        (&evil, 400),
        ("/authorize?client_id=nobody", 400),
        ("/device", 200),
        ("/logout", 200),
        ("/account", 200),
        ("/account/apps", 200),
        ("/account/devices", 200),
        ("/account/activity", 200),
        ("/account/password", 200),
    ] {
        let page = scene.actor().get(path).await;
        assert_eq!(page.status, status, "{path}: {}", page.body);
        is_safe(path, &page);
    }
    let form = scene.actor().get(&posted).await;
    let policy = form.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-"), "{policy}");
    let csrf = [("csrf", "x"), ("email", "x"), ("password", "x")];
    for path in [
        "/login",
        "/device",
        "/account/password",
        "/account/apps/remove",
    ] {
        let page = scene.actor().post(path, &csrf).await;
        if page.status != 303 {
            is_safe(path, &page);
        }
    }
    let mut stranger = Actor::new().await;
    stranger.cookie.clear();
    let page = stranger.get("/login").await;
    assert_eq!(page.status, 200);
    is_safe("/login", &page);
}

/// What is in a page of somebody comes from a request of somebody else only as text.
#[tokio::test]
async fn lesson_36_nothing_that_was_sent_is_markup_in_a_page() {
    let scene = Scene::new().await;
    let script = "\"><script>alert(1)</script>";
    for (name, value) in [
        ("client_id", script),
        ("redirect_uri", script),
        ("state", script),
        ("scope", script),
        ("response_type", script),
        ("login_hint", script),
        ("ui_locales", script),
        ("prompt", script),
        ("request_uri", script),
    ] {
        let path = authorize(WEB, &[("prompt", "consent"), (name, value)]);
        let page = scene.actor().get(&path).await;
        let shown = page.body.contains("<script>alert");
        assert!(!shown, "{name}: {}", page.body);
        let to = page.headers.get("location");
        let to = to.map_or("", |to| to.to_str().unwrap());
        assert!(!to.contains('<') && !to.contains('"'), "{name}: {to}");
    }
}
