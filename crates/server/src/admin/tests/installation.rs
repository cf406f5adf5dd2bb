//! A server in process, with a clock that tests move, and callers with roles.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use carnet_core::record::{
    AccountState, AssertionRules, Audience, Delegation, EnteredBy, Holder, Organization, Policy,
    Project, ProjectState, Role, RoleBinding, ServiceAccount, Territory, TokenFormat, User,
    UserState, Whom,
};
use carnet_core::rule::sign_in::SessionLength;
use carnet_core::rule::token::{AccessGrant, AccountSubject, Subject};
use carnet_core::store::{
    AccountSnapshot, Bound, Catalog, Change, Committed, Memory, Owner, Person, ProjectSnapshot,
    Reading, Record, Snapshots, Store, assemble,
};
use carnet_core::value::{
    AccountId, BindingId, DelegationId, DomainName, Email, Entropy as _, OrganizationId, ProjectId,
    ProjectNumber, ServiceAccountEmail, TokenId, UniqueId, UnixTime, UserId, Version,
};
use carnet_jose::Algorithm;
use carnet_wire::origin::Origin;
use serde_json::Value;
use tower::ServiceExt;

use crate::aws::Witness;
use crate::config::dpop::Dpop;
use crate::config::rate::Rate;
use crate::config::registration::Registration;
use crate::entropy::SystemEntropy;
use crate::http::arrival::Arrival;
use crate::http::client_address::Scheme;
use crate::http::trace::TraceId;
use crate::keyring::KeyEncryptionKey;
use crate::mint::access_token;
use crate::outbound::Outbound;
use crate::password::Hashing;
use crate::routes::routes;
use crate::start::{Ingredients, Started, start};
use crate::system::{ADMIN_API, SCOPE_ADMIN};

/// The public URL of the server.
pub(super) const ISSUER: &str = "https://auth.acme.example";

/// When the tests begin.
const BEGINNING: i64 = 1_775_121_058;

/// A server in process.
pub(super) struct Installation {
    /// Its parts.
    pub(super) started: Started,
    router: Router,
    store: Arc<Memory>,
    clock: Arc<AtomicI64>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Said {
    /// The status.
    pub(super) status: u16,
    /// The headers.
    pub(super) headers: HeaderMap,
    /// The trace id of the request.
    pub(super) trace: String,
    /// The body; null where there is none.
    pub(super) body: Value,
}

impl Said {
    /// The code of a problem.
    pub(super) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body, where the status is as expected.
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The body of a problem with this code.
    #[track_caller]
    pub(super) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["type"], format!("{ISSUER}/e/{code}"));
        assert_eq!(self.body["trace_id"], self.trace);
        self.body
    }
}

impl Installation {
    /// A fresh one, with an organization `Acme` (domain `acme.example`) and two projects: `billing`,
    /// which belongs to it, and `solo`, which belongs to nobody.
    pub(super) async fn new() -> Self {
        let store = Arc::new(Memory::new());
        let clock = Arc::new(AtomicI64::new(BEGINNING));
        let ticks = Arc::clone(&clock);
        let started = start(Ingredients {
            issuer: ISSUER.to_owned(),
            universe: None,
            name: "Acme".to_owned(),
            sandbox: false,
            store: Arc::clone(&store) as Arc<dyn Store>,
            snapshots: Arc::new(Fresh(Arc::clone(&store))),
            encryption: KeyEncryptionKey::new([7; 32]).unwrap(),
            clock: Arc::new(move || UnixTime(ticks.load(Ordering::Relaxed))),
            rate: Rate::off(),
            client_certificates: crate::config::http::ClientCertificates::default(),
            outbound: Outbound::default(),
            aws: Witness::default(),
            registration: Registration::default(),
            hashing: Hashing::cheapest(),
            session: SessionLength::default(),
            par: crate::config::par::Par::default(),
            dpop: Dpop::default(),
            registry: Arc::default(),
        })
        .await
        .unwrap();
        let router = routes(Arc::clone(&started.parts));
        let installation = Self {
            started,
            router,
            store,
            clock,
        };
        installation.furnish().await;
        installation
    }

    async fn furnish(&self) {
        let now = self.now();
        let organization = Organization {
            id: acme(),
            title: "Acme".parse().unwrap(),
            created: now,
            changed: now,
            version: Version::FIRST,
        };
        let domain = carnet_core::record::Domain {
            name: "acme.example".parse::<DomainName>().unwrap(),
            organization: acme(),
            created: now,
            version: Version::FIRST,
        };
        self.insert(Record::Organization(organization)).await;
        self.insert(Record::Domain(domain)).await;
        self.project("billing", Some(acme())).await;
        self.project("solo", None).await;
    }

    /// The moment of the server.
    pub(super) fn now(&self) -> UnixTime {
        UnixTime(self.clock.load(Ordering::Relaxed))
    }

    /// Moves the clock.
    pub(super) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Puts a record into the store.
    pub(super) async fn insert(&self, record: Record) {
        let committed = self.store.commit(&[Change::Insert(record)]).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    }

    /// What the store knows.
    pub(super) fn store(&self) -> &Memory {
        &self.store
    }

