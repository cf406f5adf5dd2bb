//! `POST /token` with a device code, station by station (RFC 8628 section 3.4). The client has been
//! authenticated.

use carnet_core::record::GrantType;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::device_code as rule;
use carnet_core::store::Committed;
use carnet_core::value::Secret;
use carnet_jose::Prefixed;
use carnet_wire::token::DeviceCodeRequest;

use crate::entropy::SystemEntropy;
use crate::oauth::no::Redeemed;
use crate::oauth::person;
use crate::oauth::place::Place;
use crate::parts::Parts;

/// Answers a poll.
pub(super) async fn redeem(
    request: &DeviceCodeRequest<'_>,
    client: &Authenticated,
    place: Place<'_>,
    parts: &Parts,
) -> Redeemed {
    if let Err(refusal) = client.may(GrantType::DeviceCode) {
        return Ok(Err(refusal.into()));
    }

    // parse
    if Prefixed::DeviceCode.decode(&request.device_code).is_err() {
        return Ok(Err(client.tell(rule::unknown()).into()));
    }
    let shown = Secret::new(request.device_code.to_string()).digest();

    // load
    let facts = rule::load(shown, parts.facts()).await?;
    let catalog = parts.snapshots.catalog().await?;

    // decide
    let verdict = rule::decide(
        facts.as_ref(),
        rule::Poll {
            resource: &request.resource,
            binding: client.binding(),
        },
        (client.client(), client.project()),
        &catalog,
        (&place.context("anonymous"), &mut SystemEntropy),
    );

    // sign, commit
    let response = match verdict.outcome {
        Ok(granted) => Ok(person::answer(&granted, client, place.now, parts).await?),
        Err(refusal) => Err(refusal),
    };
    let committed = if verdict.changes.is_empty() {
        Committed::Yes
    } else {
        parts.store.commit(&verdict.changes).await?
    };
    match (committed, response) {
        (Committed::Yes, Ok(response)) => {
            let grant = GrantType::DeviceCode.as_str();
            parts.counted.given(grant, &response);
            Ok(Ok(response))
        }
        // Another poll was faster, or the person or the client went meanwhile.
        (Committed::No(..), Ok(_)) => Ok(Err(client.tell(rule::unknown()).into())),
        (_, Err(refusal)) => Ok(Err(refusal.into())),
    }
}
