//! What an app gets of a person: an access token, a refresh token, an ID token (OpenID Connect Core 1.0
//! section 3.1.3.3).

use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::access::Of;
use carnet_core::rule::grant::access::Tokens;
use carnet_core::rule::grant::begin::Granted;
use carnet_core::rule::grant::refresh_token::RefreshToken;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::TokenResponse;

use crate::entropy::SystemEntropy;
use crate::keyring::Keyring;
use crate::mint;
use crate::parts::Parts;
use crate::sealed;

/// What is answered to a yes of a person.
pub(super) async fn answer(
    granted: &Granted,
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Result<TokenResponse<'static>, Fault> {
    let tokens = granted.access.tokens(
        Of {
            client: client.client(),
            authorization: &granted.authorization,
            user: &granted.user,
            nonce: granted.nonce.as_deref(),
            binding: client.binding(),
        },
        &parts.issuer,
        now,
        &mut SystemEntropy,
    );
    let keyring = parts.keyring.load_full();
    mint(&tokens, granted.refresh, &parts.issuer, &keyring).await
}

/// The answer with the tokens in it. Signed and sealed before anything is committed.
pub(super) async fn mint(
    tokens: &Tokens,
    refresh: Option<RefreshToken>,
    issuer: &str,
    keyring: &Keyring,
) -> Result<TokenResponse<'static>, Fault> {
    let access = mint::access_token(&tokens.access, issuer, keyring).await?;
    let id = match &tokens.id {
        Some(id) => Some(mint::id_token(id, Some(&access), issuer, keyring).await?),
        None => None,
    };
    let refresh = refresh.map(|token| sealed::seal_refresh_token(token, keyring));
    Ok(TokenResponse::AccessToken(AccessTokenResponse {
        access_token: access.into(),
        expires_in: u64::try_from(tokens.access.lifetime().0).ok(),
        token_type: tokens.access.token_type(),
        scope: Some(tokens.access.scope.to_string().into()),
        refresh_token: refresh.transpose()?.map(Into::into),
        id_token: id.map(Into::into),
        authorization_details: tokens.access.details.clone(),
        ..AccessTokenResponse::default()
    }))
}
