//! The jwt-bearer grant of a service account (RFC 7523 section 2.1, google-wire 2), also as a service identity
//! (google-wire 8.4).
//!
//! The assertion has been read, proved and judged by [`crate::rule::assertion`]. Then:
//!
//! 1. The account must not be disabled or deleted, nor its project suspended.
//! 2. A strict project wants a right `kid`, and a scope or a target audience but not both.
//! 3. The scopes must exist, for this account. A service identity names an API instead (`service_identity.rs`).
//! 4. The policies of its own organization must allow them.
//! 5. For somebody else: [`crate::rule::delegation`].
//! 6. What a key signed that we hold for the account (`signJwt`) says so in its token, which administers nothing
//!    ([`crate::rule::admin::access`], rule 4).
//! 7. A `jti` is spent with the token that it buys: a second redemption loses at the store.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;

use crate::record::AccountState;
use crate::record::Project;
use crate::record::ProjectState;
use crate::record::ServiceAccount;
use crate::record::SpentAssertion;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::assertion::Asked;
use crate::rule::assertion::KidHint;
use crate::rule::assertion::Proven;
use crate::rule::assertion::Wanted;
use crate::rule::delegation;
use crate::rule::grant::service_identity;
use crate::rule::policy;
use crate::rule::scopes;
use crate::rule::token::AccessGrant;
use crate::rule::token::AccountSubject;
use crate::rule::token::Actor;
use crate::rule::token::IdGrant;
use crate::rule::token::Issue;
use crate::rule::token::Subject;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Fault;
use crate::store::Person;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::TokenId;
use crate::value::UnixTime;

/// How long an account may be brought back after it was deleted.
pub const UNDELETE: Seconds = Seconds::days(30);

/// All that the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The account's project, and what its organization says.
    pub project: Arc<ProjectSnapshot>,
    /// Every API and scope.
    pub catalog: Arc<Catalog>,
    /// For whom, if for somebody else.
    pub delegation: Option<delegation::Facts>,
}

/// Reads the facts. The project comes from the caller, who needed it to judge the claims.
pub async fn load(
    proven: &Proven<'_>,
    asked: &Asked,
    project: Arc<ProjectSnapshot>,
    snapshots: &dyn Snapshots,
) -> Result<Facts, Fault> {
    let catalog = snapshots.catalog().await?;
    let client = &proven.snapshot().account.unique_id;
    let delegation = match &asked.for_user {
        Some(email) => Some(delegation::load(email.clone(), client, snapshots).await?),
        None => None,
    };
    Ok(Facts {
        project,
        catalog,
        delegation,
    })
}

