//! Who may be sent where, and with what: lessons 7, 8, 9, 14, 21, 37 and 40.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Request;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::POSTER;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;

use super::scene::Scene;
use super::scene::gives_a_code;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::field;
use crate::code::actor::member;
use crate::device::tv::TV;

/// Keycloak CVE-2026-7571: what the browser brings beside the form changes nothing of the request.
#[tokio::test]
async fn lesson_7_nothing_beside_the_form_changes_the_request() {
    let scene = Scene::new().await;
    let actor = scene.actor();
    let path = authorize(WEB, &[("scope", READ), ("prompt", "consent")]);
    let page = actor.get(&path).await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("request", request.as_str()),
        ("decision", "allow"),
        ("client_id", SPA),
        ("redirect_uri", "https://evil.example/"),
        ("response_type", "token"),
        ("response_mode", "fragment"),
        ("state", "another"),
        ("nonce", "another"),
        ("code_challenge", "x"),
        ("code_challenge_method", "plain"),
        ("resource", "urn:carnet:admin"),
    ];
    let beside = "/consent?response_type=token&redirect_uri=https%3A%2F%2Fevil.example%2F";
    let back = actor.post(beside, &fields).await;
    // It looks at the address and the state.
    let code = answered(&back, "code").unwrap();
    let to = back.headers["location"].to_str().unwrap();
    assert!(!to.contains('#') && !to.contains("access_token"), "{to}");
    let tokens = actor.redeem(&code).await;
    assert_eq!(tokens.status, 200, "the challenge too: {}", tokens.body);
    assert_eq!(member(&tokens, "scope"), READ);
}

/// Keycloak CVE-2026-7571: the request that waits for a sign-in is sealed, and what stands beside it is not read.
#[tokio::test]
async fn lesson_7_nothing_beside_a_request_that_waits_changes_it() {
    let scene = Scene::new().await;
    let path = authorize(WEB, &[("scope", READ), ("prompt", "login")]);
    let away = scene.actor().get(&path).await;
    let location = away.headers["location"].to_str().unwrap();
    let sealed = location.strip_prefix("/login?r=").unwrap();
    let more = "&response_type=token&client_id=board&redirect_uri=https%3A%2F%2Fevil.example%2F&prompt=none";
    let again = scene
        .actor()
        .get(&format!("/authorize?r={sealed}{more}"))
        .await;
    let to = again.headers.get("location");
    let to = to.map_or("", |to| to.to_str().unwrap());
    assert!(!to.contains("evil") && !to.contains("token"), "{to}");
    assert!(!gives_a_code(&again), "who must sign in has not: {to}");
}

const HOSTILE: [&str; 24] = [
    "https://ledgerly.example/callback?kept=1/",
    "https://ledgerly.example/callback?kept=1&x=2",
    "https://ledgerly.example/callback?kept=1#",
    "https://ledgerly.example/callback?KEPT=1",
    "https://ledgerly.example/callback",
    "https://ledgerly.example/callback/?kept=1",
    "https://ledgerly.example/Callback?kept=1",
    "https://ledgerly.example//callback?kept=1",
    "https://ledgerly.example/x/../callback?kept=1",
    "https://ledgerly.example/..;/callback?kept=1",
    "https://ledgerly.example/%63allback?kept=1",
    "https://ledgerly.example:443/callback?kept=1",
    "https://ledgerly.example:8443/callback?kept=1",
    "https://LEDGERLY.example/callback?kept=1",
    "http://ledgerly.example/callback?kept=1",
    "https://ledgerly.example.evil.test/callback?kept=1",
    "https://evil.test/callback?kept=1",
    "https://ledgerly.example@evil.test/callback?kept=1",
    "https://a@@ledgerly.example/callback?kept=1",
    "https://evil.test\\@ledgerly.example/callback?kept=1",
    "//ledgerly.example/callback?kept=1",
    "https://ledgerly.example\u{3002}evil.test/callback?kept=1",
    "javascript:alert(1)",
    "https://*.example/callback?kept=1",
];

/// Keycloak CVE-2026-7504, CVE-2024-8883 and #48430, Pocket ID CVE-2026-28512: nobody is sent near the address.
#[tokio::test]
async fn lesson_8_no_code_goes_to_an_address_that_is_only_like_the_registered_one() {
    let scene = Scene::new().await;
    for hostile in HOSTILE {
        let path = authorize(WEB, &[("scope", READ), ("redirect_uri", hostile)]);
        let page = scene.actor().get(&path).await;
        assert_eq!(page.status, 400, "{hostile}");
        assert_eq!(page.headers.get("location"), None, "{hostile}");
        assert!(!page.body.contains("crn_ac_"), "{hostile}");
    }
    let path = authorize(WEB, &[("scope", READ)]);
    assert!(
        gives_a_code(&scene.actor().get(&path).await),
        "but to itself"
    );
}

