//! The facts that issuing a token rests on, kept in memory.
//!
//! 1. A hit costs two look-ups in a concurrent map and no lock: [`Snapshots::peek_account`] not even
//!    a box.
//! 2. What is not there is read once, however many ask for it at the same time.
//! 3. "There is none" is remembered too, in a place of its own, so that made-up names cannot push out
//!    real ones. What cannot be a name is answered without being remembered.
//! 4. The store tells what changed, before whoever changed it is answered. Then the copies go; and
//!    what was read before that and comes in after it is not kept ([`shelf`]).
//! 5. Everything is bounded by its weight in bytes.
//!
//! An e-mail is kept as the unique id that it stands for, and the account under its unique id alone:
//! so a key that is disabled, which names no e-mail, cannot live on under another name. So it is with trusted issuers and
//! what their assertions call them.

mod cupboard;
mod shelf;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use carnet_core::record::Delegation;
use carnet_core::record::Policy;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::TrustedIssuer;
use carnet_core::record::TrustedKeys;
use carnet_core::record::User;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::AccountSnapshot;
use carnet_core::store::Bound;
use carnet_core::store::Catalog;
use carnet_core::store::ClientSnapshot;
use carnet_core::store::Fault;
use carnet_core::store::Known;
use carnet_core::store::Owner;
use carnet_core::store::Person;
use carnet_core::store::PoolSnapshot;
use carnet_core::store::ProjectSnapshot;
use carnet_core::store::Reading;
use carnet_core::store::Snapshots;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::assemble;
use carnet_core::value::AllowedAudience;
use carnet_core::value::ClientId;
use carnet_core::value::DomainName;
use carnet_core::value::Email;
use carnet_core::value::IssuerUri;
use carnet_core::value::OrganizationId;
use carnet_core::value::PoolName;
use carnet_core::value::ProjectId;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::TrustedIssuerId;
use carnet_core::value::UniqueId;
use carnet_core::value::UserId;
use carnet_wire::origin::Origin;

use crate::cache::cupboard::Cupboard;
use crate::cache::shelf::Shelf;

/// Bytes, about, for everything: some 90 000 accounts with a key each are most of it. Only what is asked for takes its part;
/// where more is than fits, a token costs reads of the database again.
const ROOM: u64 = 320 * 1024 * 1024;

/// What a policy weighs, about.
const POLICY: usize = 1_024;

/// The one key of the shelf that holds the catalog.
const ALL: &str = "";

/// Snapshots of a store, kept until the store tells that they are old.
pub struct Cached {
    store: Arc<dyn Store>,
    shelves: Arc<Shelves>,
}

struct Shelves {
    names: Shelf<UniqueId>,
    accounts: Shelf<AccountSnapshot>,
    clients: Shelf<ClientSnapshot>,
    origins: Shelf<()>,
    projects: Shelf<ProjectSnapshot>,
    delegations: Shelf<Vec<Delegation>>,
    bound: Shelf<Bound>,
    policies: Shelf<Vec<Policy>>,
    owners: Shelf<Owner>,
    people: Shelf<Person>,
    users: Shelf<User>,
    pools: Shelf<PoolSnapshot>,
    trusts: Shelf<TrustedIssuer>,
    trust_names: Shelf<TrustedIssuerId>,
    catalog: Shelf<Catalog>,
    /// How many changes were told, counted once their copies were gone.
    told: AtomicU64,
    /// Where they all stand.
    cupboard: Cupboard,
}

impl Cached {
    /// Empty, and told of what changes from now on.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        let cupboard = Cupboard::new(ROOM);
        let shelves = Arc::new(Shelves {
            names: Shelf::new(&cupboard, "names", |_| 128),
            accounts: Shelf::new(&cupboard, "accounts", |found| {
                let keys = found.keys.iter().map(|key| &key.record);
                let keys = keys.map(|key| 1_024 + key.public_key.len() + key.certificate.len());
                // A key that we hold is there twice, once with its sealed half.
                1_024 + keys.sum::<usize>() + found.system.len() * 4_096
            }),
            clients: Shelf::new(&cupboard, "clients", |found| {
                let uris = found.client.redirect_uris.iter();
                let scopes = found.client.scopes.as_str().len();
                1_024 + scopes + uris.map(|uri| 32 + uri.as_str().len()).sum::<usize>()
            }),
            origins: Shelf::new(&cupboard, "origins", |()| 64),
            projects: Shelf::new(&cupboard, "projects", |found| {
                512 + found.policies.len() * POLICY
            }),
            delegations: Shelf::new(&cupboard, "delegations", |found| 128 + found.len() * 1_024),
            bound: Shelf::new(&cupboard, "bound", |found| 128 + found.len() * 256),
            policies: Shelf::new(&cupboard, "policies", |found| 128 + found.len() * POLICY),
            owners: Shelf::new(&cupboard, "owners", |found| {
                512 + found.policies.len() * POLICY
            }),
            people: Shelf::new(&cupboard, "people", |found| 512 + found.groups.len() * 16),
            users: Shelf::new(&cupboard, "users", |_| 512),
            pools: Shelf::new(&cupboard, "pools", weigh_pool),
            trusts: Shelf::new(&cupboard, "trusts", weigh_trust),
            trust_names: Shelf::new(&cupboard, "trust_names", |_| 128),
            catalog: Shelf::new(&cupboard, "catalog", |_| 0),
            told: AtomicU64::new(0),
            cupboard,
        });
        store.watch(Arc::clone(&shelves) as Arc<dyn Watcher>);
        Self { store, shelves }
    }

    async fn named(&self, email: &ServiceAccountEmail) -> Result<Option<Arc<UniqueId>>, Fault> {
        let load = async {
            let found = self.store.service_account_by_email(email).await?;
            Ok(found.map(|account| account.unique_id))
        };
        self.shelves.names.find(email.as_str(), load).await
    }

    async fn held(&self, id: &UniqueId) -> Result<Option<Arc<AccountSnapshot>>, Fault> {
        let load = assemble::account(&*self.store, id.as_str());
        self.shelves.accounts.find(id.as_str(), load).await
    }
}

