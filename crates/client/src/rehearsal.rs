//! What the tests of this crate play with: a key, a server that follows a script, a clock that is
//! moved by hand and counts how long it was waited on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use http::Request;
use http::Response;
use serde_json::json;

use crate::authentication::Authentication;
use crate::client::Client;
use crate::clock::Clock;
use crate::discovery;
use crate::discovery::Metadata;
use crate::service_account::ServiceAccount;
use crate::transport::Transport;

/// The time at which every test begins.
pub(crate) const NOW: i64 = 1_800_000_000;
/// The account's address.
pub(crate) const EMAIL: &str = "invoice-sync@billing.sa.example";
/// Where it asks for tokens.
pub(crate) const TOKEN_URI: &str = "https://auth.example/token";

/// One RSA key for all tests: making it takes a while.
pub(crate) static KEY: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::generate(KeyType::Rsa2048).unwrap());

/// The key file.
pub(crate) fn key_file() -> serde_json::Value {
    json!({
        "type": "service_account",
        "project_id": "billing",
        "private_key_id": "7f3c0a5e91",
        "private_key": KEY.to_pkcs8_pem().unwrap().as_str(),
        "client_email": EMAIL,
        "client_id": "104857291830027466113",
        "token_uri": TOKEN_URI,
    })
}

/// A server that answers line by line, and keeps what it was asked.
#[derive(Clone, Default)]
pub(crate) struct Script {
    lines: Arc<Mutex<VecDeque<Line>>>,
    asked: Arc<Mutex<Vec<Request<Vec<u8>>>>>,
}

enum Line {
    Answer(Response<Vec<u8>>),
    Silence,
}

impl Script {
    /// Answers with a status, headers and a body.
    pub(crate) fn then(self, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut answer = Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        self.push(Line::Answer(answer.body(body.as_bytes().to_vec()).unwrap()))
    }

    /// Answers with a token of an hour.
    pub(crate) fn then_token(self, token: &str) -> Self {
        let body = json!({"access_token": token, "expires_in": 3600, "token_type": "Bearer"});
        self.then(200, &[], &body.to_string())
    }

    /// Does not answer.
    pub(crate) fn then_silence(self) -> Self {
        self.push(Line::Silence)
    }

    fn push(self, line: Line) -> Self {
        self.lines.lock().unwrap().push_back(line);
        self
    }

    /// How often it was asked.
    pub(crate) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// What it was asked, the first first.
    pub(crate) fn asked(&self, at: usize) -> Request<Vec<u8>> {
        self.asked.lock().unwrap()[at].clone()
    }

    /// The transport that leads to it. It gives way once, so that callers really meet.
    pub(crate) fn transport(&self) -> Transport {
        let script = self.clone();
        Transport::from_fn(move |request| {
            script.asked.lock().unwrap().push(request);
            let line = script.lines.lock().unwrap().pop_front();
            Box::pin(async move {
                tokio::task::yield_now().await;
                match line {
                    Some(Line::Answer(answer)) => Ok(answer),
                    Some(Line::Silence) => Err("nobody is there".into()),
                    None => panic!("the script has no line for this request"),
                }
            })
        })
    }
}

/// A clock for tests.
#[derive(Clone)]
pub(crate) struct Hand {
    now: Arc<AtomicI64>,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl Hand {
    pub(crate) fn new() -> Self {
        Self {
            now: Arc::new(AtomicI64::new(NOW)),
            waits: Arc::default(),
        }
    }

    /// Moves it.
    pub(crate) fn forward(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What was waited for.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }

    pub(crate) fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        let waits = Arc::clone(&self.waits);
        Clock::told_by(move || now.load(Ordering::SeqCst)).waiting_by(move |wait| {
            waits.lock().unwrap().push(wait);
            Box::pin(std::future::ready(()))
        })
    }
}

/// The issuer.
pub(crate) const ISSUER: &str = "https://auth.example";

/// What the issuer says about itself. It publishes no keys.
pub(crate) fn metadata(more: &serde_json::Value) -> Metadata {
    let mut document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://auth.example/authorize?tenant=a",
        "token_endpoint": TOKEN_URI,
        "device_authorization_endpoint": "https://auth.example/device",
        "pushed_authorization_request_endpoint": "https://auth.example/par",
        "registration_endpoint": "https://auth.example/register",
        "revocation_endpoint": "https://auth.example/revoke",
        "authorization_response_iss_parameter_supported": true,
    });
    let members = more.as_object().unwrap().clone();
    document.as_object_mut().unwrap().extend(members);
    let response = Response::new(document.to_string().into_bytes());
    discovery::process(&response, ISSUER).unwrap()
}

/// A client of the issuer, asking the script, living by the clock.
pub(crate) fn client(authentication: Authentication, script: &Script, hand: &Hand) -> Client {
    Client::new(metadata(&json!({})), "my-tool", authentication)
        .unwrap()
        .with_transport(script.transport())
        .with_clock(hand.clock())
}

/// The parameters of a form or a query, in their order.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

/// One parameter of a form or a query.
pub(crate) fn pair(encoded: &[u8], name: &str) -> Option<String> {
    let found = pairs(encoded).into_iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

/// The account, asking the script, living by the clock.
pub(crate) fn account(script: &Script, hand: &Hand) -> ServiceAccount {
    ServiceAccount::from_json(&key_file().to_string())
        .unwrap()
        .with_transport(script.transport())
        .with_clock(hand.clock())
        .scoped(&["invoices.read"])
        .unwrap()
}
