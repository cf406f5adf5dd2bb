//! Credentials of a service account for somebody else (google-wire 5.1).
//!
//! 1. [`load`]: the accounts of the chain, and who is bound on each. For one that does not exist the bindings
//!    of nobody are read, so that it takes as long.
//! 2. [`permit`]: the caller on the first delegate, each delegate on the next, the last on the account that is
//!    asked for. Every link is looked at, whatever the one before it said. Where something is missing the no is
//!    the same, and says neither which link nor whether the account exists. A yes is a [`Permitted`].
//! 3. [`standing`]: each account of the chain, and its project. Who is permitted may know why not.
//! 4. What is asked for: a scope that exists and that policies allow, a lifetime within an hour, or within 12
//!    for accounts that a policy of their organization lists.

use std::sync::Arc;

use carnet_jose::digest;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::PolicyRule;
use crate::rule::Refusal;
use crate::rule::grant::jwt_bearer;
use crate::rule::iam::Permission;
use crate::rule::iam::is_conditional;
use crate::rule::iam::may;
use crate::rule::policy;
use crate::rule::scopes;
use crate::rule::token::About;
use crate::rule::token::AccessGrant;
use crate::rule::token::AccountSubject;
use crate::rule::token::Actor;
use crate::rule::token::IdGrant;
use crate::rule::token::Issue;
use crate::rule::token::MOST_ACTORS;
use crate::rule::token::Subject;
use crate::store::AccountSnapshot;
use crate::store::Bound;
use crate::store::Catalog;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::Counting;
use crate::value::Entropy;
use crate::value::OrganizationId;
use crate::value::Principal;
use crate::value::Seconds;
use crate::value::TokenId;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// The longest that a token lives, for most accounts.
pub const LONGEST: Seconds = Seconds(3_600);

/// The longest for accounts that a policy lists.
pub const LONGEST_EXTENDED: Seconds = Seconds(43_200);

/// An account of a chain, as far as there is one.
#[derive(Clone, Debug)]
pub struct Link {
    name: String,
    account: Option<Arc<AccountSnapshot>>,
    bound: Arc<Bound>,
}

/// Reads the accounts of a chain by e-mail or number: the delegates, and last the one that is asked for.
pub async fn load(names: &[&str], snapshots: &dyn Snapshots) -> Result<Vec<Link>, Fault> {
    let mut links = Vec::with_capacity(names.len());
    for name in names {
        let account = snapshots.account(name).await?;
        let nobody = || UniqueId::mint(&mut Counting(0));
        let id = account
            .as_ref()
            .map(|found| found.account.unique_id.clone());
        let bound = snapshots.bound(&id.unwrap_or_else(nobody)).await?;
        links.push(Link {
            name: (*name).to_owned(),
            account,
            bound,
        });
    }
    Ok(links)
}

/// A chain that may be followed. It can be had from [`permit`] alone.
#[derive(Clone, Debug)]
pub struct Permitted {
    accounts: Vec<Arc<AccountSnapshot>>,
    target: Arc<AccountSnapshot>,
    acting: Actor<'static>,
}

impl Permitted {
    /// The account that is asked for.
    #[must_use]
    pub fn target(&self) -> &Arc<AccountSnapshot> {
        &self.target
    }

    /// Every account of the chain, the one that is asked for too.
    #[must_use]
    pub fn accounts(&self) -> &[Arc<AccountSnapshot>] {
        &self.accounts
    }

    /// Who becomes it, as its tokens say.
    #[must_use]
    pub const fn acting(&self) -> &Actor<'static> {
        &self.acting
    }
}

/// Whether all of these callers may do this through the chain. `act` is what the caller's own tokens would say
/// of them.
pub fn permit(
    callers: &[&Principal],
    act: &Actor<'static>,
    chain: &[Link],
    (permission, now): (Permission, UnixTime),
) -> Result<Permitted, Refusal> {
    let Some((last, delegates)) = chain.split_last() else {
        return Err(Refusal::new(Crn::IAM_CHAIN, "no account is named."));
    };
    if act.count() + delegates.len() > MOST_ACTORS {
        let detail =
            format!("the chain is too long: at most {MOST_ACTORS} may become one another.");
        return Err(Refusal::new(Crn::IAM_CHAIN, detail));
    }
    let mut callers: Vec<Principal> = callers.iter().map(|who| (*who).clone()).collect();
    let mut acting = act.clone();
    let mut accounts = Vec::with_capacity(chain.len());
    let mut missing = None;
    for (place, link) in chain.iter().enumerate() {
        let needed = if place == delegates.len() {
            permission
        } else {
            Permission::ImplicitDelegation
        };
        let denied: Vec<_> = callers
            .iter()
            .filter(|who| !may(who, needed, (&link.bound, now), None))
            .collect();
        let Some(found) = &link.account else {
            missing = missing.or(Some((link, "there is no such account")));
            continue;
        };
        if !denied.is_empty() {
            let mut denied = denied.into_iter();
            let why = if denied.any(|who| is_conditional(who, needed, &link.bound)) {
                "the condition of the binding that gives the permission is not met"
            } else {
                "no binding gives the permission"
            };
            missing = missing.or(Some((link, why)));
        }
        let who = principal(found);
        if place < delegates.len() {
            acting = Actor {
                sub: who.subject().into(),
                email: Some(who.name().into()),
                provider: None,
                act: Some(Box::new(acting)),
            };
        }
        callers = vec![who];
        accounts.push(Arc::clone(found));
    }
    if let Some((link, why)) = missing {
        return Err(denied(permission, last, link, why));
    }
    let target = accounts.last().cloned();
    let target = target.ok_or_else(|| Refusal::new(Crn::IAM_CHAIN, "no account is named."))?;
    Ok(Permitted {
        accounts,
        target,
        acting,
    })
}

