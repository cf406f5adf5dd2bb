//! What the tests of this crate play with: an issuer that answers by address, tokens of every kind,
//! a clock that is moved by hand.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use carnet_client::Clock;
use carnet_client::ServiceAccount;
use carnet_client::Transport;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::Prefixed;
use carnet_jose::Signer as _;
use carnet_jose::SigningHeader;
use carnet_jose::sign_compact;
use http::Response;
use serde_json::Value;
use serde_json::json;

use crate::builder::VerifierBuilder;
use crate::self_signed::SelfSigned;
use crate::verifier::Verifier;

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const ISSUER: &str = "https://auth.example";
pub(crate) const AUDIENCE: &str = "https://api.example/invoices";
pub(crate) const EMAIL: &str = "invoice-sync@billing.sa.example";
pub(crate) const JWKS: &str = "https://auth.example/jwks";
pub(crate) const INTROSPECT: &str = "https://auth.example/introspect";
pub(crate) const ACCOUNT_JWKS: &str =
    "https://auth.example/service_accounts/v1/jwk/invoice-sync@billing.sa.example";

/// The issuer's key, and the one after a rotation.
pub(crate) static ISSUER_KEY: LazyLock<LocalSigner> = LazyLock::new(|| made(KeyType::P256, "i1"));
pub(crate) static NEXT_KEY: LazyLock<LocalSigner> = LazyLock::new(|| made(KeyType::P256, "i2"));
/// The service account's key.
pub(crate) static ACCOUNT_KEY: LazyLock<LocalSigner> =
    LazyLock::new(|| made(KeyType::Rsa2048, "a1"));

fn made(kind: KeyType, name: &str) -> LocalSigner {
    LocalSigner::new(KeyPair::generate(kind).unwrap(), name)
}

pub(crate) fn key_set(keys: &[&LocalSigner]) -> String {
    let jwk = |key: &&LocalSigner| Jwk::new(key.public_key().clone(), key.key_id());
    let (keys, skipped) = (keys.iter().map(jwk).collect(), vec![]);
    JwkSet { keys, skipped }.to_json()
}

/// Signs claims.
pub(crate) fn sign(claims: &Value, typ: &str, key: &LocalSigner) -> String {
    let header = SigningHeader::of(key, typ);
    sign_compact(&header, claims.to_string().as_bytes(), key).unwrap()
}

/// The claims of a good access token, with changes; null takes a claim away.
pub(crate) fn claims(changes: &Value) -> Value {
    changed(
        json!({
            "iss": ISSUER, "sub": "104857291830027466113", "aud": AUDIENCE,
            "client_id": "104857291830027466113", "scope": "invoices.read", "email": EMAIL,
            "iat": NOW, "exp": NOW + 3600, "jti": "01JQ7VK3",
        }),
        changes,
    )
}

/// The claims of a good self-signed token, with changes.
pub(crate) fn self_claims(changes: &Value) -> Value {
    let good = json!({
        "iss": EMAIL, "sub": EMAIL, "aud": "https://api.example/", "iat": NOW, "exp": NOW + 3600,
    });
    changed(good, changes)
}

fn changed(mut good: Value, changes: &Value) -> Value {
    let members = good.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    good
}

/// An access token with these changes.
pub(crate) fn access_token(changes: &Value) -> String {
    sign(&claims(changes), "at+jwt", &ISSUER_KEY)
}

/// A self-signed token with these changes.
pub(crate) fn self_signed(changes: &Value) -> String {
    sign(&self_claims(changes), "JWT", &ACCOUNT_KEY)
}

/// An opaque token.
pub(crate) fn opaque(number: u8) -> String {
    Prefixed::AccessToken.encode(&[number; 40])
}

/// An issuer, and the time.
#[derive(Clone)]
pub(crate) struct World {
    now: Arc<AtomicI64>,
    answers: Arc<Mutex<HashMap<String, (u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl World {
    /// An issuer in good order.
    pub(crate) fn new() -> Self {
        let world = Self {
            now: Arc::new(AtomicI64::new(NOW)),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        world.set(JWKS, 200, &key_set(&[&ISSUER_KEY]));
        world.set(ACCOUNT_JWKS, 200, &key_set(&[&ACCOUNT_KEY]));
        let token = json!({"access_token": "mine", "expires_in": 3600, "token_type": "Bearer"});
        world.set("https://auth.example/token", 200, &token.to_string());
        let metadata = json!({
            "issuer": ISSUER, "jwks_uri": JWKS, "introspection_endpoint": INTROSPECT,
            "response_types_supported": [],
        });
        let document = "https://auth.example/.well-known/oauth-authorization-server";
        world.set(document, 200, &metadata.to_string());
        world
    }

    /// What is answered at an address from now on; status 0 is silence.
    pub(crate) fn set(&self, url: &str, status: u16, body: &str) {
        let answer = (status, body.to_owned());
        self.answers.lock().unwrap().insert(url.to_owned(), answer);
    }

    pub(crate) fn introspection(&self, changes: &Value) {
        let mut answer = claims(changes);
        answer["active"] = true.into();
        self.set(INTROSPECT, 200, &answer.to_string());
    }

    pub(crate) fn forward(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// How often an address was asked.
    pub(crate) fn asked(&self, url: &str) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|asked| *asked == url)
            .count()
    }

    /// How often anything was asked.
    pub(crate) fn asked_at_all(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub(crate) fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::told_by(move || now.load(Ordering::SeqCst))
    }

    fn transport(&self) -> Transport {
        let world = self.clone();
        Transport::from_fn(move |request| {
            let url = request.uri().to_string();
            let answer = world.answers.lock().unwrap().get(&url).cloned();
            world.asked.lock().unwrap().push(url);
            Box::pin(async move {
                tokio::task::yield_now().await;
                let (status, body) = answer.unwrap_or((404, String::new()));
                if status == 0 {
                    return Err("nobody is there".into());
                }
                Ok(Response::builder().status(status).body(body.into_bytes())?)
            })
        })
    }

    pub(crate) fn builder(&self) -> VerifierBuilder {
        Verifier::builder(ISSUER)
            .audience(AUDIENCE)
            .transport(self.transport())
            .clock(self.clock())
    }

    /// A verifier that takes every kind of token.
    pub(crate) async fn verifier(&self) -> Verifier {
        self.builder()
            .introspect_as(account("https://auth.example/token"))
            .self_signed(allowed())
            .build()
            .await
            .unwrap()
    }
}

/// What self-signed tokens may do in the tests.
pub(crate) fn allowed() -> SelfSigned {
    SelfSigned::at("https://api.example:8443/")
        .unwrap()
        .from("@billing.sa.example")
        .granting(&["invoices.read", "invoices.write"])
        .unwrap()
}

/// The account as which the API introspects.
pub(crate) fn account(token_uri: &str) -> ServiceAccount {
    let file = json!({
        "type": "service_account",
        "private_key_id": "a1",
        "private_key": ACCOUNT_KEY.key_pair().to_pkcs8_pem().unwrap().as_str(),
        "client_email": EMAIL,
        "token_uri": token_uri,
    });
    ServiceAccount::from_json(&file.to_string()).unwrap()
}
