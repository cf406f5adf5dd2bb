//! The world's account with a second key, of the kind that service identities have.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::DisableReason;
use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::ServiceAccountKey;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::value::Counting;
use carnet_core::value::KeyId;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::sign_compact;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::NOW;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;

/// The account as a service identity.
pub(super) const IDENTITY: &str = "system:serviceaccount:billing:invoice-sync";
/// Its project's API.
pub(super) const API: &str = "https://billing.example";
/// What such files say.
pub(super) const GRANT: &str = "urn:ietf:params:oauth:token-type:token-exchange";
/// The type of the tokens that they sign.
pub(super) const KIND: &str = "urn:k8s:params:oauth:token-type:serviceaccount";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

pub(super) struct Scene {
    pub(super) provider: Provider,
    pub(super) signer: LocalSigner,
    pub(super) key: ServiceAccountKey,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::over(World::new().await).await
    }

    pub(super) async fn over(world: World) -> Self {
        let pair = KeyPair::generate(KeyType::P256).unwrap();
        let id = KeyId::mint(&mut Counting(84));
        let key = ServiceAccountKey {
            id: id.clone(),
            account: world.client_id().parse().unwrap(),
            algorithm: pair.algorithm(),
            public_key: pair.public_key().to_spki_der(),
            certificate: Vec::new(),
            origin: KeyOrigin::Made,
            created: UnixTime(NOW),
            expires: None,
            state: KeyState::Active,
            version: Version::FIRST,
        };
        let scene = Self {
            provider: Provider::over(world).await,
            signer: LocalSigner::new(pair, id.as_str()),
            key,
        };
        let new = Record::ServiceAccountKey(scene.key.clone());
        scene.commit(Change::Insert(new)).await;
        scene
    }

    async fn commit(&self, change: Change) {
        let store = &self.provider.parts().store;
        assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);
    }

    pub(super) async fn key_is_disabled(&mut self) {
        self.key.version = self.key.version.next();
        self.key.state = KeyState::Disabled {
            since: UnixTime(NOW),
            reason: DisableReason::UserInitiated,
            note: "".parse().unwrap(),
        };
        let next = Record::ServiceAccountKey(self.key.clone());
        self.commit(Change::Replace(next)).await;
    }

    pub(super) async fn key_expires_in(&mut self, seconds: i64) {
        self.key.version = self.key.version.next();
        self.key.expires = Some(UnixTime(NOW + seconds));
        let next = Record::ServiceAccountKey(self.key.clone());
        self.commit(Change::Replace(next)).await;
    }

    pub(super) async fn key_is_gone(&self) {
        let key = RecordKey::ServiceAccountKey(self.key.id.clone(), self.key.account.clone());
        self.commit(Change::Remove(key, self.key.version)).await;
    }

    /// What Google's libraries claim.
    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": IDENTITY, "sub": IDENTITY, "aud": format!("{}/token", self.provider.parts().issuer),
            "iat": NOW, "exp": NOW + 3_600,
        })
    }

    pub(super) fn with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        let Value::Object(changes) = changes else {
            return changes;
        };
        for (name, value) in changes {
            claims[name] = value;
        }
        claims
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        signed(claims, &self.signer)
    }

    /// Under the right `kid`, with another's key.
    pub(super) fn forge(&self, claims: &Value) -> String {
        let pair = KeyPair::generate(KeyType::P256).unwrap();
        signed(claims, &LocalSigner::new(pair, self.key.id.as_str()))
    }

    /// Sends the request as JSON, with these members instead.
    pub(super) async fn bring(&self, token: &str, changes: Value) -> Answer {
        let mut body = body(token);
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let request = Request::post("/token").header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        self.provider.send(request).await
    }

    /// The usual request, with this proof of a key.
    pub(super) async fn with_proof(&self, proof: &str) -> Answer {
        let body = body(&self.sign(&self.claims())).to_string();
        let request = Request::post("/token")
            .header("content-type", "application/json")
            .header("dpop", proof);
        let request = request.body(Body::from(body)).unwrap();
        self.provider.send(request).await
    }

    /// Signs and sends.
    pub(super) async fn ask(&self, claims: &Value, changes: Value) -> Answer {
        self.bring(&self.sign(claims), changes).await
    }

    /// Sends the request as a form.
    pub(super) async fn form(&self, token: &str) -> Answer {
        let form = [
            ("grant_type", GRANT),
            ("audience", API),
            ("requested_token_type", ACCESS_TOKEN),
            ("subject_token", token),
            ("subject_token_type", KIND),
        ];
        self.provider.post("/token", &form).await
    }
}

/// What Google's libraries send.
fn body(token: &str) -> Value {
    json!({
        "grant_type": GRANT, "audience": API, "requested_token_type": ACCESS_TOKEN,
        "subject_token": token, "subject_token_type": KIND,
    })
}

pub(super) fn signed(claims: &Value, signer: &LocalSigner) -> String {
    let header = SigningHeader::of(signer, "JWT");
    sign_compact(&header, claims.to_string().as_bytes(), signer).unwrap()
}

#[track_caller]
pub(super) fn refused(answer: &Answer, status: u16, error: &str, code: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    let told = answer.json();
    assert_eq!(told["error"], error, "{}", answer.body);
    let said = told["error_description"].as_str().unwrap();
    assert!(said.contains(code), "{code}: {said}");
    assert!(told.get("access_token").is_none(), "{}", answer.body);
}
