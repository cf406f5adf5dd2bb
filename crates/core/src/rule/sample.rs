//! An app, a person and an API for the tests of the rules of people's apps.

use std::borrow::Cow;
use std::sync::Arc;

use carnet_jose::Algorithm;
use carnet_jose::digest;
use carnet_wire::authorize::Addressee;
use carnet_wire::authorize::AuthorizationRequest;
use carnet_wire::params::Params;
use carnet_wire::pkce::CodeVerifier;
use carnet_wire::scope::Scope;

use crate::record;
use crate::record::GrantType;
use crate::rule::Refusal;
use crate::rule::admin::Context;
use crate::rule::authorize;
use crate::rule::authorize::Asked;
use crate::rule::authorize::Destination;
use crate::rule::authorize::Moment;
use crate::rule::authorize::Step;
use crate::rule::grant::authorization_code::Code;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Committed;
use crate::store::Direct;
use crate::store::Memory;
use crate::store::Record;
use crate::store::Store;
use crate::value::ApiId;
use crate::value::Counting;
use crate::value::OrganizationId;
use crate::value::ProjectNumber;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// The moment of the tests.
pub(super) const NOW: UnixTime = UnixTime(1_775_121_058);
/// The verifier of the tests.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The API of the tests.
pub(super) const API: &str = "https://api.acme.example/invoices";

/// Records, each of which a test may change before it asks.
pub(super) struct Sample {
    pub(super) client: record::Client,
    pub(super) project: record::Project,
    pub(super) api: record::Api,
    pub(super) user: record::User,
    pub(super) session: record::Session,
    pub(super) consent: Option<record::Consent>,
    pub(super) policies: Vec<record::Policy>,
}

pub(super) fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

fn api_scope(name: &str, visibility: record::Visibility) -> record::ApiScope {
    record::ApiScope {
        name: name.parse().unwrap(),
        title: "Do something".parse().unwrap(),
        detail: "".parse().unwrap(),
        risk: record::Risk::Write,
        visibility,
    }
}

