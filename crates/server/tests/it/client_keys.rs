//! Clients that keep their public keys elsewhere (`jwks_uri`, RFC 7591 section 2): fetched when they are needed,
//! and not more often.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use axum::routing::get;
use carnet_core::record::Client;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKeys;
use carnet_core::record::Credentials;
use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_server::config::http::Http;
use carnet_server::config::http::TlsFiles;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_server::config::registration::Documents;
use carnet_server::config::registration::Dynamic;
use carnet_server::config::registration::Registration;
use carnet_server::outbound::Outbound;
use carnet_server::outbound::Resolve;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::World;
use carnet_wire::scope::Scope;
use serde_json::json;
use tempfile::TempDir;

use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::encoded;
use crate::house::House;
use crate::house::config;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The page of a client, which a test changes.
#[derive(Default)]
struct Page {
    text: Mutex<Option<String>>,
    /// What it says of the client itself.
    document: Mutex<String>,
    fetched: AtomicUsize,
}

impl Page {
    /// These are its keys from now on.
    fn has(&self, keys: &[&KeyPair]) {
        let keys = keys.iter().map(|pair| {
            let key = pair.public_key().clone();
            let name = key.thumbprint_text();
            Jwk::new(key, name)
        });
        let set = JwkSet {
            keys: keys.collect(),
            skipped: Vec::new(),
        };
        *self.text.lock().unwrap() = Some(set.to_json());
    }

    fn fails(&self) {
        *self.text.lock().unwrap() = None;
    }

    fn fetched(&self) -> usize {
        self.fetched.load(Ordering::Relaxed)
    }
}

/// A server with a client whose keys are on a page.
struct Scene {
    provider: Provider,
    page: Arc<Page>,
    port: u16,
    seconds: i64,
    _house: House,
    _folder: TempDir,
}

impl Scene {
    #[expect(clippy::too_many_lines, reason = "one story, told to its end")]
    async fn new() -> Self {
        let page: Arc<Page> = Arc::default();
        let shown = Arc::clone(&page);
        let answer = move || {
            let shown = Arc::clone(&shown);
            async move {
                shown.fetched.fetch_add(1, Ordering::Relaxed);
                let text = shown.text.lock().unwrap().clone();
                text.map(|text| ([(header::CONTENT_TYPE, "application/json")], text))
                    .ok_or(StatusCode::NOT_FOUND)
            }
        };
        let described = Arc::clone(&page);
        let document = move || {
            let text = described.document.lock().unwrap().clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], text) }
        };
        let made = rcgen::generate_simple_self_signed(["client.test".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let tls = TlsFiles {
            cert: folder.path().join("cert.pem"),
            key: folder.path().join("key.pem"),
        };
        std::fs::write(&tls.cert, made.cert.pem()).unwrap();
        std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
        let house = House::of(
            Router::new()
                .route("/keys", get(answer))
                .route("/client.json", get(document)),
            Http {
                tls: Some(tls),
                ..config()
            },
        );
        let address = house.address;
        let settings = Settings {
            hosts: vec!["client.test".to_owned()],
            ..Settings::default()
        };
        let resolve: Resolve = Arc::new(move |_, _| Box::pin(async move { Ok(vec![address]) }));
        let outbound = Outbound::with(settings, resolve, vec![made.cert.der().clone()]);
        let ways = Ways {
            outbound,
            registration: Registration {
                documents: Documents::Any,
                dynamic: Dynamic::Open,
                project: Some("billing".parse().unwrap()),
                ..Registration::default()
            },
            ..Ways::default()
        };
        let provider = Provider::with(World::new().await.with_clients().await, ways).await;
        with_client(&provider, address).await;
        Self {
            provider,
            page,
            port: address.port(),
            seconds: 0,
            _house: house,
            _folder: folder,
        }
    }

    fn wait(&mut self, seconds: i64) {
        self.seconds += seconds;
        self.provider.wait(seconds);
    }

    /// Asks for a token with an assertion under this key.
    async fn ask(&self, pair: &KeyPair, jti: &str) -> Answer {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", TYPE),
            ("client_assertion", &self.assertion("far", pair, jti)),
        ];
        self.provider.post("/token", &form).await
    }

    /// Asks about a token, as this client with an assertion under this key.
    async fn introspect(&self, client: &str, pair: &KeyPair, jti: &str) -> Answer {
        let form = [
            ("token", "nothing"),
            ("client_assertion_type", TYPE),
            ("client_assertion", &self.assertion(client, pair, jti)),
        ];
        self.provider.post("/introspect", &form).await
    }

    fn assertion(&self, client: &str, pair: &KeyPair, jti: &str) -> String {
        let now = NOW + self.seconds;
        let header = json!({"alg": pair.public_key().algorithm().name()});
        let claims = json!({
            "iss": client, "sub": client, "aud": ISSUER, "jti": jti, "exp": now + 60,
        });
        let part = |part: serde_json::Value| base64url::encode(part.to_string());
        let input = format!("{}.{}", part(header), part(claims));
        let signature = base64url::encode(pair.sign(input.as_bytes()).unwrap());
        format!("{input}.{signature}")
    }

    /// What is at this path of the client.
    fn url(&self, path: &str) -> String {
        format!("https://client.test:{}{path}", self.port)
    }

    /// A client that has its keys at this URL registers itself.
    async fn register(&self, keys: &str) -> Answer {
        let body = json!({
            "client_name": "Ledgerly",
            "redirect_uris": ["https://ledgerly.example/cb"],
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks_uri": keys,
        });
        let request = Request::post("/register").header("content-type", "application/json");
        let body = Body::from(body.to_string());
        self.provider.send(request.body(body).unwrap()).await
    }

    async fn is_refused(&self, answer: &Answer, why: &str) {
        assert_eq!(answer.status, 401, "{why}: {}", answer.body);
        self.provider.settle().await;
        let trace = answer.json()["trace_id"].as_str().unwrap().to_owned();
        let story = self.provider.story(&trace).await;
        assert!(story.contains(why), "{why}: {story}");
    }
}

