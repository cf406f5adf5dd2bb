//! `POST /token` with a refresh token, station by station (RFC 6749 section 6). The client has been
//! authenticated.
//!
//! Of many requests with one token at the same moment one moves the authorization on. The others lose at
//! the store, read again and decide once more: then they are the late ones to whom the answer was lost, and
//! get what the first one got.

use carnet_core::record::GrantType;
use carnet_core::rule::authorization;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::access::Of;
use carnet_core::rule::grant::refresh_token as rule;
use carnet_core::rule::grant::refresh_token::Renewed;
use carnet_core::rule::grant::refresh_token::Wanted;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::token::RefreshTokenRequest;
use carnet_wire::token::TokenResponse;

use crate::entropy::SystemEntropy;
use crate::oauth::no::Redeemed;
use crate::oauth::person;
use crate::parts::Parts;
use crate::sealed;

/// How often a request decides that loses at the store. A second loss means that two generations went by
/// within one request.
const TRIES: usize = 3;

/// Renews a token.
pub(super) async fn redeem(
    request: &RefreshTokenRequest<'_>,
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Redeemed {
    if let Err(refusal) = client.may(GrantType::RefreshToken) {
        return Ok(Err(refusal.into()));
    }

    // parse
    let shown = sealed::open_refresh_token(&request.refresh_token, &parts.keyring.load());
    let Some(shown) = shown else {
        return Ok(Err(client.tell(rule::unknown()).into()));
    };
    let wanted = Wanted {
        scope: request.scope.as_ref(),
        resource: &request.resource,
        binding: client.binding(),
        details: request.authorization_details.as_ref(),
    };
    for _ in 0..TRIES {
        // load, decide
        let facts = authorization::load(shown.authorization, parts.facts()).await?;
        let catalog = parts.snapshots.catalog().await?;
        let of = (client.client(), client.project());
        let verdict = rule::decide((shown, wanted), of, facts.as_ref(), &catalog, now);

        // sign, commit
        let response = match verdict.outcome {
            Ok(renewed) => Ok(answer(&renewed, client, now, parts).await?),
            Err(refusal) => Err(refusal.into()),
        };
        let written = verdict.changes.is_empty()
            || parts.store.commit(&verdict.changes).await? == Committed::Yes;
        if written {
            if let Ok(response) = &response {
                parts
                    .counted
                    .given(GrantType::RefreshToken.as_str(), response);
            }
            return Ok(response);
        }
    }
    Err(Fault::temporary(
        "a refresh lost against others three times",
    ))
}

async fn answer(
    renewed: &Renewed,
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Result<TokenResponse<'static>, Fault> {
    let authorization = &renewed.authorization;
    let tokens = renewed.access.tokens(
        Of {
            client: client.client(),
            authorization,
            user: &renewed.user,
            nonce: None,
            binding: client.binding(),
        },
        &parts.issuer,
        now,
        &mut SystemEntropy,
    );
    let keyring = parts.keyring.load_full();
    person::mint(&tokens, renewed.refresh, &parts.issuer, &keyring).await
}