/// Expressions and keys are most of it.
fn weigh_pool(found: &PoolSnapshot) -> usize {
    let provider = |one: &Arc<WorkloadProvider>| {
        let mapping = one.mapping.iter();
        let texts = mapping.map(|(name, text)| 128 + name.len() + text.len());
        let kind = match &one.kind {
            ProviderKind::Oidc(oidc) => match &oidc.keys {
                ProviderKeys::Discovery => 0,
                ProviderKeys::Inline(set) => set.keys.len() * 2_048,
            },
            // The certificates are in the document once more.
            ProviderKind::Saml(saml) => saml.metadata.len() * 2,
            ProviderKind::Aws(_) => 0,
            ProviderKind::X509(x509) => {
                let all = x509.anchors.iter().chain(&x509.intermediates);
                all.map(Vec::len).sum()
            }
        };
        let condition = one.condition.as_ref().map_or(0, String::len);
        1_024 + condition + texts.sum::<usize>() + kind
    };
    1_024 + found.providers.iter().map(provider).sum::<usize>()
}

/// Keys and patterns are most of it.
fn weigh_trust(found: &TrustedIssuer) -> usize {
    let keys = match &found.keys {
        TrustedKeys::Inline(set) => set.keys.len(),
        TrustedKeys::Discovery | TrustedKeys::At(_) => 0,
    };
    2_048 + keys * 2_048 + found.subjects.len() * 256 + found.scopes.as_str().len()
}

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cached")
    }
}

impl Watcher for Shelves {
    fn changed(&self, topic: &Topic) {
        match topic {
            Topic::Account(id, email) => {
                self.accounts.forget(id.as_str());
                if !email.is_empty() {
                    self.names.forget(email);
                }
            }
            Topic::Client(id) => {
                self.clients.forget(id.as_str());
                self.origins.forget_all();
            }
            Topic::Project(id) => {
                self.projects.forget(id.as_str());
                // The catalog knows whose project an API is in.
                self.catalog.forget_all();
            }
            Topic::Organization(id) => {
                self.policies.forget(&id.to_string());
                self.projects.forget_all();
                self.owners.forget_all();
            }
            Topic::People => {
                self.people.forget_all();
                self.users.forget_all();
                self.owners.forget_all();
            }
            Topic::Apis => self.catalog.forget_all(),
            Topic::Delegations(id) => self.delegations.forget(id.as_str()),
            Topic::Pool(name) => self.pools.forget(name.as_str()),
            Topic::TrustedIssuer(id) => {
                self.trusts.forget(&id.to_string());
                // Nobody says how it is called, and trusts change rarely.
                self.trust_names.forget_all();
            }
            Topic::AccountPolicy(id) => self.bound.forget(id.as_str()),
            Topic::Roles | Topic::SigningKeys | Topic::Revoked(..) | Topic::Restored(_) => {}
            Topic::Everything => {
                self.names.forget_all();
                self.accounts.forget_all();
                self.clients.forget_all();
                self.origins.forget_all();
                self.projects.forget_all();
                self.delegations.forget_all();
                self.bound.forget_all();
                self.policies.forget_all();
                self.owners.forget_all();
                self.people.forget_all();
                self.users.forget_all();
                self.pools.forget_all();
                self.trusts.forget_all();
                self.trust_names.forget_all();
                self.catalog.forget_all();
                self.cupboard.clear();
            }
        }
        self.told.fetch_add(1, Ordering::Release);
    }
}

impl Snapshots for Cached {
    fn peek_account(&self, issuer: &str) -> Known<AccountSnapshot> {
        if !issuer.contains('@') {
            return self.shelves.accounts.peek(issuer);
        }
        match self.shelves.names.peek(issuer) {
            Known::Yes(id) => self.shelves.accounts.peek(id.as_str()),
            Known::No => Known::No,
            Known::NotYet => Known::NotYet,
        }
    }

