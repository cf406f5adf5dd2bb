//! `POST /token` with the jwt-bearer grant, station by station (RFC 7523 section 2.1).
//!
//! A service identity's token (google-wire 8.4) goes the same way: what differs is how it names its account, how strict
//! the two steps of the engine are that look at it, and that the answer says what was issued.

use std::borrow::Cow;
use std::net::IpAddr;

use carnet_core::record::Binding;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion;
use carnet_core::rule::assertion::Asked;
use carnet_core::rule::assertion::BesideIdentity;
use carnet_core::rule::assertion::Proven;
use carnet_core::rule::grant::jwt_bearer;
use carnet_core::rule::grant::jwt_bearer::Facts;
use carnet_core::rule::possession;
use carnet_core::rule::possession::Proved;
use carnet_core::rule::token::Issue;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::ProjectSnapshot;
use carnet_core::store::Why;
use carnet_core::value::UnixTime;
use carnet_jose::jws::Unverified;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::JwtBearerRequest;
use carnet_wire::token::TokenResponse;
use carnet_wire::token::TokenTypeUri;

use crate::entropy::SystemEntropy;
use crate::keyring::Keyring;
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
        && let Some(name) = refused_name(request)
    {
        parts.limits.refused_name(&name, address);
    }
    redeemed
}

/// The account that a refused assertion names. It is read anew, so that good ones pay nothing for it.
fn refused_name(request: &JwtBearerRequest<'_>) -> Option<String> {
    let unverified = assertion::read(&request.assertion).ok()?;
    let claims = assertion::claims(&unverified).ok()?;
    named(request, &claims).map(Cow::into_owned)
}

/// The account that an assertion names: by its e-mail or number, a service identity by its e-mail, under which it is
/// known too.
fn named<'c>(
    request: &JwtBearerRequest<'_>,
    claims: &'c AssertionClaims<'_>,
) -> Option<Cow<'c, str>> {
    if request.identity.is_none() {
        return claims.iss.text().map(Cow::Borrowed);
    }
    let identity = assertion::identity(claims).ok()?;
    Some(Cow::Owned(identity.email().to_string()))
}

/// Steps 2 and 3 of the engine: the account is loaded, and its key must have signed.
async fn prove<'a>(
    (request, unverified): (&JwtBearerRequest<'_>, &Unverified<'_>),
    claims: AssertionClaims<'a>,
    keyring: &Keyring,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Proven<'a>, Refusal>, Fault> {
    let account = match named(request, &claims) {
        Some(name) => parts.snapshots.account(&name).await?,
        None => None,
    };
    let decoy = keyring
        .decoy(unverified.header().algorithm)
        .ok_or_else(|| Fault::lasting("no RSA key is published"))?;
    let prove = match request.identity {
        None => assertion::prove,
        Some(_) => assertion::prove_identity,
    };
    Ok(prove(unverified, claims, account, now, decoy))
}

/// Step 4.
fn judge(
    request: &JwtBearerRequest<'_>,
    proven: &Proven<'_>,
    project: &ProjectSnapshot,
    now: UnixTime,
    parts: &Parts,
) -> Result<Asked, Refusal> {
    let google = project.project.assertions.google_audience_for_uploaded_keys;
    let own = &parts.audiences;
    let asked = match &request.identity {
        None => assertion::judge(proven, own, google, now),
        Some(identity) => {
            let beside = BesideIdentity {
                request: identity,
                scope: request.scope.as_deref(),
            };
            assertion::judge_identity(proven, beside, own, google, now)
        }
    };
    asked.map_err(|refusal| jwt_bearer::tell(refusal, proven))
}

/// What a service identity is told beside its token: of which kind that is (RFC 8693 section 2.2.1), and the scope, which
/// it did not ask for (RFC 6749 section 5.1).
fn exchanged(response: TokenResponse<'static>, issue: &Issue) -> TokenResponse<'static> {
    match (response, issue) {
        (TokenResponse::AccessToken(given), Issue::Access(grant)) => {
            TokenResponse::AccessToken(AccessTokenResponse {
                scope: Some(grant.scope.to_string().into()),
                issued_token_type: Some(TokenTypeUri::AccessToken.as_str().into()),
                ..given
            })
        }
        (response, _) => response,
    }
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

    if request.identity.is_none() && assertion::is_elsewhere(&claims) {
        return Ok(Whose::Elsewhere);
    }
    if let Some(name) = named(request, &claims)
        && let Err(turned) = parts.limits.may_name(&name, address)
    {
        return Ok(Whose::Account(Err(No::TurnedAway(turned))));
    }

    // load, and prove before anything is loaded that an unproven caller could learn from
    let keyring = parts.keyring.load_full();
    let brought = (request, &unverified);
    let proven = match prove(brought, claims, &keyring, now, parts).await? {
        Ok(proven) => proven,
        Err(refusal) => return no(refusal),
    };
    let project = &proven.snapshot().account.project;
    let project = parts.snapshots.project_facts(project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a service account without a project"))?;
    let asked = match judge(request, &proven, &project, now, parts) {
        Ok(asked) => asked,
        Err(refusal) => return no(refusal),
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
    let mut response = mint::mint(&issue, &parts.issuer, &keyring).await?;
    if request.identity.is_some() {
        response = exchanged(response, &issue);
    }
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
