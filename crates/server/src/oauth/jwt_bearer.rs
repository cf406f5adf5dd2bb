//! `POST /token` with the jwt-bearer grant, station by station (RFC 7523 section 2.1).

use std::net::IpAddr;

use carnet_core::record::Binding;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion;
use carnet_core::rule::grant::jwt_bearer;
use carnet_core::rule::grant::jwt_bearer::Facts;
use carnet_core::rule::possession;
use carnet_core::rule::possession::Proved;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::UnixTime;
use carnet_wire::token::JwtBearerRequest;
use carnet_wire::token::TokenResponse;

use crate::entropy::SystemEntropy;
use crate::mint;
use crate::oauth::no::No;
use crate::parts::Parts;

/// Whose an assertion is.
pub(super) enum Whose {
    /// A service account's; so it was redeemed.
    Account(Result<TokenResponse<'static>, No>),
    /// It says that an issuer elsewhere made it. That is looked at in [`crate::oauth::trusted_issuer`].
    Elsewhere,
}

/// Redeems an assertion of a service account.
pub(super) async fn redeem(
    request: &JwtBearerRequest<'_>,
    proof: Option<Proved>,
    address: Option<IpAddr>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Whose, Fault> {
    let redeemed = stations(request, proof, address, now, parts).await;
    if let Ok(Whose::Account(Err(No::Refused(_)))) = &redeemed
        && let Some(name) = named(&request.assertion)
    {
        parts.limits.refused_name(&name, address);
    }
    redeemed
}

/// The account that a refused assertion names. It is read anew, so that good ones pay nothing for it.
fn named(assertion: &str) -> Option<String> {
    let unverified = assertion::read(assertion).ok()?;
    let claims = assertion::claims(&unverified).ok()?;
    claims.iss.text().map(str::to_owned)
}

async fn stations(
    request: &JwtBearerRequest<'_>,
    proof: Option<Proved>,
    address: Option<IpAddr>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Whose, Fault> {
    let no = |refusal: Refusal| Ok(Whose::Account(Err(refusal.into())));
    // parse
    let unverified = match assertion::read(&request.assertion) {
        Ok(unverified) => unverified,
        Err(refusal) => return no(refusal),
    };
    let claims = match assertion::claims(&unverified) {
        Ok(claims) => claims,
        Err(refusal) => return no(refusal),
    };

    if assertion::is_elsewhere(&claims) {
        return Ok(Whose::Elsewhere);
    }
    if let Some(issuer) = claims.iss.text()
        && let Err(turned) = parts.limits.may_name(issuer, address)
    {
        return Ok(Whose::Account(Err(No::TurnedAway(turned))));
    }

    // load, and prove before anything is loaded that an unproven caller could learn from
    let account = match claims.iss.text() {
        Some(issuer) => parts.snapshots.account(issuer).await?,
        None => None,
    };
    let keyring = parts.keyring.load_full();
    let decoy = keyring
        .decoy()
        .ok_or_else(|| Fault::lasting("no RSA key is published"))?;
    let proven = match assertion::prove(&unverified, claims, account, now, decoy) {
        Ok(proven) => proven,
        Err(refusal) => return no(refusal),
    };
    let project = &proven.snapshot().account.project;
    let project = parts.snapshots.project_facts(project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a service account without a project"))?;
    let rules = project.project.assertions;
    let google = rules.google_audience_for_uploaded_keys;
    let asked = match assertion::judge(&proven, &parts.audiences, google, now) {
        Ok(asked) => asked,
        Err(refusal) => return no(jwt_bearer::tell(refusal, &proven)),
    };
    let facts: Facts = jwt_bearer::load(&proven, &asked, project, parts.snapshots.as_ref()).await?;

    // decide
    let mut verdict = jwt_bearer::decide(&proven, &asked, &facts, now, &mut SystemEntropy);
    let mut issue = match verdict.outcome {
        Ok(issue) => issue,
        Err(refusal) => return no(refusal),
    };
    let first = verdict.changes.len();
    if let Some(Proved { thumbprint, spent }) = proof {
        verdict.changes.push(Change::AssertionSpent(spent));
        issue.bind(Binding::Key(thumbprint));
    }

    // sign, commit
    let response = mint::mint(&issue, &parts.issuer, &keyring).await?;
    if let Some(refusal) = spend(&verdict.changes, first, parts).await? {
        return no(jwt_bearer::tell(refusal, &proven));
    }
    let key = proven.key();
    parts.journal.used(&key.id, &key.account, now, address);
    parts.counted.issued(&issue);
    Ok(Whose::Account(Ok(response)))
}

/// Writes down what is used up by this; what is used up already refuses the assertion, or from `proof` on its proof.
async fn spend(changes: &[Change], proof: usize, parts: &Parts) -> Result<Option<Refusal>, Fault> {
    if changes.is_empty() {
        return Ok(None);
    }
    match parts.store.commit(changes).await? {
        Committed::Yes => Ok(None),
        Committed::No(place, Why::Taken) if place >= proof => Ok(Some(possession::reused())),
        Committed::No(_, Why::Taken) => Ok(Some(jwt_bearer::replayed())),
        Committed::No(..) => Err(Fault::lasting("an assertion could not be spent")),
    }
}
