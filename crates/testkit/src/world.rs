//! A small world: an organization with people, a project with an account and its key, two APIs.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test ends where something is missing"
)]

use std::sync::Arc;
use std::sync::OnceLock;

use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::sign_compact;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use serde_json::Value;
use serde_json::json;

use carnet_core::record;
use carnet_core::record::AccountState;
use carnet_core::record::Audience;
use carnet_core::record::KeyState;
use carnet_core::record::ProjectState;
use carnet_core::record::UserState;
use carnet_core::record::Whom;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion;
use carnet_core::rule::grant::jwt_bearer;
use carnet_core::rule::token::Issue;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Direct;
use carnet_core::store::Memory;
use carnet_core::store::Record;
use carnet_core::store::Snapshots;
use carnet_core::store::Store;
use carnet_core::value::ApiIdentifier;
use carnet_core::value::Counting;
use carnet_core::value::KeyId;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;

mod clients;
mod states;

pub use clients::{DAEMON, POSTER, SECRET, SPA, WEB};

/// The moment at which a world begins.
pub const NOW: i64 = 1_775_121_058;
/// A public scope of the API, and delegated.
pub const READ: &str = "https://billing.example/auth/invoices.read";
/// A public scope of the API, and not delegated.
pub const WRITE: &str = "https://billing.example/auth/invoices.write";
/// A private scope of another project's API.
pub const PRIVATE: &str = "https://other.example/auth/secret";
/// A user.
pub const ALICE: &str = "alice@acme.example";
/// Another user.
pub const BOB: &str = "bob@acme.example";
/// A suspended user.
pub const CAROL: &str = "carol@acme.example";
const AT: UnixTime = UnixTime(NOW);

/// Making RSA keys takes long in debug builds: every world shares two.
fn pairs() -> &'static (LocalSigner, LocalSigner) {
    static PAIRS: OnceLock<(LocalSigner, LocalSigner)> = OnceLock::new();
    let make = || LocalSigner::new(KeyPair::generate(KeyType::Rsa2048).expect("a key"), "");
    PAIRS.get_or_init(|| (make(), make()))
}

/// Records in an in-memory store, and the private key of the one account.
pub struct World {
    store: Direct,
    account: record::ServiceAccount,
    key: record::ServiceAccountKey,
    project: record::Project,
    delegation: record::Delegation,
    alice: record::User,
    api: record::Api,
}

fn text<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a sound text")
}

fn api(project: &str, name: &str, scopes: &[(&str, record::Visibility)], id: u64) -> record::Api {
    let scope = |(name, visibility): &(&str, record::Visibility)| record::ApiScope {
        name: text(name),
        title: text(""),
        detail: text(""),
        risk: record::Risk::Read,
        visibility: *visibility,
    };
    record::Api {
        id: carnet_core::value::ApiId::mint(AT, &mut Counting(id)),
        project: text(project),
        identifier: text(name),
        title: text("An API"),
        tokens: record::TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        lifetime: Seconds(3_600),
        scopes: scopes.iter().map(scope).collect(),
        detail_types: Vec::new(),
        created: AT,
        changed: AT,
        version: Version::FIRST,
    }
}

fn project(
    id: &str,
    organization: Option<carnet_core::value::OrganizationId>,
    seed: u64,
) -> record::Project {
    record::Project {
        id: text(id),
        number: carnet_core::value::ProjectNumber::mint(&mut Counting(seed)),
        organization,
        title: text("A project"),
        audience: Audience::External,
        state: ProjectState::Active,
        assertions: record::AssertionRules::default(),
        created: AT,
        changed: AT,
        version: Version::FIRST,
    }
}

fn user(
    email: &str,
    organization: carnet_core::value::OrganizationId,
    state: UserState,
    seed: u64,
) -> record::User {
    record::User {
        id: carnet_core::value::UserId::mint(&mut Counting(seed)),
        organization,
        email: text(email),
        email_verified: false,
        name: text("A person"),
        state,
        sign_ins_since: None,
        created: AT,
        changed: AT,
        version: Version::FIRST,
    }
}

impl World {
    /// The world as it begins.
    pub async fn new() -> Self {
        Self::over(Arc::new(Memory::new())).await
    }