    fn told(&self) -> Option<u64> {
        Some(self.shelves.told.load(Ordering::Acquire))
    }

    fn account<'a>(&'a self, issuer: &'a str) -> Reading<'a, Option<Arc<AccountSnapshot>>> {
        match self.peek_account(issuer) {
            Known::Yes(found) => return Box::pin(ready(Ok(Some(found)))),
            Known::No => return Box::pin(ready(Ok(None))),
            Known::NotYet => {}
        }
        Box::pin(async move {
            if let Ok(id) = issuer.parse() {
                return self.held(&id).await;
            }
            let Ok(email) = issuer.parse() else {
                return Ok(None);
            };
            match self.named(&email).await? {
                Some(id) => self.held(&id).await,
                None => Ok(None),
            }
        })
    }

    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<Arc<ClientSnapshot>>> {
        let load = assemble::client(&*self.store, id);
        self.shelves.clients.reading(id.as_str(), load)
    }

    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool> {
        Box::pin(async move {
            let load = async {
                let known = self.store.is_origin_of_any(origin).await?;
                Ok(known.then_some(()))
            };
            Ok(self
                .shelves
                .origins
                .find(origin.as_str(), load)
                .await?
                .is_some())
        })
    }

    fn project_facts<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Arc<ProjectSnapshot>>> {
        let load = assemble::project(&*self.store, id);
        self.shelves.projects.reading(id.as_str(), load)
    }

    fn catalog(&self) -> Reading<'_, Arc<Catalog>> {
        if let Known::Yes(found) = self.shelves.catalog.peek(ALL) {
            return Box::pin(ready(Ok(found)));
        }
        Box::pin(async move {
            let load = async { assemble::catalog(&*self.store).await.map(Some) };
            let found = self.shelves.catalog.find(ALL, load).await?;
            Ok(found.unwrap_or_default())
        })
    }

    fn delegations_for<'a>(&'a self, client_id: &'a UniqueId) -> Reading<'a, Arc<Vec<Delegation>>> {
        if let Known::Yes(found) = self.shelves.delegations.peek(client_id.as_str()) {
            return Box::pin(ready(Ok(found)));
        }
        Box::pin(async move {
            let load = async { self.store.delegations_of(client_id).await.map(Some) };
            let found = self
                .shelves
                .delegations
                .find(client_id.as_str(), load)
                .await?;
            Ok(found.unwrap_or_default())
        })
    }

    fn bound<'a>(&'a self, account: &'a UniqueId) -> Reading<'a, Arc<Bound>> {
        if let Known::Yes(found) = self.shelves.bound.peek(account.as_str()) {
            return Box::pin(ready(Ok(found)));
        }
        Box::pin(async move {
            let load = async { assemble::bound(&*self.store, account).await.map(Some) };
            let found = self.shelves.bound.find(account.as_str(), load).await?;
            Ok(found.unwrap_or_default())
        })
    }

    fn policies(&self, of: OrganizationId) -> Reading<'_, Arc<Vec<Policy>>> {
        let name = of.to_string();
        if let Known::Yes(found) = self.shelves.policies.peek(&name) {
            return Box::pin(ready(Ok(found)));
        }
        Box::pin(async move {
            let load = async { assemble::policies(&*self.store, of).await.map(Some) };
            let found = self.shelves.policies.find(&name, load).await?;
            Ok(found.unwrap_or_default())
        })
    }

    fn domain_owner<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Arc<Owner>>> {
        let load = assemble::domain_owner(&*self.store, name);
        self.shelves.owners.reading(name.as_str(), load)
    }

    fn person<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Arc<Person>>> {
        let load = assemble::person(&*self.store, email);
        self.shelves.people.reading(email.as_str(), load)
    }
    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<Arc<User>>> {
        let load = self.store.user(id);
        self.shelves.users.reading(id.as_str(), load)
    }

    fn pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<Arc<PoolSnapshot>>> {
        let load = assemble::pool(&*self.store, name);
        self.shelves.pools.reading(name.as_str(), load)
    }

    fn trusted_issuer(&self, id: TrustedIssuerId) -> Reading<'_, Option<Arc<TrustedIssuer>>> {
        let name = id.to_string();
        if let Known::Yes(found) = self.shelves.trusts.peek(&name) {
            return Box::pin(ready(Ok(Some(found))));
        }
        Box::pin(async move {
            let load = self.store.trusted_issuer(id);
            self.shelves.trusts.find(&name, load).await
        })
    }

    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<Arc<TrustedIssuer>>> {
        Box::pin(async move {
            // No URI has a space.
            let name = audience.map_or("", AllowedAudience::as_str);
            let name = format!("{issuer} {name}");
            let load = async {
                let found = self.store.trusted_issuer_named(issuer, audience).await?;
                Ok(found.map(|found| found.id))
            };
            match self.shelves.trust_names.find(&name, load).await? {
                Some(id) => self.trusted_issuer(*id).await,
                None => Ok(None),
            }
        })
    }
}
