//! A token of a service account that somebody else became (google-wire 5.1): what it hangs on.
//!
//! 1. `act` names who became the account, and within it who became that one, down to who called, each with an
//!    e-mail or the provider that vouched for it. Those in `act` that have neither came in by an exchange of
//!    tokens (RFC 8693), and are looked at there.
//! 2. Each of them must stand: an account and its project, a person, a provider and its pool.
//! 3. Each must still be bound on the next one. Of whom a pool let in, the subject is known: where neither it nor
//!    everybody of the pool is bound any more, and no group or attribute of the pool either, the token ends. To
//!    whom a group or an attribute belongs, its provider says only while they call, so a token that may hang on
//!    one stands while anything of the pool is bound. For whom a trusted issuer vouched, it is the trust that
//!    names the account.
//! 4. What was bought with something that was signed by a key that we hold for the account ([`SYSTEM_KEY`]) says
//!    so, and not who had it signed: that is known to the audit log. It hangs on the account alone.
//!
//! So a token stops at once with each link of its chain. The sign-in of somebody of a workforce is none: it ends what
//! names it, and no token of an account.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::record::PoolOwner;
use crate::record::ProjectState;
use crate::record::TrustedIssuer;
use crate::record::UserState;
use crate::record::WorkloadProvider;
use crate::rule::federation;
use crate::rule::grant::jwt_bearer;
use crate::rule::iam;
use crate::rule::iam::Permission;
use crate::rule::token::Actor;
use crate::rule::token::SYSTEM_KEY;
use crate::rule::token::federated::subject_in;
use crate::store::AccountSnapshot;
use crate::store::Bound;
use crate::store::Fault;
use crate::store::Person;
use crate::store::PoolSnapshot;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::Federated;
use crate::value::Principal;
use crate::value::ProviderName;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// How many may have become one another.
pub const MOST_ACTORS: usize = 8;

/// Who became an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Impersonator {
    /// Another account.
    Account(UniqueId),
    /// A person.
    User(UserId),
    /// Somebody whom this provider vouched for.
    Federated {
        /// The provider.
        provider: ProviderName,
        /// Their subject within its pool.
        subject: String,
    },
    /// Somebody for whom this issuer elsewhere vouched.
    Vouched(TrustedIssuerId),
    /// Whoever had something signed by a key that we hold for the account.
    SystemKey,
}

impl fmt::Display for Impersonator {
    /// As the audit log names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "serviceAccount:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Federated { provider, .. } => write!(f, "provider:{provider}"),
            Self::Vouched(issuer) => write!(f, "trusted-issuer:{issuer}"),
            Self::SystemKey => f.write_str(SYSTEM_KEY),
        }
    }
}

/// Everybody in `act` who became somebody, the last one first; none where somebody there is nobody.
pub fn impersonators(act: &Actor<'_>) -> Option<Vec<Impersonator>> {
    let mut all = Vec::new();
    let mut next = Some(act);
    while let Some(actor) = next {
        let sub = actor.sub.as_ref();
        if let Some(provider) = &actor.provider {
            all.push(vouched(provider, sub)?);
        } else if actor.email.is_some() {
            // The ids of people begin with a 2, those of accounts with a 1 (google-wire 1.3).
            all.push(if sub.starts_with('2') {
                Impersonator::User(sub.parse().ok()?)
            } else {
                Impersonator::Account(sub.parse().ok()?)
            });
        }
        next = actor.act.as_deref();
    }
    (all.len() <= MOST_ACTORS).then_some(all)
}

/// For whom this provider, issuer or key of ours vouched.
fn vouched(provider: &str, sub: &str) -> Option<Impersonator> {
    if provider == SYSTEM_KEY {
        return Some(Impersonator::SystemKey);
    }
    if let Ok(issuer) = provider.parse() {
        return Some(Impersonator::Vouched(issuer));
    }
    let provider: ProviderName = provider.parse().ok()?;
    let subject = subject_in(sub, &provider.pool())?.to_owned();
    Some(Impersonator::Federated { provider, subject })
}

/// What such a token hangs on.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    target: Link,
    by: Vec<Who>,
}

/// An account, where it is, and who is bound on it.
#[derive(Clone, Debug)]
struct Link {
    account: Arc<AccountSnapshot>,
    project: Arc<ProjectSnapshot>,
    bound: Arc<Bound>,
}

#[derive(Clone, Debug)]
enum Who {
    Account(Link),
    Person(Arc<Person>),
    Federated {
        pool: Arc<PoolSnapshot>,
        provider: Arc<WorkloadProvider>,
        project: Option<Arc<ProjectSnapshot>>,
        subject: String,
    },
    Vouched(Arc<TrustedIssuer>),
    SystemKey,
}