/// Keycloak #48430: no wildcard is registered, at no door.
#[tokio::test]
async fn lesson_9_no_wildcard_is_registered() {
    let scene = Scene::new().await;
    for uri in [
        "https://app.example.com*",
        "https://app.example.com/*",
        "https://*.example.com/cb",
        "https://app.example.com/cb?x=*",
        "http://127.0.0.1:*/cb",
        "*",
    ] {
        let body = format!(r#"{{"redirect_uris":["{uri}"]}}"#);
        let request = Request::post("/register").header("content-type", "application/json");
        let request = request.body(Body::from(body)).unwrap();
        let answer = scene.provider().send(request).await;
        assert_eq!(answer.status, 400, "{uri}: {}", answer.body);
        assert_eq!(member(&answer, "error"), "invalid_redirect_uri", "{uri}");
    }
}

/// Keycloak CVE-2026-4634: what a stranger sends is bounded before anything is looked up with it.
#[tokio::test]
async fn lesson_14_what_a_stranger_asks_for_is_bounded() {
    let mut scene = Scene::new().await;
    scene.tv.actor.cookie.clear();
    let many: Vec<String> = (0..5_000).map(|number| format!("s{number}")).collect();
    let many = many.join(" ");
    let long = "x".repeat(40_000);
    for (name, value) in [
        ("scope", many.as_str()),
        ("scope", &long),
        ("ui_locales", &many),
        ("ui_locales", &long),
        ("login_hint", &long),
        ("state", &long),
        ("nonce", &long),
        ("acr_values", &long),
        ("prompt", &many),
        ("client_id", &long),
        ("resource", &long),
        ("request", &long),
        ("authorization_details", &long),
    ] {
        let path = authorize(WEB, &[(name, value)]);
        let answer = scene.actor().get(&path).await;
        let known = [303, 400, 413, 414].contains(&answer.status.as_u16());
        assert!(known, "{name}: {}", answer.status);
        assert!(!gives_a_code(&answer), "{name}");
        let to = answer.headers.get("location").map_or(0, HeaderValue::len);
        assert!(
            answer.body.len() + to < 20_000,
            "{name}: it is not repeated"
        );
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", POSTER),
            ("client_secret", SECRET),
            (name, value),
        ];
        if name != "client_id" {
            let answer = scene.provider().post("/token", &form).await;
            assert!(answer.body.len() < 2_000, "{name}: {}", answer.body.len());
            assert!(answer.status.as_u16() < 500, "{name}: {}", answer.status);
        }
    }
}

