//! The keys of an issuer that is trusted, wherever they are: for assertions ([`crate::oauth`]) and for the dry run of
//! administrators.

use std::sync::Arc;

use carnet_core::record::TrustedIssuer;
use carnet_core::record::TrustedKeys;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion::foreign::Foreign;
use carnet_core::value::UnixTime;
use carnet_jose::JwkSet;
use carnet_wire::crn::Crn;

use crate::parts::Parts;

/// The keys, as far as they can be had.
pub(crate) enum TrustKeys<'a> {
    /// Given with the trust.
    Given(&'a JwkSet),
    /// Fetched; and why there are not more or newer ones.
    Fetched(Arc<JwkSet>, Option<String>),
}

/// The keys of this issuer, of which `foreign` wants one.
pub(crate) async fn of<'a>(
    trust: &'a TrustedIssuer,
    foreign: &Foreign<'_>,
    now: UnixTime,
    parts: &Parts,
) -> TrustKeys<'a> {
    let enough = |keys: &JwkSet| foreign.is_signed_with(keys);
    let outbound = &parts.outbound;
    let fetched = match &trust.keys {
        TrustedKeys::Inline(set) => return TrustKeys::Given(set),
        TrustedKeys::Discovery => {
            let keys = &parts.issuer_keys;
            keys.of(&trust.issuer, enough, now, outbound).await
        }
        TrustedKeys::At(url) => parts.client_keys.at(url, enough, now, outbound).await,
    };
    TrustKeys::Fetched(fetched.keys, fetched.fault)
}

impl TrustKeys<'_> {
    /// The keys, or why there are none.
    pub(crate) fn usable(&self) -> Result<&JwkSet, Refusal> {
        match self {
            Self::Given(set) => Ok(set),
            Self::Fetched(set, Some(fault)) if set.keys.is_empty() => {
                let detail = "the keys of the issuer cannot be fetched.";
                Err(Refusal::new(Crn::FOREIGN_KEYS, detail).because("why", fault))
            }
            Self::Fetched(set, _) => Ok(set),
        }
    }

    /// Adds why there are no newer ones.
    pub(crate) fn tell(&self, refusal: Refusal) -> Refusal {
        match self {
            Self::Fetched(_, Some(fault)) => refusal.because("keys", fault),
            _ => refusal,
        }
    }
}
