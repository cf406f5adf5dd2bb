//! Whether an access token of ours still stands: asked by introspection, by the admin API and by
//! every endpoint of ours that takes a token.
//!
//! A token stands while it has not expired, neither it nor the authorization behind it was revoked, and
//! everything it hangs on stands: the account or client and its project; where an account acts for
//! somebody, the delegation and the person; where others became an account, each of them; where a person allowed it, that person, and where an issuer elsewhere vouched for them, the trust in it; where a pool let somebody in, the pool, the provider and what the pool belongs to; where it was made of
//! another token, whatever that one hung on, and every client that held one on the way.
//! The state is that of this moment, so disabling an account or a client stops its tokens at once and
//! enabling it brings them back (google-wire 5.3). What a person allowed does not come back: a suspension, a new
//! password and one that is taken away end what rests on a sign-in before them, for good.

use std::sync::Arc;

use carnet_wire::scope::Scope;

use crate::record::PoolOwner;
use crate::record::TrustedIssuer;
use crate::record::User;
use crate::record::UserState;
use crate::record::WorkloadProvider;
use crate::rule::client;
use crate::rule::delegation;
use crate::rule::federation;
use crate::rule::grant::jwt_bearer;
use crate::rule::token::AccessClaims;
use crate::rule::token::Whose;
use crate::rule::token::impersonated;
use crate::rule::token::impersonated::Chain;
use crate::store::AccountSnapshot;
use crate::store::ClientSnapshot;
use crate::store::Fault;
use crate::store::PoolSnapshot;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::ClientId;
use crate::value::Email;
use crate::value::ProviderName;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// What a token hangs on.
#[derive(Clone, Debug, Default)]
pub struct Standing(Option<Hook>);

#[derive(Clone, Debug)]
enum Hook {
    Account {
        account: Arc<AccountSnapshot>,
        project: Arc<ProjectSnapshot>,
        acting: Option<(UserId, delegation::Facts)>,
    },
    Impersonated(Chain),
    Client {
        client: Arc<ClientSnapshot>,
        project: Arc<ProjectSnapshot>,
    },
    Person {
        client: Arc<ClientSnapshot>,
        project: Arc<ProjectSnapshot>,
        user: Arc<User>,
        trust: Option<Arc<TrustedIssuer>>,
    },
    Federated {
        pool: Arc<PoolSnapshot>,
        provider: Arc<WorkloadProvider>,
        project: Option<Arc<ProjectSnapshot>>,
    },
    Exchanged {
        holders: Vec<(Arc<ClientSnapshot>, Arc<ProjectSnapshot>)>,
        origin: Box<Hook>,
    },
}

/// Reads the facts.
pub async fn load(claims: &AccessClaims<'_>, snapshots: &dyn Snapshots) -> Result<Standing, Fault> {
    let hook = match &claims.whose() {
        None => None,
        Some(Whose::Exchanged {
            client,
            through,
            origin,
        }) => {
            let mut holders = Vec::with_capacity(through.len() + 1);
            for id in through.iter().chain([client]) {
                let Some(holder) = of_client(id, snapshots).await? else {
                    return Ok(Standing(None));
                };
                holders.push(holder);
            }
            let origin = first(origin, snapshots).await?.map(Box::new);
            origin.map(|origin| Hook::Exchanged { holders, origin })
        }
        Some(whose) => first(whose, snapshots).await?,
    };
    Ok(Standing(hook))
}

/// What a token hangs on that was not made of another one.
async fn first(whose: &Whose, snapshots: &dyn Snapshots) -> Result<Option<Hook>, Fault> {
    let hook = match whose {
        Whose::Exchanged { .. } => None,
        Whose::Account(id) => of_account(id, None, snapshots).await?,
        Whose::Delegated {
            account,
            user,
            email,
        } => of_account(account, Some((user.clone(), email.clone())), snapshots).await?,
        Whose::Federated { provider, .. } => of_pool(provider, snapshots).await?,
        Whose::Impersonated { account, by } => impersonated::load(account, by, snapshots)
            .await?
            .map(Hook::Impersonated),
        Whose::Client(id) => of_client(id, snapshots)
            .await?
            .map(|(client, project)| Hook::Client { client, project }),
        Whose::Person {
            client,
            user,
            trust,
            ..
        } => {
            let found = of_client(client, snapshots).await?;
            let user = snapshots.user(user).await?;
            let trust = match trust {
                None => None,
                Some(id) => match snapshots.trusted_issuer(*id).await? {
                    None => return Ok(None),
                    found => found,
                },
            };
            found
                .zip(user)
                .map(|((client, project), user)| Hook::Person {
                    client,
                    project,
                    user,
                    trust,
                })
        }
    };
    Ok(hook)
}