async fn forwarded(scene: &Scene, (method, path): (&str, &str), body: &str) -> Answer {
    let kind = if path == "/register" {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("cookie", &scene.actor().cookie)
        .header("content-type", kind)
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("x-forwarded-proto", "http")
        .header("x-forwarded-port", "666")
        .header("x-forwarded-prefix", "/evil.test")
        .header("x-original-url", "/evil.test")
        .header("x-rewrite-url", "/evil.test")
        .header("x-host", "evil.test")
        .header("forwarded", "host=evil.test;proto=http");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    scene.provider().send(request).await
}

/// ZITADEL CVE-2025-64101: where we are is configured, and no header says otherwise.
#[tokio::test]
async fn lesson_21_no_header_of_a_request_becomes_an_address_of_ours() {
    let scene = Scene::new().await;
    let quiet = authorize(WEB, &[("scope", READ), ("prompt", "none")]);
    let asked = format!("client_id={TV}");
    let client = r#"{"redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none"}"#;
    for (place, body, names_us) in [
        (("GET", "/.well-known/openid-configuration"), "", true),
        (("GET", "/.well-known/oauth-authorization-server"), "", true),
        (("GET", "/.well-known/oauth-protected-resource"), "", true),
        (("POST", "/device_authorization"), &*asked, true),
        (("POST", "/register"), client, true),
        (("POST", "/token"), "grant_type=x", true),
        (("POST", "/introspect"), "token=x", true),
        (("GET", "/userinfo"), "", true),
        (("GET", "/admin/v1/whoami"), "", true),
        (("GET", &quiet), "", false),
    ] {
        let answer = forwarded(&scene, place, body).await;
        let all = format!("{:?} {}", answer.headers, answer.body);
        assert!(!all.contains("evil"), "{place:?}: {all}");
        assert!(!all.contains("666"), "{place:?}: {all}");
        let ours = all.contains(ISSUER) || all.contains("auth.acme.example");
        assert!(ours || !names_us, "{place:?}: {all}");
    }
    let back = forwarded(&scene, ("GET", &quiet), "").await;
    let told = answered(&back, "error").or(answered(&back, "code"));
    assert!(told.is_some(), "it goes back to the app: {back:?}");
}

/// authentik CVE-2023-48228, at the endpoint: whoever was sent a challenge wants its verifier.
#[tokio::test]
async fn lesson_37_a_code_with_a_challenge_is_worth_nothing_without_its_verifier() {
    let scene = Scene::new().await;
    let actor = scene.actor();
    let code = actor.code(READ).await;
    let with = |verifier: Option<&'static str>, code: &str| {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", BACK.to_owned()),
        ];
        form.extend(verifier.map(|text| ("code_verifier", text.to_owned())));
        form
    };
    let ask = async |form: Vec<(&str, String)>| {
        let form: Vec<_> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
        actor.token(&form).await
    };
    let other = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl";
    for verifier in [None, Some(""), Some(other), Some("short")] {
        let answer = ask(with(verifier, &code)).await;
        assert_eq!(answer.status, 400, "{verifier:?}: {}", answer.body);
    }
    // The other way round: a verifier where no challenge was sent is somebody else's code (RFC 9700 section 2.1.1).
    scene.change(WEB, |app| app.require_pkce = false).await;
    let path = authorize(
        WEB,
        &[
            ("scope", READ),
            ("code_challenge", ""),
            ("code_challenge_method", ""),
        ],
    );
    let plain = answered(&actor.get(&path).await, "code").unwrap();
    let answer = ask(with(Some(VERIFIER), &plain)).await;
    assert_eq!(member(&answer, "error"), "invalid_grant", "{}", answer.body);
    assert_eq!(ask(with(None, &plain)).await.status, 200);
    assert_eq!(ask(with(Some(VERIFIER), &code)).await.status, 200);
}

/// Dex CVE-2022-39222: what travels in a browser is not enough, neither to get a code nor to redeem it.
#[tokio::test]
async fn lesson_40_what_travels_in_the_browser_is_not_enough() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let path = authorize(WEB, &[("scope", READ), ("prompt", "consent")]);
    let page = scene.actor().get(&path).await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let again = authorize(WEB, &[("scope", READ), ("prompt", "login")]);
    let away = scene.actor().get(&again).await;
    let location = away.headers["location"].to_str().unwrap();
    let sealed = location.strip_prefix("/login?r=").unwrap();

    // A stranger who read all of that has no session, and so no code.
    let bring = async |request: axum::http::request::Builder, body: String| {
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Body::from(body)).unwrap();
        scene.provider().send(request).await
    };
    let pushed = crate::code::actor::encoded(&[("client_id", WEB), ("request_uri", &held.pushed)]);
    let consent = crate::code::actor::encoded(&[
        ("csrf", &csrf),
        ("request", &request),
        ("decision", "allow"),
    ]);
    for (what, answer) in [
        (
            "a pushed request",
            bring(Request::get(format!("/authorize?{pushed}")), String::new()).await,
        ),
        (
            "a request that waits",
            bring(
                Request::get(format!("/authorize?r={sealed}")),
                String::new(),
            )
            .await,
        ),
        (
            "the form of a consent",
            bring(Request::post("/consent"), consent).await,
        ),
    ] {
        assert!(!gives_a_code(&answer), "{what}: {answer:?}");
    }
    // A code alone is redeemed by nobody: neither without the app's secret, nor by another app.
    let code = [
        ("grant_type", "authorization_code"),
        ("code", held.code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let alone = scene.provider().post("/token", &code).await;
    assert_eq!(member(&alone, "error"), "invalid_client");
    for client in [SPA, TV] {
        let form = [&code[..], &[("client_id", client)]].concat();
        let answer = scene.provider().post("/token", &form).await;
        assert_eq!(answer.status, 400, "{client}: {}", answer.body);
    }
    let daemon = (DAEMON, SECRET);
    let answer = scene.provider().post_basic("/token", &code, daemon).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let good = scene.actor().redeem(&held.code).await;
    assert_eq!(good.status, 200, "nothing of that spent it: {}", good.body);
}
