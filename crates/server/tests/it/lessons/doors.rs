//! What holds at each endpoint alike: its methods, its form, who proves themselves, what is kept, and what is written down.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::Outcome;
use carnet_core::store::AuditFilter;
use carnet_core::store::Page;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::scene::DEVICE_CODE;
use super::scene::EXCHANGE;
use super::scene::Scene;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::member;

const FORM: &str = "application/x-www-form-urlencoded";
/// What programs post forms to.
const FORMS: [&str; 4] = ["/token", "/par", "/device_authorization", "/introspect"];
/// What people post forms to.
const OF_PEOPLE: [&str; 10] = [
    "/consent",
    "/login",
    "/logout",
    "/device",
    "/device/confirm",
    "/account/password",
    "/account/apps/remove",
    "/account/apps/undo",
    "/account/devices/end",
    "/account/devices/end-others",
];

async fn send(scene: &Scene, (method, path): (&str, &str), kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("cookie", &scene.actor().cookie)
        .header("content-type", kind);
    let request = request.body(Body::from(body)).unwrap();
    scene.provider().send(request).await
}

#[tokio::test]
async fn rfc9110_15_5_6_each_endpoint_says_which_methods_it_has() {
    let scene = Scene::new().await;
    let post = FORMS.into_iter().chain(["/register"]).chain(OF_PEOPLE);
    let both = ["/login", "/logout", "/device", "/account/password"];
    let rows = post
        .map(|path| (path, if both.contains(&path) { "GET" } else { "POST" }))
        .chain([
            ("/authorize", "GET"),
            ("/account", "GET"),
            ("/account/apps", "GET"),
            ("/account/devices", "GET"),
            ("/userinfo", "GET"),
            ("/jwks", "GET"),
            ("/.well-known/oauth-authorization-server", "GET"),
            ("/.well-known/oauth-protected-resource", "GET"),
        ]);
    for (path, one) in rows {
        let not = if one == "POST" { "GET" } else { "TRACE" };
        for method in ["PUT", "DELETE", "PATCH", not] {
            let answer = send(&scene, (method, path), FORM, b"a=b".to_vec()).await;
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.body);
            let allow = answer.headers["allow"].to_str().unwrap();
            assert!(allow.contains(one), "{method} {path}: {allow}");
            assert!(!allow.contains(method), "{method} {path}: {allow}");
        }
    }
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let form = |text: &str| (FORM, text.as_bytes().to_vec());
    vec![
        ("application/json", b"{\"a\":1}".to_vec()),
        ("text/plain", b"a=b".to_vec()),
        ("multipart/form-data; boundary=x", b"--x--".to_vec()),
        form("client_id=a&client_id=b&token=x&csrf=x"),
        form("csrf=a&csrf=b&token=x&token=x"),
        form("client_id=%"),
        form("client_id=%ff"),
        form(&"a=b&".repeat(2_000)),
        (FORM, vec![b'a'; 1_000_000]),
    ]
}

#[tokio::test]
async fn rfc6749_3_2_what_is_no_form_is_refused_at_each_endpoint() {
    let scene = Scene::new().await;
    for path in FORMS.into_iter().chain(["/revoke"]) {
        for (kind, body) in bodies() {
            let answer = send(&scene, ("POST", path), kind, body).await;
            let known = [400, 413, 415].contains(&answer.status.as_u16());
            assert!(known, "{path} {kind}: {} {}", answer.status, answer.body);
            // JSON is read at /token (google-wire 4.7): there this asks for no grant.
            let error = match (path, kind) {
                ("/token", "application/json") => "unsupported_grant_type",
                _ => "invalid_request",
            };
            assert_eq!(answer.json()["error"], error, "{path} {kind}");
            assert!(answer.body.contains("CRN-"), "{}", answer.body);
        }
    }
    for path in OF_PEOPLE {
        for (kind, body) in bodies() {
            let answer = send(&scene, ("POST", path), kind, body).await;
            let known = [400, 413, 415].contains(&answer.status.as_u16());
            assert!(known, "{path} {kind}: {} {}", answer.status, answer.body);
        }
    }
    let account = scene.actor().get("/account").await;
    assert_eq!(account.status, 200, "who was signed in is so still");
}

