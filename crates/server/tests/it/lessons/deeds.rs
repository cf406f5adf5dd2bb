//! What is done and what is refused: who reads of it, who waits for it, and who may watch.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::AuditDraft;
use carnet_core::record::Session;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::value::Secret;
use carnet_core::value::SessionId;
use carnet_server::config::rate::Quota;
use carnet_server::config::rate::Rate;
use carnet_server::http::arrival::Arrival;
use carnet_server::http::client_address::Scheme;
use carnet_server::http::trace::TraceId;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::BOB;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;

use super::scene::Scene;
use crate::code::actor::Actor;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::field;
use crate::code::actor::member;
use crate::device::tv::TV;
use crate::people::PASSWORD;

const FORM: &str = "application/x-www-form-urlencoded";

async fn audited(scene: &Scene) -> Vec<AuditDraft> {
    scene.provider().settle().await;
    let store = scene.provider().world.store();
    let page = Page::first(200);
    let entries = store.audit(&AuditFilter::default(), &page).await.unwrap();
    entries.items.into_iter().map(|entry| entry.draft).collect()
}

#[tokio::test]
async fn security_what_a_person_does_in_their_account_is_in_the_audit_log_without_a_secret() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let actor = scene.actor();
    let second = Session {
        id: SessionId::from_bytes([43; 16]),
        digest: Secret::new("another".to_owned()).digest(),
        ..actor.session.clone()
    };
    scene.commit(Change::Insert(Record::Session(second))).await;
    let csrf = async |path: &str| field(&actor.get(path).await, "csrf");
    let (apps, devices) = (csrf("/account/apps").await, csrf("/account/devices").await);
    let password = csrf("/account/password").await;
    let before = audited(&scene).await.len();
    let new = "an even better horse";
    for (path, fields) in [
        (
            "/account/apps/remove",
            vec![("csrf", &*apps), ("client", TV)],
        ),
        ("/account/devices/end-others", vec![("csrf", &*devices)]),
        (
            "/account/password",
            vec![
                ("csrf", &*password),
                ("current_password", PASSWORD),
                ("new_password", new),
            ],
        ),
    ] {
        let answer = actor.post(path, &fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    }
    let all = audited(&scene).await;
    let person = format!("user:{}", actor.session.user);
    let new_ones = &all[..all.len() - before];
    for action in ["session.end_others", "password.change"] {
        let found = new_ones
            .iter()
            .find(|draft| draft.action.starts_with(action));
        let found = found.unwrap_or_else(|| unreachable!("{action}: {new_ones:?}"));
        assert_eq!(found.actor, person, "{action}");
    }
    let removed = new_ones.iter().filter(|draft| draft.actor == person);
    assert_eq!(removed.count(), 3, "each deed is one entry: {new_ones:?}");
    let text = format!("{all:?}");
    let cookie = actor.cookie.split_once('=').unwrap().1;
    for secret in [
        PASSWORD,
        new,
        SECRET,
        cookie,
        &held.code,
        &held.access,
        &held.refresh,
        &held.device,
    ] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn security_who_registers_is_in_the_audit_log_and_their_secrets_are_not() {
    let scene = Scene::new().await;
    let body = r#"{"redirect_uris":["https://a.example/cb"]}"#;
    let request = Request::post("/register").header("content-type", "application/json");
    let request = request.body(Body::from(body)).unwrap();
    let made = scene.provider().send(request).await;
    let (id, secret) = (member(&made, "client_id"), member(&made, "client_secret"));
    let token = member(&made, "registration_access_token");
    let refused = scene
        .with_token(&format!("/register/{id}"), "crn_ra_guess")
        .await;
    assert_eq!(refused.status, 401);
    let all = audited(&scene).await;
    let of = |action: &str| {
        all.iter()
            .filter(|draft| draft.action == action)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("client.register").len(), 1);
    assert!(
        of("client.register")[0].target.contains(&id)
            || of("client.register")[0].detail.contains(&id)
    );
    assert_eq!(of("client.refuse").len(), 1);
    let text = format!("{all:?}");
    for kept_back in [secret.as_str(), &token, "crn_ra_guess"] {
        assert!(!text.contains(kept_back), "{kept_back}");
    }
}

#[tokio::test]
async fn security_a_refresh_that_came_twice_is_in_the_audit_log() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    scene.actor().refresh(&held.refresh).await;
    scene.provider().wait(31);
    let again = scene.actor().refresh(&held.refresh).await;
    assert_eq!(again.status, 400);
    let all = audited(&scene).await;
    let refused = all.iter().find(|draft| draft.action == "token.refuse");
    let refused = refused.unwrap();
    assert_eq!(refused.actor, format!("client:{WEB}"));
    assert!(!format!("{all:?}").contains(&held.refresh));
}