/// An app of the project that people use in a browser.
pub(super) fn client() -> record::Client {
    record::Client {
        id: "ledgerly".parse().unwrap(),
        project: "billing".parse().unwrap(),
        title: "Ledgerly".parse().unwrap(),
        kind: record::ClientKind::Web,
        authentication: record::ClientAuthentication::SecretBasic,
        redirect_uris: vec!["https://ledgerly.example/callback".parse().unwrap()],
        grants: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
        scopes: scope("openid email offline_access read write secret"),
        default_scopes: scope("read"),
        credentials: record::Credentials::default(),
        require_pkce: true,
        require_par: false,
        require_signed_request_object: false,
        algorithms: record::ClientAlgorithms::default(),
        require_dpop: false,
        refresh_token_rotation: true,
        exchange: record::Exchange::default(),
        legacy: record::Legacy::default(),
        certificate_bound: false,
        origins: Vec::new(),
        lifetimes: record::Lifetimes::default(),
        about: record::About::default(),
        trust: record::Trust::Known,
        source: record::ClientSource::Admin,
        state: record::ClientState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

/// In which the user is signed in.
fn session() -> record::Session {
    record::Session {
        id: SessionId::mint(NOW, &mut Counting(5)),
        digest: SecretDigest::from_bytes([5; 32]),
        user: UserId::mint(&mut Counting(4)),
        method: record::SignInMethod::Password,
        created: NOW - Seconds(100),
        seen: NOW,
        idle_ends: NOW + Seconds(3_600),
        ends: NOW + Seconds::days(7),
        agent: "".parse().unwrap(),
        address: String::new(),
    }
}

impl Sample {
    pub(super) fn new() -> Self {
        let organization = OrganizationId::mint(NOW, &mut Counting(1));
        let public = record::Visibility::Public;
        Self {
            client: client(),
            project: record::Project {
                id: "billing".parse().unwrap(),
                number: ProjectNumber::mint(&mut Counting(2)),
                organization: Some(organization),
                title: "Billing".parse().unwrap(),
                audience: record::Audience::External,
                state: record::ProjectState::Active,
                assertions: record::AssertionRules::default(),
                created: NOW,
                changed: NOW,
                version: Version::FIRST,
            },
            api: record::Api {
                id: ApiId::mint(NOW, &mut Counting(3)),
                project: "billing".parse().unwrap(),
                identifier: API.parse().unwrap(),
                title: "Invoices".parse().unwrap(),
                tokens: record::TokenFormat::Jwt,
                algorithm: Algorithm::ES256,
                lifetime: Seconds(3_600),
                scopes: vec![api_scope("read", public), api_scope("write", public)],
                detail_types: Vec::new(),
                created: NOW,
                changed: NOW,
                version: Version::FIRST,
            },
            user: record::User {
                id: UserId::mint(&mut Counting(4)),
                organization,
                email: "dana@acme.example".parse().unwrap(),
                email_verified: true,
                name: "Dana Kim".parse().unwrap(),
                state: record::UserState::Active,
                sign_ins_since: None,
                created: NOW,
                changed: NOW,
                version: Version::FIRST,
            },
            session: session(),
            consent: None,
            policies: Vec::new(),
        }
    }

    /// The person has agreed to this before.
    pub(super) fn agreed(mut self, scopes: &str) -> Self {
        let scopes = scopes.split(' ').map(|name| (name.parse().unwrap(), NOW));
        self.consent = Some(record::Consent {
            user: self.user.id.clone(),
            client: self.client.id.clone(),
            scopes: scopes.collect(),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        });
        self
    }

    /// A policy of the organization.
    pub(super) fn policy(&mut self, rule: record::PolicyRule) {
        self.policies.push(record::Policy {
            id: crate::value::PolicyId::mint(NOW, &mut Counting(9)),
            organization: self.user.organization,
            title: "Careful".parse().unwrap(),
            rule,
            enabled: true,
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        });
    }

    pub(super) fn catalog(&self) -> Catalog {
        let hidden = record::Api {
            id: ApiId::mint(NOW, &mut Counting(6)),
            identifier: "https://other.example".parse().unwrap(),
            project: "elsewhere".parse().unwrap(),
            scopes: vec![api_scope("secret", record::Visibility::Private)],
            ..self.api.clone()
        };
        let own = (Arc::new(self.api.clone()), self.project.organization);
        Catalog::new(vec![own, (Arc::new(hidden), None)])
    }

    /// A store with the records in it.
    pub(super) async fn store(&self) -> Direct {
        let store = Memory::new();
        let organization = record::Organization {
            id: self.user.organization,
            title: "Acme".parse().unwrap(),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        };
        let domain = record::Domain {
            name: "acme.example".parse().unwrap(),
            organization: self.user.organization,
            created: NOW,
            version: Version::FIRST,
        };
        let mut records = vec![
            Record::Organization(organization),
            Record::Domain(domain),
            Record::User(self.user.clone()),
            Record::Project(self.project.clone()),
            Record::Api(self.api.clone()),
            Record::Client(self.client.clone()),
            Record::Session(self.session.clone()),
        ];
        records.extend(self.policies.iter().cloned().map(Record::Policy));
        records.extend(self.consent.iter().cloned().map(Record::Consent));
        let changes: Vec<_> = records.into_iter().map(Change::Insert).collect();
        assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
        Direct(Arc::new(store))
    }

    /// Where the request goes.
    pub(super) async fn destination(&self, query: &str) -> Result<Destination, Refusal> {
        let store = self.store().await;
        let mut params = Params::parse(query.as_bytes()).unwrap();
        let addressee = Addressee::parse(&mut params).unwrap();
        let facts = authorize::load_destination(&addressee, &store)
            .await
            .unwrap();
        facts.destination(&addressee)
    }

    /// What is made of a request that is well formed and goes where it may.
    pub(super) async fn asked(&self, query: &str) -> Result<(Asked, Destination), Refusal> {
        let destination = self.destination(query).await?;
        let mut params = Params::parse(query.as_bytes()).unwrap();
        Addressee::parse(&mut params).unwrap();
        let request = AuthorizationRequest::parse(&mut params)
            .map_err(|error| Refusal::new(error.crn(), error.to_string()))?;
        let way = authorize::Way::Browser {
            push_required: false,
            signed: false,
        };
        let asked = authorize::judge((&request, way), &destination, &self.catalog())?;
        Ok((asked, destination))
    }

    /// What the rules know of who is signed in.
    pub(super) fn facts(&self) -> authorize::Facts {
        authorize::Facts {
            person: (self.user.clone(), self.session.clone()),
            consent: self.consent.clone(),
            policies: Arc::new(self.policies.clone()),
        }
    }

    /// What is to be done for somebody who is signed in.
    pub(super) async fn step(&self, query: &str) -> Result<Step, Refusal> {
        self.step_answered(query, false).await
    }

    /// The same for somebody who may have signed in for this request.
    pub(super) async fn step_answered(&self, query: &str, answered: bool) -> Result<Step, Refusal> {
        let (asked, destination) = self.asked(query).await?;
        let moment = Moment { answered, now: NOW };
        let (facts, catalog) = (self.facts(), self.catalog());
        let chance = &mut Counting(70);
        authorize::decide(
            &asked,
            &destination,
            Some(&facts),
            &catalog,
            (moment, chance),
        )
    }

    /// A code for this request, to which the person has agreed before.
    pub(super) async fn code(&self, query: &str) -> Code {
        match self.step(query).await.unwrap() {
            Step::Give(code) => code,
            other => panic!("{other:?}"),
        }
    }
}

/// A request of the app, with these parameters beside the usual ones.
pub(super) fn query(more: &str) -> String {
    let challenge = CodeVerifier::parse(Cow::Borrowed(VERIFIER))
        .unwrap()
        .s256(|bytes| digest::sha256(bytes));
    format!(
        "client_id=ledgerly&redirect_uri=https%3A%2F%2Fledgerly.example%2Fcallback\
         &response_type=code&code_challenge={challenge}&code_challenge_method=S256&state=s{more}"
    )
}

/// The moment and the place of a request.
pub(super) fn context(now: UnixTime) -> Context<'static> {
    Context {
        now,
        actor: "anonymous",
        address: "192.0.2.1",
        trace: "trace",
    }
}
