//! An issuer elsewhere that runs on this machine, and a server with pools that trust it.

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
use carnet_core::record::OidcProvider;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use carnet_server::config::http::Http;
use carnet_server::config::http::TlsFiles;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_server::http::client_certificate::ClientCertificate;
use carnet_server::outbound::Outbound;
use carnet_server::outbound::Resolve;
use carnet_testkit::contract::workload_pool::pool_of;
use carnet_testkit::contract::workload_pool::provider_of;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;

use crate::code::actor::encoded;
use crate::house::House;
use crate::house::config;

pub(crate) const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
pub(crate) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// What the issuer shows, which a test changes.
#[derive(Default)]
struct Shown {
    document: Mutex<Option<String>>,
    keys: Mutex<Option<String>>,
    fetched: AtomicUsize,
}

/// An issuer of JWTs, whose documents can be read.
pub(crate) struct Issuer {
    pub(crate) url: String,
    pub(crate) pair: KeyPair,
    shown: Arc<Shown>,
    house: House,
}

/// The name under which an issuer over https is found.
pub(crate) const FAR: &str = "issuer.test";

impl Issuer {
    /// Over plain http, on this machine.
    pub(crate) fn new() -> Self {
        Self::listening(config(), "http", "127.0.0.1")
    }

    /// Over https, and a client that finds it and believes its certificate; where not `believed`, it does not.
    pub(crate) fn over_tls(believed: bool) -> (Self, Outbound) {
        let made = rcgen::generate_simple_self_signed([FAR.to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let tls = TlsFiles {
            cert: folder.path().join("cert.pem"),
            key: folder.path().join("key.pem"),
        };
        std::fs::write(&tls.cert, made.cert.pem()).unwrap();
        std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
        let http = Http {
            tls: Some(tls),
            ..config()
        };
        let issuer = Self::listening(http, "https", FAR);
        let address = issuer.house.address;
        let settings = Settings {
            hosts: vec![FAR.to_owned()],
            ..Settings::default()
        };
        let resolve: Resolve = Arc::new(move |_, _| Box::pin(async move { Ok(vec![address]) }));
        let roots = believed.then(|| made.cert.der().clone());
        let outbound = Outbound::with(settings, resolve, roots.into_iter().collect());
        (issuer, outbound)
    }

    fn listening(http: Http, scheme: &str, host: &str) -> Self {
        let shown: Arc<Shown> = Arc::default();
        let page = |which: fn(&Shown) -> &Mutex<Option<String>>| {
            let shown = Arc::clone(&shown);
            move || {
                let shown = Arc::clone(&shown);
                async move {
                    shown.fetched.fetch_add(1, Ordering::Relaxed);
                    let text = which(&shown).lock().unwrap().clone();
                    text.map(|text| ([(header::CONTENT_TYPE, "application/json")], text))
                        .ok_or(StatusCode::NOT_FOUND)
                }
            }
        };
        let document = get(page(|shown| &shown.document));
        let router = Router::new()
            .route("/.well-known/openid-configuration", document)
            .route("/keys", get(page(|shown| &shown.keys)));
        let house = House::of(router, http);
        let issuer = Self {
            url: format!("{scheme}://{host}:{}", house.address.port()),
            pair: KeyPair::generate(KeyType::P256).unwrap(),
            shown,
            house,
        };
        issuer.says(&json!({ "issuer": issuer.url, "jwks_uri": format!("{}/keys", issuer.url) }));
        issuer.has(&[("one", &issuer.pair)]);
        issuer
    }

    /// This is its document from now on.
    pub(crate) fn says(&self, document: &Value) {
        *self.shown.document.lock().unwrap() = Some(document.to_string());
    }

    /// These are its keys from now on.
    pub(crate) fn has(&self, keys: &[(&str, &KeyPair)]) {
        *self.shown.keys.lock().unwrap() = Some(key_set(keys).to_json());
    }

    /// It answers nothing any more.
    pub(crate) fn fails(&self) {
        *self.shown.keys.lock().unwrap() = None;
        *self.shown.document.lock().unwrap() = None;
    }

    /// How many documents were fetched.
    pub(crate) fn fetched(&self) -> usize {
        self.shown.fetched.load(Ordering::Relaxed)
    }

    /// A token as its key "one" signs it.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        signed(&self.pair, &json!({"alg": "ES256", "kid": "one"}), claims)
    }
}

pub(crate) fn key_set(keys: &[(&str, &KeyPair)]) -> JwkSet {
    let keys = keys.iter();
    JwkSet {
        keys: keys
            .map(|(name, pair)| Jwk::new(pair.public_key().clone(), *name))
            .collect(),
        skipped: Vec::new(),
    }
}

/// Any header over any claims.
pub(crate) fn signed(pair: &KeyPair, header: &Value, claims: &Value) -> String {
    signed_text(pair, &header.to_string(), &claims.to_string())
}

pub(crate) fn signed_text(pair: &KeyPair, header: &str, claims: &str) -> String {
    let (header, claims) = (base64url::encode(header), base64url::encode(claims));
    let input = format!("{header}.{claims}");
    let signature = base64url::encode(pair.sign(input.as_bytes()).unwrap());
    format!("{input}.{signature}")
}

/// A server with an issuer, a pool and a provider that trusts it.
pub(crate) struct Scene {
    pub(crate) server: Provider,
    pub(crate) issuer: Issuer,
    pub(crate) pool: WorkloadPool,
    pub(crate) provider: WorkloadProvider,
    pub(crate) project: Project,
    pub(crate) now: i64,
}

impl Scene {
    /// On this machine issuers may be fetched from, as in a sandbox.
    pub(crate) async fn new() -> Self {
        Self::reaching(Settings::sandbox()).await
    }

