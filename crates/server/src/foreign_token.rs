//! What an issuer elsewhere signed, held against its provider: at the token service, and when somebody comes back from
//! their issuer with their browser. There is one way.

use std::sync::Arc;

use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion::foreign;
use carnet_core::rule::assertion::foreign::Trust;
use carnet_core::rule::assertion::foreign::Vouched;
use carnet_core::rule::federation::exchange::Facts;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;

use crate::expressions::NotReady;
use crate::limits::TurnedAway;
use crate::parts::Parts;

/// A no: looked at, or not even looked at.
pub(crate) enum No {
    Refused(Refusal),
    TurnedAway(TurnedAway),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The expressions of a provider.
pub(crate) async fn mapping(
    facts: &Facts,
    parts: &Parts,
) -> Result<Result<Arc<Mapping>, Refusal>, Fault> {
    match parts.expressions.of(&facts.provider).await {
        Ok(mapping) => Ok(Ok(mapping)),
        Err(NotReady::Busy(busy)) => Err(Fault::temporary(busy)),
        Err(NotReady::Faulty(faulty)) => {
            let detail = "the expressions of the provider cannot be used.";
            let refusal = Refusal::new(Crn::FOREIGN_MAPPING, detail);
            Ok(Err(refusal.because("why", faulty.to_string())))
        }
    }
}

/// A JWT, held against the keys of its issuer.
pub(crate) async fn by_issuer(
    token: &str,
    (trust, issuer): (Trust<'_>, &OidcProvider),
    now: UnixTime,
    parts: &Parts,
) -> Result<Vouched, No> {
    let foreign = &foreign::read(token)?;
    foreign.is_of(trust)?;
    let fetched = match &issuer.keys {
        ProviderKeys::Inline(keys) => {
            let _permit = parts.limits.work().await.map_err(No::TurnedAway)?;
            return Ok(foreign::vouch(foreign, keys, trust, now)?);
        }
        ProviderKeys::Discovery => {
            let enough = |keys: &carnet_jose::JwkSet| foreign.is_signed_with(keys);
            let (keys, outbound) = (&parts.issuer_keys, &parts.outbound);
            keys.of(&issuer.issuer, enough, now, outbound).await
        }
    };
    let fault = fetched.fault.clone().unwrap_or_default();
    if fetched.keys.keys.is_empty() && !fault.is_empty() {
        let detail = "the keys of the issuer cannot be fetched.";
        return Err(Refusal::new(Crn::FOREIGN_KEYS, detail)
            .because("why", fault)
            .into());
    }
    let _permit = parts.limits.work().await.map_err(No::TurnedAway)?;
    let vouched = foreign::vouch(foreign, &fetched.keys, trust, now);
    Ok(vouched.map_err(|refusal| match fault.as_str() {
        "" => refusal,
        fault => refusal.because("keys", fault),
    })?)
}
