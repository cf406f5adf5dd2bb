//! How each snapshot is put together from the narrow reads of a store.

use std::collections::HashMap;
use std::sync::Arc;

use carnet_jose::Algorithm;
use carnet_jose::PublicKey;
use carnet_wire::origin::Origin;

use crate::record::KeyOrigin;
use crate::record::KeyState;
use crate::record::Policy;
use crate::record::ServiceAccountKey;
use crate::record::SystemKey;
use crate::record::TrustedIssuer;
use crate::record::User;
use crate::store::Fault;
use crate::store::Page;
use crate::store::Reading;
use crate::store::Store;
use crate::store::snapshot::AccountSnapshot;
use crate::store::snapshot::Bound;
use crate::store::snapshot::Catalog;
use crate::store::snapshot::ClientSnapshot;
use crate::store::snapshot::Direct;
use crate::store::snapshot::HeldKey;
use crate::store::snapshot::Owner;
use crate::store::snapshot::Person;
use crate::store::snapshot::PoolSnapshot;
use crate::store::snapshot::ProjectSnapshot;
use crate::store::snapshot::Snapshots;
use crate::value::AllowedAudience;
use crate::value::ClientId;
use crate::value::DomainName;
use crate::value::Email;
use crate::value::IssuerUri;
use crate::value::OrganizationId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::ServiceAccountEmail;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UserId;
use crate::value::Version;

