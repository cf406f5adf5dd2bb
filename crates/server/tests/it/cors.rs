//! Which scripts in browsers may read our answers (the Fetch Standard's CORS protocol).

use axum::body::Body;
use axum::http::Method;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_server::config::rate::Quota;
use carnet_server::config::rate::Rate;
use carnet_server::config::registration::Dynamic;
use carnet_server::config::registration::Registration;
use carnet_server::cors::FREE;
use carnet_server::cors::OPENED;
use carnet_server::cors::PUBLIC;
use carnet_server::http::arrival::Arrival;
use carnet_server::http::client_address::Scheme;
use carnet_server::http::trace::TraceId;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::READ;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::member;

/// Where the single-page app is served.
const BOARD: &str = "https://board.example";
/// Where another app is, which is registered too.
const OTHER: &str = "https://ledgerly.example";

/// What is almost the name of [`BOARD`], and is not.
const SIMILAR: [&str; 9] = [
    "https://board.example.evil.test",
    "https://evilboard.example",
    "https://board.example:8443",
    "http://board.example",
    "https://BOARD.example",
    "https://board.example/",
    "https://board.exampl",
    "https://user@board.example",
    "null",
];

async fn listed(world: &World, client: &str, origins: &[&str]) {
    let store = world.store();
    let found = store.client(&client.parse().unwrap()).await.unwrap();
    let mut client = found.unwrap();
    client.origins = origins.iter().map(|one| one.parse().unwrap()).collect();
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
}

/// Two apps, each with an origin.
async fn actor() -> Actor {
    let actor = Actor::new().await;
    listed(&actor.provider.world, SPA, &[BOARD]).await;
    listed(&actor.provider.world, WEB, &[OTHER]).await;
    actor
}

