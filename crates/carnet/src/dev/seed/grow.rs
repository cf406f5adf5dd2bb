//! Turns a seed into records, and gives each service account a key whose private half goes to a file.

use std::path::Path;
use std::thread;

use anyhow::Context as _;
use anyhow::bail;
use carnet_core::record;
use carnet_core::record::AccountState;
use carnet_core::record::ServiceAccount;
use carnet_core::record::UserState;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::value::AccountId;
use carnet_core::value::ApiId;
use carnet_core::value::BindingId;
use carnet_core::value::DelegationId;
use carnet_core::value::Description;
use carnet_core::value::Email;
use carnet_core::value::GroupId;
use carnet_core::value::OrganizationId;
use carnet_core::value::ProjectId;
use carnet_core::value::ProjectNumber;
use carnet_core::value::Seconds;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::Title;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_core::value::Version;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_server::entropy::SystemEntropy;
use carnet_server::parts::Parts;
use carnet_server::service_account_key;
use carnet_server::service_account_key::MadeKey;
use carnet_wire::scope::Scope;
use carnet_wire::scope::ScopeToken;

use super::clients;
use super::elsewhere::Elsewhere;
use super::federation;
use super::grown::Grown;
use super::grown::GrownAccount;
use super::grown::GrownUser;
use super::grown::role;
use super::passwords;
use super::plan;
use super::plan::Seed;
use super::plan::SeedDetailType;
use super::plan::SeedRisk;
use super::plan::SeedTokens;
use super::recall;
use crate::key_files;

/// Writes the records of a seed, and the key files into `folder`.
pub(crate) async fn sow(seed: &Seed, parts: &Parts, folder: &Path) -> anyhow::Result<Grown> {
    let first = seed.projects.first().context("a seed needs a project")?;
    if parts.store.project(&first.id).await?.is_some() {
        return recall::recall(seed, &first.id, parts, folder).await;
    }
    let now = parts.now();
    let pairs = generate(seed.with_files().count())?;
    let mut field = Field::new(now);
    field.plant_organization(seed)?;
    let passwords = passwords::records(seed, &field.users, parts).await?;
    field.changes.extend(passwords);
    field.plant_projects(seed);
    let accounts = field.plant_accounts(seed, pairs, parts, folder)?;
    field.plant_accounts_elsewhere(seed)?;
    field.plant_delegations(seed)?;
    field
        .changes
        .extend(clients::plant(&seed.clients, now, &parts.encryption)?);
    match parts.store.commit(&field.changes).await? {
        Committed::Yes => {}
        Committed::No(place, why) => {
            bail!("the seed does not fit together: record {place}, {why:?}")
        }
    }
    federation::sow(seed, parts.store.as_ref(), now).await?;
    Ok(Grown {
        organization: field.organization,
        domain: seed
            .organization
            .domains
            .first()
            .map_or_else(String::new, ToString::to_string),
        project: first.id.clone(),
        users: GrownUser::of(seed),
        accounts,
        clients: clients::grown(&seed.clients),
    })
}

/// Makes RSA keys on as many threads as there are keys: each takes a tenth of a second.
fn generate(count: usize) -> anyhow::Result<Vec<KeyPair>> {
    let threads: Vec<_> = (0..count)
        .map(|_| thread::spawn(|| KeyPair::generate(KeyType::Rsa2048)))
        .collect();
    threads
        .into_iter()
        .map(|thread| match thread.join() {
            Ok(pair) => pair.context("a key could not be made"),
            Err(_) => bail!("a key could not be made"),
        })
        .collect()
}

struct Field {
    now: UnixTime,
    organization: OrganizationId,
    users: Vec<(Email, UserId)>,
    accounts: Vec<(ServiceAccountEmail, UniqueId)>,
    changes: Vec<Change>,
}

impl Field {
    fn new(now: UnixTime) -> Self {
        let organization = OrganizationId::mint(now, &mut SystemEntropy);
        Self {
            now,
            organization,
            users: Vec::new(),
            accounts: Vec::new(),
            changes: Vec::new(),
        }
    }

