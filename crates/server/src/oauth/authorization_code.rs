//! `POST /token` with a code, station by station (RFC 6749 section 4.1.3). The client has been authenticated.

use carnet_core::record::GrantType;
use carnet_core::rule::Refusal;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::authorization_code as rule;
use carnet_core::rule::grant::authorization_code::Code;
use carnet_core::rule::grant::authorization_code::Redemption;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::UnixTime;
use carnet_wire::token::AuthorizationCodeRequest;

use crate::oauth::no::Redeemed;
use crate::oauth::person;
use crate::oauth::place::Place;
use crate::parts::Parts;
use crate::sealed;

/// Redeems a code.
pub(super) async fn redeem(
    request: &AuthorizationCodeRequest<'_>,
    client: &Authenticated,
    place: Place<'_>,
    parts: &Parts,
) -> Redeemed {
    if let Err(refusal) = client.may(GrantType::AuthorizationCode) {
        return Ok(Err(refusal.into()));
    }

    // parse
    let keyring = parts.keyring.load_full();
    let Some(code) = sealed::open_code(&request.code, &keyring) else {
        return Ok(Err(client.tell(rule::unknown()).into()));
    };

    // load
    let facts = rule::load(&code, parts.facts()).await?;
    let catalog = parts.snapshots.catalog().await?;

    // decide
    let redemption = Redemption {
        redirect_uri: request.redirect_uri.as_deref(),
        verifier: request.code_verifier.as_ref(),
        resource: &request.resource,
        binding: client.binding(),
        details: request.authorization_details.as_ref(),
    };
    let verdict = rule::decide(
        &code,
        redemption,
        (client.client(), client.project()),
        (&facts, &catalog),
        &place.context("anonymous"),
    );
    let granted = match verdict.outcome {
        Ok(granted) => granted,
        Err(refusal) => {
            write(&verdict.changes, parts).await?;
            return Ok(Err(refusal.into()));
        }
    };

    // sign, commit
    let response = person::answer(&granted, client, place.now, parts).await?;
    match parts.store.commit(&verdict.changes).await? {
        Committed::Yes => {
            parts
                .counted
                .given(GrantType::AuthorizationCode.as_str(), &response);
            Ok(Ok(response))
        }
        Committed::No(_, Why::Taken) => Ok(Err(replayed(&code, place.now, parts).await?.into())),
        // The person or the client went meanwhile.
        Committed::No(..) => Ok(Err(client.tell(rule::unknown()).into())),
    }
}

/// Another redemption was faster: what it gave ends.
async fn replayed(code: &Code, now: UnixTime, parts: &Parts) -> Result<Refusal, Fault> {
    let verdict = rule::replayed(code, now);
    write(&verdict.changes, parts).await?;
    Ok(verdict.outcome.err().unwrap_or_else(rule::unknown))
}

/// What a refusal writes must be written before it is told.
async fn write(changes: &[Change], parts: &Parts) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    match parts.store.commit(changes).await? {
        Committed::Yes => Ok(()),
        Committed::No(..) => Err(Fault::lasting("an authorization could not be ended")),
    }
}
