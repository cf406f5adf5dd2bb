//! The one engine of RFC 7523: an assertion is read, its trust is found, its signature is checked
//! with the keys of that trust, and its claims are held against the policy of that trust.
//!
//! 1. [`read`]: the text is three segments of base64url with a header and claims in JSON. Facts of
//!    the caller's own request, so every fault is told (proof level 0).
//! 2. The issuer names a trust; its keys are loaded. (That is the caller's step: it needs a store.)
//! 3. [`prove`]: the signature holds under one of the trust's keys. Unknown issuer, unknown key and
//!    wrong signature are one answer.
//! 4. [`judge`]: times, audience and what is asked for.
//!
//! There are two kinds of trust. A service account's keys (google-wire 2.2) are trusted leniently, where
//! Google's libraries need it; where they come as a service identity's (google-wire 8.4), strictly
//! ([`prove_identity`], [`judge_identity`]). An issuer elsewhere ([`foreign`], google-wire 6.4) is trusted strictly: what
//! it says becomes a principal by the mapping of its provider, or is a grant for an account or a user of those
//! who trust it ([`crate::rule::grant::trusted_issuer`]). The two are told apart by `iss`, which is a URL there and never here.

mod examine;
pub mod foreign;
mod identity;
mod judge;
mod prove;
mod self_signed;

use carnet_jose::jws::Limits;
use carnet_jose::jws::TokenRefused;
use carnet_jose::jws::Unverified;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::crn::Crn;

use crate::rule::Refusal;
use crate::value::IssuerUri;

pub use examine::{Examined, examine};
pub use identity::{BesideIdentity, identity, judge_identity, prove_identity};
pub use judge::{Asked, OwnAudiences, Wanted, judge};
pub use prove::{KidHint, Proven, prove};
pub use self_signed::{Roots, self_signed};

/// The one answer to whoever proves nothing, whether there is such an account or issuer or not.
#[must_use]
pub fn unproven(why: &str) -> Refusal {
    prove::signature_refused(why)
}

/// Whether the issuer is one elsewhere, and no service account: it is a URL.
#[must_use]
pub fn is_elsewhere(claims: &AssertionClaims<'_>) -> bool {
    let issuer = claims.iss.text();
    issuer.is_some_and(|issuer| issuer.parse::<IssuerUri>().is_ok())
}

/// Takes the text apart. The padding that some Google clients write is forgiven (rule 5).
pub fn read(text: &str) -> Result<Unverified<'_>, Refusal> {
    Unverified::parse(text, Limits::LENIENT).map_err(|fault| malformed(&fault))
}

/// Reads the claims of an assertion, so that its issuer can be looked up. Nothing in them is true.
pub fn claims<'a>(unverified: &'a Unverified<'_>) -> Result<AssertionClaims<'a>, Refusal> {
    AssertionClaims::parse(unverified.claims_unverified_for_lookup())
        .map_err(|fault| Refusal::new(Crn::NOT_JSON, fault.to_string()))
}

fn malformed(fault: &TokenRefused) -> Refusal {
    let crn = match fault {
        TokenRefused::NotThreeSegments => Crn::NOT_THREE_PARTS,
        TokenRefused::TooLong(_) => Crn::JWT_OUT_OF_BOUNDS,
        TokenRefused::Encoding(_) => Crn::NOT_BASE64URL,
        TokenRefused::Critical => Crn::CRITICAL_HEADER,
        TokenRefused::Algorithm(_) => Crn::ALGORITHM,
        _ => Crn::NOT_JSON,
    };
    Refusal::new(crn, fault.to_string())
}
