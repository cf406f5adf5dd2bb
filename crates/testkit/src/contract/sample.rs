//! Records to try a store with. Each is complete and different from the one before it.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AccountState;
use carnet_core::record::Api;
use carnet_core::record::ApiScope;
use carnet_core::record::AssertionRules;
use carnet_core::record::Audience;
use carnet_core::record::AuditDraft;
use carnet_core::record::Delegation;
use carnet_core::record::DetailField;
use carnet_core::record::DetailType;
use carnet_core::record::Domain;
use carnet_core::record::EnteredBy;
use carnet_core::record::FieldKind;
use carnet_core::record::Group;
use carnet_core::record::Holder;
use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::Organization;
use carnet_core::record::Outcome;
use carnet_core::record::Policy;
use carnet_core::record::PolicyRule;
use carnet_core::record::Project;
use carnet_core::record::ProjectState;
use carnet_core::record::Risk;
use carnet_core::record::Role;
use carnet_core::record::RoleBinding;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::SigningKey;
use carnet_core::record::SigningKeyState;
use carnet_core::record::SigningUse;
use carnet_core::record::SpentAssertion;
use carnet_core::record::Territory;
use carnet_core::record::TokenFormat;
use carnet_core::record::User;
use carnet_core::record::UserState;
use carnet_core::record::Visibility;
use carnet_core::record::Whom;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::AccountId;
use carnet_core::value::ApiId;
use carnet_core::value::BindingId;
use carnet_core::value::Counting;
use carnet_core::value::DelegationId;
use carnet_core::value::Entropy;
use carnet_core::value::GroupId;
use carnet_core::value::KeyId;
use carnet_core::value::OrganizationId;
use carnet_core::value::PolicyId;
use carnet_core::value::ProjectNumber;
use carnet_core::value::Seconds;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_core::value::Version;
use carnet_jose::Algorithm;

/// When the samples were made.
pub const NOW: UnixTime = UnixTime(1_775_121_058);

/// Makes records.
#[derive(Debug)]
pub struct Sample {
    entropy: Counting,
    made: u64,
}

/// One of each, already in the store.
#[derive(Debug)]
pub struct World {
    /// More of them.
    pub sample: Sample,
    /// An organization.
    pub organization: Organization,
    /// A project of it.
    pub project: Project,
    /// An account of the project.
    pub account: ServiceAccount,
    /// A user of the organization.
    pub user: User,
    /// A group of it.
    pub group: Group,
}

/// What everything in this folder needs to say often.
#[expect(
    clippy::missing_panics_doc,
    reason = "a test's helper panics where the test should fail"
)]
pub async fn yes(store: &Arc<dyn Store>, changes: &[Change]) {
    let committed = store.commit(changes).await.unwrap_or_else(|fault| {
        unreachable!("a store that works, but: {fault}");
    });
    assert_eq!(committed, Committed::Yes, "for {changes:?}");
}

/// Commits what must not be possible; returns the place of the loser and why it lost.
pub async fn no(store: &Arc<dyn Store>, changes: &[Change]) -> (usize, Why) {
    let committed = store.commit(changes).await.unwrap_or_else(|fault| {
        unreachable!("a store that works, but: {fault}");
    });
    match committed {
        Committed::No(place, why) => (place, why),
        Committed::Yes => unreachable!("this was committed: {changes:?}"),
    }
}

/// Sixteen commits at once, on as many tasks. Returns how each ended.
pub async fn sixteen(
    store: &Arc<dyn Store>,
    changes: impl Fn(usize) -> Vec<Change>,
) -> Vec<Committed> {
    let tasks: Vec<_> = (0..16)
        .map(|place| {
            let (store, changes) = (Arc::clone(store), changes(place));
            tokio::spawn(async move { store.commit(&changes).await })
        })
        .collect();
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(task.await.expect("a task").expect("a store that works"));
    }
    ends
}