/// An account by e-mail or unique id. A text that is neither is nobody's.
pub async fn account(store: &dyn Store, issuer: &str) -> Result<Option<AccountSnapshot>, Fault> {
    let found = if let Ok(id) = issuer.parse::<UniqueId>() {
        store.service_account(&id).await?
    } else if let Ok(email) = issuer.parse::<ServiceAccountEmail>() {
        store.service_account_by_email(&email).await?
    } else {
        None
    };
    let Some(account) = found else {
        return Ok(None);
    };
    let records = store.service_account_keys(&account.unique_id).await?;
    let system = store.system_keys(&account.unique_id).await?;
    let keys = records
        .into_iter()
        .chain(system.iter().map(as_key))
        .map(|record| {
            let public = PublicKey::from_spki_der(&record.public_key)
                .and_then(|key| key.with_algorithm(record.algorithm))
                .map_err(Fault::lasting)?;
            Ok(HeldKey {
                record: Arc::new(record),
                public,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Some(AccountSnapshot {
        account,
        keys,
        system,
    }))
}

/// A key that we hold verifies as those of the account's owner do, for as long as it is published.
fn as_key(key: &SystemKey) -> ServiceAccountKey {
    ServiceAccountKey {
        id: key.id.clone(),
        account: key.account.clone(),
        algorithm: Algorithm::RS256,
        public_key: key.public_key.clone(),
        certificate: key.certificate.clone(),
        origin: KeyOrigin::Made,
        created: key.created,
        expires: Some(key.published_until),
        state: KeyState::Active,
        version: Version::FIRST,
    }
}

/// Who has which roles on an account.
pub async fn bound(store: &dyn Store, account: &UniqueId) -> Result<Bound, Fault> {
    let Some(policy) = store.account_policy(account).await? else {
        return Ok(Bound::default());
    };
    // Only conditions ask what the account is called, and that never changes.
    let of = if policy.is_conditional() {
        store.service_account(account).await?
    } else {
        None
    };
    let name = of.map(|of| of.resource_name()).unwrap_or_default();
    Ok(Bound::of(&policy, &name))
}

/// A client with its secrets.
pub async fn client(store: &dyn Store, id: &ClientId) -> Result<Option<ClientSnapshot>, Fault> {
    let Some(client) = store.client(id).await? else {
        return Ok(None);
    };
    let secrets = store.client_secrets(id).await?;
    Ok(Some(ClientSnapshot { client, secrets }))
}

/// A project with the policies in force of its organization.
pub async fn project(store: &dyn Store, id: &ProjectId) -> Result<Option<ProjectSnapshot>, Fault> {
    let Some(project) = store.project(id).await? else {
        return Ok(None);
    };
    let policies = match project.organization {
        Some(organization) => policies(store, organization).await?,
        None => Vec::new(),
    };
    Ok(Some(ProjectSnapshot { project, policies }))
}

/// An organization's policies that are in force.
pub async fn policies(store: &dyn Store, of: OrganizationId) -> Result<Vec<Policy>, Fault> {
    let mut page = Page::first(Page::MOST);
    let mut all = Vec::new();
    loop {
        let listing = store.policies(of, &page).await?;
        all.extend(listing.items.into_iter().filter(|policy| policy.enabled));
        match listing.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// Every API and scope.
pub async fn catalog(store: &dyn Store) -> Result<Catalog, Fault> {
    let mut page = Page::first(Page::MOST);
    let mut owners: HashMap<ProjectId, Option<OrganizationId>> = HashMap::new();
    let mut apis = Vec::new();
    loop {
        let listing = store.apis(None, &page).await?;
        for api in listing.items {
            let owner = if let Some(owner) = owners.get(&api.project) {
                *owner
            } else {
                let owner = store
                    .project(&api.project)
                    .await?
                    .and_then(|found| found.organization);
                owners.insert(api.project.clone(), owner);
                owner
            };
            apis.push((Arc::new(api), owner));
        }
        match listing.next {
            Some(next) => page.after = Some(next),
            None => return Ok(Catalog::new(apis)),
        }
    }
}

/// The organization that a domain belongs to, with its policies in force.
pub async fn domain_owner(store: &dyn Store, name: &DomainName) -> Result<Option<Owner>, Fault> {
    let Some(domain) = store.domain(name).await? else {
        return Ok(None);
    };
    let Some(organization) = store.organization(domain.organization).await? else {
        return Ok(None);
    };
    let policies = policies(store, organization.id).await?;
    Ok(Some(Owner {
        organization,
        policies,
    }))
}

/// A user by address, with groups.
pub async fn person(store: &dyn Store, email: &Email) -> Result<Option<Person>, Fault> {
    let Some(user) = store.user_by_email(email).await? else {
        return Ok(None);
    };
    let groups = store.groups_of(&user.id).await?;
    Ok(Some(Person { user, groups }))
}

/// A pool with its providers.
pub async fn pool(store: &dyn Store, name: &PoolName) -> Result<Option<PoolSnapshot>, Fault> {
    let Some(pool) = store.workload_pool(name).await? else {
        return Ok(None);
    };
    let providers = store.workload_providers(name).await?;
    let providers = providers.into_iter().map(Arc::new).collect();
    Ok(Some(PoolSnapshot { pool, providers }))
}

impl Snapshots for Direct {
    fn account<'a>(&'a self, issuer: &'a str) -> Reading<'a, Option<Arc<AccountSnapshot>>> {
        Box::pin(async move { Ok(account(self.0.as_ref(), issuer).await?.map(Arc::new)) })
    }

    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<Arc<ClientSnapshot>>> {
        Box::pin(async move { Ok(client(self.0.as_ref(), id).await?.map(Arc::new)) })
    }

    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool> {
        self.0.is_origin_of_any(origin)
    }

    fn project_facts<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Arc<ProjectSnapshot>>> {
        Box::pin(async move { Ok(project(self.0.as_ref(), id).await?.map(Arc::new)) })
    }

    fn catalog(&self) -> Reading<'_, Arc<Catalog>> {
        Box::pin(async move { Ok(Arc::new(catalog(self.0.as_ref()).await?)) })
    }

    fn delegations_for<'a>(
        &'a self,
        client_id: &'a UniqueId,
    ) -> Reading<'a, Arc<Vec<crate::record::Delegation>>> {
        Box::pin(async move { Ok(Arc::new(self.0.delegations_of(client_id).await?)) })
    }

    fn bound<'a>(&'a self, account: &'a UniqueId) -> Reading<'a, Arc<Bound>> {
        Box::pin(async move { Ok(Arc::new(bound(self.0.as_ref(), account).await?)) })
    }

    fn policies(&self, of: OrganizationId) -> Reading<'_, Arc<Vec<Policy>>> {
        Box::pin(async move { Ok(Arc::new(policies(self.0.as_ref(), of).await?)) })
    }

    fn domain_owner<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Arc<Owner>>> {
        Box::pin(async move { Ok(domain_owner(self.0.as_ref(), name).await?.map(Arc::new)) })
    }

    fn person<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Arc<Person>>> {
        Box::pin(async move { Ok(person(self.0.as_ref(), email).await?.map(Arc::new)) })
    }
    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<Arc<User>>> {
        Box::pin(async move { Ok(self.0.user(id).await?.map(Arc::new)) })
    }

    fn pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<Arc<PoolSnapshot>>> {
        Box::pin(async move { Ok(pool(self.0.as_ref(), name).await?.map(Arc::new)) })
    }

    fn trusted_issuer(&self, id: TrustedIssuerId) -> Reading<'_, Option<Arc<TrustedIssuer>>> {
        Box::pin(async move { Ok(self.0.trusted_issuer(id).await?.map(Arc::new)) })
    }

    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<Arc<TrustedIssuer>>> {
        Box::pin(async move {
            let found = self.0.trusted_issuer_named(issuer, audience).await?;
            Ok(found.map(Arc::new))
        })
    }
}
