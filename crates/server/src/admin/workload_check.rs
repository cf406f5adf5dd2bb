//! `…/providers/{provider}:check`: whether a provider would let a token in, and as whom. Nothing is issued, and nothing
//! is written; what is fetched is the keys of the provider's issuer, as often as for real requests at most, and so whoever
//! asks must be one who may change the provider (lesson 38).

use axum::http::Method;
use carnet_core::record;
use carnet_core::record::PoolOwner;
use carnet_core::record::ProjectState;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::assertion::foreign;
use carnet_core::rule::assertion::foreign::Foreign;
use carnet_core::rule::assertion::foreign::Trust;
use carnet_core::rule::assertion::foreign::Vouched;
use carnet_core::rule::dry_run::claims;
use carnet_core::rule::federation::dry_run;
use carnet_core::rule::federation::dry_run::Found;
use carnet_core::rule::federation::exchange;
use carnet_core::rule::federation::mapping::Mapped;
use carnet_core::rule::federation::x509;
use carnet_core::rule::iam;
use carnet_core::rule::iam::Permission;
use carnet_core::store::Bound;
use carnet_core::store::Page;
use carnet_core::value::Federated;
use carnet_core::value::Principal;
use carnet_jose::JwkSet;
use carnet_wire::crn::Crn;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::Answer;
use super::call::Call;
use super::problem::Problem;
use super::route::Route;
use super::route::route;
use super::workload_check_view::Impersonated;
use super::workload_check_view::ProviderCheck;
use crate::aws;
use crate::certificate_chain;
use crate::expressions::NotReady;
use crate::saml;

/// How many accounts of the project are looked at.
const ACCOUNTS: u16 = 200;

/// A token to be checked.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CheckToken {
    /// The token, as it would be the `subject_token`. It is neither kept nor logged.
    #[schema(min_length = 1, max_length = 65536)]
    token: String,
}

const PATHS: [&str; 2] = [
    "projects/{project}/workload-pools/{pool}/providers/{provider}:check",
    "organizations/{organization}/workforce-pools/{pool}/providers/{provider}:check",
];

/// Where checks answer.
pub(crate) fn routes() -> [Route; 2] {
    PATHS.map(|path| {
        route(
            Method::POST,
            path,
            "Says step by step whether a provider would let a token in, and as whom. Nothing is issued.",
            |call| Box::pin(check(call)),
        )
        .takes::<CheckToken>()
        .gives::<ProviderCheck>()
    })
}

async fn check(call: Call) -> Result<Answer, Problem> {
    let (provider, pool) = call.provider(Right::Write).await?;
    let CheckToken { token } = call.read()?;
    let token = token.trim();
    let off = off(&call, &pool, &provider).await?;
    let mut found = dry_run::begin(provider.name.as_str(), off);
    let claims = match &provider.kind {
        ProviderKind::Oidc(oidc) => jwt(&call, (&provider, oidc), token, &mut found).await?,
        ProviderKind::Saml(saml) => assertion(&call, (&provider, saml), token, &mut found).await?,
        ProviderKind::Aws(account) => {
            let audiences = exchange::audiences(&provider);
            let token = (token, audiences.as_slice());
            let who = (&call.desk.parts.aws, &call.desk.parts.outbound);
            let vouched = aws::vouched(token, account, who, call.now).await;
            let until = vouched.as_ref().map(Vouched::expires);
            dry_run::judged(&mut found, dry_run::OF_AWS, until);
            vouched.ok().map(|vouched| vouched.claims().clone())
        }
        ProviderKind::X509(authorities) => chain(&call, authorities, token, &mut found).await?,
    };
    map(&call, &provider, claims.as_ref(), &mut found).await?;
    let mut accounts = (Vec::new(), false);
    if let (Some(who), PoolOwner::Project(_)) = (&found.mapped, &pool.owner) {
        accounts = impersonated(&call, &principal(&pool, who)).await?;
    }
    Ok(Answer::ok(&ProviderCheck::of(found, accounts)))
}

/// Looks at a JWT, whose claims are tried whether or not they were proved.
async fn jwt(
    call: &Call,
    (provider, oidc): (&record::WorkloadProvider, &record::OidcProvider),
    token: &str,
    found: &mut Found,
) -> Result<Option<Value>, Problem> {
    let audiences = exchange::audiences(provider);
    let trust = Trust {
        longest: foreign::LONGEST,
        issuer: oidc.issuer.as_str(),
        audiences: &audiences,
    };
    if let Some(foreign) = found.steps.read(token, trust) {
        let keys = keys(call, oidc, &foreign).await;
        let permit = call.desk.parts.limits.work().await;
        let _permit = permit.map_err(Problem::turned_away)?;
        let keys = keys.as_ref();
        found.steps.verify(&foreign, keys, trust, call.now);
    }
    let claims = claims(token);
    if let Some(claims) = &claims {
        found.steps.possession(claims);
    }
    Ok(claims)
}

