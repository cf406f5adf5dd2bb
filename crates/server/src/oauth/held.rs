//! A refresh token that somebody shows elsewhere than at the token endpoint: to give it back (RFC 7009), or to
//! ask whether it is good (RFC 7662).

use std::net::IpAddr;

use carnet_core::record::AuditDraft;
use carnet_core::record::Ended;
use carnet_core::record::Outcome;
use carnet_core::record::WhyEnded;
use carnet_core::rule::Refusal;
use carnet_core::rule::authorization;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::federation::workforce;
use carnet_core::rule::grant::refresh_token::LONGEST_ACCESS_TOKEN;
use carnet_core::rule::grant::refresh_token::RefreshToken;
use carnet_core::rule::token::confirmation;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use carnet_core::value::UnixTime;
use carnet_wire::introspection::ActiveToken;
use carnet_wire::introspection::Audience;
use carnet_wire::introspection::IntrospectionResponse;
use serde_json::json;

use crate::answer::Told;
use crate::oauth::place::Place;
use crate::parts::Parts;

/// Ends what a refresh token names, and with it every access token that hangs on it. False where that has
/// ended already. Whatever its generation: who has an old one may also have the newest. A client gives back
/// its own only.
pub(super) async fn give_back(
    token: RefreshToken,
    client: Option<&Authenticated>,
    place: Place<'_>,
    parts: &Parts,
) -> Result<Result<bool, Refusal>, Fault> {
    let id = token.authorization;
    let Some(authorization) = parts.store.authorization(id).await? else {
        return Ok(Ok(false));
    };
    if let Some(client) = client
        && let Err(refusal) = client.may_revoke_of(authorization.client.as_str())
    {
        return Ok(Err(refusal));
    }
    // One that its person removed can come back for a moment; given back, it cannot.
    let ended = |ended: Ended| ended.why != WhyEnded::Removed;
    if authorization.ended.is_some_and(ended) || authorization.ends <= place.now {
        return Ok(Ok(false));
    }
    let entry = AuditDraft {
        at: place.now,
        actor: format!("client:{}", authorization.client),
        action: "authorization.end".to_owned(),
        target: id.to_string(),
        outcome: Outcome::Done,
        address: place.address.to_owned(),
        trace: place.trace.to_owned(),
        detail: json!({"user": authorization.user, "why": "revoked"}).to_string(),
    };
    let changes = [
        Change::AuthorizationEnded {
            id,
            since: place.now,
            why: WhyEnded::Revoked,
            until: place.now + LONGEST_ACCESS_TOKEN,
        },
        Change::Audited(entry),
    ];
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(Ok(true)),
        Committed::No(..) => Err(Fault::temporary("a revocation was not committed")),
    }
}

/// Ends a sign-in of a workforce, by its refresh token. False where it has ended already.
pub(super) async fn give_back_sign_in(
    id: AuthorizationId,
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) -> Result<bool, Fault> {
    let Some(row) = parts.store.workforce_sign_in(id).await? else {
        return Ok(false);
    };
    if row.ended.is_some() || row.ends <= told.now {
        return Ok(false);
    }
    let entry = AuditDraft {
        at: told.now,
        actor: format!("client:{}", row.client),
        action: "workforce.sign_out".to_owned(),
        target: row.provider.to_string(),
        outcome: Outcome::Done,
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: json!({"subject": row.subject, "why": "revoked"}).to_string(),
    };
    let changes = [
        workforce::end(&row, WhyEnded::Revoked, told.now),
        Change::Audited(entry),
    ];
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(true),
        Committed::No(..) => Err(Fault::temporary("a revocation was not committed")),
    }
}

/// What is told of a refresh token: only that of the newest generation is good. A client hears of its own
/// only.
pub(super) async fn told(
    token: RefreshToken,
    client: Option<&Authenticated>,
    now: UnixTime,
    parts: &Parts,
) -> Result<IntrospectionResponse<'static>, Fault> {
    let facts = authorization::load(token.authorization, parts.facts()).await?;
    let holder = match &facts {
        Some(facts) => {
            let of = &facts.authorization.client;
            parts.snapshots.client(of).await?
        }
        None => None,
    };
    let newest = |facts: &authorization::Facts| {
        let holder = &facts.authorization.client;
        client.is_none_or(|client| client.client().id == *holder)
            && facts.authorization.generation == token.generation
            && authorization::standing(facts, now).is_ok()
    };
    // As a refresh would judge it now, with what that would give.
    let today = facts.as_ref().filter(|facts| newest(facts)).zip(holder);
    let today = today.and_then(|(facts, holder)| {
        let facts = authorization::today(facts, &holder.client).ok()?;
        authorization::standing(&facts, now).ok()?;
        Some(facts.into_owned())
    });
    let Some(facts) = today else {
        return Ok(IntrospectionResponse::Inactive);
    };
    let authorization = facts.authorization;
    let scope = Some(authorization.scope.to_string()).filter(|scope| !scope.is_empty());
    Ok(IntrospectionResponse::Active(Box::new(ActiveToken {
        scope: scope.map(Into::into),
        client_id: Some(authorization.client.to_string().into()),
        username: facts.user.map(|user| user.email.to_string().into()),
        token_type: Some("refresh_token".into()),
        exp: Some(authorization.idle_end().0),
        iat: Some(authorization.rotated.0),
        nbf: None,
        sub: Some(authorization.user.to_string().into()),
        aud: Audience::one(parts.issuer.clone()),
        iss: Some(parts.issuer.clone().into()),
        jti: None,
        act: None,
        may_act: None,
        auth_time: Some(authorization.authenticated.0),
        cnf: authorization
            .binding
            .as_ref()
            .map(|binding| confirmation(binding).into_owned()),
        access_boundary: None,
        authorization_details: authorization.details.clone(),
        email: None,
    })))
}
