//! The immutable facts that issuing a token rests on.
//!
//! A snapshot is assembled from several reads and shared. Whoever keeps one must drop it when its
//! [`Topic`](crate::store::Topic) comes by. [`Direct`] keeps none; the `store` crate has the cache.

use std::collections::HashMap;
use std::sync::Arc;

use carnet_jose::PublicKey;
use carnet_wire::origin::Origin;

use crate::record::AccountPolicy;
use crate::record::AccountRole;
use crate::record::Api;
use crate::record::ApiScope;
use crate::record::Client;
use crate::record::ClientSecret;
use crate::record::Delegation;
use crate::record::Organization;
use crate::record::Policy;
use crate::record::Project;
use crate::record::ServiceAccount;
use crate::record::ServiceAccountKey;
use crate::record::SystemKey;
use crate::record::TrustedIssuer;
use crate::record::User;
use crate::record::WorkloadPool;
use crate::record::WorkloadProvider;
use crate::store::Reading;
use crate::store::Store;
use crate::value::AllowedAudience;
use crate::value::ClientId;
use crate::value::DomainName;
use crate::value::Email;
use crate::value::GroupId;
use crate::value::IssuerUri;
use crate::value::Member;
use crate::value::OfPool;
use crate::value::OrganizationId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::ProviderName;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UserId;

/// A service account with its keys, each parsed once.
#[derive(Debug)]
pub struct AccountSnapshot {
    /// The account, deleted ones too.
    pub account: ServiceAccount,
    /// Its keys, oldest first; then those that we hold for it, which verify as its own do.
    pub keys: Vec<HeldKey>,
    /// The keys that we hold for it, with their sealed halves, oldest generation first.
    pub system: Vec<SystemKey>,
}

/// An OAuth client with its secrets.
#[derive(Debug)]
pub struct ClientSnapshot {
    /// The client.
    pub client: Client,
    /// Its secrets, oldest first, expired ones too.
    pub secrets: Vec<ClientSecret>,
}

/// A key, ready to verify.
#[derive(Debug)]
pub struct HeldKey {
    /// The record, shared by everybody who proves something with it.
    pub record: Arc<ServiceAccountKey>,
    /// The key itself.
    pub public: PublicKey,
}

/// A project with what its organization says.
#[derive(Debug)]
pub struct ProjectSnapshot {
    /// The project.
    pub project: Project,
    /// The policies in force of the organization that it belongs to.
    pub policies: Vec<Policy>,
}

/// The organization that a domain belongs to, with what it says.
#[derive(Debug)]
pub struct Owner {
    /// The organization.
    pub organization: Organization,
    /// Its policies in force.
    pub policies: Vec<Policy>,
}

/// A user with the groups that they are in.
#[derive(Debug)]
pub struct Person {
    /// The user.
    pub user: User,
    /// The groups.
    pub groups: Vec<GroupId>,
}

/// A pool with its providers.
#[derive(Debug)]
pub struct PoolSnapshot {
    /// The pool, deleted ones too.
    pub pool: WorkloadPool,
    /// Its providers by name, deleted ones too.
    pub providers: Vec<Arc<WorkloadProvider>>,
}

impl PoolSnapshot {
    /// The provider of this name.
    #[must_use]
    pub fn provider(&self, name: &ProviderName) -> Option<&Arc<WorkloadProvider>> {
        self.providers
            .iter()
            .find(|provider| provider.name == *name)
    }
}

/// Who has which roles on an account, found by member: to ask costs the same however many there are.
#[derive(Debug, Default)]
pub struct Bound {
    members: HashMap<Member, Vec<Held>>,
    conditions: Vec<Box<str>>,
    account: Box<str>,
}

/// A role that somebody has, and where its condition stands, if it counts only then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Held {
    /// The role.
    pub role: AccountRole,
    /// See [`Bound::condition`]. None: it counts always.
    pub condition: Option<usize>,
}

impl Bound {
    /// What a policy says. `account` is how its conditions call the account: `projects/P/serviceAccounts/E-MAIL`.
    #[must_use]
    pub fn of(policy: &AccountPolicy, account: &str) -> Self {
        let mut members: HashMap<Member, Vec<Held>> = HashMap::new();
        let mut conditions: Vec<Box<str>> = Vec::new();
        for binding in &policy.bindings {
            let text = binding.condition.as_ref();
            let condition = text.map(|condition| {
                let text = condition.expression.as_str();
                let known = conditions.iter().position(|known| **known == *text);
                known.unwrap_or_else(|| {
                    conditions.push(text.into());
                    conditions.len() - 1
                })
            });
            let held = Held {
                role: binding.role,
                condition,
            };
            for member in &binding.members {
                members.entry(member.clone()).or_default().push(held);
            }
        }
        Self {
            members,
            conditions,
            account: account.into(),
        }
    }

    /// What this member has.
    #[must_use]
    pub fn held_by(&self, member: &Member) -> &[Held] {
        self.members.get(member).map_or(&[], Vec::as_slice)
    }