/// How many of them were committed; the others must all have lost for this reason.
#[expect(
    clippy::missing_panics_doc,
    reason = "a test's helper panics where the test should fail"
)]
pub fn winners(ends: &[Committed], otherwise: Why) -> usize {
    for end in ends {
        assert!(
            matches!(end, Committed::Yes) || *end == Committed::No(0, otherwise),
            "{end:?}"
        );
    }
    ends.iter().filter(|end| **end == Committed::Yes).count()
}

impl World {
    /// Puts one of each into an empty store, in one commit.
    pub async fn of(store: &Arc<dyn Store>) -> Self {
        let mut sample = Sample::new();
        let organization = sample.organization();
        let project = sample.project(Some(organization.id));
        let account = sample.account(&project);
        let user = sample.user(organization.id);
        let group = sample.group(organization.id);
        let inserts = [
            Change::Insert(Record::Organization(organization.clone())),
            Change::Insert(Record::Project(project.clone())),
            Change::Insert(Record::ServiceAccount(account.clone())),
            Change::Insert(Record::User(user.clone())),
            Change::Insert(Record::Group(group.clone())),
        ];
        yes(store, &inserts).await;
        Self {
            sample,
            organization,
            project,
            account,
            user,
            group,
        }
    }
}

impl Default for Sample {
    fn default() -> Self {
        Self::new()
    }
}

