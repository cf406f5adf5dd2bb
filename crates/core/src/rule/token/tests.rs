//! Whose a token is, and whether it stands: for clients and for people through clients.

use std::sync::Arc;

use carnet_jose::Algorithm;
use carnet_wire::scope::Scope;

use super::{
    About, AccessClaims, AccessGrant, IdClaims, IdGrant, PersonSubject, SignedIn, Subject, Whose,
    load, stands,
};
use crate::record::{
    Audience, Client, ClientAlgorithms, ClientAuthentication, ClientKind, ClientSource,
    ClientState, Project, ProjectState, TokenFormat, Trust, User, UserState,
};
use crate::store::{Change, Committed, Direct, Memory, Record, Store};
use crate::value::{
    AuthorizationId, Counting, OrganizationId, ProjectNumber, Seconds, TokenId, UnixTime, UserId,
    Version,
};

const NOW: UnixTime = UnixTime(1_775_121_058);
const ISSUER: &str = "https://auth.example";

struct Land {
    store: Arc<Memory>,
    client: Client,
    project: Project,
    user: User,
}

fn client() -> Client {
    Client {
        id: "demo-web".parse().unwrap(),
        project: "demo".parse().unwrap(),
        title: "Demo".parse().unwrap(),
        kind: ClientKind::Web,
        authentication: ClientAuthentication::SecretBasic,
        redirect_uris: Vec::new(),
        grants: std::collections::BTreeSet::new(),
        scopes: Scope::default(),
        default_scopes: Scope::default(),
        credentials: crate::record::Credentials::default(),
        require_pkce: true,
        require_par: false,
        require_signed_request_object: false,
        algorithms: ClientAlgorithms::default(),
        require_dpop: false,
        refresh_token_rotation: true,
        exchange: crate::record::Exchange::default(),
        legacy: crate::record::Legacy::default(),
        certificate_bound: false,
        origins: Vec::new(),
        lifetimes: crate::record::Lifetimes::default(),
        about: crate::record::About::default(),
        trust: Trust::Own,
        source: ClientSource::Admin,
        state: ClientState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

impl Land {
    async fn new() -> Self {
        let land = Self {
            store: Arc::default(),
            client: client(),
            project: Project {
                id: "demo".parse().unwrap(),
                number: ProjectNumber::mint(&mut Counting(1)),
                organization: None,
                title: "Demo".parse().unwrap(),
                audience: Audience::External,
                state: ProjectState::Active,
                assertions: crate::record::AssertionRules::default(),
                created: NOW,
                changed: NOW,
                version: Version::FIRST,
            },
            user: User {
                id: UserId::mint(&mut Counting(2)),
                organization: OrganizationId::from_bytes([1; 16]),
                email: "alice@acme.example".parse().unwrap(),
                email_verified: false,
                name: "Alice".parse().unwrap(),
                state: UserState::Active,
                sign_ins_since: None,
                created: NOW,
                changed: NOW,
                version: Version::FIRST,
            },
        };
        let organization = crate::record::Organization {
            id: land.user.organization,
            title: "Acme".parse().unwrap(),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        };
        land.put(Record::Organization(organization)).await;
        land.put(Record::Project(land.project.clone())).await;
        land.put(Record::Client(land.client.clone())).await;
        land.put(Record::User(land.user.clone())).await;
        land
    }

    async fn put(&self, record: Record) {
        let done = self.store.commit(&[Change::Insert(record)]).await.unwrap();
        assert_eq!(done, Committed::Yes);
    }

    async fn change(&self, record: Record) {
        let done = self.store.commit(&[Change::Replace(record)]).await.unwrap();
        assert_eq!(done, Committed::Yes);
    }

    async fn stands(&self, grant: &AccessGrant) -> bool {
        let claims = AccessClaims::of(grant, ISSUER);
        let store: Arc<dyn Store> = Arc::<Memory>::clone(&self.store);
        let facts = load(&claims, &Direct(store)).await.unwrap();
        assert!(
            !stands(&claims, &facts, true, NOW),
            "a revoked one never stands"
        );
        assert!(
            !stands(&claims, &facts, false, grant.expires),
            "nor one that is over"
        );
        stands(&claims, &facts, false, NOW)
    }

    fn own(&self) -> AccessGrant {
        grant(Subject::Client(self.client.id.clone()))
    }

    fn of_alice(&self) -> AccessGrant {
        grant(Subject::Person(PersonSubject {
            trust: None,
            client: self.client.id.clone(),
            user: self.user.id.clone(),
            email: None,
            authorization: AuthorizationId::from_bytes([7; 16]),
            authenticated: Some(NOW),
            may_act: None,
        }))
    }
}

fn grant(subject: Subject) -> AccessGrant {
    AccessGrant {
        id: TokenId::mint(NOW, &mut Counting(9)),
        subject,
        scope: "a b".parse().unwrap(),
        details: None,
        audience: vec!["https://api.example".parse().unwrap()],
        format: TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        issued: NOW,
        expires: NOW + Seconds(60),
        binding: None,
    }
}

#[tokio::test]
async fn rfc9068_2_2_a_clients_own_token_is_about_the_client() {
    let land = Land::new().await;
    let grant = land.own();
    let claims = AccessClaims::of(&grant, ISSUER);
    assert_eq!((&*claims.sub, &*claims.client_id), ("demo-web", "demo-web"));
    assert_eq!(claims.whose(), Some(Whose::Client(land.client.id.clone())));
    let text = serde_json::to_string(&claims).unwrap();
    for absent in ["email", "act", "azn", "auth_time"] {
        assert!(!text.contains(absent), "{text}");
    }
    assert!(land.stands(&grant).await);
}

#[tokio::test]
async fn rfc9068_2_2_a_persons_token_names_person_client_and_authorization() {
    let land = Land::new().await;
    let grant = land.of_alice();
    let claims = AccessClaims::of(&grant, ISSUER);
    assert_eq!(&*claims.sub, land.user.id.as_str());
    assert_eq!(&*claims.client_id, "demo-web");
    assert_eq!(claims.auth_time, Some(NOW.0));
    let text = serde_json::to_string(&claims).unwrap();
    let read: AccessClaims<'_> = serde_json::from_str(&text).unwrap();
    let whose = Whose::Person {
        trust: None,
        client: land.client.id.clone(),
        user: land.user.id.clone(),
        authorization: AuthorizationId::from_bytes([7; 16]),
    };
    assert_eq!(read.into_owned().whose(), Some(whose));
    assert!(land.stands(&grant).await);
}

#[tokio::test]
async fn lesson_22_a_token_stands_only_while_client_project_and_person_do() {
    let reason = || "test".parse().unwrap();
    let land = Land::new().await;
    let mut user = land.user.clone();
    user.version = user.version.next();
    user.state = UserState::Suspended {
        since: NOW,
        reason: reason(),
    };
    land.change(Record::User(user)).await;
    assert!(!land.stands(&land.of_alice()).await, "suspended person");
    assert!(
        land.stands(&land.own()).await,
        "the client is another subject"
    );

    let mut client = land.client.clone();
    client.version = client.version.next();
    client.state = ClientState::Disabled {
        since: NOW,
        reason: reason(),
    };
    land.change(Record::Client(client)).await;
    assert!(!land.stands(&land.own()).await, "disabled client");

    let land = Land::new().await;
    let mut project = land.project.clone();
    project.version = project.version.next();
    project.state = ProjectState::Suspended { since: NOW };
    land.change(Record::Project(project)).await;
    assert!(!land.stands(&land.own()).await, "suspended project");
    assert!(!land.stands(&land.of_alice()).await, "suspended project");
}

#[test]
fn rfc9068_5_claims_that_do_not_belong_together_are_nobodys() {
    let person = "212345678901234567890";
    let account = "112345678901234567890";
    let azn = AuthorizationId::from_bytes([7; 16]).to_string();
    let read = |client_id: &str, sub: &str, azn: Option<&str>, act: Option<&str>| {
        let claims = serde_json::json!({
            "iss": ISSUER, "sub": sub, "aud": "a", "client_id": client_id, "scope": "", "iat": 0,
            "exp": 1, "jti": "", "azn": azn, "email": "alice@acme.example",
            "act": act.map(|sub| serde_json::json!({"sub": sub, "email": "x"})),
        });
        let text = claims.to_string();
        let claims: AccessClaims<'_> = serde_json::from_str(&text).unwrap();
        claims.whose().is_some()
    };
    assert!(read(account, account, None, None));
    assert!(read(account, person, None, Some(account)));
    assert!(
        !read(account, person, None, None),
        "a person without an actor"
    );
    assert!(!read(account, person, None, Some(person)), "another actor");
    assert!(
        !read(account, account, Some(&azn), None),
        "an account has no authorization"
    );
    assert!(
        !read("demo-web", person, None, None),
        "a person without an authorization"
    );
    assert!(
        !read("demo-web", person, Some("azn_"), None),
        "no authorization at all"
    );
    assert!(!read("demo-web", person, Some(&azn), Some(account)), "both");
}

#[tokio::test]
async fn oidc_core_2_an_id_token_tells_what_the_scope_allows() {
    let land = Land::new().await;
    let claims = |scope: &str| {
        let scope = scope.parse().unwrap();
        let nonce = Some("n-0S6".to_owned());
        let person = SignedIn::new(&land.client.id, &land.user, &scope, nonce, NOW);
        let grant = IdGrant::of_person(person, NOW + Seconds(5));
        assert!(matches!(grant.about, About::Person(_)));
        // The access token and its hash are those of OpenID Connect Core 1.0 appendix A.4.
        let beside = Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        serde_json::to_value(IdClaims::of(&grant, ISSUER, beside)).unwrap()
    };
    let little = claims("openid");
    assert_eq!(
        little,
        serde_json::json!({
            "iss": ISSUER, "aud": "demo-web", "azp": "demo-web", "sub": land.user.id.as_str(),
            "iat": NOW.0 + 5, "exp": NOW.0 + 3_605, "nonce": "n-0S6", "auth_time": NOW.0,
            "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
        })
    );
    let more = claims("openid email profile");
    assert_eq!(more["email"], "alice@acme.example");
    assert_eq!(more["email_verified"], false);
    assert_eq!(more["name"], "Alice");
}
