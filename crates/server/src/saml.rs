//! SAML 2.0 in a build that has it (feature `saml`): [`carnet_saml`], in the words of this server. In the usual build
//! `without_saml.rs` stands in its place.
//!
//! 1. An administrator gives the metadata of an identity provider, which is read once ([`provider`]). What replaces it
//!    has one of its keys ([`follows`]).
//! 2. A token is held against the keys of its certificates, then against what the provider takes ([`read`]). It must be
//!    for the provider's own name, and delivered to our token endpoint: under our name, or under Google's.

use carnet_core::record::SamlProvider;
use carnet_core::record::WorkloadProvider;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::No;
use carnet_core::rule::federation::dry_run::Asserted;
use carnet_core::rule::federation::exchange;
use carnet_core::value::UnixTime;
use carnet_saml::Metadata;
use carnet_saml::Refused;
use carnet_saml::Trust;
use carnet_saml::assertion;
use carnet_saml::metadata;
use carnet_saml::refused::Kind;
use carnet_wire::crn::Crn;

const NO_KEY_STAYS: &str = "It has none of the keys that this provider has now and that have not expired: give metadata with the old key \
                            and the new one first.";

/// Google's address of the exchange, which identity providers are told where the program holds Google's names.
const GOOGLE: &str = "https://sts.googleapis.com/v1/token";

/// Reads the metadata of an identity provider, which came as the member at `pointer`.
pub(crate) fn provider(xml: String, pointer: &str, now: UnixTime) -> Result<SamlProvider, No> {
    match Metadata::parse(&xml, now.0) {
        Ok(read) => Ok(SamlProvider {
            metadata: xml,
            entity: read.entity,
            certificates: read.certificates,
        }),
        Err(why) => Err(No::field(pointer, why.detail)),
    }
}

/// Whether metadata may take the place of other metadata (Google's rule): it has one of its keys, so that a key is
/// replaced in two steps and never by mistake.
pub(crate) fn follows(
    given: &SamlProvider,
    held: &SamlProvider,
    pointer: &str,
    now: UnixTime,
) -> Result<(), No> {
    match metadata::follows(&given.certificates, &held.certificates, now.0) {
        Ok(true) => Ok(()),
        Ok(false) => Err(No::field(pointer, NO_KEY_STAYS)),
        Err(why) => Err(No::field(pointer, why.detail)),
    }
}

/// Reads a token for a provider at the server that has this issuer.
pub(crate) fn read(
    token: &str,
    (provider, saml): (&WorkloadProvider, &SamlProvider),
    issuer: &str,
    now: UnixTime,
) -> Result<Asserted, Refusal> {
    let keys = metadata::keys(&saml.certificates, now.0).map_err(refusal)?;
    let audiences = exchange::audiences(provider);
    let issuer = issuer.trim_end_matches('/');
    let mut recipients = vec![format!("{issuer}/v1/token"), GOOGLE.to_owned()];
    recipients.extend_from_slice(&audiences);
    let trust = Trust {
        issuer: &saml.entity,
        keys: &keys,
        audiences: &audiences,
        recipients: &recipients,
    };
    let told = |no| refusal(no).because("expected_audiences", audiences.join(" "));
    let told = |no| told(no).because("expected_recipients", recipients.join(" "));
    let verified = carnet_saml::verified(token, trust).map_err(told)?;
    let judged = assertion::judge(&verified, trust, now.0);
    Ok(Asserted {
        claims: assertion::said(&verified).map_err(refusal)?,
        judged: judged
            .map(|vouched| UnixTime(vouched.expires))
            .map_err(told),
    })
}

fn refusal(no: Refused) -> Refusal {
    let crn = match no.kind {
        Kind::Malformed => Crn::FOREIGN_MALFORMED,
        Kind::Issuer => Crn::FOREIGN_ISSUER,
        Kind::Signature => Crn::FOREIGN_SIGNATURE,
        Kind::Audience => Crn::FOREIGN_AUDIENCE,
        Kind::Expired => Crn::FOREIGN_EXPIRED,
        Kind::Times => Crn::FOREIGN_TIMES,
    };
    Refusal::new(crn, no.detail)
}