/// RFC 6750 section 2: in one way, and where it is allowed.
#[tokio::test]
async fn rfc6750_2_a_token_is_shown_in_one_place() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let form = format!("access_token={}", held.access);
    let ask = async |header: bool, path: &str, kind: &str, body: &str| {
        let mut request = Request::post(path).header("content-type", kind);
        if header {
            request = request.header("authorization", format!("Bearer {}", held.access));
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        scene.provider().send(request).await
    };
    assert_eq!(ask(true, "/userinfo", FORM, "").await.status, 200);
    assert_eq!(ask(false, "/userinfo", FORM, &form).await.status, 200);
    let twice = ask(true, "/userinfo", FORM, &form).await;
    assert_eq!(twice.status, 400, "{}", twice.body);
    assert_eq!(twice.json()["error"], "invalid_request");
    let in_query = format!("/userinfo?{form}");
    assert_eq!(ask(false, &in_query, FORM, "").await.status, 401);
    let request = Request::get("/userinfo").header("content-type", FORM);
    let request = request.body(Body::from(form.clone())).unwrap();
    let in_get = scene.provider().send(request).await;
    assert_eq!(in_get.status, 401, "RFC 6750 section 2.2: not with GET");
    let json = format!("{{\"access_token\":\"{}\"}}", held.access);
    let json = ask(false, "/userinfo", "application/json", &json).await;
    assert_eq!(json.status, 401);
}

fn grants(held: &super::scene::Held) -> Vec<Vec<(&str, &str)>> {
    let person = carnet_testkit::world::ALICE;
    vec![
        vec![
            ("grant_type", "authorization_code"),
            ("code", &held.code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ],
        vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", &held.refresh),
        ],
        vec![("grant_type", "client_credentials")],
        vec![("grant_type", DEVICE_CODE), ("device_code", &held.device)],
        vec![
            ("grant_type", EXCHANGE),
            ("subject_token", &held.access),
            ("subject_token_type", super::scene::ACCESS_TOKEN),
        ],
        vec![
            ("grant_type", "password"),
            ("username", person),
            ("password", crate::people::PASSWORD),
        ],
    ]
}