/// A refusal at each endpoint counts, and whoever has too many is turned away everywhere.
#[tokio::test]
async fn rfc6585_4_a_refusal_counts_at_each_endpoint() {
    for (method, path) in [
        ("POST", "/token"),
        ("POST", "/par"),
        ("POST", "/device_authorization"),
        ("POST", "/introspect"),
        ("POST", "/revoke"),
        ("GET", "/userinfo"),
        ("GET", "/tokeninfo?access_token=x"),
        ("GET", "/register/nobody"),
    ] {
        let refusals = Some(Quota {
            per_minute: 1,
            burst: 2,
        });
        let rate = Rate {
            refusals,
            ..Rate::off()
        };
        let provider = Provider::limited(World::new().await.with_clients().await, rate).await;
        let ask = async |last: u8| {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("content-type", FORM);
            let request = request.header("authorization", "Bearer x");
            let mut request = request
                .body(Body::from("token=x&client_id=nobody"))
                .unwrap();
            request.extensions_mut().insert(Arrival {
                trace: TraceId::new(1),
                client: Some([192, 0, 2, last].into()),
                scheme: Scheme::Https,
            });
            provider.send(request).await
        };
        for _ in 0..2 {
            let answer = ask(1).await;
            assert!(answer.status.is_client_error(), "{path}: {}", answer.body);
            assert_ne!(answer.status, 429, "{path}");
        }
        let turned = ask(1).await;
        assert_eq!(turned.status, 429, "{path}: {}", turned.body);
        assert!(turned.headers.contains_key("retry-after"), "{path}");
        assert_ne!(ask(2).await.status, 429, "{path}: nobody else is");
    }
}

/// A person who asks too often waits, from wherever they come, and nobody else does.
#[tokio::test]
async fn rfc6585_4_a_person_who_asks_too_often_of_their_own_pages_waits() {
    for (method, path) in [
        ("POST", "/consent"),
        ("GET", "/account/apps"),
        ("POST", "/account/apps/remove"),
        ("POST", "/account/apps/undo"),
        ("GET", "/account/devices"),
        ("POST", "/account/devices/end"),
        ("POST", "/account/devices/end-others"),
    ] {
        let people = Some(Quota {
            per_minute: 1,
            burst: 2,
        });
        let rate = Rate {
            people,
            ..Rate::off()
        };
        let ways = Ways {
            rate,
            ..Ways::default()
        };
        let actor = Actor::with(ways).await;
        actor.provider.give_password(BOB, PASSWORD).await;
        let bob = actor.cookie_of(BOB).await;
        let page = actor.get(&authorize(WEB, &[("scope", READ)])).await;
        let request = field(&page, "request");
        let ask = async |cookie: &str, last: u8| {
            let form = encoded(&[("csrf", "x"), ("request", &request), ("decision", "allow")]);
            let request = Request::builder().method(method).uri(path);
            let request = request
                .header("content-type", FORM)
                .header("cookie", cookie);
            let request = request.header("accept", "text/html");
            let mut request = request.body(Body::from(form)).unwrap();
            request.extensions_mut().insert(Arrival {
                trace: TraceId::new(1),
                client: Some([192, 0, 2, last].into()),
                scheme: Scheme::Https,
            });
            actor.provider.send(request).await
        };
        for last in 1..=2 {
            let answer = ask(&actor.cookie, last).await;
            assert_ne!(answer.status, 429, "{path}: {}", answer.body);
        }
        let turned = ask(&actor.cookie, 3).await;
        assert_eq!(turned.status, 429, "{path}: {}", turned.body);
        assert_eq!(turned.headers["retry-after"], "60", "{path}");
        assert_eq!(turned.headers["ratelimit"], "\"people\";r=0;t=60", "{path}");
        assert!(turned.body.contains("CRN-5003"), "{path}: a page says so");
        assert_ne!(ask(&bob, 1).await.status, 429, "{path}: nobody else waits");
    }
}

fn opened(answer: &Answer) -> bool {
    let names = answer.headers.keys();
    names
        .map(axum::http::HeaderName::as_str)
        .any(|name| name.starts_with("access-control-"))
}

/// What people see is read by no script of another page, whoever is signed in.
#[tokio::test]
async fn fetch_cors_no_page_of_a_person_is_read_from_elsewhere() {
    let scene = Scene::new().await;
    for path in [
        "/authorize?client_id=ledgerly",
        "/consent",
        "/login",
        "/logout",
        "/device",
        "/device/confirm",
        "/account",
        "/account/apps",
        "/account/apps/remove",
        "/account/devices",
        "/account/devices/end",
        "/account/password",
    ] {
        for origin in ["https://ledgerly.example", "https://evil.example", "null"] {
            for method in ["OPTIONS", "GET", "POST"] {
                let request = Request::builder()
                    .method(method)
                    .uri(path)
                    .header("origin", origin)
                    .header("access-control-request-method", "POST")
                    .header("cookie", &scene.actor().cookie)
                    .header("content-type", FORM);
                let request = request.body(Body::from("a=b")).unwrap();
                let answer = scene.provider().send(request).await;
                assert!(!opened(&answer), "{method} {path} from {origin}");
            }
        }
    }
}
