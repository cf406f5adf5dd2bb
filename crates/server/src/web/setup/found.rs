//! The records of a new installation's first administrator, as one list of changes.

use carnet_core::record;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::record::ServiceAccount;
use carnet_core::store::Change;
use carnet_core::store::Fault;
use carnet_core::store::Record;
use carnet_core::value::AccountId;
use carnet_core::value::BindingId;
use carnet_core::value::Description;
use carnet_core::value::OrganizationId;
use carnet_core::value::ProjectNumber;
use carnet_core::value::Secret;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_core::value::Version;
use carnet_jose::KeyPair;
use carnet_pages::SetupDone;

use crate::entropy::SystemEntropy;
use crate::parts::Parts;
use crate::service_account_key;
use crate::service_account_key::MadeKey;
use crate::web::setup::form::Wanted;

/// Where in the changes the domain is, whose name may be taken.
pub(super) const PLACE_OF_DOMAIN: usize = 2;

/// The name of the account that owns the installation.
const NAME: &str = "carnet-admin";

/// What is committed, and what is told when it is.
pub(super) struct Founding {
    pub(super) changes: Vec<Change>,
    pub(super) done: SetupDone,
}

/// Makes the records.
pub(super) fn found(
    wanted: &Wanted,
    pair: &KeyPair,
    parts: &Parts,
    address: &str,
    trace: &str,
) -> Result<Founding, Fault> {
    let now = parts.now();
    let organization = OrganizationId::mint(now, &mut SystemEntropy);
    let account = account(wanted, now)?;
    let MadeKey { record: key, file } =
        service_account_key::with_pair(&account, pair, None, now, parts)?;
    let binding = record::RoleBinding {
        id: BindingId::mint(now, &mut SystemEntropy),
        holder: record::Holder::ServiceAccount(account.unique_id.clone()),
        role: record::Role::Owner,
        territory: record::Territory::Installation,
        created: now,
    };
    let draft = AuditDraft {
        at: now,
        actor: "setup".to_owned(),
        action: "installation.setup".to_owned(),
        target: account.unique_id.to_string(),
        outcome: Outcome::Done,
        address: address.to_owned(),
        trace: trace.to_owned(),
        detail: serde_json::json!({"organization": wanted.organization, "account": account.email})
            .to_string(),
    };
    let [organization, domain, user, project] = tenants(wanted, organization, now);
    let name = format!("{NAME}-key.json");
    let done = SetupDone {
        organization: wanted.organization.to_string(),
        project: wanted.project.to_string(),
        email: wanted.email.to_string(),
        service_account: account.email.to_string(),
        key_json: String::from_utf8_lossy(&file.to_bytes()).into_owned(),
        next: vec![
            format!("chmod 600 {name}"),
            format!("carnet whoami --key {name}"),
            format!(
                "carnet sa create invoice-sync --project {} --key {name}",
                wanted.project
            ),
        ],
        key_file: name,
    };
    let link = Secret::new(wanted.token.clone()).digest();
    let changes = vec![
        Change::SetupUsed(link, now),
        Change::Insert(organization),
        Change::Insert(domain),
        Change::Insert(user),
        Change::Insert(project),
        Change::Insert(Record::ServiceAccount(account)),
        Change::Insert(Record::ServiceAccountKey(key)),
        Change::Insert(Record::RoleBinding(binding)),
        Change::Audited(draft),
    ];
    Ok(Founding { changes, done })
}

fn tenants(wanted: &Wanted, id: OrganizationId, now: UnixTime) -> [Record; 4] {
    let version = Version::FIRST;
    [
        Record::Organization(record::Organization {
            id,
            title: wanted.organization.clone(),
            created: now,
            changed: now,
            version,
        }),
        Record::Domain(record::Domain {
            name: wanted.domain.clone(),
            organization: id,
            created: now,
            version,
        }),
        Record::User(record::User {
            id: UserId::mint(&mut SystemEntropy),
            organization: id,
            email: wanted.email.clone(),
            email_verified: false,
            name: record_title(wanted),
            state: record::UserState::Active,
            sign_ins_since: None,
            created: now,
            changed: now,
            version,
        }),
        Record::Project(record::Project {
            id: wanted.project.clone(),
            number: ProjectNumber::mint(&mut SystemEntropy),
            organization: Some(id),
            title: wanted.organization.clone(),
            audience: record::Audience::External,
            state: record::ProjectState::Active,
            assertions: record::AssertionRules::default(),
            created: now,
            changed: now,
            version,
        }),
    ]
}

/// A person is called by their address until somebody knows better.
fn record_title(wanted: &Wanted) -> carnet_core::value::Title {
    let local = wanted.email.as_str().split('@').next().unwrap_or_default();
    local.parse().unwrap_or_default()
}

fn account(wanted: &Wanted, now: UnixTime) -> Result<ServiceAccount, Fault> {
    let account_id: AccountId = NAME.parse().map_err(Fault::lasting)?;
    Ok(ServiceAccount {
        unique_id: UniqueId::mint(&mut SystemEntropy),
        project: wanted.project.clone(),
        email: ServiceAccountEmail::of(&account_id, &wanted.project),
        account_id,
        title: "Administers this installation"
            .parse()
            .map_err(Fault::lasting)?,
        description: Description::default(),
        state: record::AccountState::Active,
        created: now,
        changed: now,
        version: Version::FIRST,
    })
}