fn denied(permission: Permission, last: &Link, link: &Link, why: &str) -> Refusal {
    let detail = format!(
        "{} is denied on {}, or there is no such account.",
        permission.name(),
        Echo::of(&last.name)
    );
    Refusal::new(Crn::IAM_PERMISSION_DENIED, detail)
        .because("at", Echo::of(&link.name).to_string())
        .because("missing", why)
}

fn principal(found: &AccountSnapshot) -> Principal {
    Principal::ServiceAccount {
        id: found.account.unique_id.clone(),
        email: found.account.email.clone(),
    }
}

/// Whether every account of the chain stands, with the projects in the same order.
pub fn standing(permitted: &Permitted, projects: &[Arc<ProjectSnapshot>]) -> Result<(), Refusal> {
    let pairs = permitted.accounts.iter().zip(projects);
    for (account, project) in pairs {
        jwt_bearer::standing(&account.account, &project.project)
            .map_err(|refusal| refusal.because("account", account.account.email.to_string()))?;
    }
    Ok(())
}

/// An access token of the account.
pub fn access_token(
    permitted: &Permitted,
    (project, catalog): (&ProjectSnapshot, &Catalog),
    (scope, lifetime): (Scope, Seconds),
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Result<Issue, Refusal> {
    let account = &permitted.target.account;
    let longest = if extends(project, &account.unique_id) {
        LONGEST_EXTENDED
    } else {
        LONGEST
    };
    if lifetime > longest {
        let detail = format!(
            "The access token lifetime cannot exceed {} seconds. A policy of the organization may allow an account 43200.",
            longest.0
        );
        return Err(Refusal::new(Crn::IAM_LIFETIME, detail));
    }
    let apis = scopes::resolve(&scope, catalog, &project.project)?;
    policy::permits_scopes(&project.policies, &account.unique_id, &scope)?;
    let id = TokenId::mint(now, entropy);
    let subject = Subject::Account(subject(permitted));
    let mut grant = AccessGrant::new(id, subject, scope, &apis, now);
    // An API that wants shorter tokens than an hour gets them; one that does not has no say here.
    grant.expires = if grant.lifetime() < LONGEST {
        (now + lifetime).min(grant.expires)
    } else {
        now + lifetime
    };
    Ok(Issue::Access(grant))
}

fn extends(project: &ProjectSnapshot, account: &UniqueId) -> bool {
    project.policies.iter().any(|policy| match &policy.rule {
        PolicyRule::ExtendLifetime { accounts } => accounts.contains(account),
        PolicyRule::BlockScopes { .. } | PolicyRule::OwnClientsOnly { .. } => false,
    })
}

/// An ID token of the account. The organization is told if it is asked for and there is one.
#[must_use]
pub fn id_token(
    permitted: &Permitted,
    project: &ProjectSnapshot,
    audience: &str,
    (email, organization): (bool, bool),
    now: UnixTime,
) -> Issue {
    let of = project.project.organization.filter(|_| organization);
    let about = About::Impersonated {
        account: subject(permitted),
        email,
        organization: of.map(organization_number),
    };
    Issue::Id(IdGrant::of_impersonated(about, audience.to_owned(), now))
}

fn subject(permitted: &Permitted) -> AccountSubject {
    let account = &permitted.target.account;
    AccountSubject {
        id: account.unique_id.clone(),
        email: account.email.clone(),
        user: None,
        acting: Some(permitted.acting.clone()),
    }
}

/// An organization as a number of 12 digits, which is how Google names one in a token. Ours have ids that are
/// no numbers, so it is drawn from the id, and is always the same.
#[must_use]
pub fn organization_number(id: OrganizationId) -> u64 {
    const FIRST: u64 = 100_000_000_000;
    let hash = digest::sha256(id.as_bytes());
    let (head, _) = hash.split_at(8);
    let number = head
        .iter()
        .fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    FIRST + number % (9 * FIRST)
}

#[cfg(test)]
mod tests;