    pub(crate) async fn reaching(settings: Settings) -> Self {
        let ways = Ways {
            outbound: Outbound::new(settings).unwrap(),
            ..Ways::default()
        };
        Self::of(Provider::with(World::new().await, ways).await).await
    }

    /// With a server that was made otherwise.
    pub(crate) async fn of(server: Provider) -> Self {
        let issuer = Issuer::new();
        let store = server.world.store();
        let id = "billing".parse().unwrap();
        let project = store.project(&id).await.unwrap().unwrap();
        let pool = pool_of(&project, "ci-pool");
        let mut provider = provider_of(&pool, "main");
        trusts(&mut provider, &issuer.url, &[], ProviderKeys::Discovery);
        let scene = Self {
            server,
            issuer,
            pool,
            provider,
            project,
            now: NOW,
        };
        scene.insert(Record::WorkloadPool(scene.pool.clone())).await;
        scene.add(&scene.provider).await;
        scene
    }

    pub(crate) async fn commit(&self, change: Change) {
        let committed = self.server.world.store().commit(&[change]).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    }

    pub(crate) async fn insert(&self, record: Record) {
        self.commit(Change::Insert(record)).await;
    }

    pub(crate) async fn add(&self, provider: &WorkloadProvider) {
        self.insert(Record::WorkloadProvider(provider.clone()))
            .await;
    }

    /// The provider is otherwise from now on.
    pub(crate) async fn set(&mut self, change: impl FnOnce(&mut WorkloadProvider)) {
        change(&mut self.provider);
        self.provider.version = self.provider.version.next();
        let row = Record::WorkloadProvider(self.provider.clone());
        self.commit(Change::Replace(row)).await;
    }

    /// The pool is otherwise from now on.
    pub(crate) async fn set_pool(&mut self, change: impl FnOnce(&mut WorkloadPool)) {
        change(&mut self.pool);
        self.pool.version = self.pool.version.next();
        let row = Record::WorkloadPool(self.pool.clone());
        self.commit(Change::Replace(row)).await;
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        self.server.wait(seconds);
    }