    /// Makes a project.
    pub(super) async fn project(&self, id: &str, organization: Option<OrganizationId>) {
        let project = Project {
            id: id.parse().unwrap(),
            number: ProjectNumber::mint(&mut SystemEntropy),
            organization,
            title: id.parse().unwrap(),
            audience: Audience::External,
            state: ProjectState::Active,
            assertions: AssertionRules::default(),
            created: self.now(),
            changed: self.now(),
            version: Version::FIRST,
        };
        self.insert(Record::Project(project)).await;
    }

    /// Makes a service account in a project.
    pub(super) async fn account(&self, name: &str, project: &str) -> ServiceAccount {
        let account_id: AccountId = name.parse().unwrap();
        let project: ProjectId = project.parse().unwrap();
        let account = ServiceAccount {
            unique_id: UniqueId::mint(&mut SystemEntropy),
            email: ServiceAccountEmail::of(&account_id, &project),
            project,
            account_id,
            title: name.parse().unwrap(),
            description: "".parse().unwrap(),
            state: AccountState::Active,
            created: self.now(),
            changed: self.now(),
            version: Version::FIRST,
        };
        self.insert(Record::ServiceAccount(account.clone())).await;
        account
    }

    /// Makes a user of Acme.
    pub(super) async fn user(&self, email: &str) -> User {
        let user = User {
            id: UserId::mint(&mut SystemEntropy),
            organization: acme(),
            email: email.parse::<Email>().unwrap(),
            email_verified: false,
            name: email.parse().unwrap(),
            state: UserState::Active,
            sign_ins_since: None,
            created: self.now(),
            changed: self.now(),
            version: Version::FIRST,
        };
        self.insert(Record::User(user.clone())).await;
        user
    }

    /// Lets an account act as everyone in Acme with this scope.
    pub(super) async fn delegate(&self, account: &ServiceAccount, scope: &str) {
        let delegation = Delegation {
            id: DelegationId::mint(self.now(), &mut SystemEntropy),
            organization: acme(),
            client_id: account.unique_id.clone(),
            scopes: scope.parse().unwrap(),
            whom: Whom::Everyone,
            until: None,
            suspended: None,
            note: "".parse().unwrap(),
            entered: EnteredBy::ClientId,
            created: self.now(),
            changed: self.now(),
            version: Version::FIRST,
        };
        self.insert(Record::Delegation(delegation)).await;
    }

    /// Gives a role.
    pub(super) async fn grant(
        &self,
        holder: Holder,
        role: Role,
        territory: Territory,
    ) -> BindingId {
        let binding = RoleBinding {
            id: BindingId::mint(self.now(), &mut SystemEntropy),
            holder,
            role,
            territory,
            created: self.now(),
        };
        let id = binding.id;
        self.insert(Record::RoleBinding(binding)).await;
        id
    }

    /// A token for a fresh account (in the project `solo`) that has this role there.
    pub(super) async fn caller(&self, role: Role, territory: Territory) -> String {
        let number = BindingId::mint(self.now(), &mut SystemEntropy)
            .to_string()
            .to_lowercase();
        let name = format!("c-{}", number.get(22..30).unwrap());
        let account = self.account(&name, "solo").await;
        let holder = Holder::ServiceAccount(account.unique_id.clone());
        self.grant(holder, role, territory).await;
        self.token(&account, SCOPE_ADMIN, ADMIN_API).await
    }

    /// A token for an owner of the installation.
    pub(super) async fn owner(&self) -> String {
        self.caller(Role::Owner, Territory::Installation).await
    }

    /// An access token for an account.
    pub(super) async fn token(
        &self,
        account: &ServiceAccount,
        scope: &str,
        audience: &str,
    ) -> String {
        self.token_as(account, None, (scope, audience)).await
    }

    /// An access token for an account that acts for a person.
    pub(super) async fn token_as(
        &self,
        account: &ServiceAccount,
        user: Option<&User>,
        asked: (&str, &str),
    ) -> String {
        let subject = AccountSubject {
            id: account.unique_id.clone(),
            email: account.email.clone(),
            user: user.map(|user| (user.id.clone(), user.email.clone())),
            acting: None,
        };
        self.token_of(subject, asked).await
    }

    /// An access token about this subject.
    pub(super) async fn token_of(
        &self,
        subject: AccountSubject,
        (scope, audience): (&str, &str),
    ) -> String {
        let grant = AccessGrant {
            id: TokenId::mint(self.now(), &mut SystemEntropy),
            subject: Subject::Account(subject),
            scope: scope.parse().unwrap(),
            details: None,
            audience: vec![audience.parse().unwrap()],
            format: TokenFormat::Jwt,
            algorithm: Algorithm::ES256,
            issued: self.now(),
            expires: UnixTime(self.now().0 + 365 * 86_400),
            binding: None,
        };
        let keyring = self.started.parts.keyring.load_full();
        access_token(&grant, ISSUER, &keyring).await.unwrap()
    }

