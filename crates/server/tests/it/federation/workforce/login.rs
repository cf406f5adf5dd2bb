//! An issuer of people that runs on this machine, a workforce pool that trusts it, and a program with a browser.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use axum::routing::get;
use axum::routing::post;
use carnet_core::record::OidcProvider;
use carnet_core::record::PoolOwner;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::value::Seconds;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_server::outbound::Outbound;
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
use url::Url;
use url::form_urlencoded;

use crate::federation::scene::key_set;
use crate::federation::scene::pool_named;
use crate::federation::scene::signed;
use crate::house::House;
use crate::house::config;

pub(crate) const GCLOUD: &str = "32555940559.apps.googleusercontent.com";
pub(crate) const PUBLISHED: &str = "ZmssLNjJy2998hD4CTg2ejr2";
pub(crate) const HERE: &str = "http://localhost:8085/";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CLIENT: &str = "carnet at login";
const SECRET: &str = "a:b c";

/// What the issuer answers, and what it was asked.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) document: Mutex<Value>,
    pub(crate) tokens: Mutex<Value>,
    pub(crate) userinfo: Mutex<Value>,
    pub(crate) redeemed: Mutex<Vec<(BTreeMap<String, String>, String)>>,
}

/// All of it.
pub(crate) struct Login {
    pub(crate) server: Provider,
    pub(crate) url: String,
    pub(crate) shown: Arc<Shown>,
    pub(crate) pool: WorkloadPool,
    pub(crate) provider: WorkloadProvider,
    pub(crate) now: i64,
    pair: KeyPair,
    _house: House,
}

/// A browser on its way: what it took along.
pub(crate) struct Sent {
    pub(crate) to: Url,
    pub(crate) cookie: String,
}

impl Sent {
    /// A parameter that it brings to the issuer.
    pub(crate) fn word(&self, name: &str) -> String {
        let mut pairs = self.to.query_pairs();
        let found = pairs.find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| value.into_owned())
    }
}

fn issuer(shown: &Arc<Shown>, keys: String) -> Router {
    let (document, tokens, userinfo) = (Arc::clone(shown), Arc::clone(shown), Arc::clone(shown));
    Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(async move || Json(document.document.lock().unwrap().clone())),
        )
        .route(
            "/keys",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], keys.clone())),
        )
        .route(
            "/token",
            post(async move |headers: HeaderMap, form: String| {
                let form = form_urlencoded::parse(form.as_bytes())
                    .into_owned()
                    .collect();
                let said = headers.get(header::AUTHORIZATION);
                let said = said.map_or("", |said| said.to_str().unwrap());
                let entry = (form, said.to_owned());
                tokens.redeemed.lock().unwrap().push(entry);
                let answer = tokens.tokens.lock().unwrap().clone();
                if answer.is_null() {
                    return Err(StatusCode::BAD_REQUEST);
                }
                Ok(Json(answer))
            }),
        )
        .route(
            "/userinfo",
            get(async move |headers: HeaderMap| {
                if headers
                    .get(header::AUTHORIZATION)
                    .is_none_or(|said| said != "Bearer theirs")
                {
                    return Err(StatusCode::UNAUTHORIZED);
                }
                Ok(Json(userinfo.userinfo.lock().unwrap().clone()))
            }),
        )
}