/// Looks at an assertion of SAML, of which nothing is read that is not signed.
async fn assertion(
    call: &Call,
    provider: (&record::WorkloadProvider, &record::SamlProvider),
    token: &str,
    found: &mut Found,
) -> Result<Option<Value>, Problem> {
    let parts = &call.desk.parts;
    let permit = parts.limits.work().await;
    let _permit = permit.map_err(Problem::turned_away)?;
    let read = saml::read(token, provider, &parts.issuer, call.now);
    let until = match &read {
        Ok(asserted) => asserted.judged.as_ref().copied(),
        Err(refusal) => Err(refusal),
    };
    dry_run::judged(found, dry_run::OF_ASSERTIONS, until);
    Ok(read.ok().map(|asserted| asserted.claims))
}

/// Looks at a chain of certificates, whose names are tried whether or not it leads to an authority.
async fn chain(
    call: &Call,
    authorities: &record::X509Provider,
    token: &str,
    found: &mut Found,
) -> Result<Option<Value>, Problem> {
    let permit = call.desk.parts.limits.work().await;
    let _permit = permit.map_err(Problem::turned_away)?;
    let read = x509::read(token);
    let judged = read.as_ref().map_err(Clone::clone).and_then(|chain| {
        certificate_chain::leads(chain, authorities, call.now)?;
        Ok(chain.vouched(call.now)?.expires())
    });
    dry_run::judged(found, dry_run::OF_CHAINS, judged.as_ref().copied());
    let vouched = read.ok().and_then(|chain| chain.vouched(call.now).ok());
    Ok(vouched.map(|vouched| vouched.claims().clone()))
}

/// Why the provider lets nobody in, if it does not.
async fn off(
    call: &Call,
    pool: &record::WorkloadPool,
    provider: &record::WorkloadProvider,
) -> Result<Option<&'static str>, Problem> {
    if let PoolOwner::Project(id) = &pool.owner {
        let project = call.desk.store().project(id).await?;
        if project.is_none_or(|project| project.state != ProjectState::Active) {
            return Ok(Some("the project is suspended"));
        }
    }
    Ok(match (pool.deleted, pool.disabled) {
        (Some(_), _) => Some("the pool is deleted"),
        (None, true) => Some("the pool is disabled"),
        (None, false) if provider.deleted.is_some() => Some("the provider is deleted"),
        (None, false) if provider.disabled => Some("the provider is disabled"),
        (None, false) => None,
    })
}

/// The keys of the issuer, given or fetched.
async fn keys(
    call: &Call,
    oidc: &record::OidcProvider,
    foreign: &Foreign<'_>,
) -> Result<JwkSet, Refusal> {
    if let ProviderKeys::Inline(keys) = &oidc.keys {
        return Ok(keys.clone());
    }
    let parts = &call.desk.parts;
    let enough = |keys: &JwkSet| foreign.is_signed_with(keys);
    let keys = &parts.issuer_keys;
    let fetched = keys
        .of(&oidc.issuer, enough, call.now, &parts.outbound)
        .await;
    match fetched.fault {
        Some(why) if fetched.keys.keys.is_empty() => {
            let detail = "the keys of the issuer cannot be fetched.";
            Err(Refusal::new(Crn::FOREIGN_KEYS, detail).because("why", why))
        }
        _ => Ok(JwkSet::clone(&fetched.keys)),
    }
}

async fn map(
    call: &Call,
    provider: &record::WorkloadProvider,
    claims: Option<&Value>,
    found: &mut Found,
) -> Result<(), Problem> {
    match call.desk.parts.expressions.of(provider).await {
        Ok(mapping) => {
            let pool = provider.name.pool();
            dry_run::map(found, claims, &mapping, |subject| {
                let who = Federated {
                    pool: pool.clone(),
                    subject: subject.to_owned(),
                    groups: Vec::new(),
                    attributes: std::collections::BTreeMap::new(),
                };
                who.as_member().to_string()
            });
            Ok(())
        }
        Err(NotReady::Faulty(faulty)) => {
            found.unusable(&faulty);
            Ok(())
        }
        Err(NotReady::Busy(busy)) => Err(super::workload_body::busy(busy)),
    }
}

fn principal(pool: &record::WorkloadPool, who: &Mapped) -> Principal {
    Principal::Federated(Federated {
        pool: pool.name.clone(),
        subject: who.subject.clone(),
        groups: who.groups.clone(),
        attributes: who.attributes.clone(),
    })
}

/// The accounts of the project as which it could act, and whether there are more accounts than were looked at.
async fn impersonated(call: &Call, who: &Principal) -> Result<(Vec<Impersonated>, bool), Problem> {
    let project = call.named("project")?;
    let store = call.desk.store();
    let page = Page::first(ACCOUNTS);
    let listing = store.service_accounts(&project, &page).await?;
    let mut found = Vec::new();
    for account in listing.items {
        let policy = store.account_policy(&account.unique_id).await?;
        let name = account.resource_name();
        let bound = policy.map(|policy| Bound::of(&policy, &name));
        let bound = (&bound.unwrap_or_default(), call.now);
        if iam::may(who, Permission::GetAccessToken, bound, None) {
            found.push(Impersonated::of(&account));
        }
    }
    Ok((found, listing.next.is_some()))
}