async fn preflight(provider: &Provider, path: &str, origin: &str) -> Answer {
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri(path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,dpop");
    provider.send(request.body(Body::empty()).unwrap()).await
}

async fn post(provider: &Provider, path: &str, origin: &str, form: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header("origin", origin)
        .header("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(encoded(form));
    provider.send(request.body(body).unwrap()).await
}

async fn userinfo(provider: &Provider, origin: &str, token: &str) -> Answer {
    let request = Request::get("/userinfo")
        .header("origin", origin)
        .header("authorization", format!("Bearer {token}"));
    provider.send(request.body(Body::empty()).unwrap()).await
}

fn said<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let found = answer.headers.get(name)?;
    Some(found.to_str().unwrap())
}

/// From which origin the answer may be read.
fn reader(answer: &Answer) -> Option<&str> {
    let credentials = said(answer, "access-control-allow-credentials");
    assert_eq!(credentials, None, "cookies never count");
    let varies = said(answer, "vary").is_some_and(|line| line.contains("Origin"));
    let origin = said(answer, "access-control-allow-origin");
    assert!(varies || origin == Some("*"), "{:?}", answer.headers);
    origin
}

#[tokio::test]
async fn a_preflight_is_answered_yes_for_the_origins_of_all_clients() {
    let actor = actor().await;
    for opened in OPENED {
        for origin in [BOARD, OTHER] {
            let answer = preflight(&actor.provider, opened.path, origin).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            assert_eq!(reader(&answer), Some(origin));
            let methods = said(&answer, "access-control-allow-methods");
            assert_eq!(methods, Some(opened.methods));
            let headers = said(&answer, "access-control-allow-headers").unwrap();
            assert!(headers.contains("Authorization") && headers.contains("DPoP"));
            assert!(said(&answer, "vary").unwrap().contains("Request-Headers"));
        }
        for origin in SIMILAR {
            let answer = preflight(&actor.provider, opened.path, origin).await;
            assert_eq!(reader(&answer), None, "{origin}");
            assert_eq!(said(&answer, "access-control-allow-methods"), None);
        }
    }
}

#[tokio::test]
async fn an_origin_that_is_taken_away_or_added_counts_from_the_next_request_on() {
    let actor = actor().await;
    let ask = async |origin| {
        let answer = preflight(&actor.provider, "/token", origin).await;
        reader(&answer).is_some()
    };
    assert!(ask(BOARD).await);
    assert!(!ask("https://new.example").await);
    listed(&actor.provider.world, SPA, &["https://new.example"]).await;
    assert!(!ask(BOARD).await);
    assert!(ask("https://new.example").await);
}

#[tokio::test]
async fn an_answer_is_readable_from_an_origin_of_the_client_that_asks_and_from_no_other() {
    let actor = actor().await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", SPA),
        ("code", "crn_ac_nothing"),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = post(&actor.provider, "/token", BOARD, &form).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
    assert_eq!(reader(&answer), Some(BOARD));
    let exposed = said(&answer, "access-control-expose-headers").unwrap();
    assert_eq!(exposed, "WWW-Authenticate, DPoP-Nonce, Retry-After");
    for origin in SIMILAR.into_iter().chain([OTHER]) {
        let answer = post(&actor.provider, "/token", origin, &form).await;
        assert_eq!(reader(&answer), None, "{origin}");
        assert_eq!(said(&answer, "access-control-expose-headers"), None);
    }
}

#[tokio::test]
async fn a_single_page_app_gets_tokens_uses_them_and_gives_them_back() {
    let actor = actor().await;
    let path = authorize(SPA, &[("scope", &format!("openid email {READ}"))]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", SPA),
        ("code", &code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = post(&actor.provider, "/token", BOARD, &form).await;
    assert_eq!(
        (answer.status, reader(&answer)),
        (StatusCode::OK, Some(BOARD))
    );
    let token = member(&answer, "access_token");

    let who = userinfo(&actor.provider, BOARD, &token).await;
    assert_eq!((who.status, reader(&who)), (StatusCode::OK, Some(BOARD)));
    let who = userinfo(&actor.provider, OTHER, &token).await;
    assert_eq!((who.status, reader(&who)), (StatusCode::OK, None));

    let form = [("client_id", SPA), ("token", &token)];
    let gone = post(&actor.provider, "/revoke", BOARD, &form).await;
    assert_eq!((gone.status, reader(&gone)), (StatusCode::OK, Some(BOARD)));
    let who = userinfo(&actor.provider, BOARD, &token).await;
    assert_eq!(who.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        reader(&who),
        Some(BOARD),
        "the app reads that its token is dead"
    );
    assert!(said(&who, "www-authenticate").is_some());
}

#[tokio::test]
async fn a_no_without_a_client_is_readable_from_registered_origins_and_a_yes_from_nowhere() {
    let actor = actor().await;
    let provider = &actor.provider;
    let answer = post(provider, "/token", BOARD, &[("grant_type", "nonsense")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(reader(&answer), Some(BOARD));
    let answer = userinfo(provider, BOARD, "nonsense").await;
    assert_eq!(reader(&answer), Some(BOARD));
    for origin in SIMILAR {
        let answer = userinfo(provider, origin, "nonsense").await;
        assert_eq!(reader(&answer), None, "{origin}");
    }
    let assertion = provider.world.sign(&provider.world.claims());
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let form = [("grant_type", grant), ("assertion", &assertion)];
    let answer = post(provider, "/token", BOARD, &form).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(reader(&answer), None, "a service account has no scripts");
}

#[tokio::test]
async fn a_script_that_is_refused_too_often_reads_when_to_come_again() {
    let refusals = Quota {
        per_minute: 1,
        burst: 1,
    };
    let rate = Rate {
        refusals: Some(refusals),
        ..Rate::off()
    };
    let world = World::new().await.with_clients().await;
    listed(&world, SPA, &[BOARD]).await;
    let provider = Provider::limited(world, rate).await;
    let ask = async |method: Method, origin: &str| {
        let request = Request::builder()
            .method(method)
            .uri("/token")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Arrival {
            trace: TraceId::new(1),
            client: Some([192, 0, 2, 1].into()),
            scheme: Scheme::Https,
        });
        provider.send(request).await
    };
    assert_eq!(
        ask(Method::POST, BOARD).await.status,
        StatusCode::BAD_REQUEST
    );
    let answer = ask(Method::POST, BOARD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reader(&answer), Some(BOARD));
    assert!(said(&answer, "retry-after").is_some());
    assert_eq!(reader(&ask(Method::POST, OTHER).await), None);
    let answer = ask(Method::OPTIONS, BOARD).await;
    assert_eq!(
        answer.status,
        StatusCode::NO_CONTENT,
        "else nothing is read"
    );
    assert_eq!(reader(&answer), Some(BOARD));
}

#[tokio::test]
async fn what_is_public_is_open_to_anybody_and_the_rest_to_nobody() {
    let actor = actor().await;
    for path in PUBLIC {
        let request = Request::get(*path).header("origin", "https://anybody.example");
        let request = request.body(Body::empty()).unwrap();
        let answer = actor.provider.send(request).await;
        assert_eq!(
            (answer.status, reader(&answer)),
            (StatusCode::OK, Some("*"))
        );
        let answer = preflight(&actor.provider, path, "null").await;
        assert_eq!(reader(&answer), Some("*"), "{path}");
    }
    let closed = [
        "/authorize",
        "/consent",
        "/login",
        "/logout",
        "/account",
        "/account/apps",
        "/setup",
        "/",
        "/introspect",
        "/tokeninfo",
        "/oauth2/v1/tokeninfo",
        "/oauth2/v3/tokeninfo",
        "/e/CRN-1001",
        "/admin/v1/whoami",
        "/nothing",
        "/token/",
        "/register/",
        "/register/a/b",
        "/o/oauth2/token",
    ];
    for path in closed {
        for method in [Method::OPTIONS, Method::GET, Method::POST] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("origin", BOARD)
                .header("access-control-request-method", "POST");
            let answer = actor
                .provider
                .send(request.body(Body::empty()).unwrap())
                .await;
            let named = answer.headers.keys();
            let said = named.filter(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(said.count(), 0, "{path}");
        }
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told to its end")]
async fn rfc7591_3_a_page_of_any_origin_registers_a_client_and_reads_what_comes() {
    let ways = Ways {
        registration: Registration {
            dynamic: Dynamic::Open,
            project: Some("billing".parse().unwrap()),
            ..Registration::default()
        },
        ..Ways::default()
    };
    let actor = Actor::with(ways).await;
    let origin = "https://inspector.example";
    let body =
        r#"{"redirect_uris":["https://inspector.example/cb"],"token_endpoint_auth_method":"none"}"#;
    let send = async |method: Method, path: &str, body: &'static str, token: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("origin", origin)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::from(body)).unwrap();
        actor.provider.send(request).await
    };
    for opened in FREE {
        let path = match opened.path {
            "/register/" => "/register/somebody",
            path => path,
        };
        let answer = preflight(&actor.provider, path, origin).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(reader(&answer), Some("*"));
        let methods = said(&answer, "access-control-allow-methods");
        assert_eq!(methods, Some(opened.methods));
        let headers = said(&answer, "access-control-allow-headers").unwrap();
        assert!(
            headers.contains("Authorization") && headers.contains("Content-Type"),
            "a star does not stand for Authorization: {headers}"
        );
    }
    let request = Request::post("/register")
        .header("origin", origin)
        .header("content-type", "application/json");
    let made = actor.provider.send(request.body(Body::from(body)).unwrap());
    let made = made.await;
    assert_eq!(
        (made.status, reader(&made)),
        (StatusCode::CREATED, Some("*"))
    );
    let (id, token) = (
        member(&made, "client_id"),
        member(&made, "registration_access_token"),
    );
    let path = format!("/register/{id}");
    let read = send(Method::GET, &path, "", &token).await;
    assert_eq!((read.status, reader(&read)), (StatusCode::OK, Some("*")));
    let wrong = send(Method::GET, &path, "", "crn_ra_nothing").await;
    assert_eq!(
        (wrong.status, reader(&wrong)),
        (StatusCode::UNAUTHORIZED, Some("*"))
    );
    let exposed = said(&wrong, "access-control-expose-headers").unwrap();
    assert!(exposed.contains("WWW-Authenticate"));
    let wrong = send(Method::POST, "/register", "{}", &token).await;
    assert_eq!(reader(&wrong), Some("*"), "{}", wrong.body);
    // From then on the client has an origin, and the other endpoints know it.
    let known = preflight(&actor.provider, "/token", origin).await;
    assert_eq!(reader(&known), Some(origin));
}