impl Sample {
    /// From the beginning.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entropy: Counting(0),
            made: 0,
        }
    }

    /// A number that was not there before, for names.
    pub(super) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Bytes that were not there before.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// An organization.
    pub fn organization(&mut self) -> Organization {
        Organization {
            id: OrganizationId::mint(NOW, &mut self.entropy),
            title: parsed(&format!("Acme {}", self.next())),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A domain.
    pub fn domain(&mut self, of: OrganizationId) -> Domain {
        Domain {
            name: parsed(&format!("acme{}.example", self.next())),
            organization: of,
            created: NOW,
            version: Version::FIRST,
        }
    }

    /// A user.
    pub fn user(&mut self, of: OrganizationId) -> User {
        User {
            id: parsed::<UserId>(&format!("2{:020}", self.next())),
            organization: of,
            email: parsed(&format!("dana{:04}@acme.example", self.next())),
            email_verified: false,
            name: parsed("Dana Kim"),
            state: UserState::Active,
            sign_ins_since: None,
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A group.
    pub fn group(&mut self, of: OrganizationId) -> Group {
        Group {
            id: GroupId::mint(NOW, &mut self.entropy),
            organization: of,
            email: parsed(&format!("team{}@acme.example", self.next())),
            title: parsed("Team"),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A project.
    pub fn project(&mut self, of: Option<OrganizationId>) -> Project {
        Project {
            id: parsed(&format!("project-{:04}", self.next())),
            number: parsed::<ProjectNumber>(&format!("4{:011}", self.next())),
            organization: of,
            title: parsed("Billing"),
            audience: Audience::Internal,
            state: ProjectState::Active,
            assertions: AssertionRules::default(),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// An API with these scopes.
    pub fn api(&mut self, of: &Project, scopes: &[&str]) -> Api {
        let id = ApiId::mint(NOW, &mut self.entropy);
        Api {
            id,
            project: of.id.clone(),
            identifier: parsed(&format!("https://api.acme.example/{id}")),
            title: parsed("Invoices"),
            tokens: TokenFormat::Jwt,
            algorithm: Algorithm::ES256,
            lifetime: Seconds(3_600),
            scopes: scopes.iter().map(|name| scope(name)).collect(),
            detail_types: detail_types(),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A service account.
    pub fn account(&mut self, of: &Project) -> ServiceAccount {
        let account_id: AccountId = parsed(&format!("robot-{}", self.next()));
        ServiceAccount {
            unique_id: parsed::<UniqueId>(&format!("1{:020}", self.next())),
            project: of.id.clone(),
            email: ServiceAccountEmail::of(&account_id, &of.id),
            account_id,
            title: parsed("Robot"),
            description: parsed("does what it is told"),
            state: AccountState::Active,
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A key of it; its bytes are no key, which no store may care about.
    pub fn key(&mut self, of: &ServiceAccount) -> ServiceAccountKey {
        ServiceAccountKey {
            id: KeyId::mint(&mut self.entropy),
            account: of.unique_id.clone(),
            algorithm: Algorithm::RS256,
            public_key: self.bytes::<64>().to_vec(),
            certificate: self.bytes::<96>().to_vec(),
            origin: KeyOrigin::Made,
            created: NOW,
            expires: None,
            state: KeyState::Active,
            version: Version::FIRST,
        }
    }

    /// A delegation for everyone, without an end.
    pub fn delegation(&mut self, of: OrganizationId, to: &ServiceAccount) -> Delegation {
        Delegation {
            id: DelegationId::mint(NOW, &mut self.entropy),
            organization: of,
            client_id: to.unique_id.clone(),
            scopes: parsed("invoices.read invoices.write"),
            whom: Whom::Everyone,
            until: None,
            suspended: None,
            note: parsed("for the month's end"),
            entered: EnteredBy::ClientId,
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A policy.
    pub fn policy(&mut self, of: OrganizationId) -> Policy {
        Policy {
            id: PolicyId::mint(NOW, &mut self.entropy),
            organization: of,
            title: parsed("No strangers"),
            rule: PolicyRule::OwnClientsOnly { except: Vec::new() },
            enabled: true,
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A role binding.
    pub fn binding(&mut self, holder: Holder, role: Role, territory: Territory) -> RoleBinding {
        RoleBinding {
            id: BindingId::mint(NOW, &mut self.entropy),
            holder,
            role,
            territory,
            created: NOW,
        }
    }

    /// A key of ours.
    pub fn signing_key(&mut self) -> SigningKey {
        SigningKey {
            id: KeyId::mint(&mut self.entropy),
            usage: SigningUse::Sign(Algorithm::ES256),
            public_key: self.bytes::<64>().to_vec(),
            certificate: self.bytes::<96>().to_vec(),
            sealed: self.bytes::<80>().to_vec(),
            state: SigningKeyState::Published,
            created: NOW,
            version: Version::FIRST,
        }
    }

    /// A redeemed assertion that expires then.
    pub fn spent(&mut self, until: UnixTime) -> SpentAssertion {
        SpentAssertion {
            digest: self.bytes(),
            until,
        }
    }

    /// An entry for the audit log.
    pub fn draft(&mut self) -> AuditDraft {
        let number = self.next();
        AuditDraft {
            at: NOW,
            actor: format!("user:{number}"),
            action: "service_account.disable".to_owned(),
            target: format!("serviceAccount:{number}"),
            outcome: Outcome::Done,
            address: "192.0.2.1".to_owned(),
            trace: format!("trace-{number}"),
            detail: format!("{{\"number\":{number}}}"),
        }
    }
}

/// A scope of an API.
#[must_use]
pub fn scope(name: &str) -> ApiScope {
    ApiScope {
        name: parsed(name),
        title: parsed("See invoices"),
        detail: parsed("but not who paid them"),
        risk: Risk::Read,
        visibility: Visibility::Public,
    }
}

/// A value of this text.
pub(super) fn parsed<T: std::str::FromStr>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|_| unreachable!("'{text}' is no such value"))
}

/// One type that says which members it has, and one that does not.
fn detail_types() -> Vec<DetailType> {
    let kinds = [
        FieldKind::Any,
        FieldKind::Text,
        FieldKind::Number,
        FieldKind::Truth,
        FieldKind::Texts,
        FieldKind::Object,
    ];
    let fields = kinds
        .into_iter()
        .zip('a'..)
        .map(|(kind, name)| DetailField {
            name: parsed(&name.to_string()),
            kind,
            required: kind == FieldKind::Texts,
            values: match kind {
                FieldKind::Texts => vec![parsed("initiate"), parsed("wei\u{df} \"x\"")],
                _ => Vec::new(),
            },
        });
    let open = DetailType {
        name: parsed("urn:acme:open"),
        title: parsed(""),
        detail: parsed(""),
        fields: None,
    };
    let closed = DetailType {
        name: parsed("payment"),
        title: parsed("Start a payment"),
        detail: parsed("One payment."),
        fields: Some(fields.collect()),
    };
    vec![open, closed]
}