/// Reads the facts; none where somebody is gone.
pub(super) async fn load(
    account: &UniqueId,
    by: &[Impersonator],
    snapshots: &dyn Snapshots,
) -> Result<Option<Chain>, Fault> {
    let Some(target) = link(account, snapshots).await? else {
        return Ok(None);
    };
    let mut all = Vec::with_capacity(by.len());
    for one in by {
        let Some(who) = who(one, snapshots).await? else {
            return Ok(None);
        };
        all.push(who);
    }
    Ok(Some(Chain { target, by: all }))
}

async fn link(id: &UniqueId, snapshots: &dyn Snapshots) -> Result<Option<Link>, Fault> {
    let Some(account) = snapshots.account(id.as_str()).await? else {
        return Ok(None);
    };
    let Some(project) = snapshots.project_facts(&account.account.project).await? else {
        return Ok(None);
    };
    let bound = snapshots.bound(id).await?;
    Ok(Some(Link {
        account,
        project,
        bound,
    }))
}

async fn who(one: &Impersonator, snapshots: &dyn Snapshots) -> Result<Option<Who>, Fault> {
    match one {
        Impersonator::Account(id) => Ok(link(id, snapshots).await?.map(Who::Account)),
        Impersonator::User(id) => {
            let Some(user) = snapshots.user(id).await? else {
                return Ok(None);
            };
            let person = snapshots.person(&user.email).await?;
            Ok(person.filter(|found| found.user.id == *id).map(Who::Person))
        }
        Impersonator::Vouched(id) => Ok(snapshots.trusted_issuer(*id).await?.map(Who::Vouched)),
        Impersonator::SystemKey => Ok(Some(Who::SystemKey)),
        Impersonator::Federated {
            provider: name,
            subject,
        } => {
            let Some(pool) = snapshots.pool(&name.pool()).await? else {
                return Ok(None);
            };
            let Some(provider) = pool.provider(name).cloned() else {
                return Ok(None);
            };
            let project = match &pool.pool.owner {
                PoolOwner::Organization(_) => None,
                PoolOwner::Project(id) => match snapshots.project_facts(id).await? {
                    None => return Ok(None),
                    found => found,
                },
            };
            Ok(Some(Who::Federated {
                pool,
                provider,
                project,
                subject: subject.clone(),
            }))
        }
    }
}

impl Chain {
    /// Whether every link of it stands.
    pub(super) fn stands(&self, now: UnixTime) -> bool {
        let mut over = Some(&self.target);
        let mut all = self.by.iter();
        self.target.stands()
            && all.all(|who| {
                let holds = who.stands() && over.is_some_and(|link| who.is_bound(link, now));
                over = match who {
                    Who::Account(link) => Some(link),
                    // Nobody becomes a person, or somebody elsewhere.
                    Who::Person(_) | Who::Federated { .. } | Who::Vouched(_) | Who::SystemKey => {
                        None
                    }
                };
                holds
            })
    }
}

impl Link {
    fn stands(&self) -> bool {
        jwt_bearer::standing(&self.account.account, &self.project.project).is_ok()
            && self.project.project.state == ProjectState::Active
    }
}

impl Who {
    fn stands(&self) -> bool {
        match self {
            Self::Account(link) => link.stands(),
            Self::Person(person) => person.user.state == UserState::Active,
            Self::Federated {
                pool,
                provider,
                project,
                ..
            } => federation::is_open(&pool.pool, provider, project.as_deref()),
            Self::Vouched(trust) => !trust.disabled,
            // It is the account's, which stands if the token does.
            Self::SystemKey => true,
        }
    }

    fn is_bound(&self, on: &Link, now: UnixTime) -> bool {
        let who = match self {
            Self::Account(link) => Principal::ServiceAccount {
                id: link.account.account.unique_id.clone(),
                email: link.account.account.email.clone(),
            },
            Self::Person(person) => Principal::Person {
                id: person.user.id.clone(),
                email: person.user.email.clone(),
                groups: person.groups.clone(),
            },
            Self::Federated { pool, subject, .. } => Principal::Federated(Federated {
                pool: pool.pool.name.clone(),
                subject: subject.clone(),
                groups: Vec::new(),
                attributes: BTreeMap::new(),
            }),
            Self::SystemKey => return true,
            Self::Vouched(trust) => {
                return trust.account() == Some(&on.account.account.unique_id);
            }
        };
        // As which of its groups and attributes somebody came is known to nobody now.
        let unknown = match &who {
            Principal::Federated(who) => iam::may_as_some_set(&who.pool, (&on.bound, now)),
            _ => false,
        };
        unknown
            || [Permission::GetAccessToken, Permission::ImplicitDelegation]
                .into_iter()
                .any(|permission| iam::may(&who, permission, (&on.bound, now), None))
    }
}

#[cfg(test)]
mod tests;
