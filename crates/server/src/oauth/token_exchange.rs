//! `POST /token` with the token exchange grant, station by station (RFC 8693). The client has been
//! authenticated.

use std::sync::Arc;

use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::token_exchange;
use carnet_core::rule::grant::token_exchange::Asked;
use carnet_core::rule::grant::token_exchange::Issued;
use carnet_core::rule::grant::token_exchange::Kind;
use carnet_core::rule::grant::token_exchange::Shown;
use carnet_core::rule::token::AccessClaims;
use carnet_core::rule::token::Audiences;
use carnet_core::rule::token::IdClaims;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use carnet_core::value::UnixTime;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::GrantType;
use carnet_wire::token::TokenExchangeRequest;
use carnet_wire::token::TokenResponse;
use carnet_wire::token::TokenType;
use carnet_wire::token::TokenTypeUri;

use crate::bearer::stands;
use crate::entropy::SystemEntropy;
use crate::id_token;
use crate::mint;
use crate::oauth::no::Redeemed;
use crate::oauth::place::Place;
use crate::parts::Parts;

/// Gives a token for a token.
pub(super) async fn redeem(
    request: &TokenExchangeRequest<'_>,
    client: &Authenticated,
    place: Place<'_>,
    parts: &Parts,
) -> Redeemed {
    // parse
    if let Err(refusal) = token_exchange::may(client) {
        return Ok(Err(refusal.into()));
    }
    let kinds = token_exchange::taken(request.subject_token_type).and_then(|subject| {
        let actor = request.actor_token.as_ref();
        let actor = actor.map(|(_, kind)| token_exchange::taken(*kind));
        Ok((subject, actor.transpose()?))
    });
    let (kind, actor_kind) = match kinds {
        Ok(kinds) => kinds,
        Err(refusal) => return Ok(Err(client.tell(refusal).into())),
    };

    // load
    let now = place.now;
    let Some(subject) = shown(&request.subject_token, kind, now, parts).await? else {
        let refusal = token_exchange::not_good("does not stand");
        return Ok(Err(client.tell(refusal).into()));
    };
    let actor = match request.actor_token.as_ref().zip(actor_kind) {
        None => None,
        Some(((text, _), kind)) => {
            let Some(actor) = shown(text, kind, now, parts).await? else {
                let refusal = token_exchange::actor_not_good("does not stand");
                return Ok(Err(client.tell(refusal).into()));
            };
            Some(actor)
        }
    };
    let (store, snapshots) = (parts.store.as_ref(), parts.snapshots.as_ref());
    let facts = token_exchange::load(&subject, store, snapshots).await?;

    // decide
    let asked = Asked {
        request,
        subject: &subject,
        actor: actor.as_ref(),
    };
    let name = format!("client:{}", client.client().id);
    let context = place.context(&name);
    let verdict = token_exchange::decide(client, asked, &facts, &context, &mut SystemEntropy);
    let issued = match verdict.outcome {
        Ok(issued) => issued,
        Err(refusal) => return Ok(Err(refusal.into())),
    };

    // sign, commit
    let response = TokenResponse::AccessToken(sign(&issued, parts).await?);
    match parts.store.commit(&verdict.changes).await? {
        Committed::Yes => {}
        Committed::No(..) => return Err(Fault::temporary("an exchange was not committed")),
    }
    parts
        .counted
        .given(GrantType::TokenExchange.as_str(), &response);
    Ok(Ok(response))
}

/// The token, if it is one of ours of this kind and stands at this moment.
async fn shown(
    text: &str,
    kind: Kind,
    now: UnixTime,
    parts: &Parts,
) -> Result<Option<Shown>, Fault> {
    let keyring = parts.keyring.load_full();
    // Whoever says that it is a JWT says nothing of which.
    let sealed = text.starts_with("crn_");
    let access = kind == Kind::Access || (kind == Kind::Jwt && !sealed);
    if access && let Some(token) = parts.tokens.read(text, &keyring, now) {
        let stands = stands(&token, parts.snapshots.as_ref(), &parts.revoked, now).await?;
        return Ok(stands.then(|| Shown(Arc::clone(&token.claims))));
    }
    if kind == Kind::Access {
        return Ok(None);
    }
    let own = (parts.issuer.as_str(), keyring.as_ref());
    let Some((claims, id)) =
        id_token::read(text, own, now, |claims, _| of_id_token(claims)).flatten()
    else {
        return Ok(None);
    };
    if parts.revoked.has(&id.as_token()) {
        return Ok(None);
    }
    let Some(authorization) = parts.store.authorization(id).await? else {
        return Ok(None);
    };
    let claims = AccessClaims {
        scope: authorization.scope.to_string().into(),
        ..claims
    };
    let facts = carnet_core::rule::token::load(&claims, parts.snapshots.as_ref()).await?;
    let stands = carnet_core::rule::token::stands(&claims, &facts, false, now);
    let of_it = claims.client_id == authorization.client.as_str()
        && claims.sub == authorization.user.as_str();
    Ok((stands && of_it).then(|| Shown(Arc::new(claims))))
}

/// An ID token as the access token that its client could have had of the same authorization, whose scope is to
/// be found there. It is for its client alone.
fn of_id_token(token: &IdClaims<'_>) -> Option<(AccessClaims<'static>, AuthorizationId)> {
    let authorization = token.azn.as_deref()?;
    let claims = AccessClaims {
        iss: token.iss.to_string().into(),
        sub: token.sub.to_string().into(),
        aud: Audiences::One(token.aud.to_string().into()),
        client_id: token.aud.to_string().into(),
        scope: String::new().into(),
        authorization_details: None,
        email: None,
        iat: token.iat,
        exp: token.exp,
        jti: String::new().into(),
        act: None,
        azn: Some(authorization.to_owned().into()),
        auth_time: token.auth_time,
        may_act: None,
        via: Vec::new(),
        cnf: None,
        trust: None,
        federated: None,
        narrowed: None,
    };
    Some((claims, authorization.parse().ok()?))
}

async fn sign(issued: &Issued, parts: &Parts) -> Result<AccessTokenResponse<'static>, Fault> {
    let keyring = parts.keyring.load_full();
    match issued {
        Issued::Access(grant, issued_type) => {
            let token = mint::access_token(grant, &parts.issuer, &keyring).await?;
            Ok(AccessTokenResponse {
                access_token: token.into(),
                expires_in: u64::try_from(grant.lifetime().0).ok(),
                token_type: grant.token_type(),
                scope: Some(grant.scope.to_string().into()),
                issued_token_type: Some(issued_type.as_str().into()),
                ..AccessTokenResponse::default()
            })
        }
        // Section 2.2.1: what is no access token is of the type N_A, in the same member.
        Issued::Id(grant) => {
            let token = mint::id_token(grant, None, &parts.issuer, &keyring).await?;
            Ok(AccessTokenResponse {
                access_token: token.into(),
                expires_in: u64::try_from((grant.expires - grant.issued).0).ok(),
                token_type: TokenType::NotApplicable,
                issued_token_type: Some(TokenTypeUri::IdToken.as_str().into()),
                ..AccessTokenResponse::default()
            })
        }
    }
}
