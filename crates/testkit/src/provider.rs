//! The server in process: its endpoints over a [`World`], with a clock that stands still until a test
//! moves it. No socket, no sleep. Facts are kept in memory as `carnet serve` keeps them.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test ends where something is missing"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use carnet_core::record::Password;
use carnet_core::record::UserState;
use carnet_core::rule::sign_in::SessionLength;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::value::Description;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_server::aws::Witness;
use carnet_server::config::dpop::Dpop;
use carnet_server::config::http::ClientCertificates;
use carnet_server::config::par::Par;
use carnet_server::config::rate::Rate;
use carnet_server::config::registration::Registration;
use carnet_server::front::Front;
use carnet_server::keyring::KeyEncryptionKey;
use carnet_server::outbound::Outbound;
use carnet_server::parts::Parts;
use carnet_server::password::Hashing;
use carnet_server::password::Typed;
use carnet_server::routes;
use carnet_server::start;
use carnet_server::start::Ingredients;
use carnet_server::start::Started;
use carnet_store::Cached;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::world::NOW;
use crate::world::World;

/// The issuer of every provider.
pub const ISSUER: &str = "https://auth.acme.example";

/// The domain beside Google's below which every provider is found.
pub const UNIVERSE: &str = "carnet.test";

/// A server for one test.
pub struct Provider {
    /// What it knows.
    pub world: World,
    front: Front,
    router: Router,
    clock: Arc<AtomicI64>,
    started: Started,
}

/// How a server goes about things, where a test wants it otherwise.
pub struct Ways {
    /// How much of what one client may do.
    pub rate: Rate,
    /// What hashing passwords costs.
    pub hashing: Hashing,
    /// Fetches what strangers name.
    pub outbound: Outbound,
    /// Who is asked whose signatures of AWS are.
    pub aws: Witness,
    /// Whether clients may show certificates.
    pub client_certificates: ClientCertificates,
    /// Apps that no administrator made.
    pub registration: Registration,
    /// Whether it is a sandbox.
    pub sandbox: bool,
    /// What proofs of possession must carry.
    pub dpop: Dpop,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            rate: Rate::off(),
            hashing: Hashing::cheapest(),
            outbound: Outbound::default(),
            aws: Witness::default(),
            client_certificates: ClientCertificates::default(),
            registration: Registration::default(),
            sandbox: false,
            dpop: Dpop::default(),
        }
    }
}

/// What it answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as text.
    pub body: String,
}

impl Provider {
    /// A server over a fresh world.
    pub async fn new() -> Self {
        Self::over(World::new().await).await
    }

    /// A server over this world.
    pub async fn over(world: World) -> Self {
        Self::limited(world, Rate::off()).await
    }

    /// A server over this world that does not let everybody do everything.
    pub async fn limited(world: World, rate: Rate) -> Self {
        Self::hashing(world, rate, Hashing::cheapest()).await
    }

    /// A server over this world that hashes passwords in this way.
    pub async fn hashing(world: World, rate: Rate, hashing: Hashing) -> Self {
        let ways = Ways {
            rate,
            hashing,
            ..Ways::default()
        };
        Self::with(world, ways).await
    }

    /// A server over this world that goes about things in these ways.
    pub async fn with(world: World, ways: Ways) -> Self {
        let Ways {
            rate,
            hashing,
            client_certificates,
            outbound,
            aws,
            registration,
            sandbox,
            dpop,
        } = ways;
        let clock = Arc::new(AtomicI64::new(NOW));
        let hand = Arc::clone(&clock);
        let store = world.store();
        let started = start::start(Ingredients {
            issuer: ISSUER.to_owned(),
            universe: UNIVERSE.parse().ok(),
            name: "Test".to_owned(),
            sandbox,
            store: Arc::clone(&store),
            snapshots: Arc::new(Cached::new(store)),
            rate,
            client_certificates,
            outbound,
            aws,
            hashing,
            session: SessionLength::default(),
            par: Par::default(),
            registration,
            dpop,
            registry: Arc::default(),
            encryption: KeyEncryptionKey::new([7; 32]).expect("a key"),
            clock: Arc::new(move || UnixTime(hand.load(Ordering::Relaxed))),
        });
        let started = started.await.expect("a server that starts");
        let router = routes::routes(Arc::clone(&started.parts));
        Self {
            world,
            front: Front::new(Arc::clone(&started.parts)),
            router,
            clock,
            started,
        }
    }

    /// Stops, and starts again over the same world, at the same time.
    pub async fn restart(self) -> Self {
        self.settle().await;
        let now = self.clock.load(Ordering::Relaxed);
        let Self { world, started, .. } = self;
        drop(started);
        let again = Self::over(world).await;
        again.clock.store(now, Ordering::Relaxed);
        again
    }

