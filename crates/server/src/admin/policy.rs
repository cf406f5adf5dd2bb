//! `organizations/{organization}/policies`: what an organization forbids.

use axum::http::Method;
use carnet_core::record::{self, PolicyRule};
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::policy::{self, MOST_EXCEPTED, NewPolicy, PolicyPatch};
use carnet_core::rule::admin::scope::Typed;
use carnet_core::rule::admin::{Done, No};
use carnet_core::value::{PolicyId, Title, UniqueId};
use carnet_wire::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::clients::client;
use super::delegation::Scopes;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;

/// A rule that an organization's administrators set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Policy {
    /// Its id.
    pub id: String,
    /// The id of its organization.
    pub organization: String,
    /// What a refusal calls it.
    pub title: String,
    /// What it says.
    pub kind: PolicyKind,
    /// The scopes that it blocks, if it blocks scopes.
    pub scopes: Vec<String>,
    /// The numbers of the clients for which it does not hold; of a `lifetime_extension`, the accounts that have it.
    pub except: Vec<String>,
    /// Whether it is in force.
    pub enabled: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// What a policy says.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PolicyKind {
    /// The scopes are given to nobody, for people of the organization and for accounts of its projects
    /// (`admin_policy_enforced`).
    BlockScopes,
    /// Clients of other organizations may not act for people of this one (`org_internal`).
    OwnClientsOnly,
    /// Access tokens of the accounts in `except`, asked for by others, may live 12 hours instead of one.
    LifetimeExtension,
}

/// A policy to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreatePolicy {
    /// What a refusal calls it: at most 100 bytes.
    #[schema(min_length = 1, max_length = 100, example = "High-risk scopes")]
    title: String,
    /// What it says.
    kind: PolicyKind,
    /// The scopes that it blocks. Needed for `block_scopes`, and only there.
    scopes: Option<Scopes>,
    /// Clients for which it does not hold, by e-mail or number; of a `lifetime_extension`, the accounts that
    /// have it.
    #[serde(default)]
    #[schema(max_items = 100)]
    except: Vec<String>,
    /// Whether it is in force at once.
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
}

const fn yes() -> bool {
    true
}

/// Changes to a policy. What is absent stays; its kind stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchPolicy {
    /// What a refusal calls it: at most 100 bytes.
    #[schema(min_length = 1, max_length = 100)]
    title: Option<String>,
    /// The scopes that it blocks: all of them.
    scopes: Option<Scopes>,
    /// Clients for which it does not hold: all of them.
    #[schema(max_items = 100)]
    except: Option<Vec<String>>,
    /// Whether it is in force.
    enabled: Option<bool>,
}

