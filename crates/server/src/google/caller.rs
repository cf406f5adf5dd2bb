//! Who calls an API of Google's shape (google-wire 3.3, 5.1).
//!
//! 1. The credential stands in `Authorization`. It is an access token of ours, sealed or a JWT, that stands at
//!    this moment and is shown as it is bound ([`crate::presented`]); or a JWT that a service account signed
//!    itself, with `aud` at the root of the API or with a `scope`.
//! 2. Its scope has to allow the API: `cloud-platform`, or the narrower one of the API. A token of ours must be
//!    for the API that these scopes belong to ([`crate::system::CLOUD_API`]).
//! 3. Then it is told who that is ([`Principal`]). An OAuth client is nobody here. Where an account acts for a
//!    person, both must be permitted what is asked ([`Caller::all`]).

use std::sync::Arc;

use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::access::Reach;
use carnet_core::rule::assertion;
use carnet_core::rule::assertion::Roots;
use carnet_core::rule::grant::jwt_bearer;
use carnet_core::rule::token::AccessClaims;
use carnet_core::rule::token::Actor;
use carnet_core::rule::token::Impersonator;
use carnet_core::rule::token::Whose;
use carnet_core::rule::token::impersonators;
use carnet_core::store::AccountSnapshot;
use carnet_core::store::Fault;
use carnet_core::value::Federated;
use carnet_core::value::Principal;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_wire::bearer::Scheme;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiReason;
use carnet_wire::google::SCOPE_CLOUD_PLATFORM;
use carnet_wire::scope::Scope;

use crate::google::envelope::No;
use crate::parts::Parts;
use crate::presented;
use crate::presented::Shown;
use crate::standing;
use crate::system::CLOUD_API;

/// Somebody who may call.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is.
    pub who: Principal,
    /// The account that acts for that person, where one does.
    pub actor: Option<Principal>,
    /// What their tokens say of them in `act`: they themselves, and within it who became them.
    pub act: Actor<'static>,
    /// How far the roles of administrators count.
    pub reach: Reach,
    /// With which scope; none where a self-signed token has an audience instead.
    pub scope: Option<Scope>,
    /// As the audit log writes it.
    pub name: String,
}

impl Caller {
    /// Everybody who must be permitted what is asked.
    pub fn all(&self) -> impl Iterator<Item = &Principal> {
        [&self.who].into_iter().chain(&self.actor)
    }
}