    /// The world as it begins, in this store, which is empty.
    #[expect(clippy::too_many_lines, reason = "a world is a list of records")]
    pub async fn over(store: Arc<dyn Store>) -> Self {
        let id = carnet_core::value::OrganizationId::mint(AT, &mut Counting(1));
        let acme = record::Organization {
            id,
            title: text("Acme"),
            created: AT,
            changed: AT,
            version: Version::FIRST,
        };
        let domain = record::Domain {
            name: text("acme.example"),
            organization: id,
            created: AT,
            version: Version::FIRST,
        };
        let billing = project("billing", Some(id), 2);
        let account = record::ServiceAccount {
            unique_id: carnet_core::value::UniqueId::mint(&mut Counting(3)),
            project: billing.id.clone(),
            account_id: text("invoice-sync"),
            email: text("invoice-sync@billing.iam.gserviceaccount.com"),
            title: text(""),
            description: text(""),
            state: AccountState::Active,
            created: AT,
            changed: AT,
            version: Version::FIRST,
        };
        let key = record::ServiceAccountKey {
            id: KeyId::mint(&mut Counting(4)),
            account: account.unique_id.clone(),
            algorithm: Algorithm::RS256,
            public_key: pairs().0.key_pair().public_key().to_spki_der(),
            certificate: Vec::new(),
            origin: record::KeyOrigin::Made,
            created: AT,
            expires: None,
            state: KeyState::Active,
            version: Version::FIRST,
        };
        let delegation = record::Delegation {
            id: carnet_core::value::DelegationId::mint(AT, &mut Counting(5)),
            organization: id,
            client_id: account.unique_id.clone(),
            scopes: Scope::parse(READ).expect("a scope"),
            whom: Whom::Everyone,
            until: None,
            suspended: None,
            note: text(""),
            entered: record::EnteredBy::ClientId,
            created: AT,
            changed: AT,
            version: Version::FIRST,
        };
        let public = record::Visibility::Public;
        let invoices = api(
            "billing",
            "https://billing.example",
            &[(READ, public), (WRITE, public)],
            6,
        );
        let hidden = record::Visibility::Private;
        let other = api(
            "elsewhere",
            "https://other.example",
            &[(PRIVATE, hidden)],
            7,
        );
        let alice = user(ALICE, id, UserState::Active, 8);
        let gone = UserState::Suspended {
            since: AT,
            reason: text("left"),
        };
        let world = Self {
            store: Direct(store),
            account: account.clone(),
            key: key.clone(),
            project: billing.clone(),
            delegation: delegation.clone(),
            alice: alice.clone(),
            api: invoices.clone(),
        };
        let records = [
            Record::Organization(acme),
            Record::Domain(domain),
            Record::User(alice),
            Record::User(user(BOB, id, UserState::Active, 9)),
            Record::User(user(CAROL, id, gone, 10)),
            Record::Project(billing),
            Record::Project(project("elsewhere", None, 11)),
            Record::Api(invoices),
            Record::Api(other),
            Record::ServiceAccount(account),
            Record::ServiceAccountKey(key),
            Record::Delegation(delegation),
        ];
        world.commit(&records.map(Change::Insert)).await;
        world
    }

    /// The same world, as another node sees it through a store of its own.
    #[must_use]
    pub fn seen_through(&self, store: Arc<dyn Store>) -> Self {
        Self {
            store: Direct(store),
            account: self.account.clone(),
            key: self.key.clone(),
            project: self.project.clone(),
            delegation: self.delegation.clone(),
            alice: self.alice.clone(),
            api: self.api.clone(),
        }
    }

    async fn commit(&self, changes: &[Change]) {
        let committed = self
            .store
            .0
            .commit(changes)
            .await
            .expect("a store that works");
        assert_eq!(committed, Committed::Yes);
    }

    /// The account's e-mail.
    pub fn email(&self) -> String {
        self.account.email.to_string()
    }

    /// The account's number.
    pub fn client_id(&self) -> String {
        self.account.unique_id.to_string()
    }

    /// The key's id.
    pub fn key_id(&self) -> KeyId {
        self.key.id.clone()
    }