impl Login {
    pub(crate) async fn new() -> Self {
        let ways = Ways {
            outbound: Outbound::new(Settings::sandbox()).unwrap(),
            ..Ways::default()
        };
        let server = Provider::with(World::new().await, ways).await;
        let pair = KeyPair::generate(KeyType::P256).unwrap();
        let shown: Arc<Shown> = Arc::default();
        let keys = key_set(&[("one", &pair)]).to_json();
        let house = House::of(issuer(&shown, keys), config());
        let url = format!("http://{}", house.address);
        *shown.document.lock().unwrap() = json!({
            "issuer": url, "jwks_uri": format!("{url}/keys"),
            "authorization_endpoint": format!("{url}/authorize?theme=dark"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
        });
        let store = server.world.store();
        let project = store.project(&"billing".parse().unwrap()).await;
        let project = project.unwrap().unwrap();
        let owner = PoolOwner::Organization(project.organization.unwrap());
        let name = "locations/global/workforcePools/acme-people";
        let mut pool = pool_named(name, owner, &pool_of(&project, "some-pool"));
        pool.session = Seconds(7_200);
        let mut provider = provider_of(&pool, "login");
        let place = format!("provider secret {} {url} {CLIENT}", provider.name);
        let sealed = server.parts().encryption.seal(SECRET.as_bytes(), &place);
        provider.kind = ProviderKind::Oidc(OidcProvider {
            issuer: url.parse().unwrap(),
            audiences: Vec::new(),
            keys: ProviderKeys::Discovery,
            web: Some(Box::new(WebSignIn {
                client_id: CLIENT.parse().unwrap(),
                client_secret: Some(sealed.unwrap()),
                response: WebResponse::Code,
                claims: WebClaims::IdToken,
                scopes: "email groups".parse().unwrap(),
            })),
        });
        let login = Self {
            server,
            url,
            shown,
            pool,
            provider,
            now: NOW,
            pair,
            _house: house,
        };
        let rows = [
            Record::WorkloadPool(login.pool.clone()),
            Record::WorkloadProvider(login.provider.clone()),
        ];
        login.commit(&rows.map(Change::Insert)).await;
        login
    }

    /// The server stops and starts again.
    pub(crate) async fn restarted(self) -> Self {
        Self {
            server: self.server.restart().await,
            ..self
        }
    }

    async fn commit(&self, changes: &[Change]) {
        let committed = self.server.world.store().commit(changes).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    }

    /// The provider is otherwise from now on.
    pub(crate) async fn set(&mut self, change: impl FnOnce(&mut WorkloadProvider)) {
        change(&mut self.provider);
        self.provider.version = self.provider.version.next();
        let row = Record::WorkloadProvider(self.provider.clone());
        self.commit(&[Change::Replace(row)]).await;
    }

    /// How people sign in is otherwise from now on.
    pub(crate) async fn set_web(&mut self, change: impl FnOnce(&mut WebSignIn)) {
        self.set(|provider| match &mut provider.kind {
            ProviderKind::Oidc(oidc) => change(oidc.web.as_mut().unwrap()),
            _ => unreachable!("it is an issuer"),
        })
        .await;
    }

    /// The pool is otherwise from now on.
    pub(crate) async fn set_pool(&mut self, change: impl FnOnce(&mut WorkloadPool)) {
        change(&mut self.pool);
        self.pool.version = self.pool.version.next();
        let row = Record::WorkloadPool(self.pool.clone());
        self.commit(&[Change::Replace(row)]).await;
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        self.server.wait(seconds);
    }

    /// The issuer's document says this too.
    pub(crate) fn document(&self, member: &str, value: Value) {
        self.shown.document.lock().unwrap()[member] = value;
    }

    /// What a program asks for, with other members: null leaves one out.
    pub(crate) fn query(&self, changes: &Value) -> String {
        let mut asked = json!({
            "response_type": "code", "client_id": GCLOUD, "redirect_uri": HERE, "scope": READ,
            "state": "theirs", "access_type": "offline", "code_challenge": CHALLENGE,
            "code_challenge_method": "S256", "provider_name": self.provider.name,
        });
        for (name, value) in changes.as_object().unwrap() {
            asked[name] = value.clone();
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in asked.as_object().unwrap() {
            if let Some(value) = value.as_str() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// The program sends its browser.
    pub(crate) async fn begin(&self, changes: Value) -> Answer {
        let query = self.query(&changes);
        self.server
            .get(&format!("/workforce/authorize?{query}"))
            .await
    }

    /// The same, where it is sent on.
    pub(crate) async fn sent(&self, changes: Value) -> Sent {
        let answer = self.begin(changes).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let to = answer.headers["location"].to_str().unwrap();
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        Sent {
            to: to.parse().unwrap(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
        }
    }

    /// Claims that the provider takes.
    pub(crate) fn claims(&self, sent: &Sent) -> Value {
        json!({
            "iss": self.url, "sub": "alice", "aud": CLIENT, "nonce": sent.word("nonce"),
            "iat": self.now - 5, "exp": self.now + 600, "team": "blue",
        })
    }

    /// An ID token.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        signed(&self.pair, &json!({"alg": "ES256", "kid": "one"}), claims)
    }

    /// The issuer gives an ID token with these claims for the next codes.
    pub(crate) fn gives(&self, claims: &Value) {
        let tokens = json!({
            "access_token": "theirs", "token_type": "Bearer", "id_token": self.sign(claims),
        });
        *self.shown.tokens.lock().unwrap() = tokens;
    }

    pub(crate) fn callback(&self) -> String {
        format!("/signin-callback/{}", self.provider.name)
    }

    /// The issuer sends the browser back with these parameters.
    pub(crate) async fn back(&self, query: &str, cookie: &str) -> Answer {
        self.back_to(&self.callback(), query, cookie).await
    }

    pub(crate) async fn back_to(&self, path: &str, query: &str, cookie: &str) -> Answer {
        let request = Request::builder()
            .uri(format!("{path}?{query}"))
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT, "text/html");
        self.server.send(request.body(Body::empty()).unwrap()).await
    }

    /// The person signs in, and the browser is back at the program. Returns where.
    pub(crate) async fn signs_in(&self, changes: Value) -> Answer {
        let sent = self.sent(changes).await;
        self.gives(&self.claims(&sent));
        let query = format!("code=theirs&state={}", sent.word("state"));
        self.back(&query, &sent.cookie).await
    }

    /// The code that the program got.
    pub(crate) async fn code(&self) -> String {
        let back = self.signs_in(json!({})).await;
        assert_eq!(back.status, 303, "{}", back.body);
        parameter(&back, "code")
    }

    /// What the token service says to a code.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", HERE),
            ("code_verifier", VERIFIER),
        ];
        self.oauth_token(&form).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.oauth_token(&form).await
    }

    pub(crate) async fn oauth_token(&self, form: &[(&str, &str)]) -> Answer {
        let client = (GCLOUD, PUBLISHED);
        self.server.post_basic("/v1/oauthtoken", form, client).await
    }

    /// The tokens of a new sign-in: access and refresh.
    pub(crate) async fn tokens(&self) -> (String, String) {
        let answer = self.redeem(&self.code().await).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// What `/v1/introspect` says.
    pub(crate) async fn introspect(&self, token: &str) -> Value {
        self.server
            .post("/v1/introspect", &[("token", token)])
            .await
            .json()
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

/// A parameter with which the browser comes to the program.
pub(crate) fn parameter(answer: &Answer, name: &str) -> String {
    let location = answer.headers["location"].to_str().unwrap();
    assert!(
        location.starts_with("http://localhost:8085/?"),
        "{location}"
    );
    let url: Url = location.parse().unwrap();
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(known, _)| known == name);
    found.map_or_else(String::new, |(_, value)| value.into_owned())
}

/// The browser came to the program with a no of this code.
pub(crate) fn says_no(answer: &Answer, error: &str, code: u16) {
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(parameter(answer, "error"), error);
    let said = parameter(answer, "error_description");
    assert!(said.contains(&format!("CRN-{code}:")), "{code}: {said}");
    assert_eq!(parameter(answer, "state"), "theirs");
    assert_eq!(parameter(answer, "code"), "");
}

/// The browser stayed on a page of this code.
pub(crate) fn page_says(answer: &Answer, code: u16) {
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(answer.headers.get("location").is_none());
    assert!(
        answer.body.contains(&format!("CRN-{code}")),
        "{}",
        answer.body
    );
}
