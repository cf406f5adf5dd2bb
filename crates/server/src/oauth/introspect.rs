//! `POST /introspect` (RFC 7662): what a token says, to somebody who may know.
//!
//! 1. The caller shows an access token of their own, for this server's own API, with the scope
//!    `carnet.introspect` (section 2.1 leaves the method open; there are no client secrets yet).
//! 2. A token is active while it stands: not expired, not revoked, and everything that it hangs on
//!    in order. Whatever else is asked about is inactive, without a reason (section 2.2).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::token::AccessClaims;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::bearer;
use carnet_wire::bearer::Challenge;
use carnet_wire::crn::Crn;
use carnet_wire::introspection::ActiveToken;
use carnet_wire::introspection::Actor;
use carnet_wire::introspection::Audience;
use carnet_wire::introspection::IntrospectionRequest;
use carnet_wire::introspection::IntrospectionResponse;
use carnet_wire::params::Params;

use crate::answer;
use crate::answer::Told;
use crate::bearer::Verified;
use crate::bearer::stands;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::oauth::form::Form;
use crate::oauth::held;
use crate::parts::Parts;
use crate::sealed;
use crate::system::ADMIN_API;
use crate::system::SCOPE_INTROSPECT;

/// Answers what a token says.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let address = || ClientAddress::of(&head.extensions);
    let refuse = |refusal: &Refusal| {
        parts.limits.refused(address());
        answer::refusal(refusal, told)
    };
    match may_ask(&head, &parts, now).await {
        Ok(true) => {}
        Ok(false) => {
            parts.limits.refused(address());
            return unauthenticated(told);
        }
        Err(fault) => return answer::fault(&fault, told),
    }
    let form = match Form::read(&head, body).await {
        Ok(form) => form,
        Err(refusal) => return refuse(&refusal),
    };
    let mut params: Params<'_> = match form.params() {
        Ok(params) => params,
        Err(refusal) => return refuse(&refusal),
    };
    let Ok(request) = IntrospectionRequest::parse(&mut params) else {
        let refusal = Refusal::new(Crn::PARAMETER_MISSING, "token is missing");
        return refuse(&refusal);
    };
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return parts.turn_away(turned, address(), told),
    };
    if let Some(token) = sealed::open_refresh_token(&request.token, &parts.keyring.load()) {
        return match held::told(token, now, &parts).await {
            Ok(response) => answer::json(StatusCode::OK, response.to_bytes()),
            Err(fault) => answer::fault(&fault, told),
        };
    }
    match active(&request.token, &parts, now).await {
        Ok(None) => answer::json(StatusCode::OK, IntrospectionResponse::Inactive.to_bytes()),
        Ok(Some(token)) => {
            let body = token.said(|claims| say(claims).to_bytes());
            answer::json(StatusCode::OK, body)
        }
        Err(fault) => answer::fault(&fault, told),
    }
}

/// The token, if it stands.
async fn active(token: &str, parts: &Parts, now: UnixTime) -> Result<Option<Arc<Verified>>, Fault> {
    let Some(token) = parts.tokens.read(token, &parts.keyring.load(), now) else {
        return Ok(None);
    };
    let good = stands(&token, parts.snapshots.as_ref(), &parts.revoked, now).await?;
    Ok(good.then_some(token))
}

async fn may_ask(head: &Head, parts: &Parts, now: UnixTime) -> Result<bool, Fault> {
    let header = head
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let Some(Ok(token)) = header.map(bearer::parse_authorization) else {
        return Ok(false);
    };
    let token = active(token, parts, now).await?;
    Ok(token.is_some_and(|token| {
        let claims = &token.claims;
        claims.aud.has(ADMIN_API)
            && claims
                .scope
                .split(' ')
                .any(|scope| scope == SCOPE_INTROSPECT)
    }))
}

fn unauthenticated(told: Told<'_>) -> Response<Body> {
    let detail =
        format!("Show an access token with the scope {SCOPE_INTROSPECT} in Authorization: Bearer.");
    let mut response = answer::refusal(
        &Refusal::new(Crn::CLIENT_AUTHENTICATION_MISSING, detail),
        told,
    );
    let challenge = Challenge {
        realm: Some(told.issuer.into()),
        scope: Some(SCOPE_INTROSPECT.into()),
        ..Challenge::default()
    };
    if let Ok(value) = HeaderValue::from_str(&challenge.to_string()) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

fn say<'a>(claims: &'a AccessClaims<'static>) -> IntrospectionResponse<'a> {
    use carnet_core::rule::token::Audiences;
    let aud = match &claims.aud {
        Audiences::One(one) => Audience::one(one.as_ref()),
        Audiences::Many(many) => Audience(many.iter().map(|one| one.as_ref().into()).collect()),
    };
    let act = claims.act.as_ref().map(|actor| Actor {
        sub: actor.sub.as_ref().into(),
        email: Some(actor.email.as_ref().into()),
    });
    IntrospectionResponse::Active(Box::new(ActiveToken {
        scope: Some(claims.scope.as_ref().into()),
        client_id: Some(claims.client_id.as_ref().into()),
        username: claims.email.as_deref().map(Into::into),
        token_type: Some("Bearer".into()),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        nbf: None,
        sub: Some(claims.sub.as_ref().into()),
        aud,
        iss: Some(claims.iss.as_ref().into()),
        jti: Some(claims.jti.as_ref().into()),
        act,
        email: claims.email.as_deref().map(Into::into),
    }))
}