#[tokio::test]
async fn rfc6749_3_2_1_each_grant_wants_its_client_to_prove_itself() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let provider = scene.provider();
    let mut told = Vec::new();
    for form in grants(&held) {
        let wrong = provider.post_basic("/token", &form, (WEB, "wrong")).await;
        let nobody = provider
            .post_basic("/token", &form, ("nobody", SECRET))
            .await;
        let named = [form.as_slice(), &[("client_id", WEB)]].concat();
        let named = provider.post("/token", &named).await;
        let another = [
            form.as_slice(),
            &[("client_id", WEB), ("client_secret", SECRET)],
        ];
        let another = provider.post("/token", &another.concat()).await;
        for answer in [wrong, nobody, named, another] {
            assert_eq!(answer.status, 401, "{form:?}: {}", answer.body);
            assert_eq!(answer.json()["error"], "invalid_client");
            assert!(answer.headers.contains_key("www-authenticate"));
            told.push(member(&answer, "error_description"));
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    let good = scene.actor().redeem(&held.code).await;
    assert_eq!(good.status, 200, "nothing was spent: {}", good.body);
}

/// A refusal at each endpoint of programs.
async fn refusals(scene: &Scene) -> Vec<(&'static str, Answer)> {
    let provider = scene.provider();
    let wrong = (WEB, "wrong-and-secret");
    let code = [("grant_type", "authorization_code"), ("code", "crn_ac_x")];
    let token = [("token", "x")];
    vec![
        ("/token", provider.post_basic("/token", &code, wrong).await),
        (
            "/token",
            provider.post_basic("/token", &code, (WEB, SECRET)).await,
        ),
        (
            "/token",
            scene.actor().refresh("crn_rt_something-secret").await,
        ),
        ("/par", provider.post_basic("/par", &token, wrong).await),
        (
            "/device_authorization",
            provider
                .post_basic("/device_authorization", &token, wrong)
                .await,
        ),
        (
            "/introspect",
            provider.post_basic("/introspect", &token, wrong).await,
        ),
        (
            "/revoke",
            provider.post_basic("/revoke", &token, wrong).await,
        ),
        (
            "/userinfo",
            scene.actor().userinfo("crn_at_something-secret").await,
        ),
        (
            "/tokeninfo",
            provider.get("/tokeninfo?id_token=something-secret").await,
        ),
    ]
}

#[tokio::test]
async fn security_each_refusal_is_one_entry_of_the_audit_log_without_the_secret() {
    let scene = Scene::new().await;
    let refusals = refusals(&scene).await;
    scene.provider().settle().await;
    let store = scene.provider().world.store();
    let page = Page::first(100);
    let entries = store.audit(&AuditFilter::default(), &page).await.unwrap();
    let entries = entries.items.into_iter().map(|entry| entry.draft);
    let refused: Vec<_> = entries
        .filter(|draft| draft.action.ends_with(".refuse") || draft.outcome != Outcome::Done)
        .collect();
    let mut actions: Vec<_> = refused.iter().map(|draft| &*draft.action).collect();
    actions.sort_unstable();
    assert_eq!(actions.len(), refusals.len(), "{actions:?}");
    actions.dedup();
    assert_eq!(actions.len(), 7, "each endpoint has its own: {actions:?}");
    for (path, answer) in refusals {
        assert!(answer.status.is_client_error(), "{path}: {}", answer.body);
        for secret in ["wrong-and-secret", SECRET, "something-secret"] {
            assert!(!format!("{refused:?}").contains(secret));
            assert!(!answer.body.contains(secret), "{path}: {}", answer.body);
        }
    }
}

fn is_kept_by_nobody(what: &str, answer: &Answer) {
    let kept = answer.headers.get("cache-control");
    let kept = kept.map_or("", |value| value.to_str().unwrap());
    assert!(
        kept.contains("no-store"),
        "{what}: {kept:?} {}",
        answer.body
    );
}

#[tokio::test]
async fn rfc6749_5_1_no_answer_with_a_secret_is_kept_by_a_cache() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let (actor, provider) = (scene.actor(), scene.provider());
    let token = [("token", held.access.as_str())];
    let app = (WEB, SECRET);
    for (what, answer) in refusals(&scene).await {
        is_kept_by_nobody(what, &answer);
    }
    let tokeninfo = format!("/tokeninfo?access_token={}", held.access);
    for (what, answer) in [
        ("refresh", actor.refresh(&held.refresh).await),
        ("code", actor.redeem(&held.code).await),
        ("exchange", scene.exchange(&held.access).await),
        ("password", scene.password().await),
        ("device", scene.poll(&held.device).await),
        ("push", scene.push().await),
        ("registration", scene.register().await),
        ("userinfo", actor.userinfo(&held.access).await),
        ("tokeninfo", provider.get(&tokeninfo).await),
        (
            "introspection",
            provider.post_basic("/introspect", &token, app).await,
        ),
        (
            "revocation",
            provider.post_basic("/revoke", &token, app).await,
        ),
    ] {
        assert!(answer.status.is_success(), "{what}: {}", answer.body);
        is_kept_by_nobody(what, &answer);
    }
    for (what, answer) in [
        ("userinfo", actor.userinfo(&held.access).await),
        ("tokeninfo", provider.get(&tokeninfo).await),
        ("registration", scene.with_token("/register/x", "x").await),
    ] {
        assert!(answer.status.is_client_error(), "{what}: {}", answer.body);
        is_kept_by_nobody(what, &answer);
    }
}