    fn insert(&mut self, record: Record) {
        self.changes.push(Change::Insert(record));
    }

    fn plant_organization(&mut self, seed: &Seed) -> anyhow::Result<()> {
        let (now, organization, version) = (self.now, self.organization, Version::FIRST);
        let title = seed.organization.title.clone();
        let row = record::Organization {
            id: organization,
            title,
            created: now,
            changed: now,
            version,
        };
        self.insert(Record::Organization(row));
        for name in seed.organization.domains.iter().cloned() {
            self.insert(Record::Domain(record::Domain {
                name,
                organization,
                created: now,
                version,
            }));
        }
        for user in &seed.users {
            let id = UserId::mint(&mut SystemEntropy);
            let state = match &user.suspended {
                None => UserState::Active,
                Some(reason) => UserState::Suspended {
                    since: now,
                    reason: reason.clone(),
                },
            };
            self.users.push((user.email.clone(), id.clone()));
            self.insert(Record::User(record::User {
                id,
                organization,
                email: user.email.clone(),
                email_verified: true,
                name: user.name.clone(),
                state,
                sign_ins_since: None,
                created: now,
                changed: now,
                version,
            }));
        }
        seed.groups
            .iter()
            .try_for_each(|group| self.plant_group(group))
    }

    fn plant_group(&mut self, group: &plan::SeedGroup) -> anyhow::Result<()> {
        let (now, version) = (self.now, Version::FIRST);
        let id = GroupId::mint(now, &mut SystemEntropy);
        self.insert(Record::Group(record::Group {
            id,
            organization: self.organization,
            email: group.email.clone(),
            title: group.title.clone(),
            created: now,
            changed: now,
            version,
        }));
        for member in &group.members {
            let known = self.users.iter().find(|(email, _)| email == member);
            let (_, user) =
                known.with_context(|| format!("group member {member} is no user of the seed"))?;
            let row = record::Membership {
                group: id,
                user: user.clone(),
                created: now,
            };
            self.insert(Record::Membership(row));
        }
        Ok(())
    }

    fn plant_projects(&mut self, seed: &Seed) {
        let (now, version) = (self.now, Version::FIRST);
        for project in &seed.projects {
            let internal = project.internal;
            self.insert(Record::Project(record::Project {
                id: project.id.clone(),
                number: project
                    .number
                    .clone()
                    .unwrap_or_else(|| ProjectNumber::mint(&mut SystemEntropy)),
                organization: Some(self.organization),
                title: project.title.clone(),
                audience: if internal {
                    record::Audience::Internal
                } else {
                    record::Audience::External
                },
                state: record::ProjectState::Active,
                assertions: record::AssertionRules::default(),
                created: now,
                changed: now,
                version,
            }));
        }
        for api in &seed.apis {
            let tokens = match api.tokens {
                SeedTokens::Jwt => record::TokenFormat::Jwt,
                SeedTokens::Opaque => record::TokenFormat::Opaque,
            };
            self.insert(Record::Api(record::Api {
                id: ApiId::mint(now, &mut SystemEntropy),
                project: api.project.clone(),
                identifier: api.identifier.clone(),
                title: api.title.clone(),
                tokens,
                algorithm: api.algorithm.unwrap_or(Algorithm::ES256),
                lifetime: Seconds(3_600),
                scopes: api.scopes.iter().map(scope).collect(),
                detail_types: api.detail_types.iter().map(detail_type).collect(),
                created: now,
                changed: now,
                version,
            }));
        }
    }