    /// Sets the password of a user, whatever it was.
    pub async fn give_password(&self, email: &str, password: &str) {
        let parts = &self.started.parts;
        let email = email.parse().expect("an address");
        let user = parts.store.user_by_email(&email).await.expect("a store");
        let user = user.expect("a user").id;
        let typed = Typed::new(password.to_owned());
        let hash = parts.passwords.hash(typed).await.expect("a free thread");
        let before = parts.store.password(&user).await.expect("a store");
        let changed = parts.now();
        let change = match before {
            Some(before) => Change::Replace(Record::Password(Password {
                hash,
                changed,
                version: before.version.next(),
                ..before
            })),
            None => Change::Insert(Record::Password(Password {
                user,
                hash,
                changed,
                version: Version::FIRST,
            })),
        };
        let committed = parts.store.commit(&[change]).await.expect("a store");
        assert_eq!(committed, Committed::Yes, "nobody else sets it");
    }

    /// Suspends a user, or restores them.
    pub async fn suspend(&self, email: &str, suspended: bool) {
        let parts = &self.started.parts;
        let email = email.parse().expect("an address");
        let user = parts.store.user_by_email(&email).await.expect("a store");
        let mut user = user.expect("a user");
        user.version = user.version.next();
        user.state = if suspended {
            UserState::Suspended {
                since: parts.now(),
                reason: Description::default(),
            }
        } else {
            UserState::Active
        };
        let change = Change::Replace(Record::User(user));
        let committed = parts.store.commit(&[change]).await.expect("a store");
        assert_eq!(committed, Committed::Yes, "nobody else writes it");
    }

    /// What endpoints reach.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.started.parts
    }

    /// The endpoints, to be served.
    #[must_use]
    pub fn front(&self) -> Front {
        self.front.clone()
    }

    /// Moves the clock on.
    pub fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Writes what is written soon, so that a test can read it.
    pub async fn settle(&self) {
        let parts = &self.started.parts;
        parts
            .journal
            .flush(parts.store.as_ref(), parts.now())
            .await
            .expect("a store that works");
    }

    /// What an owner reads of a request: the details of its audit entries.
    pub async fn story(&self, trace: &str) -> String {
        let filter = AuditFilter {
            trace: Some(trace.to_owned()),
            ..AuditFilter::default()
        };
        let page = Page::first(10);
        let entries = self.started.parts.store.audit(&filter, &page).await;
        let entries = entries.expect("a store that works").items;
        entries
            .into_iter()
            .map(|entry| entry.draft.detail)
            .collect()
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.front.clone().oneshot(request).await;
        read(response).await
    }

    /// Sends a request that takes no short way.
    pub async fn send_routed(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.router.clone().oneshot(request).await;
        read(response).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_as(path, form, None).await
    }

    /// Sends a form with a bearer token.
    pub async fn post_as(&self, path: &str, form: &[(&str, &str)], token: Option<&str>) -> Answer {
        let mut request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(encode(form))).expect("a request"))
            .await
    }

    /// Sends a form as a client that authenticates in the header (RFC 6749 section 2.3.1).
    pub async fn post_basic(
        &self,
        path: &str,
        form: &[(&str, &str)],
        (id, secret): (&str, &str),
    ) -> Answer {
        let both = format!("{}:{}", escape(id), escape(secret));
        let mut base64 = carnet_jose::base64url::encode(both)
            .replace('-', "+")
            .replace('_', "/");
        while base64.len() % 4 != 0 {
            base64.push('=');
        }
        let header = format!("Basic {base64}");
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", header);
        self.send(request.body(Body::from(encode(form))).expect("a request"))
            .await
    }

    /// Fetches.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
            .await
    }

    /// Redeems an assertion as it is.
    pub async fn redeem_text(&self, assertion: &str) -> Answer {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        self.post("/token", &[("grant_type", grant), ("assertion", assertion)])
            .await
    }

    /// Signs these claims with the account's key, and redeems them.
    pub async fn redeem(&self, claims: &Value) -> Answer {
        self.redeem_text(&self.world.sign(claims)).await
    }

    /// An access token for these claims.
    pub async fn token(&self, claims: &Value) -> String {
        let answer = self.redeem(claims).await;
        let token = answer.json()["access_token"].as_str().map(str::to_owned);
        token.unwrap_or_else(|| panic!("no token: {}", answer.body))
    }
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The whole answer as text: status, headers by name, body. What is chance is named instead.
    #[must_use]
    pub fn golden(&self) -> String {
        let mut text = format!("HTTP {}\n", self.status.as_u16());
        let mut headers: Vec<_> = self.headers.iter().collect();
        headers.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in headers {
            let value = value.to_str().unwrap_or("?");
            writeln!(text, "{name}: {value}").expect("a string takes text");
        }
        let mut body = self.body.clone();
        if let Ok(Value::Object(members)) = serde_json::from_str(&self.body)
            && let Some(Value::String(trace)) = members.get("trace_id")
        {
            body = body.replace(trace.as_str(), "[trace]");
        }
        text.push('\n');
        text.push_str(&body);
        text
    }
}

async fn read(response: Response<Body>) -> Answer {
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let mut headers = head.headers;
    // As the listener does, where the router has not.
    headers
        .entry(CONTENT_LENGTH)
        .or_insert_with(|| bytes.len().into());
    Answer {
        status: head.status,
        headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn encode(form: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    pairs.join("&")
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