/// Where policies answer.
pub(crate) fn routes() -> [Route; 5] {
    const LIST: &str = "organizations/{organization}/policies";
    const ONE: &str = "organizations/{organization}/policies/{policy}";
    [
        route(
            Method::GET,
            LIST,
            "Lists the policies of an organization.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Policy>>()
        .paged(),
        route(Method::POST, LIST, "Makes a policy.", |call| {
            Box::pin(create(call))
        })
        .takes::<CreatePolicy>()
        .creates::<Policy>(),
        route(Method::GET, ONE, "Shows a policy.", |call| {
            Box::pin(get(call))
        })
        .gives::<Policy>(),
        route(Method::PATCH, ONE, "Changes a policy.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchPolicy>()
        .gives::<Policy>(),
        route(Method::DELETE, ONE, "Deletes a policy.", |call| {
            Box::pin(delete(call))
        }),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().policies(organization.id, &page).await?;
    Ok(call.listed(listing, Policy::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Write).await?;
    let body: CreatePolicy = call.read()?;
    let mut read = Read::default();
    let title: Option<Title> = read.one("/title", &body.title);
    let title = read.finish(title)?;
    let except = except(&call, &body.except).await?;
    let rule = match (body.kind, body.scopes) {
        (PolicyKind::BlockScopes, Some(typed)) => PolicyRule::BlockScopes {
            scopes: scopes(&call, typed).await?,
            except,
        },
        (PolicyKind::OwnClientsOnly, None) => PolicyRule::OwnClientsOnly { except },
        (PolicyKind::LifetimeExtension, None) => PolicyRule::ExtendLifetime { accounts: except },
        (PolicyKind::BlockScopes, None) => {
            return Err(No::field("/scopes", "scopes is missing: which are blocked?").into());
        }
        (PolicyKind::OwnClientsOnly | PolicyKind::LifetimeExtension, Some(_)) => {
            return Err(no_scopes());
        }
    };
    let new = NewPolicy {
        organization: organization.id,
        title,
        rule,
        enabled: body.enabled,
    };
    let done = policy::create(new, &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(made.id), made.version);
    Ok(Answer::created(&Policy::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let policy = found(&call, Right::Read).await?;
    let version = policy.version;
    Ok(call.record(&Policy::from(policy), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let before = found(&call, Right::Write).await?;
    let body: PatchPolicy = call.read()?;
    call.if_match(before.version, Needed::Yes)?;
    let mut read = Read::default();
    let title = read.maybe("/title", body.title.as_deref());
    read.finish(Some(()))?;
    let rule = changed_rule(&call, &before.rule, body.scopes, body.except).await?;
    let patch = PolicyPatch {
        title,
        rule: Some(rule),
        enabled: body.enabled,
    };
    let done: Done<record::Policy> = policy::update(before, patch, &call.context())?;
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Policy::from(now)).tagged(version))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let policy = found(&call, Right::Write).await?;
    call.if_match(policy.version, Needed::No)?;
    let done = policy::delete(policy, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

/// The policy that the path names, in its organization.
async fn found(call: &Call, right: Right) -> Result<record::Policy, Problem> {
    let organization = call.organization(right).await?;
    let id: PolicyId = call.named("policy")?;
    let found = call.desk.store().policy(id).await?;
    let found = found.filter(|found| found.organization == organization.id);
    Ok(found.ok_or_else(No::hidden)?)
}

/// The rule with what is given changed.
async fn changed_rule(
    call: &Call,
    before: &PolicyRule,
    typed: Option<Scopes>,
    clients: Option<Vec<String>>,
) -> Result<PolicyRule, Problem> {
    let given = match clients {
        Some(clients) => Some(except(call, &clients).await?),
        None => None,
    };
    match (before.clone(), typed) {
        (
            PolicyRule::BlockScopes {
                scopes: kept,
                except,
            },
            typed,
        ) => Ok(PolicyRule::BlockScopes {
            scopes: match typed {
                Some(typed) => scopes(call, typed).await?,
                None => kept,
            },
            except: given.unwrap_or(except),
        }),
        (PolicyRule::OwnClientsOnly { except }, None) => Ok(PolicyRule::OwnClientsOnly {
            except: given.unwrap_or(except),
        }),
        (PolicyRule::ExtendLifetime { accounts }, None) => Ok(PolicyRule::ExtendLifetime {
            accounts: given.unwrap_or(accounts),
        }),
        (PolicyRule::OwnClientsOnly { .. } | PolicyRule::ExtendLifetime { .. }, Some(_)) => {
            Err(no_scopes())
        }
    }
}

fn no_scopes() -> Problem {
    No::field(
        "/scopes",
        "Only a policy of the kind block_scopes has scopes.",
    )
    .into()
}

async fn scopes(call: &Call, typed: Scopes) -> Result<Scope, Problem> {
    let catalog = call.desk.parts.snapshots.catalog().await?;
    Ok(Typed::from(typed).resolve(&catalog, None)?)
}

async fn except(call: &Call, typed: &[String]) -> Result<Vec<UniqueId>, Problem> {
    let mut except = Vec::with_capacity(typed.len().min(MOST_EXCEPTED));
    for (place, text) in typed.iter().take(MOST_EXCEPTED).enumerate() {
        let pointer = format!("/except/{place}");
        let (account, _) = client(call.desk.store(), &pointer, text).await?;
        except.push(account.unique_id);
    }
    except.sort_unstable();
    except.dedup();
    Ok(except)
}

impl From<record::Policy> for Policy {
    fn from(policy: record::Policy) -> Self {
        let (kind, scopes, except) = match policy.rule {
            PolicyRule::BlockScopes { scopes, except } => {
                let scopes = scopes.iter().map(ToOwned::to_owned).collect();
                (PolicyKind::BlockScopes, scopes, except)
            }
            PolicyRule::OwnClientsOnly { except } => {
                (PolicyKind::OwnClientsOnly, Vec::new(), except)
            }
            PolicyRule::ExtendLifetime { accounts } => {
                (PolicyKind::LifetimeExtension, Vec::new(), accounts)
            }
        };
        Self {
            id: policy.id.to_string(),
            organization: policy.organization.to_string(),
            title: policy.title.to_string(),
            kind,
            scopes,
            except: except.iter().map(ToString::to_string).collect(),
            enabled: policy.enabled,
            created: policy.created.rfc3339(),
            changed: policy.changed.rfc3339(),
            etag: etag::of(policy.version),
        }
    }
}