    /// The expression of a condition.
    #[must_use]
    pub fn condition(&self, place: usize) -> Option<&str> {
        self.conditions.get(place).map(AsRef::as_ref)
    }

    /// How its conditions call the account.
    #[must_use]
    pub const fn account(&self) -> &str {
        &self.account
    }

    /// What groups and attributes of this pool have.
    pub fn sets_of(&self, pool: &PoolName) -> impl Iterator<Item = &Held> {
        let all = self.members.iter();
        let sets = all.filter(move |(member, _)| match member {
            Member::Pool(of, OfPool::Group(_) | OfPool::Attribute(..)) => of == pool,
            _ => false,
        });
        sets.flat_map(|(_, held)| held)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Every API and scope of the installation.
#[derive(Debug, Default)]
pub struct Catalog {
    apis: Vec<Arc<Api>>,
    scopes: HashMap<Box<str>, CatalogScope>,
}

/// A scope and the API that it belongs to.
#[derive(Clone, Debug)]
pub struct CatalogScope {
    /// The API.
    pub api: Arc<Api>,
    /// The scope.
    pub scope: ApiScope,
    /// The organization of the API's project, for private scopes.
    pub organization: Option<OrganizationId>,
}

impl Catalog {
    /// All APIs, each with the organization of its project.
    #[must_use]
    pub fn new(apis: Vec<(Arc<Api>, Option<OrganizationId>)>) -> Self {
        let mut catalog = Self::default();
        for (api, organization) in apis {
            for scope in &api.scopes {
                let entry = CatalogScope {
                    api: Arc::clone(&api),
                    scope: scope.clone(),
                    organization,
                };
                catalog.scopes.insert(scope.name.as_str().into(), entry);
            }
            catalog.apis.push(api);
        }
        catalog
    }

    /// A scope by its name.
    #[must_use]
    pub fn scope(&self, name: &str) -> Option<&CatalogScope> {
        self.scopes.get(name)
    }

    /// Every scope.
    pub fn scopes(&self) -> impl Iterator<Item = &CatalogScope> {
        self.scopes.values()
    }

    /// Every API.
    #[must_use]
    pub fn apis(&self) -> &[Arc<Api>] {
        &self.apis
    }
}

/// What can be told of something at once, without asking the store.
#[derive(Debug, Eq, PartialEq)]
pub enum Known<T> {
    /// There is one.
    Yes(Arc<T>),
    /// There is none.
    No,
    /// Nobody has asked lately, or something changed since: ask.
    NotYet,
}

/// Where the facts come from: a cache in the server, [`Direct`] in tests.
pub trait Snapshots: Send + Sync {
    /// A service account by e-mail or unique id, as an assertion's `iss` names it.
    fn account<'a>(&'a self, issuer: &'a str) -> Reading<'a, Option<Arc<AccountSnapshot>>>;
    /// The same without a wait and without a box, where it is known already: that there is one, or
    /// that there is none.
    fn peek_account(&self, issuer: &str) -> Known<AccountSnapshot> {
        let _ = issuer;
        Known::NotYet
    }
    /// How many changes were told so far, where somebody counts. What was concluded from snapshots that
    /// were taken after this was read holds as long as the number stays the same.
    fn told(&self) -> Option<u64> {
        None
    }
    /// An OAuth client by id.
    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<Arc<ClientSnapshot>>>;
    /// Whether any client has this origin.
    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool>;
    /// A project.
    fn project_facts<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Arc<ProjectSnapshot>>>;
    /// All APIs and scopes.
    fn catalog(&self) -> Reading<'_, Arc<Catalog>>;
    /// The delegations of a client ID.
    fn delegations_for<'a>(&'a self, client_id: &'a UniqueId) -> Reading<'a, Arc<Vec<Delegation>>>;
    /// Who has which roles on an account.
    fn bound<'a>(&'a self, account: &'a UniqueId) -> Reading<'a, Arc<Bound>>;
    /// The policies in force of an organization.
    fn policies(&self, of: OrganizationId) -> Reading<'_, Arc<Vec<Policy>>>;
    /// The organization that a domain belongs to, with its policies in force.
    fn domain_owner<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Arc<Owner>>>;
    /// A user by address.
    fn person<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Arc<Person>>>;
    /// A user by id.
    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<Arc<User>>>;
    /// A pool of workload identity, with its providers.
    fn pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<Arc<PoolSnapshot>>>;
    /// An issuer elsewhere that is trusted.
    fn trusted_issuer(&self, id: TrustedIssuerId) -> Reading<'_, Option<Arc<TrustedIssuer>>>;
    /// The same by what its assertions say: their issuer, and their audience, or none where that is we ourselves.
    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<Arc<TrustedIssuer>>>;
}

/// Assembles each snapshot anew at each call.
#[derive(Clone)]
pub struct Direct(pub Arc<dyn Store>);

/// How each snapshot is put together from the narrow reads of a store. A cache calls these too.
pub mod assemble;
