//! `POST /token` with the client credentials grant, station by station (RFC 6749 section 4.4). The client
//! has been authenticated.

use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::client_credentials;
use carnet_core::rule::token::Issue;
use carnet_core::value::UnixTime;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::ClientCredentialsRequest;
use carnet_wire::token::TokenResponse;

use crate::entropy::SystemEntropy;
use crate::mint;
use crate::oauth::no::Redeemed;
use crate::parts::Parts;

/// Gives the client a token of its own.
pub(super) async fn redeem(
    request: &ClientCredentialsRequest<'_>,
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Redeemed {
    // load
    let catalog = parts.snapshots.catalog().await?;

    // decide
    let decided = client_credentials::decide(client, request, &catalog, now, &mut SystemEntropy);
    let grant = match decided {
        Ok(grant) => grant,
        Err(refusal) => return Ok(Err(refusal.into())),
    };

    // sign; nothing is committed
    let keyring = parts.keyring.load_full();
    let token = mint::access_token(&grant, &parts.issuer, &keyring).await?;
    let response = AccessTokenResponse {
        access_token: token.into(),
        expires_in: u64::try_from(grant.lifetime().0).ok(),
        token_type: grant.token_type(),
        // RFC 6749 section 5.1 wants it where it is not what was asked for: by default, or for a resource.
        scope: Some(grant.scope.to_string().into()),
        authorization_details: grant.details.clone(),
        ..AccessTokenResponse::default()
    };
    parts.counted.issued(&Issue::Access(grant));
    Ok(Ok(TokenResponse::AccessToken(response)))
}
