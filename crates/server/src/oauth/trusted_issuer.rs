//! `POST /token` with an assertion of an issuer elsewhere, station by station (RFC 7523 section 2.1). What happens at
//! each is told in [`carnet_core::rule::grant::trusted_issuer`].
//!
//! 1. Whoever was refused too often under the issuer's name from this address is not looked at.
//! 2. The trust is found before its keys, and those before there is work to do: waiting for another server keeps
//!    nobody from working here.
//! 3. What the grant writes is committed at once: the `jti`, a user's authorization, the entry in the audit log, and
//!    the proof of possession where one came.

use std::net::IpAddr;

use carnet_core::record::Binding;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::Context;
use carnet_core::rule::assertion;
use carnet_core::rule::assertion::foreign;
use carnet_core::rule::assertion::foreign::Foreign;
use carnet_core::rule::assertion::foreign::Vouched;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::trusted_issuer as rule;
use carnet_core::rule::grant::trusted_issuer::Beside;
use carnet_core::rule::grant::trusted_issuer::Bringer;
use carnet_core::rule::grant::trusted_issuer::Named;
use carnet_core::rule::possession;
use carnet_core::rule::possession::Possession;
use carnet_core::rule::possession::Proved;
use carnet_core::rule::token::AccessGrant;
use carnet_core::rule::token::Issue;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::UnixTime;
use carnet_jose::Algorithm;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::JwtBearerRequest;
use carnet_wire::token::TokenResponse;

use crate::answer::Told;
use crate::entropy::SystemEntropy;
use crate::mint;
use crate::oauth::no::No;
use crate::oauth::no::Redeemed;
use crate::parts::Parts;
use crate::system;
use crate::trust_keys;
use crate::trust_keys::TrustKeys;

/// Who brings an assertion.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    /// The client that authenticated, if one did. Its proof is used up by that.
    pub client: Option<&'a Authenticated>,
    /// What the request shows of keys.
    pub shown: &'a Possession,
}

impl By<'_> {
    /// The proof that is used up with the assertion.
    fn proof(&self) -> Option<&Proved> {
        self.shown.proof.as_ref().filter(|_| self.client.is_none())
    }
}

/// Redeems an assertion, brought by a client or by nobody in particular.
pub(super) async fn redeem(
    request: &JwtBearerRequest<'_>,
    by: By<'_>,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Redeemed {
    let foreign = match foreign::read(&request.assertion) {
        Ok(foreign) => foreign,
        Err(refusal) => return Ok(Err(rule::in_our_words(refusal).into())),
    };
    if let Err(turned) = parts.limits.may_name(foreign.issuer(), address) {
        return Ok(Err(No::TurnedAway(turned)));
    }
    let redeemed = stations(request, &foreign, by, (address, told), parts).await;
    if let Ok(Err(No::Refused(_))) = &redeemed {
        parts.limits.refused_name(foreign.issuer(), address);
    }
    redeemed
}

async fn stations(
    request: &JwtBearerRequest<'_>,
    foreign: &Foreign<'_>,
    by: By<'_>,
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) -> Redeemed {
    // load, and prove
    let Some(named) = rule::find(foreign, &parts.audiences, parts.snapshots.as_ref()).await? else {
        return nobody(foreign, parts).await;
    };
    let keys = trust_keys::of(&named.issuer, foreign, told.now, parts).await;
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    let vouched = match vouched(foreign, &named, &keys, told.now) {
        Ok(vouched) => vouched,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let facts = rule::load(&named, vouched.claims(), parts.snapshots.as_ref()).await?;

    // decide
    let beside = Beside {
        scope: request.scope.as_deref(),
        shown: Some(by.shown),
        client: by.client.map(Bringer::from),
        us: &parts.issuer,
        own_api: system::ADMIN_API,
    };
    let (actor, at) = (
        format!("trusted-issuer:{}", named.issuer.id),
        address.map_or_else(String::new, |address| address.to_string()),
    );
    let context = Context {
        now: told.now,
        actor: &actor,
        address: &at,
        trace: told.trace,
    };
    let chance = (&context, &mut SystemEntropy as &mut _);
    let mut verdict = rule::decide((&named, &vouched), beside, &facts, chance);
    let grant = match verdict.outcome {
        Ok(grant) => grant,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let own = verdict.changes.len();
    if let Some(Proved { spent, .. }) = by.proof() {
        let spent = spent.clone();
        verdict.changes.push(Change::AssertionSpent(spent));
    }
    let issue = bound(grant, &by);

    // sign, commit
    let keyring = parts.keyring.load_full();
    let response = mint::mint(&issue, &parts.issuer, &keyring).await?;
    let response = with_scope(response, &issue);
    let refusal = match parts.store.commit(&verdict.changes).await? {
        Committed::Yes => {
            parts.counted.issued(&issue);
            return Ok(Ok(response));
        }
        Committed::No(0, Why::Taken) => rule::replayed(&named),
        Committed::No(place, Why::Taken) if place >= own => possession::reused(),
        Committed::No(..) => return Err(Fault::lasting("a grant could not be written")),
    };
    Ok(Err(refusal.into()))
}

/// To what the assertion is bound, its token stays bound; another is bound to what the request shows.
fn bound(grant: AccessGrant, by: &By<'_>) -> Issue {
    let held = grant.binding.is_some();
    let mut issue = Issue::Access(grant);
    let shown = match by.proof() {
        Some(Proved { thumbprint, .. }) => Some(Binding::Key(thumbprint.clone())),
        None => by.client.and_then(Authenticated::binding).cloned(),
    };
    if let Some(binding) = shown.filter(|_| !held) {
        issue.bind(binding);
    }
    issue
}

/// RFC 6749 section 5.1: what was granted is said, since nobody need have asked for it.
fn with_scope(response: TokenResponse<'static>, issue: &Issue) -> TokenResponse<'static> {
    match (response, issue) {
        (TokenResponse::AccessToken(response), Issue::Access(grant)) => {
            TokenResponse::AccessToken(AccessTokenResponse {
                scope: Some(grant.scope.to_string().into()),
                ..response
            })
        }
        (other, _) => other,
    }
}

/// Nobody trusts this issuer under this audience: the answer of an unknown service account, after as much work.
async fn nobody(foreign: &Foreign<'_>, parts: &Parts) -> Redeemed {
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    let keyring = parts.keyring.load_full();
    let decoy = keyring
        .decoy(Algorithm::RS256)
        .ok_or_else(|| Fault::lasting("no RSA key is published"))?;
    foreign.check_decoy(decoy);
    let refusal = assertion::unproven("nobody trusts this issuer under this audience");
    let refusal = refusal.because("issuer", foreign.issuer());
    let audience = foreign.audience().unwrap_or_default();
    Ok(Err(refusal.because("audience", audience).into()))
}

fn vouched(
    foreign: &Foreign<'_>,
    named: &Named,
    keys: &TrustKeys<'_>,
    now: UnixTime,
) -> Result<Vouched, Refusal> {
    let vouched = keys.usable().and_then(|set| {
        let vouched = foreign::vouch(foreign, set, named.trust(), now);
        vouched.map_err(|refusal| keys.tell(refusal))
    });
    vouched.map_err(|refusal| named.tell(rule::in_our_words(refusal)))
}
