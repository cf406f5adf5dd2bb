//! The token of a service identity of Google Distributed Cloud: the same engine with a stricter policy (google-wire 8.4).
//!
//! Google's libraries write it in one way, so nothing is forgiven that the others need:
//!
//! 1. [`prove_identity`]: the header says ES256; `iss` is `system:serviceaccount:PROJECT:NAME`; then the signature holds
//!    under a living key of that account, with the answers of [`super::prove`].
//! 2. [`judge_identity`]: the times as of every assertion; `sub` is `iss`; `aud` is us, from the same set of names.
//!    What is wanted is an access token for the one API that the request names.
//!
//! Such a token is no assertion of the other kind, nor the other way round: their `iss` differ.

use std::sync::Arc;

use carnet_jose::Algorithm;
use carnet_jose::PublicKey;
use carnet_jose::jws::Unverified;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use carnet_wire::token::IdentityRequest;
use carnet_wire::token::TokenTypeUri;

use super::judge::Asked;
use super::judge::OwnAudiences;
use super::judge::TOLERANCE;
use super::judge::Wanted;
use super::judge::audience;
use super::judge::window;
use super::prove::Proven;
use super::prove::by_a_key;
use super::prove::issuer_missing;
use crate::record::KeyOrigin;
use crate::rule::Refusal;
use crate::store::AccountSnapshot;
use crate::value::ServiceIdentity;
use crate::value::UnixTime;

/// What the request says beside the token.
#[derive(Clone, Copy, Debug)]
pub struct BesideIdentity<'a> {
    /// For which API, and which kind of token.
    pub request: &'a IdentityRequest<'a>,
    /// The parameter `scope`. No library of Google's sends it.
    pub scope: Option<&'a str>,
}

/// The service identity that claims to have signed. Its account has the e-mail [`ServiceIdentity::email`].
pub fn identity(claims: &AssertionClaims<'_>) -> Result<ServiceIdentity, Refusal> {
    let issuer = claims.iss.text().ok_or_else(issuer_missing)?;
    issuer.parse().map_err(|_| {
        let issuer = Echo::of(issuer);
        let detail = format!("iss is '{issuer}'; it must be system:serviceaccount:PROJECT:NAME.");
        Refusal::new(Crn::ISS_NOT_AN_ACCOUNT, detail)
    })
}

/// Finds the key under which the signature holds.
pub fn prove_identity<'a>(
    unverified: &Unverified<'_>,
    claims: AssertionClaims<'a>,
    snapshot: Option<Arc<AccountSnapshot>>,
    now: UnixTime,
    decoy: &PublicKey,
) -> Result<Proven<'a>, Refusal> {
    let algorithm = unverified.header().algorithm;
    if algorithm != Algorithm::ES256 {
        let algorithm = algorithm.name();
        let detail = format!("alg is {algorithm}; a service identity signs with ES256.");
        return Err(Refusal::new(Crn::ALGORITHM, detail));
    }
    identity(&claims)?;
    by_a_key(unverified, claims, snapshot, now, decoy)
}

/// Holds the claims and the request against the policy. `google_for_uploaded` is as in [`super::judge`].
pub fn judge_identity(
    proven: &Proven<'_>,
    beside: BesideIdentity<'_>,
    own: &OwnAudiences,
    google_for_uploaded: bool,
    now: UnixTime,
) -> Result<Asked, Refusal> {
    let claims = proven.claims();
    let expires = window(claims, now)?;
    let what = wanted(beside)?;
    let google = google_for_uploaded || proven.key().origin == KeyOrigin::Made;
    audience(claims, own, google)?;
    for_itself(claims)?;
    Ok(Asked {
        what,
        for_user: None,
        both: false,
        remembered_until: expires + TOLERANCE,
    })
}

/// `sub` is `iss`, and so is its twin where there is one.
pub(super) fn for_itself(claims: &AssertionClaims<'_>) -> Result<(), Refusal> {
    let iss = claims.iss.text();
    let same = claims.sub.text() == iss && matches!(claims.delegated_user(), Ok(None));
    if same && iss.is_some() {
        return Ok(());
    }
    let detail = match claims.sub.text() {
        Some(sub) if Some(sub) != iss => format!("sub is '{}'; it must be iss.", Echo::of(sub)),
        Some(_) => "prn is not iss.".to_owned(),
        None => "sub is missing; it must be iss.".to_owned(),
    };
    Err(Refusal::new(Crn::IDENTITY_SUBJECT, detail))
}

fn wanted(beside: BesideIdentity<'_>) -> Result<Wanted, Refusal> {
    let kind = beside.request.requested_token_type;
    if kind.is_some_and(|kind| kind != TokenTypeUri::AccessToken) {
        let detail = "a service identity gets an access token and no other.";
        return Err(Refusal::new(Crn::REQUESTED_TOKEN_TYPE, detail));
    }
    let [api] = beside.request.audience.as_slice() else {
        let detail = "there are several audiences; a service identity asks for one API.";
        return Err(Refusal::new(Crn::RESOURCE_UNKNOWN, detail));
    };
    let scope = beside.scope.map(Scope::parse).transpose();
    let scope = scope.map_err(|fault| Refusal::new(Crn::SCOPE_MALFORMED, fault.to_string()))?;
    Ok(Wanted::At {
        api: api.to_string(),
        scope: scope.filter(|scope| !scope.is_empty()),
    })
}
