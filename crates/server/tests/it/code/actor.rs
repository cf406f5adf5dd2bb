//! An app, and a person in front of a browser who is signed in.

#![expect(clippy::panic, reason = "a test ends where something is missing")]

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::record::GrantType;
use carnet_core::record::Session;
use carnet_core::record::SignInMethod;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::value::Seconds;
use carnet_core::value::Secret;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_jose::Prefixed;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use carnet_testkit::world::WRITE;
use carnet_testkit::world::World;
use carnet_wire::scope::Scope;
use serde_json::Value;

/// Where the app gets its answers.
pub(crate) const BACK: &str = "https://ledgerly.example/callback?kept=1";
/// What proves that the app asked.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// All of it.
pub(crate) struct Actor {
    pub(crate) provider: Arc<Provider>,
    pub(crate) cookie: String,
    pub(crate) session: Session,
}

impl Actor {
    pub(crate) async fn new() -> Self {
        Self::in_front_of(world().await).await
    }

    /// In front of a server over this world, in which the clients are apps of people.
    pub(crate) async fn in_front_of(world: World) -> Self {
        Self::of(world, Ways::default()).await
    }

    /// In front of a server that goes about things in these ways.
    pub(crate) async fn with(ways: Ways) -> Self {
        Self::of(world().await, ways).await
    }

    pub(crate) async fn of(world: World, ways: Ways) -> Self {
        let store = world.store();
        let alice = store.user_by_email(&ALICE.parse().unwrap()).await.unwrap();
        let secret = Prefixed::Session.encode(&[42; 32]);
        let session = Session {
            id: SessionId::from_bytes([42; 16]),
            digest: Secret::new(secret.clone()).digest(),
            user: alice.unwrap().id,
            method: SignInMethod::Password,
            created: UnixTime(NOW),
            seen: UnixTime(NOW),
            idle_ends: UnixTime(NOW) + Seconds::days(1),
            ends: UnixTime(NOW) + Seconds::days(7),
            agent: "".parse().unwrap(),
            address: String::new(),
        };
        let changes = [Change::Insert(Record::Session(session.clone()))];
        let committed = store.commit(&changes).await.unwrap();
        assert_eq!(committed, Committed::Yes);
        Self {
            provider: Arc::new(Provider::with(world, ways).await),
            cookie: format!("__Host-carnet={secret}"),
            session,
        }
    }

    /// The cookie of another person who is signed in.
    pub(crate) async fn cookie_of(&self, email: &str) -> String {
        let store = self.provider.world.store();
        let user = store.user_by_email(&email.parse().unwrap()).await.unwrap();
        let secret = Prefixed::Session.encode(&[44; 32]);
        let session = Session {
            id: SessionId::from_bytes([44; 16]),
            digest: Secret::new(secret.clone()).digest(),
            user: user.unwrap().id,
            ..self.session.clone()
        };
        let changes = [Change::Insert(Record::Session(session))];
        assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
        format!("__Host-carnet={secret}")
    }

    /// Fetches as the browser.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", &self.cookie);
        let request = request.header("accept", "text/html");
        self.provider
            .send(request.body(Body::empty()).unwrap())
            .await
    }

    /// Posts as the browser.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        let body = Body::from(encoded(fields));
        self.provider.send(request.body(body).unwrap()).await
    }

    /// Brings this request to the consent page, and answers there.
    pub(crate) async fn consent(&self, path: &str, answer: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
        let mut fields = vec![("csrf", csrf.as_str()), ("request", request.as_str())];
        fields.extend(answer);
        self.post("/consent", &fields).await
    }

    /// A code for this scope.
    pub(crate) async fn code(&self, scope: &str) -> String {
        let path = authorize(WEB, &[("scope", scope)]);
        let back = self.get(&path).await;
        let back = if back.status == StatusCode::OK {
            self.consent(&path, &[("decision", "allow"), ("scope", "offline_access")])
                .await
        } else {
            back
        };
        answered(&back, "code").unwrap_or_else(|| panic!("{back:?}"))
    }

    /// Asks the token endpoint as the app.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Answer {
        self.provider
            .post_basic("/token", form, (WEB, SECRET))
            .await
    }

    /// Redeems a code.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    /// Renews.
    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token(&form).await
    }

    /// Who the person is, by an access token.
    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let request = Request::get("/userinfo").header("authorization", format!("Bearer {token}"));
        self.provider
            .send(request.body(Body::empty()).unwrap())
            .await
    }
}

/// A world in which the clients are apps with people in front of them.
pub(crate) async fn world() -> World {
    of_apps(World::new().await).await
}

/// The same with this world.
pub(crate) async fn of_apps(world: World) -> World {
    let world = world.with_clients().await;
    let store = world.store();
    let mut changes = Vec::new();
    for id in [WEB, SPA] {
        let client = store.client(&id.parse().unwrap()).await.unwrap();
        let mut client = client.unwrap();
        client.redirect_uris = vec![BACK.parse().unwrap()];
        client.grants = [GrantType::AuthorizationCode, GrantType::RefreshToken].into();
        let scopes = format!("openid email profile offline_access {READ} {WRITE}");
        client.scopes = Scope::parse(&scopes).unwrap();
        client.version = client.version.next();
        changes.push(Change::Replace(Record::Client(client)));
    }
    let committed = store.commit(&changes).await.unwrap();
    assert_eq!(committed, Committed::Yes);
    world
}

/// The address of a request of this client.
pub(crate) fn authorize(client: &str, more: &[(&str, &str)]) -> String {
    let challenge = base64url::encode(sha256(VERIFIER));
    let mut fields = vec![
        ("client_id", client),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("state", "st&te"),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    format!("/authorize?{}", encoded(&fields))
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields);
    text.finish()
}

/// A parameter of what goes back to the app, which must also say the state and the issuer.
pub(crate) fn answered(answer: &Answer, name: &str) -> Option<String> {
    let location = answer.headers.get("location")?.to_str().unwrap();
    assert!(location.starts_with(BACK), "{location}");
    let url = url::Url::parse(location).unwrap();
    let found = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|it| it.1.into_owned())
    };
    assert_eq!(found("state").as_deref(), Some("st&te"));
    assert_eq!(
        found("iss").as_deref(),
        Some(carnet_testkit::provider::ISSUER)
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    found(name)
}

/// The value of a hidden field.
pub(crate) fn field(page: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.body.split_once(&mark).map(|(_, rest)| rest);
    let value = rest.and_then(|rest| rest.split_once('"'));
    value
        .unwrap_or_else(|| panic!("no {name}: {}", page.body))
        .0
        .replace("&#x2f;", "/")
}

/// A member of a JSON answer.
pub(crate) fn member(answer: &Answer, name: &str) -> String {
    match answer.json().get(name) {
        Some(Value::String(text)) => text.clone(),
        other => panic!("{name} is {other:?} in {}", answer.body),
    }
}

/// What a JWT says.
pub(crate) fn claims(token: &str) -> Value {
    let middle = token.split('.').nth(1).unwrap();
    let bytes = base64url::decode(middle, base64url::Padding::Strict, 8_192).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