/// Decides on them.
#[must_use]
pub fn decide(
    proven: &Proven<'_>,
    asked: &Asked,
    facts: &Facts,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Verdict<Issue> {
    match issue(proven, asked, facts, now, entropy) {
        Ok(issue) => Verdict::allow(issue, spent(proven, asked)),
        Err(refusal) => Verdict::refuse(tell(refusal, proven)),
    }
}

/// What a second redemption of the same `jti` is told.
#[must_use]
pub fn replayed() -> Refusal {
    let detail = "This JWT was used before (its jti is spent). Sign a new one for each request.";
    Refusal::new(Crn::ASSERTION_REPLAYED, detail)
}

fn issue(
    proven: &Proven<'_>,
    asked: &Asked,
    facts: &Facts,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Result<Issue, Refusal> {
    let account = &proven.snapshot().account;
    let project = &facts.project.project;
    standing(account, project)?;
    strict(proven, asked, project)?;
    match &asked.what {
        Wanted::Access(scope) => {
            let apis = scopes::resolve(scope, &facts.catalog, project)?;
            policy::permits_scopes(&facts.project.policies, &account.unique_id, scope)?;
            let person = person(facts, account, scope, now)?;
            let subject = Subject::Account(subject(proven, person.as_deref()));
            let id = TokenId::mint(now, entropy);
            let scope = scope.clone();
            Ok(Issue::Access(AccessGrant::new(
                id, subject, scope, &apis, now,
            )))
        }
        Wanted::At { api, scope } => {
            let sent = scope.as_ref();
            let (catalog, of) = (&facts.catalog, &facts.project);
            let (scope, api) = service_identity::at((api, sent), account, catalog, of)?;
            let subject = Subject::Account(subject(proven, None));
            let id = TokenId::mint(now, entropy);
            Ok(Issue::Access(AccessGrant::new(
                id,
                subject,
                scope,
                &[api],
                now,
            )))
        }
        Wanted::Id(target) => {
            let scope = Scope::parse("openid").unwrap_or_default();
            let person = person(facts, account, &scope, now)?;
            let subject = subject(proven, person.as_deref());
            Ok(Issue::Id(IdGrant::of_account(subject, target.clone(), now)))
        }
    }
}

/// The account and its project may have tokens. Told to whoever holds a key of it.
pub fn standing(account: &ServiceAccount, project: &Project) -> Result<(), Refusal> {
    match &account.state {
        AccountState::Active => {}
        AccountState::Disabled { since, reason } => {
            let detail = format!("Service account is disabled since {}.", since.day());
            return Err(
                Refusal::new(Crn::ACCOUNT_DISABLED, detail).because("reason", reason.to_string())
            );
        }
        AccountState::Deleted { since, .. } => {
            let detail = format!(
                "Service account was deleted on {} and can be restored until {}.",
                since.day(),
                (*since + UNDELETE).day()
            );
            return Err(Refusal::new(Crn::ACCOUNT_DELETED, detail));
        }
    }
    match &project.state {
        ProjectState::Active => Ok(()),
        ProjectState::Suspended { since } => {
            let detail = format!(
                "The project of this service account is suspended since {}.",
                since.day()
            );
            Err(Refusal::new(Crn::PROJECT_DISABLED, detail))
        }
    }
}

fn strict(proven: &Proven<'_>, asked: &Asked, project: &Project) -> Result<(), Refusal> {
    if !project.assertions.strict {
        return Ok(());
    }
    if let KidHint::Wrong(sent) = proven.kid() {
        let detail = format!(
            "The signature is by key {}, but kid says {sent}. This project refuses a wrong kid.",
            proven.key().id.short()
        );
        return Err(Refusal::new(Crn::SIGNATURE, detail)
            .because("cause", Crn::KID_OF_ANOTHER_KEY.to_string()));
    }
    if asked.both {
        let detail = "both scope and target_audience are set: ask for an access token or an ID token, not both.";
        return Err(Refusal::new(Crn::SCOPE_AND_TARGET_AUDIENCE, detail));
    }
    Ok(())
}

fn person(
    facts: &Facts,
    account: &ServiceAccount,
    scope: &Scope,
    now: UnixTime,
) -> Result<Option<Arc<Person>>, Refusal> {
    let Some(acting) = &facts.delegation else {
        return Ok(None);
    };
    let project = &facts.project.project;
    delegation::decide(acting, &account.unique_id, project, scope, now).map(Some)
}

fn subject(proven: &Proven<'_>, person: Option<&Person>) -> AccountSubject {
    let account = &proven.snapshot().account;
    let held = proven.is_of_system_key();
    AccountSubject {
        id: account.unique_id.clone(),
        email: account.email.clone(),
        user: person.map(|person| (person.user.id.clone(), person.user.email.clone())),
        acting: held.then(|| Actor::of_system_key(&account.unique_id)),
    }
}

fn spent(proven: &Proven<'_>, asked: &Asked) -> Vec<Change> {
    let Some(jti) = proven.claims().jti.text() else {
        return Vec::new();
    };
    let issuer = proven.snapshot().account.unique_id.as_str();
    let spent = SpentAssertion::named(&[issuer, jti], asked.remembered_until);
    vec![Change::AssertionSpent(spent)]
}

/// Adds what an owner wants to know of every refusal of an account of theirs.
#[must_use]
pub fn tell(refusal: Refusal, proven: &Proven<'_>) -> Refusal {
    let account = &proven.snapshot().account;
    refusal
        .because("account", account.email.to_string())
        .because("client_id", account.unique_id.to_string())
        .because("key", proven.key().id.to_string())
}
