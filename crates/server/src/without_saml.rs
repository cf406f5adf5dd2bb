//! SAML 2.0 in the usual build, which has none of it: whoever asks is told so (CRN-2506). With the feature `saml`,
//! `saml.rs` stands in its place.

use carnet_core::record::SamlProvider;
use carnet_core::record::WorkloadProvider;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::No;
use carnet_core::rule::federation::dry_run::Asserted;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;

const DETAIL: &str = "providers of SAML need a server that was built with the feature saml.";

/// Refuses the metadata of an identity provider.
pub(crate) fn provider(_: String, _: &str, _: UnixTime) -> Result<SamlProvider, No> {
    Err(No::new(Crn::STS_NO_SAML, DETAIL))
}

/// Refuses that other metadata takes the place of what another build saved.
pub(crate) fn follows(_: &SamlProvider, _: &SamlProvider, _: &str, _: UnixTime) -> Result<(), No> {
    Err(No::new(Crn::STS_NO_SAML, DETAIL))
}

/// Refuses a token for a provider that another build saved.
pub(crate) fn read(
    _: &str,
    _: (&WorkloadProvider, &SamlProvider),
    _: &str,
    _: UnixTime,
) -> Result<Asserted, Refusal> {
    Err(Refusal::new(Crn::STS_NO_SAML, DETAIL))
}