    /// Claims that the provider takes.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": self.issuer.url, "sub": "job-7", "aud": self.provider.name.audience(),
            "iat": self.now - 5, "exp": self.now + 600,
        })
    }

    /// The same with other members.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "each test writes it in place"
    )]
    pub(crate) fn with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        let all = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            all.insert(name.clone(), value.clone());
        }
        claims
    }

    /// Exchanges a token at the provider.
    pub(crate) async fn exchange(&self, token: &str) -> Answer {
        self.exchange_at(&self.provider.name.audience(), token)
            .await
    }

    pub(crate) async fn exchange_at(&self, audience: &str, token: &str) -> Answer {
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", audience),
            ("scope", READ),
            (
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:access_token",
            ),
            ("subject_token_type", JWT),
            ("subject_token", token),
        ];
        self.server.post("/v1/token", &form).await
    }

    /// The token that good claims buy.
    pub(crate) async fn token(&self) -> String {
        let answer = self.exchange(&self.issuer.sign(&self.claims())).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// What `/v1/introspect` says.
    pub(crate) async fn introspect(&self, token: &str) -> Value {
        let answer = self
            .server
            .post("/v1/introspect", &[("token", token)])
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// It was refused with this error and this code. Returns what the owner may read.
    pub(crate) async fn refused(&self, answer: &Answer, error: &str, code: u16) -> String {
        assert_eq!(answer.status, 400, "{}", answer.body);
        let body = answer.json();
        assert_eq!(body["error"], error, "{}", answer.body);
        let said = body["error_description"].as_str().unwrap();
        assert!(said.contains(&format!("CRN-{code}:")), "{code}: {said}");
        self.server.settle().await;
        self.server.story(body["trace_id"].as_str().unwrap()).await
    }
}

/// Whom a provider trusts.
pub(crate) fn trusts(
    provider: &mut WorkloadProvider,
    issuer: &str,
    audiences: &[&str],
    keys: ProviderKeys,
) {
    provider.kind = ProviderKind::Oidc(OidcProvider {
        issuer: issuer.parse().unwrap(),
        audiences: audiences.iter().map(|one| one.parse().unwrap()).collect(),
        keys,
        web: None,
    });
}

/// A pool of this owner.
pub(crate) fn pool_named(name: &str, owner: PoolOwner, like: &WorkloadPool) -> WorkloadPool {
    WorkloadPool {
        name: name.parse().unwrap(),
        owner,
        ..like.clone()
    }
}

/// What a JWT says.
pub(crate) fn payload(token: &str) -> Value {
    let middle = token.split('.').nth(1).unwrap();
    let bytes = base64url::decode(middle, base64url::Padding::Strict, 16_384).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// What a request shows beside its form.
#[derive(Clone, Copy)]
pub(crate) struct Shows<'a> {
    pub(crate) proof: Option<&'a str>,
    pub(crate) certificate: Option<&'a [u8]>,
    /// The client that authenticates, with its secret.
    pub(crate) by: Option<(&'a str, &'a str)>,
}

impl<'a> Shows<'a> {
    pub(crate) const fn nothing() -> Self {
        Self {
            proof: None,
            certificate: None,
            by: None,
        }
    }

    /// A proof in the header `DPoP`.
    pub(crate) const fn proof(proof: &'a str) -> Self {
        Self {
            proof: Some(proof),
            ..Self::nothing()
        }
    }

    /// The certificate of the connection.
    pub(crate) const fn certificate(der: &'a [u8]) -> Self {
        Self {
            certificate: Some(der),
            ..Self::nothing()
        }
    }

    pub(crate) async fn post(self, server: &Provider, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        if let Some(proof) = self.proof {
            request = request.header("dpop", proof);
        }
        if let Some(der) = self.certificate {
            request = request.extension(ClientCertificate::new(der.to_vec(), false));
        }
        if let Some((id, secret)) = self.by {
            let escape = |text: &str| {
                url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
            };
            let both = base64url::encode(format!("{}:{}", escape(id), escape(secret)));
            let mut both = both.replace('-', "+").replace('_', "/");
            while both.len() % 4 != 0 {
                both.push('=');
            }
            request = request.header("authorization", format!("Basic {both}"));
        }
        let body = Body::from(encoded(form));
        server.send(request.body(body).unwrap()).await
    }
}