    fn plant_accounts(
        &mut self,
        seed: &Seed,
        pairs: Vec<KeyPair>,
        parts: &Parts,
        folder: &Path,
    ) -> anyhow::Result<Vec<GrownAccount>> {
        let mut grown = Vec::new();
        for (planned, pair) in seed.with_files().zip(pairs) {
            let account = self.account(&planned.project, &planned.name, &planned.title);
            self.accounts
                .push((account.email.clone(), account.unique_id.clone()));
            self.insert(Record::ServiceAccount(account.clone()));
            let MadeKey { record, file } =
                service_account_key::with_pair(&account, &pair, None, self.now, parts)?;
            self.insert(Record::ServiceAccountKey(record));
            let key_file = folder.join(format!("{}-key.json", planned.name));
            key_files::write(&key_file, &file.to_bytes())?;
            let role = planned.role.map(role);
            if let Some(role) = role {
                self.insert(Record::RoleBinding(record::RoleBinding {
                    id: BindingId::mint(self.now, &mut SystemEntropy),
                    holder: record::Holder::ServiceAccount(account.unique_id.clone()),
                    role,
                    territory: record::Territory::Installation,
                    created: self.now,
                }));
            }
            let key_file = std::path::absolute(&key_file)?;
            grown.push(GrownAccount {
                account,
                role,
                key_file,
            });
        }
        Ok(grown)
    }

    fn account(&self, project: &ProjectId, name: &AccountId, title: &Title) -> ServiceAccount {
        ServiceAccount {
            unique_id: UniqueId::mint(&mut SystemEntropy),
            project: project.clone(),
            account_id: name.clone(),
            email: ServiceAccountEmail::of(name, project),
            title: title.clone(),
            description: Description::default(),
            state: AccountState::Active,
            created: self.now,
            changed: self.now,
            version: Version::FIRST,
        }
    }

    fn plant_accounts_elsewhere(&mut self, seed: &Seed) -> anyhow::Result<()> {
        let mut elsewhere = Elsewhere::new()?;
        for planned in &seed.service_accounts {
            let Some(pem) = &planned.public_key else {
                continue;
            };
            let account = self.account(&planned.project, &planned.name, &planned.title);
            let key = elsewhere.record(&account, pem, planned.key_id.as_ref(), self.now)?;
            self.accounts
                .push((account.email.clone(), account.unique_id.clone()));
            self.insert(Record::ServiceAccount(account));
            self.insert(Record::ServiceAccountKey(key));
        }
        Ok(())
    }

    fn plant_delegations(&mut self, seed: &Seed) -> anyhow::Result<()> {
        for planned in &seed.delegations {
            let known = self
                .accounts
                .iter()
                .find(|(email, _)| *email == planned.account);
            let (_, client_id) = known.with_context(|| {
                format!(
                    "delegation to {}, which is no account of the seed",
                    planned.account
                )
            })?;
            let names = planned.scopes.iter().map(ScopeToken::as_str);
            let scopes = Scope::from_tokens(names).context("the scopes of a delegation")?;
            let row = record::Delegation {
                id: DelegationId::mint(self.now, &mut SystemEntropy),
                organization: self.organization,
                client_id: client_id.clone(),
                scopes,
                whom: record::Whom::Everyone,
                until: None,
                suspended: None,
                note: planned.note.clone(),
                entered: record::EnteredBy::Email,
                created: self.now,
                changed: self.now,
                version: Version::FIRST,
            };
            self.insert(Record::Delegation(row));
        }
        Ok(())
    }
}

fn detail_type(planned: &SeedDetailType) -> record::DetailType {
    record::DetailType {
        name: planned.name.clone(),
        title: planned.title.clone(),
        detail: Description::default(),
        fields: None,
    }
}

fn scope(planned: &plan::SeedScope) -> record::ApiScope {
    record::ApiScope {
        name: planned.name.clone(),
        title: planned.title.clone(),
        detail: planned.detail.clone(),
        risk: match planned.risk {
            SeedRisk::Read => record::Risk::Read,
            SeedRisk::Write => record::Risk::Write,
            SeedRisk::ActAs => record::Risk::ActAs,
            SeedRisk::Administer => record::Risk::Administer,
        },
        visibility: if planned.private {
            record::Visibility::Private
        } else {
            record::Visibility::Public
        },
    }
}
