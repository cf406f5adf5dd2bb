//! A server with an organization that trusts an issuer on this machine, for its one service account.

use std::cell::Cell;

use carnet_core::record::IssuerOwner;
use carnet_core::record::ServiceAccount;
use carnet_core::record::TrustedIssuer;
use carnet_core::record::TrustedSubject;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::value::Counting;
use carnet_core::value::UniqueId;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_server::outbound::Outbound;
use carnet_testkit::contract::trusted_issuer::issuer_of;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WRITE;
use carnet_testkit::world::World;
use carnet_wire::scope::Scope;
use serde_json::Value;
use serde_json::json;

use crate::federation::scene::Issuer;

pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(super) struct Scene {
    pub(super) server: Provider,
    pub(super) issuer: Issuer,
    pub(super) trust: TrustedIssuer,
    count: Cell<u32>,
    pub(super) now: i64,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::reaching(Settings::sandbox()).await
    }

    pub(super) async fn reaching(settings: Settings) -> Self {
        Self::with_issuer(Issuer::new(), Outbound::new(settings).unwrap()).await
    }

    /// An issuer that is reached through this client.
    pub(super) async fn with_issuer(issuer: Issuer, outbound: Outbound) -> Self {
        let ways = Ways {
            outbound,
            ..Ways::default()
        };
        let world = World::new().await.with_clients().await;
        let server = Provider::with(world, ways).await;
        let store = server.world.store();
        let alice = store.user_by_email(&ALICE.parse().unwrap()).await.unwrap();
        let owner = IssuerOwner::Organization(alice.unwrap().organization);
        let mut trust = issuer_of(owner, 1);
        trust.issuer = issuer.url.parse().unwrap();
        trust.subject = TrustedSubject::Account(server.world.client_id().parse().unwrap());
        trust.subjects = vec!["repo:acme/site:*".parse().unwrap()];
        trust.scopes = Scope::parse(&format!("{READ} {WRITE}")).unwrap();
        let scene = Self {
            server,
            issuer,
            trust,
            count: Cell::new(0),
            now: NOW,
        };
        scene.add(&scene.trust).await;
        scene
    }

    pub(super) async fn commit(&self, change: Change) {
        let committed = self.server.world.store().commit(&[change]).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    }

    pub(super) async fn add(&self, trust: &TrustedIssuer) {
        self.commit(Change::Insert(Record::TrustedIssuer(trust.clone())))
            .await;
    }

    /// The trust is otherwise from now on.
    pub(super) async fn set(&mut self, change: impl FnOnce(&mut TrustedIssuer)) {
        change(&mut self.trust);
        self.trust.version = self.trust.version.next();
        let row = Record::TrustedIssuer(self.trust.clone());
        self.commit(Change::Replace(row)).await;
    }

    /// It names a second account of the same project.
    pub(super) async fn names_another(&mut self) {
        let store = self.server.world.store();
        let id = self.server.world.client_id().parse().unwrap();
        let one = store.service_account(&id).await.unwrap().unwrap();
        let other = ServiceAccount {
            unique_id: UniqueId::mint(&mut Counting(77)),
            account_id: "second-sync".parse().unwrap(),
            email: "second-sync@billing.iam.gserviceaccount.com"
                .parse()
                .unwrap(),
            ..one
        };
        self.commit(Change::Insert(Record::ServiceAccount(other.clone())))
            .await;
        self.set(|trust| trust.subject = TrustedSubject::Account(other.unique_id))
            .await;
    }

    pub(super) async fn remove(&self) {
        let key = RecordKey::TrustedIssuer(self.trust.id);
        self.commit(Change::Remove(key, self.trust.version)).await;
    }

    /// Claims that the trust takes, each time with a `jti` of their own.
    pub(super) fn claims(&self) -> Value {
        self.count.set(self.count.get() + 1);
        json!({
            "iss": self.issuer.url, "sub": "repo:acme/site:main", "aud": ISSUER,
            "iat": self.now - 5, "exp": self.now + 300, "jti": format!("run-{}", self.count.get()),
        })
    }

    /// The same with other members; null takes one away.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "each test writes it in place"
    )]
    pub(super) fn with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        let all = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            all.insert(name.clone(), value.clone());
        }
        all.retain(|_, value| !value.is_null());
        claims
    }

    /// Time passes.
    pub(super) fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        self.server.wait(seconds);
    }

    /// Brings an assertion, and more parameters.
    pub(super) async fn bring(&self, assertion: &str, more: &[(&str, &str)]) -> Answer {
        let mut all = form(assertion).to_vec();
        all.extend(more);
        self.server.post("/token", &all).await
    }

    pub(super) async fn redeem(&self, claims: &Value, more: &[(&str, &str)]) -> Answer {
        self.bring(&self.issuer.sign(claims), more).await
    }

    /// The access token that these claims buy.
    pub(super) async fn redeemed(&self, claims: &Value) -> String {
        let answer = self.redeem(claims, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// What the owner reads of a refusal.
    pub(super) async fn story(&self, answer: &Answer) -> String {
        self.server.settle().await;
        let body = answer.json();
        self.server.story(body["trace_id"].as_str().unwrap()).await
    }
}

/// The grant without a client.
pub(super) fn form(assertion: &str) -> [(&str, &str); 2] {
    [("grant_type", GRANT), ("assertion", assertion)]
}

/// Whether a token stands.
pub(super) async fn active(scene: &Scene, token: &str) -> bool {
    let form = [("token", token)];
    let told = scene
        .server
        .post_basic("/introspect", &form, (DAEMON, SECRET));
    told.await.json()["active"] == true
}

/// It was refused so.
pub(super) fn refused(answer: &Answer, error: &str, crn: u32) {
    let body = answer.json();
    assert_eq!(body["error"], error, "{body}");
    let description = body["error_description"].as_str().unwrap();
    assert!(description.contains(&format!("CRN-{crn}")), "{description}");
}