async fn with_client(provider: &Provider, address: SocketAddr) {
    let store = provider.world.store();
    let daemon = store.client(&DAEMON.parse().unwrap()).await.unwrap();
    let url = format!("https://client.test:{}/keys", address.port());
    let client = Client {
        id: "far".parse().unwrap(),
        authentication: ClientAuthentication::PrivateKeyJwt,
        credentials: Credentials {
            keys: Some(ClientKeys::At(url.parse().unwrap())),
            ..Credentials::default()
        },
        ..daemon.unwrap()
    };
    let change = Change::Insert(Record::Client(client));
    assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);
}

fn pair() -> KeyPair {
    KeyPair::generate(KeyType::P256).unwrap()
}

#[tokio::test]
async fn rfc7591_2_the_keys_of_jwks_uri_are_fetched_once_and_kept() {
    let scene = Scene::new().await;
    let key = pair();
    scene.page.has(&[&key]);
    for jti in ["a", "b", "c"] {
        let answer = scene.ask(&key, jti).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(scene.page.fetched(), 1);
    let replay = scene.ask(&key, "a").await;
    scene.is_refused(&replay, "used before").await;
}

#[tokio::test]
async fn who_needs_the_same_keys_waits_for_one_fetch() {
    let scene = Scene::new().await;
    let key = pair();
    scene.page.has(&[&key]);
    let names: Vec<String> = (0..16).map(|number| number.to_string()).collect();
    let all = names.iter().map(|jti| scene.ask(&key, jti));
    let all = futures_util::future::join_all(all).await;
    assert!(all.iter().all(|answer| answer.status == 200));
    assert_eq!(scene.page.fetched(), 1);
}

#[tokio::test]
async fn a_client_rolls_its_keys_and_nobody_makes_us_fetch_more_than_once_a_minute() {
    let mut scene = Scene::new().await;
    let (old, new, strange) = (pair(), pair(), pair());
    scene.page.has(&[&old]);
    assert_eq!(scene.ask(&old, "a").await.status, 200);
    scene.page.has(&[&old, &new]);
    let soon = scene.ask(&new, "b").await;
    scene.is_refused(&soon, "none of the client's keys").await;
    assert_eq!(scene.page.fetched(), 1, "a minute has not passed");
    scene.wait(60);
    assert_eq!(scene.ask(&new, "c").await.status, 200);
    assert_eq!(scene.page.fetched(), 2);
    for number in 0..20 {
        let answer = scene.ask(&strange, &format!("x{number}")).await;
        assert_eq!(answer.status, 401);
    }
    assert_eq!(scene.page.fetched(), 2);
    scene.page.has(&[&new]);
    scene.wait(3_600);
    let gone = scene.ask(&old, "d").await;
    scene.is_refused(&gone, "none of the client's keys").await;
    assert_eq!(scene.page.fetched(), 3, "an hour has passed");
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_anew_go_on_for_a_day() {
    let mut scene = Scene::new().await;
    let key = pair();
    scene.page.has(&[&key]);
    assert_eq!(scene.ask(&key, "a").await.status, 200);
    scene.page.fails();
    scene.wait(3_600);
    assert_eq!(scene.ask(&key, "b").await.status, 200);
    assert_eq!(scene.page.fetched(), 2);
    assert_eq!(scene.ask(&key, "c").await.status, 200);
    assert_eq!(
        scene.page.fetched(),
        2,
        "a failure is remembered for a minute"
    );
    scene.wait(82_800);
    let late = scene.ask(&key, "d").await;
    scene
        .is_refused(&late, "its jwks_uri: it was answered with status 404")
        .await;
    scene.page.has(&[&key]);
    scene.wait(60);
    assert_eq!(scene.ask(&key, "e").await.status, 200);
}

#[tokio::test]
async fn what_is_no_key_set_is_no_key() {
    let mut scene = Scene::new().await;
    let key = pair();
    for text in [
        "",
        "[]",
        "{}",
        r#"{"keys":[]}"#,
        r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
    ] {
        *scene.page.text.lock().unwrap() = Some(text.to_owned());
        let answer = scene.ask(&key, "a").await;
        scene.is_refused(&answer, "none of the client's keys").await;
        scene.wait(60);
    }
}

#[tokio::test]
async fn rfc7591_2_a_client_that_registers_itself_may_say_where_its_keys_are() {
    let scene = Scene::new().await;
    let key = pair();
    scene.page.has(&[&key]);
    let url = scene.url("/keys");
    let made = scene.register(&url).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.json()["jwks_uri"], url);
    assert_eq!(made.json().get("client_secret"), None);
    assert_eq!(scene.page.fetched(), 0, "they are fetched when needed");
    let id = made.json()["client_id"].as_str().unwrap().to_owned();
    let answer = scene.introspect(&id, &key, "a").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(scene.page.fetched(), 1);
    let strange = scene.introspect(&id, &pair(), "b").await;
    scene
        .is_refused(&strange, "none of the client's keys")
        .await;
}

#[tokio::test]
async fn lesson_28_keys_are_not_registered_where_they_would_never_be_fetched() {
    let scene = Scene::new().await;
    for (url, why) in [
        ("https://127.0.0.1/keys", "could not be fetched"),
        ("https://169.254.169.254/keys", "could not be fetched"),
        ("https://[::1]/keys", "could not be fetched"),
        ("http://client.test/keys", "https"),
        ("https://me@client.test/keys", "user"),
        ("file:///etc/passwd", "https"),
    ] {
        let answer = scene.register(url).await;
        assert_eq!(answer.status, 400, "{url}: {}", answer.body);
        assert_eq!(answer.json()["error"], "invalid_client_metadata");
        let said = answer.json()["error_description"].to_string();
        assert!(said.contains("/jwks_uri: ") && said.contains(why), "{said}");
    }
}

#[tokio::test]
async fn client_id_metadata_document_4_2_a_document_may_say_where_the_keys_are() {
    let scene = Scene::new().await;
    let key = pair();
    scene.page.has(&[&key]);
    let id = scene.url("/client.json");
    let says = |keys: &str| {
        let document = json!({
            "client_id": id,
            "redirect_uris": ["https://ledgerly.example/cb"],
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks_uri": keys,
        });
        *scene.page.document.lock().unwrap() = document.to_string();
    };
    says("https://10.0.0.1/keys");
    let inside = scene.introspect(&id, &key, "a").await;
    scene.is_refused(&inside, "/jwks_uri: ").await;
    says(&scene.url("/keys"));
    let answer = scene.introspect(&id, &key, "b").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let strange = scene.introspect(&id, &pair(), "c").await;
    scene
        .is_refused(&strange, "none of the client's keys")
        .await;
}

/// An app of people whose keys are on the page, and what is answered to a request that this key signed.
async fn asks_for_a_person(scene: &Scene, pair: &KeyPair) -> Answer {
    let now = NOW + scene.seconds;
    let header = json!({"alg": pair.public_key().algorithm().name(), "typ": "oauth-authz-req+jwt"});
    let claims = json!({
        "iss": "far", "aud": ISSUER, "exp": now + 60, "client_id": "far", "redirect_uri": BACK,
        "response_type": "code", "scope": "openid", "state": "st&te",
        "code_challenge": base64url::encode(sha256(VERIFIER)), "code_challenge_method": "S256",
    });
    let part = |part: serde_json::Value| base64url::encode(part.to_string());
    let input = format!("{}.{}", part(header), part(claims));
    let signature = base64url::encode(pair.sign(input.as_bytes()).unwrap());
    let object = format!("{input}.{signature}");
    let fields = [
        ("client_id", "far"),
        ("redirect_uri", BACK),
        ("state", "st&te"),
        ("request", &object),
    ];
    let path = format!("/authorize?{}", encoded(&fields));
    scene.provider.get(&path).await
}

#[tokio::test]
async fn rfc9101_6_2_a_request_is_held_by_the_keys_at_jwks_uri() {
    let mut scene = Scene::new().await;
    let store = scene.provider.world.store();
    let far = "far".parse().unwrap();
    let mut client = store.client(&far).await.unwrap().unwrap();
    client.redirect_uris = vec![BACK.parse().unwrap()];
    client.grants = [GrantType::AuthorizationCode].into();
    client.scopes = Scope::parse("openid").unwrap();
    client.version = client.version.next();
    let change = Change::Replace(Record::Client(client));
    assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);

    let (first, second) = (pair(), pair());
    scene.page.fails();
    let refused = asks_for_a_person(&scene, &first).await;
    let error = answered(&refused, "error");
    assert_eq!(error.as_deref(), Some("invalid_request_object"));
    let why = answered(&refused, "error_description").unwrap();
    assert!(why.contains("could not be fetched"), "{why}");
    assert!(!why.contains("404"), "what we saw is for the owner: {why}");

    scene.page.has(&[&first]);
    scene.wait(61);
    for _ in 0..3 {
        let good = asks_for_a_person(&scene, &first).await;
        let onward = good.headers["location"].to_str().unwrap();
        assert!(onward.starts_with("/login?r="), "{onward}");
    }
    assert_eq!(scene.page.fetched(), 2);
    let refused = asks_for_a_person(&scene, &second).await;
    let error = answered(&refused, "error");
    assert_eq!(error.as_deref(), Some("invalid_request_object"));
    assert_eq!(scene.page.fetched(), 2, "not more than once a minute");
    scene.page.has(&[&second]);
    scene.wait(61);
    let rolled = asks_for_a_person(&scene, &second).await;
    let onward = rolled.headers["location"].to_str().unwrap();
    assert!(onward.starts_with("/login?r="), "{onward}");
    assert_eq!(scene.page.fetched(), 3);
}