async fn of_account(
    id: &UniqueId,
    person: Option<(UserId, Email)>,
    snapshots: &dyn Snapshots,
) -> Result<Option<Hook>, Fault> {
    let Some(account) = snapshots.account(id.as_str()).await? else {
        return Ok(None);
    };
    let Some(project) = snapshots.project_facts(&account.account.project).await? else {
        return Ok(None);
    };
    let acting = match person {
        Some((user, email)) => Some((user, delegation::load(email, id, snapshots).await?)),
        None => None,
    };
    Ok(Some(Hook::Account {
        account,
        project,
        acting,
    }))
}

async fn of_pool(
    provider: &ProviderName,
    snapshots: &dyn Snapshots,
) -> Result<Option<Hook>, Fault> {
    let Some(pool) = snapshots.pool(&provider.pool()).await? else {
        return Ok(None);
    };
    let Some(provider) = pool.provider(provider).cloned() else {
        return Ok(None);
    };
    let project = match &pool.pool.owner {
        PoolOwner::Organization(_) => None,
        PoolOwner::Project(id) => match snapshots.project_facts(id).await? {
            None => return Ok(None),
            found => found,
        },
    };
    Ok(Some(Hook::Federated {
        pool,
        provider,
        project,
    }))
}

async fn of_client(
    id: &ClientId,
    snapshots: &dyn Snapshots,
) -> Result<Option<(Arc<ClientSnapshot>, Arc<ProjectSnapshot>)>, Fault> {
    let Some(client) = snapshots.client(id).await? else {
        return Ok(None);
    };
    let project = snapshots.project_facts(&client.client.project).await?;
    Ok(project.map(|project| (client, project)))
}

/// Decides on them. `revoked` says whether the token or its authorization was.
#[must_use]
pub fn stands(claims: &AccessClaims<'_>, facts: &Standing, revoked: bool, now: UnixTime) -> bool {
    if revoked || claims.exp <= now.0 {
        return false;
    }
    facts
        .0
        .as_ref()
        .is_some_and(|hook| holds(claims, hook, now))
}

fn holds(claims: &AccessClaims<'_>, hook: &Hook, now: UnixTime) -> bool {
    match hook {
        Hook::Account {
            account,
            project,
            acting,
        } => {
            jwt_bearer::standing(&account.account, &project.project).is_ok()
                && acting
                    .as_ref()
                    .is_none_or(|acting| acts(claims, acting, (account, project), now))
        }
        Hook::Impersonated(chain) => chain.stands(now),
        Hook::Client { client, project } => client::stands(client, project),
        Hook::Person {
            client,
            project,
            user,
            trust,
        } => {
            client::stands(client, project)
                && user.state == UserState::Active
                && user.counts_sign_in_at(signed_in(claims))
                && trust.as_ref().is_none_or(|trust| !trust.disabled)
        }
        Hook::Federated {
            pool,
            provider,
            project,
        } => federation::is_open(&pool.pool, provider, project.as_deref()),
        Hook::Exchanged { holders, origin } => {
            let mut holders = holders.iter();
            holders.all(|(client, project)| client::stands(client, project))
                && holds(claims, origin, now)
        }
    }
}

/// When the person signed in on whom the token rests; where it does not say so, they did before it was made.
fn signed_in(claims: &AccessClaims<'_>) -> UnixTime {
    UnixTime(claims.auth_time.unwrap_or(claims.iat))
}

/// Whether the account may still act for this person, with this scope.
fn acts(
    claims: &AccessClaims<'_>,
    (user, acting): &(UserId, delegation::Facts),
    (account, project): (&AccountSnapshot, &ProjectSnapshot),
    now: UnixTime,
) -> bool {
    let Ok(scope) = Scope::parse(&claims.scope) else {
        return false;
    };
    let client = &account.account.unique_id;
    delegation::decide(acting, client, &project.project, &scope, now)
        .is_ok_and(|person| person.user.id == *user)
}
