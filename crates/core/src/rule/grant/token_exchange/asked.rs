//! Which tokens are taken, and which are wanted (RFC 8693 section 2.1 and 3).

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use carnet_wire::token::TokenExchangeRequest;
use carnet_wire::token::TokenTypeUri;

use crate::record::TokenFormat;
use crate::rule::Refusal;
use crate::rule::client::Authenticated;
use crate::rule::grant::token_exchange::Asked;
use crate::rule::grant::token_exchange::Facts;
use crate::rule::grant::token_exchange::not_good;
use crate::rule::token::IdGrant;
use crate::rule::token::SignedIn;
use crate::rule::token::Whose;
use crate::value::UnixTime;

/// A type of token that is taken or given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// An access token, in whichever form its API wants.
    Access,
    /// One that is a JWT; where it is shown, any JWT of ours that is taken.
    Jwt,
    /// An ID token.
    Id,
}

/// The type of a token that is shown: `subject_token_type` or `actor_token_type`.
pub fn taken(sent: TokenTypeUri) -> Result<Kind, Refusal> {
    match sent {
        TokenTypeUri::AccessToken => Ok(Kind::Access),
        TokenTypeUri::Jwt => Ok(Kind::Jwt),
        TokenTypeUri::IdToken => Ok(Kind::Id),
        TokenTypeUri::RefreshToken | TokenTypeUri::Saml1 | TokenTypeUri::Saml2 => {
            let detail = format!("tokens of the type {sent} are not exchanged here.");
            Err(Refusal::new(Crn::SUBJECT_TOKEN_TYPE, detail))
        }
    }
}

/// The type of the new token: `requested_token_type`, an access token where it is not said.
pub fn given(request: &TokenExchangeRequest<'_>) -> Result<Kind, Refusal> {
    match request.requested_token_type {
        None | Some(TokenTypeUri::AccessToken) => Ok(Kind::Access),
        Some(TokenTypeUri::Jwt) => Ok(Kind::Jwt),
        Some(TokenTypeUri::IdToken) => Ok(Kind::Id),
        Some(other) => Err(cannot(format!("a token of the type {other} is not given."))),
    }
}

/// Whoever wants a JWT gets none where the API takes opaque tokens.
pub(super) fn in_format(kind: Kind, format: TokenFormat) -> Result<(), Refusal> {
    if kind == Kind::Jwt && format == TokenFormat::Opaque {
        let detail = "the API takes opaque tokens, which are no JWTs.";
        return Err(cannot(detail));
    }
    Ok(())
}

/// An ID token for the client in which the person signed in, and for no other: it says that they are in
/// front of that client (OpenID Connect Core 1.0 section 2).
pub(super) fn id_token(
    client: &Authenticated,
    asked: Asked<'_>,
    whose: &Whose,
    (facts, now): (&Facts, UnixTime),
) -> Result<IdGrant, Refusal> {
    let claims = &asked.subject.0;
    let Whose::Person { client: holder, .. } = whose else {
        return Err(cannot("no person signed in for this subject_token."));
    };
    if *holder != client.client().id {
        return Err(cannot("the person signed in to another client."));
    }
    let request = asked.request;
    if asked.actor.is_some() || !request.audience.is_empty() || !request.resource.is_empty() {
        return Err(cannot(
            "an ID token is for this client, of which nobody else acts.",
        ));
    }
    let granted = facts
        .authorization
        .as_ref()
        .map(|facts| &facts.authorization);
    let granted = granted.ok_or_else(|| not_good("the authorization is gone"))?;
    let scope = granted.scope.intersection(&scope_of(&claims.scope));
    if !scope.contains("openid") {
        return Err(cannot("the subject_token has not the scope openid."));
    }
    let (user, _) = facts.person.as_ref().ok_or_else(|| not_good("gone"))?;
    let person = SignedIn::new(holder, user, &scope, None, granted.authenticated);
    let mut grant = IdGrant::of_person(person.hanging_on(granted.id), now);
    grant.expires = grant.expires.min(UnixTime(claims.exp)).min(granted.ends);
    Ok(grant)
}

/// The scope of a token of ours. It was one when it was made.
pub(super) fn scope_of(text: &str) -> Scope {
    Scope::parse(text).unwrap_or_default()
}

fn cannot(detail: impl Into<String>) -> Refusal {
    Refusal::new(Crn::REQUESTED_TOKEN_TYPE, detail)
}