    /// Sends a request.
    pub(super) async fn send(&self, mut request: Request<Body>) -> Said {
        let mut number = [0; 16];
        SystemEntropy.fill(&mut number);
        let trace = TraceId::new(u128::from_be_bytes(number));
        request.extensions_mut().insert(Arrival {
            trace,
            client: Some([203, 0, 113, 9].into()),
            scheme: Scheme::Https,
        });
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 10_000_000).await.unwrap();
        Said {
            status: head.status.as_u16(),
            headers: head.headers,
            trace: trace.to_string(),
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// Asks with a token, and a body where it is not null.
    pub(super) async fn ask(&self, token: &str, method: &str, path: &str, body: Value) -> Said {
        self.ask_if(token, (method, path), body, None).await
    }

    /// Asks with `If-Match`.
    pub(super) async fn ask_if(
        &self,
        token: &str,
        (method, path): (&str, &str),
        body: Value,
        if_match: Option<&str>,
    ) -> Said {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/admin/v1/{path}"))
            .header("authorization", format!("Bearer {token}"));
        if let Some(tag) = if_match {
            request = request.header("if-match", tag);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Reads.
    pub(super) async fn get(&self, token: &str, path: &str) -> Said {
        self.ask(token, "GET", path, Value::Null).await
    }

    /// Posts.
    pub(super) async fn post(&self, token: &str, path: &str, body: Value) -> Said {
        self.ask(token, "POST", path, body).await
    }
}

/// The id of the organization `Acme`.
pub(super) fn acme() -> OrganizationId {
    OrganizationId::from_bytes([1; 16])
}

/// Snapshots that are assembled anew at each call.
struct Fresh(Arc<Memory>);

impl Snapshots for Fresh {
    fn account<'a>(&'a self, issuer: &'a str) -> Reading<'a, Option<Arc<AccountSnapshot>>> {
        Box::pin(async move { Ok(assemble::account(&*self.0, issuer).await?.map(Arc::new)) })
    }

    fn client<'a>(
        &'a self,
        id: &'a carnet_core::value::ClientId,
    ) -> Reading<'a, Option<Arc<carnet_core::store::ClientSnapshot>>> {
        Box::pin(async move { Ok(assemble::client(&*self.0, id).await?.map(Arc::new)) })
    }

    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool> {
        use carnet_core::store::Clients;
        Box::pin(async move { self.0.is_origin_of_any(origin).await })
    }

    fn project_facts<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Arc<ProjectSnapshot>>> {
        Box::pin(async move { Ok(assemble::project(&*self.0, id).await?.map(Arc::new)) })
    }

    fn catalog(&self) -> Reading<'_, Arc<Catalog>> {
        Box::pin(async move { Ok(Arc::new(assemble::catalog(&*self.0).await?)) })
    }

    fn delegations_for<'a>(
        &'a self,
        client_id: &'a UniqueId,
    ) -> Reading<'a, Arc<Vec<carnet_core::record::Delegation>>> {
        use carnet_core::store::Accounts;
        Box::pin(async move { Ok(Arc::new(self.0.delegations_of(client_id).await?)) })
    }

    fn bound<'a>(&'a self, account: &'a UniqueId) -> Reading<'a, Arc<Bound>> {
        Box::pin(async move { Ok(Arc::new(assemble::bound(&*self.0, account).await?)) })
    }

    fn policies(&self, of: OrganizationId) -> Reading<'_, Arc<Vec<Policy>>> {
        Box::pin(async move { Ok(Arc::new(assemble::policies(&*self.0, of).await?)) })
    }

    fn domain_owner<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Arc<Owner>>> {
        Box::pin(async move { Ok(assemble::domain_owner(&*self.0, name).await?.map(Arc::new)) })
    }

    fn person<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Arc<Person>>> {
        Box::pin(async move { Ok(assemble::person(&*self.0, email).await?.map(Arc::new)) })
    }
    fn user<'a>(&'a self, id: &'a carnet_core::value::UserId) -> Reading<'a, Option<Arc<User>>> {
        use carnet_core::store::People;
        Box::pin(async move { Ok(self.0.user(id).await?.map(Arc::new)) })
    }

    fn pool<'a>(
        &'a self,
        name: &'a carnet_core::value::PoolName,
    ) -> Reading<'a, Option<Arc<carnet_core::store::PoolSnapshot>>> {
        Box::pin(async move { Ok(assemble::pool(&*self.0, name).await?.map(Arc::new)) })
    }

    fn trusted_issuer(
        &self,
        id: carnet_core::value::TrustedIssuerId,
    ) -> Reading<'_, Option<Arc<carnet_core::record::TrustedIssuer>>> {
        use carnet_core::store::Trusts;
        Box::pin(async move { Ok(self.0.trusted_issuer(id).await?.map(Arc::new)) })
    }

    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a carnet_core::value::IssuerUri,
        audience: Option<&'a carnet_core::value::AllowedAudience>,
    ) -> Reading<'a, Option<Arc<carnet_core::record::TrustedIssuer>>> {
        use carnet_core::store::Trusts;
        Box::pin(async move {
            let found = self.0.trusted_issuer_named(issuer, audience).await?;
            Ok(found.map(Arc::new))
        })
    }
}