    /// What the API is called in `aud`.
    pub fn api_identifier(&self) -> ApiIdentifier {
        self.api.identifier.clone()
    }

    /// Claims that buy a token.
    pub fn claims(&self) -> Value {
        json!({
            "iss": self.email(),
            "scope": READ,
            "aud": "https://auth.acme.example/token",
            "iat": NOW,
            "exp": NOW + 3_600,
        })
    }

    /// The usual claims with some of them changed.
    pub fn with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        let Value::Object(changes) = changes else {
            panic!("an object of claims")
        };
        for (name, value) in changes {
            claims[name] = value;
        }
        claims
    }

    /// The store behind it.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store.0)
    }

    /// These claims as the account's key signs them.
    pub fn sign(&self, claims: &Value) -> String {
        signed(claims, Some(self.key.id.as_str()), &pairs().0)
    }

    /// These claims as somebody else's key signs them, under the account's `kid`.
    pub fn forge(&self, claims: &Value) -> String {
        signed(claims, Some(self.key.id.as_str()), &pairs().1)
    }

    /// What the rules say to these claims, signed as they should be.
    pub async fn ask(&self, claims: Value) -> Result<Issue, Refusal> {
        self.ask_with_kid(claims, Some(self.key.id.as_str())).await
    }

    /// The same with another `kid`, or none.
    pub async fn ask_with_kid(&self, claims: Value, kid: Option<&str>) -> Result<Issue, Refusal> {
        self.ask_text(&signed(&claims, kid, &pairs().0)).await
    }

    /// The same, signed with another's key.
    pub async fn ask_signed_by_a_stranger(&self, claims: Value) -> Result<Issue, Refusal> {
        self.ask_text(&signed(&claims, Some(self.key.id.as_str()), &pairs().1))
            .await
    }

    /// The same with a signature that was changed.
    pub async fn ask_tampered(&self, claims: Value) -> Result<Issue, Refusal> {
        let mut text = signed(&claims, Some(self.key.id.as_str()), &pairs().0);
        let last = if text.pop() == Some('A') { 'Q' } else { 'A' };
        text.push(last);
        self.ask_text(&text).await
    }

    /// What the rules say to this text.
    pub async fn ask_text(&self, text: &str) -> Result<Issue, Refusal> {
        self.decide(text).await.map(|(issue, _)| issue)
    }

    async fn decide(&self, text: &str) -> Result<(Issue, Vec<Change>), Refusal> {
        let unverified = assertion::read(text)?;
        let claims = assertion::claims(&unverified)?;
        let account = match claims.iss.text() {
            Some(issuer) => self
                .store
                .account(issuer)
                .await
                .expect("a store that works"),
            None => None,
        };
        let decoy = pairs().1.key_pair().public_key();
        let proven = assertion::prove(&unverified, claims, account, AT, decoy)?;
        let project = &proven.snapshot().account.project;
        let project = self
            .store
            .project_facts(project)
            .await
            .expect("a store")
            .expect("a project");
        let rules = project.project.assertions;
        let own = assertion::OwnAudiences::of("https://auth.acme.example");
        let asked = assertion::judge(&proven, &own, rules.google_audience_for_uploaded_keys, AT)?;
        let facts = jwt_bearer::load(&proven, &asked, project, &self.store)
            .await
            .expect("a store");
        let verdict = jwt_bearer::decide(&proven, &asked, &facts, AT, &mut Counting(77));
        Ok((verdict.outcome?, verdict.changes))
    }

    /// Asks, and commits what was decided.
    pub async fn redeem(&self, claims: Value) -> Result<(), Crn> {
        let text = signed(&claims, None, &pairs().0);
        let (_, changes) = self.decide(&text).await.map_err(|refusal| refusal.crn)?;
        match self
            .store
            .0
            .commit(&changes)
            .await
            .expect("a store that works")
        {
            Committed::Yes => Ok(()),
            Committed::No(..) => Err(jwt_bearer::replayed().crn),
        }
    }
}

fn signed(claims: &Value, kid: Option<&str>, signer: &LocalSigner) -> String {
    let header = SigningHeader::new(Algorithm::RS256, kid, Some("JWT"));
    sign_compact(&header, claims.to_string().as_bytes(), signer).expect("a signature")
}
