//! Pools of workload identity of a seed, their providers, and who may act as which account.
//!
//! Whoever writes a test names a project by its id where Google has its number; the number is put in here. A project that
//! the seed gives a number has the one that Google's own text has.

pub(super) mod planned;

use std::collections::BTreeMap;

use anyhow::Context as _;
use anyhow::bail;
use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::record::OidcProvider;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::rule::admin::workload_pool::SESSION;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_core::rule::iam::members;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::value::Description;
use carnet_core::value::MemberName;
use carnet_core::value::PoolName;
use carnet_core::value::ProjectId;
use carnet_core::value::ProviderName;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::JwkSet;

use self::planned::SeedBinding;
use self::planned::SeedPool;
use self::planned::SeedProvider;
use super::plan::Seed;

/// Writes them. The rest of the seed is there already.
pub(super) async fn sow(seed: &Seed, store: &dyn Store, now: UnixTime) -> anyhow::Result<()> {
    let mut projects = Vec::new();
    for planned in &seed.projects {
        let found = store.project(&planned.id).await?;
        projects.push(found.context("a project of the seed")?);
    }
    let ground = Ground {
        projects: &projects,
        store,
        now,
    };
    let mut changes = Vec::new();
    for planned in &seed.workload_pools {
        let pool = ground.pool(planned)?;
        changes.push(Change::Insert(Record::WorkloadPool(pool)));
    }
    for planned in &seed.workload_providers {
        let provider = ground.provider(planned);
        let provider = provider.with_context(|| format!("the provider {}", planned.id))?;
        changes.push(Change::Insert(Record::WorkloadProvider(provider)));
    }
    for (_, policy) in ground.policies(&seed.bindings).await? {
        changes.push(Change::Insert(Record::AccountPolicy(policy)));
    }
    if changes.is_empty() {
        return Ok(());
    }
    match store.commit(&changes).await? {
        Committed::Yes => Ok(()),
        Committed::No(place, why) => {
            bail!(
                "the pools, providers and bindings of the seed do not fit together: record {place}, {why:?}"
            )
        }
    }
}

struct Ground<'a> {
    projects: &'a [Project],
    store: &'a dyn Store,
    now: UnixTime,
}

impl Ground<'_> {
    fn project(&self, id: &ProjectId) -> anyhow::Result<&Project> {
        let found = self.projects.iter().find(|project| project.id == *id);
        found.with_context(|| format!("{id} is no project of the seed"))
    }

    fn pool(&self, planned: &SeedPool) -> anyhow::Result<WorkloadPool> {
        Ok(WorkloadPool {
            name: self.pool_name(&planned.project, &planned.id)?,
            owner: PoolOwner::Project(planned.project.clone()),
            title: planned.title.clone(),
            description: Description::default(),
            disabled: false,
            deleted: None,
            session: SESSION,
            created: self.now,
            changed: self.now,
            version: Version::FIRST,
        })
    }

    fn pool_name(&self, project: &ProjectId, id: &str) -> anyhow::Result<PoolName> {
        let number = &self.project(project)?.number;
        PoolName::workload(number, id).with_context(|| format!("the pool {id}"))
    }

    fn provider(&self, planned: &SeedProvider) -> anyhow::Result<WorkloadProvider> {
        let pool = self.pool_name(&planned.project, &planned.pool)?;
        let audiences = planned.audiences.iter().map(|text| text.parse());
        Mapping::compile(&planned.mapping, planned.condition.as_deref())?;
        Ok(WorkloadProvider {
            name: ProviderName::of(&pool, &planned.id)?,
            title: planned.title.clone(),
            description: Description::default(),
            kind: ProviderKind::Oidc(OidcProvider {
                issuer: planned.issuer.parse()?,
                audiences: audiences.collect::<Result<_, _>>()?,
                keys: match &planned.jwks {
                    None => ProviderKeys::Discovery,
                    Some(text) => ProviderKeys::Inline(JwkSet::parse(text.as_bytes())?),
                },
                web: None,
            }),
            mapping: planned.mapping.clone(),
            condition: planned.condition.clone(),
            disabled: false,
            deleted: None,
            created: self.now,
            changed: self.now,
            version: Version::FIRST,
        })
    }

    /// One for each account.
    async fn policies(
        &self,
        planned: &[SeedBinding],
    ) -> anyhow::Result<BTreeMap<String, AccountPolicy>> {
        let mut policies = BTreeMap::new();
        for binding in planned {
            let email = &binding.account;
            let account = self.store.service_account_by_email(email).await?;
            let account = account.with_context(|| format!("{email} is no account of the seed"))?;
            let mut members = Vec::new();
            for text in &binding.members {
                let name: MemberName = self.numbered(text).parse().with_context(|| text.clone())?;
                members.push(members::resolve(&name, self.store).await??);
            }
            let role: AccountRole = binding.role.parse().with_context(|| binding.role.clone())?;
            policies
                .entry(email.to_string())
                .or_insert_with(|| AccountPolicy::empty(account.unique_id, self.now))
                .bindings
                .push(AccountBinding {
                    role,
                    condition: None,
                    members,
                });
        }
        Ok(policies)
    }

    /// With the number of a project of the seed where its id stands.
    fn numbered(&self, text: &str) -> String {
        for project in self.projects {
            let named = format!("/projects/{}/", project.id);
            if text.contains(&named) {
                return text.replacen(&named, &format!("/projects/{}/", project.number), 1);
            }
        }
        text.to_owned()
    }
}
