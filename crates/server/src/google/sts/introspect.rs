//! `POST /v1/introspect` (google-wire 6.2): what a token of a federated principal says, to whoever holds it.
//!
//! Google's command line asks for the name of the principal. It proves itself with a client id of its own that
//! is known to everybody, which proves nothing, so it is not asked for: whoever holds a token may read it, as
//! with tokeninfo. Tokens of others are inactive here; [`crate::oauth::introspect`] is for them. What is not active
//! is a refusal that counts ([`crate::limits`]), so that nobody tries many.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use bytes::Bytes;
use carnet_core::rule::Refusal;
use carnet_core::rule::token::Whose;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::introspection::ActiveToken;
use carnet_wire::introspection::IntrospectionRequest;
use carnet_wire::introspection::IntrospectionResponse;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;

use crate::answer;
use crate::answer::Told;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::parts::Parts;
use crate::presented;

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
    if head.method != Method::POST {
        let detail = format!("Use POST, not {}.", head.method);
        return answer::refusal(&Refusal::new(Crn::METHOD, detail), told);
    }
    let body = body::read(body, MAX_BYTES).await.unwrap_or_default();
    let asked = Params::parse(&body).ok();
    let asked = asked.and_then(|mut params| IntrospectionRequest::parse(&mut params).ok());
    let Some(asked) = asked else {
        let refusal = Refusal::new(Crn::PARAMETER_MISSING, "token is missing");
        return answer::refusal(&refusal, told);
    };
    match said(&asked.token, now, &parts).await {
        Ok(Some(said)) => answer::json(StatusCode::OK, said),
        Ok(None) => {
            parts.limits.refused(ClientAddress::of(&head.extensions));
            let inactive = IntrospectionResponse::Inactive.to_bytes();
            answer::json(StatusCode::OK, inactive)
        }
        Err(fault) => answer::fault(&fault, told),
    }
}

/// What is said of a federated principal's token that stands.
async fn said(text: &str, now: UnixTime, parts: &Parts) -> Result<Option<Bytes>, Fault> {
    let Ok(token) = presented::standing(text, now, parts).await? else {
        return Ok(None);
    };
    let claims = &token.claims;
    if !matches!(claims.whose(), Some(Whose::Federated { .. })) {
        return Ok(None);
    }
    let said = IntrospectionResponse::Active(Box::new(ActiveToken {
        scope: Some(claims.scope.as_ref().into()),
        client_id: Some(claims.client_id.as_ref().into()),
        username: Some(claims.sub.as_ref().into()),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        sub: Some(claims.sub.as_ref().into()),
        iss: Some(claims.iss.as_ref().into()),
        ..ActiveToken::default()
    }));
    Ok(Some(said.to_bytes().into()))
}