/// Finds out who calls. One of `scopes` is needed, or `cloud-platform`.
pub async fn known(
    head: &Head,
    scopes: &[&str],
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Caller, No>, Fault> {
    let shown = match presented::in_header(&head.headers) {
        None => {
            let refusal = Refusal::new(Crn::TOKEN_MISSING, "There is no token in Authorization.");
            let no = No::about_token(ApiReason::CredentialsMissing, refusal);
            return Ok(Err(no));
        }
        Some(Err(refusal)) => return Ok(Err(bad(refusal))),
        Some(Ok(shown)) => shown,
    };
    let caller = match self_signed(shown, now, parts).await? {
        Some(caller) => caller,
        None => by_token(shown, head, now, parts).await?,
    };
    Ok(caller.and_then(|caller| allowed(caller, scopes)))
}

fn bad(refusal: Refusal) -> No {
    let reason = if refusal.crn == Crn::TOKEN_OF_ANOTHER_KIND {
        ApiReason::AccessTokenTypeUnsupported
    } else {
        ApiReason::AccessTokenExpired
    };
    No::about_token(reason, refusal)
}

fn allowed(caller: Caller, scopes: &[&str]) -> Result<Caller, No> {
    let fits = |scope: &str| scope == SCOPE_CLOUD_PLATFORM || scopes.contains(&scope);
    match &caller.scope {
        Some(scope) if !scope.iter().any(fits) => {
            let detail = format!("The token needs the scope {SCOPE_CLOUD_PLATFORM}.");
            let refusal = Refusal::new(Crn::TOKEN_SCOPE_TOO_SMALL, detail);
            Err(No::scope_too_small(SCOPE_CLOUD_PLATFORM, refusal))
        }
        _ => Ok(caller),
    }
}

/// A JWT of an account's own; none where it is not one at all, so that it may be a token of ours.
async fn self_signed(
    (scheme, text): Shown<'_>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Option<Result<Caller, No>>, Fault> {
    let Ok(unverified) = assertion::read(text) else {
        return Ok(None);
    };
    let Ok(claims) = assertion::claims(&unverified) else {
        return Ok(None);
    };
    // Tokens of ours name us in `iss`, which is no e-mail.
    let issuer = match claims.iss.text() {
        Some(issuer) if issuer.contains('@') && scheme == Scheme::Bearer => issuer,
        _ => return Ok(None),
    };
    let account = parts.snapshots.account(issuer).await?;
    let keyring = parts.keyring.load_full();
    let decoy = keyring
        .decoy(unverified.header().algorithm)
        .ok_or_else(|| Fault::lasting("no RSA key is published"))?;
    let proven = match assertion::prove(&unverified, claims, account, now, decoy) {
        Ok(proven) => proven,
        Err(refusal) => return Ok(Some(Err(bad(refusal)))),
    };
    let account = &proven.snapshot().account;
    let project = parts.snapshots.project_facts(&account.project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a service account without a project"))?;
    let roots = Roots {
        own: parts.issuer.as_str(),
        google: &parts.cloud_roots,
    };
    let google = project.project.assertions.google_audience_for_uploaded_keys;
    let scope = match assertion::self_signed(&proven, roots, google, now) {
        Ok(scope) => scope,
        Err(refusal) => return Ok(Some(Err(bad(refusal)))),
    };
    if let Err(refusal) = jwt_bearer::standing(account, &project.project) {
        return Ok(Some(Err(bad(refusal))));
    }
    let key = proven.key();
    parts.journal.used(&key.id, &key.account, now, None);
    let who = of_snapshot(proven.snapshot());
    let held = proven.is_of_system_key();
    let before = held.then(|| Actor::of_system_key(&account.unique_id));
    let mut caller = caller(who, None, before, scope);
    if held {
        caller.reach.end();
    }
    Ok(Some(Ok(caller)))
}

async fn by_token(
    shown: Shown<'_>,
    head: &Head,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Caller, No>, Fault> {
    let token = match presented::standing(shown.1, now, parts).await? {
        Ok(token) => token,
        Err(refusal) if refusal.crn == Crn::TOKEN_HAS_BOUNDARY => {
            return Ok(Err(No::scope_too_small(SCOPE_CLOUD_PLATFORM, refusal)));
        }
        Err(refusal) => return Ok(Err(bad(refusal))),
    };
    if let Err(refusal) = presented::held(&token, shown, head, (now, parts)).await? {
        return Ok(Err(No::about_proof(refusal, &parts.issuer)));
    }
    let claims = Arc::clone(&token.claims);
    let Some((who, actor)) = principal(&claims, parts).await? else {
        let detail = "An OAuth client is nobody here: call as a service account, as a person, or as whom a \
                      pool let in.";
        return Ok(Err(bad(Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail))));
    };
    let Ok(scope) = Scope::parse(&claims.scope) else {
        let detail = "The scope of the token cannot be read.";
        return Ok(Err(bad(Refusal::new(Crn::TOKEN_MALFORMED, detail))));
    };
    if !claims.aud.has(CLOUD_API) {
        // It has none of the scopes of this API, then, whatever they are called elsewhere.
        let refusal = Refusal::new(Crn::TOKEN_SCOPE_TOO_SMALL, "The token is for another API.");
        return Ok(Err(No::scope_too_small(SCOPE_CLOUD_PLATFORM, refusal)));
    }
    let provider = match claims.whose() {
        Some(Whose::Federated { provider, .. }) => Some(provider.to_string()),
        _ => None,
    };
    let Some(reach) = standing::reach(&claims, parts.snapshots.as_ref()).await? else {
        let detail = "Somebody is gone who became the caller.";
        return Ok(Err(bad(Refusal::new(Crn::TOKEN_REVOKED, detail))));
    };
    let before = if actor.is_none() {
        claims.act.clone()
    } else {
        // Of an account that acts for a person the mark of a key of ours is passed on, and nothing else.
        let first = claims.act.as_ref().map(Actor::first);
        first.filter(|first| first.is_of_system_key()).cloned()
    };
    let mut caller = caller(who, actor, before, Some(scope));
    caller.act.provider = provider.map(Into::into);
    caller.reach = reach;
    Ok(Ok(caller))
}

fn caller(
    who: Principal,
    actor: Option<Principal>,
    before: Option<Actor<'static>>,
    scope: Option<Scope>,
) -> Caller {
    // As the audit log of the admin API has it: from the first of the chain on.
    let chain = before.as_ref().and_then(impersonators).unwrap_or_default();
    let names = chain.iter().rev().map(Impersonator::to_string);
    let before = before.map(Box::new);
    let inner = match &actor {
        Some(account) => Some(Box::new(acts(account, before))),
        None => before,
    };
    let text = audited(&who);
    let last = match &actor {
        Some(account) => format!("{} for {text}", audited(account)),
        None => text,
    };
    let name = names.chain([last]).collect::<Vec<_>>().join(" as ");
    Caller {
        act: acts(&who, inner),
        who,
        actor,
        reach: Reach::default(),
        scope,
        name,
    }
}

/// As a token's `act` names somebody who becomes somebody else: with an e-mail, or the provider beside it.
fn acts(who: &Principal, before: Option<Box<Actor<'static>>>) -> Actor<'static> {
    let email = match who {
        Principal::ServiceAccount { email, .. } => Some(email.to_string().into()),
        Principal::Person { email, .. } => Some(email.to_string().into()),
        Principal::Federated(_) => None,
    };
    Actor {
        sub: who.subject().into(),
        email,
        provider: None,
        act: before,
    }
}

/// As the audit log names somebody.
fn audited(who: &Principal) -> String {
    match who {
        Principal::ServiceAccount { id, .. } => format!("serviceAccount:{id}"),
        Principal::Person { id, .. } => format!("user:{id}"),
        Principal::Federated(_) => who.name(),
    }
}

/// Whom a token is about, and the account that acts for them where one does. What was exchanged for another
/// token is about the same.
async fn principal(
    claims: &AccessClaims<'_>,
    parts: &Parts,
) -> Result<Option<(Principal, Option<Principal>)>, Fault> {
    let mut whose = claims.whose();
    while let Some(Whose::Exchanged { origin, .. }) = whose {
        whose = Some(*origin);
    }
    let found = match whose {
        None | Some(Whose::Client(_) | Whose::Exchanged { .. }) => None,
        Some(Whose::Account(id) | Whose::Impersonated { account: id, .. }) => {
            account(&id, parts).await?.map(|account| (account, None))
        }
        Some(Whose::Delegated {
            account: id, user, ..
        }) => {
            let actor = account(&id, parts).await?;
            let person = person(&user, parts).await?;
            person
                .zip(actor)
                .map(|(person, actor)| (person, Some(actor)))
        }
        Some(Whose::Person { user, .. }) => {
            person(&user, parts).await?.map(|person| (person, None))
        }
        Some(Whose::Federated {
            provider, subject, ..
        }) => {
            let said = claims.federated.clone().unwrap_or_default().into_owned();
            let texts = said.groups.into_iter().map(Into::into);
            let pairs = said.attributes.into_iter();
            let who = Federated {
                pool: provider.pool(),
                subject,
                groups: texts.collect(),
                attributes: pairs
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            };
            Some((Principal::Federated(who), None))
        }
    };
    Ok(found)
}

async fn account(id: &UniqueId, parts: &Parts) -> Result<Option<Principal>, Fault> {
    let found = parts.snapshots.account(id.as_str()).await?;
    Ok(found.map(|found| of_snapshot(&found)))
}

fn of_snapshot(found: &AccountSnapshot) -> Principal {
    Principal::ServiceAccount {
        id: found.account.unique_id.clone(),
        email: found.account.email.clone(),
    }
}

async fn person(id: &UserId, parts: &Parts) -> Result<Option<Principal>, Fault> {
    let Some(user) = parts.snapshots.user(id).await? else {
        return Ok(None);
    };
    let found = parts.snapshots.person(&user.email).await?;
    let found = found.filter(|found| found.user.id == *id);
    Ok(found.map(|found| Principal::Person {
        id: found.user.id.clone(),
        email: found.user.email.clone(),
        groups: found.groups.clone(),
    }))
}
