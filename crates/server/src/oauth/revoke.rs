//! `/revoke` (RFC 7009, google-wire 4.3): a token is worth nothing from now on.
//!
//! 1. Whoever holds the token may revoke it: there are no clients with secrets yet.
//! 2. The parameter `token` comes in the form, or in the query as Google's libraries send it.
//! 3. A revocation that cannot be made durable is answered 503, never 200 (security, lesson 33).
//! 4. A refresh token takes everything with it that came of the same authorization (RFC 7009 section 2.1).
//! 5. What is no token of ours is an `invalid_token`, as at Google; RFC 7009 section 2.2 would say 200.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::record::RevokedToken;
use carnet_core::rule::Refusal;
use carnet_core::rule::grant::refresh_token::RefreshToken;
use carnet_core::rule::token::Whose;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::google_text;
use carnet_wire::params::Params;
use carnet_wire::revocation::REVOKED;
use carnet_wire::revocation::RevocationErrorCode;
use carnet_wire::revocation::RevocationRequest;
use carnet_wire::token::ErrorResponse;

use crate::answer;
use crate::answer::Told;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::limits::is_counted;
use crate::oauth::form::Form;
use crate::oauth::held;
use crate::oauth::place::Place;
use crate::parts::Parts;
use crate::sealed;

/// Revokes a token. What is refused counts ([`crate::limits`]).
pub async fn any(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let address = ClientAddress::of(request.extensions());
    let response = answered(&parts, request).await;
    if is_counted(response.status()) {
        parts.limits.refused(address);
    }
    response
}

async fn answered(parts: &Parts, request: Request<Body>) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let query = head.uri.query().unwrap_or_default().as_bytes();
    if let Ok(mut params) = Params::parse(query)
        && params.sent("token")
    {
        return revoke(&mut params, told, address, parts).await;
    }
    if head.method != Method::POST {
        let refusal = Refusal::new(Crn::PARAMETER_MISSING, "token is missing");
        return answer::refusal(&refusal, told);
    }
    let form = match Form::read(&head, body).await {
        Ok(form) => form,
        Err(refusal) => return answer::refusal(&refusal, told),
    };
    match form.params() {
        Ok(mut params) => revoke(&mut params, told, address, parts).await,
        Err(refusal) => answer::refusal(&refusal, told),
    }
}

async fn revoke(
    params: &mut Params<'_>,
    told: Told<'_>,
    address: Option<std::net::IpAddr>,
    parts: &Parts,
) -> Response<Body> {
    let Ok(request) = RevocationRequest::parse(params) else {
        let refusal = Refusal::new(Crn::PARAMETER_MISSING, "token is missing");
        return answer::refusal(&refusal, told);
    };
    if let Some(token) = sealed::open_refresh_token(&request.token, &parts.keyring.load()) {
        return give_back(token, told, address, parts).await;
    }
    let Some(token) = parts
        .tokens
        .read(&request.token, &parts.keyring.load(), told.now)
    else {
        return no_token(google_text::INVALID_VALUE, told);
    };
    let claims = &token.claims;
    let Ok(id) = claims.jti.parse::<TokenId>() else {
        return no_token(google_text::INVALID_VALUE, told);
    };
    if token.is_revoked(&parts.revoked) {
        return no_token(google_text::EXPIRED_OR_REVOKED, told);
    }
    let draft = AuditDraft {
        at: told.now,
        actor: match claims.whose() {
            Some(Whose::Client(client) | Whose::Person { client, .. }) => {
                format!("client:{client}")
            }
            _ => format!("serviceAccount:{}", claims.client_id),
        },
        action: "token.revoke".to_owned(),
        target: id.to_string(),
        outcome: Outcome::Done,
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: "{}".to_owned(),
    };
    let until = UnixTime(claims.exp);
    let changes = [
        Change::TokenRevoked(RevokedToken { id, until }),
        Change::Audited(draft),
    ];
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return parts.turn_away(turned, address, told),
    };
    match parts.store.commit(&changes).await {
        Ok(Committed::Yes) => answer::json(StatusCode::OK, REVOKED),
        Ok(Committed::No(..)) => {
            answer::fault(&Fault::temporary("a revocation was not committed"), told)
        }
        Err(fault) => answer::fault(&fault, told),
    }
}

/// A refresh token goes, and everything that came of the same authorization.
async fn give_back(
    token: RefreshToken,
    told: Told<'_>,
    address: Option<std::net::IpAddr>,
    parts: &Parts,
) -> Response<Body> {
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return parts.turn_away(turned, address, told),
    };
    let address = address.map_or_else(String::new, |address| address.to_string());
    let place = Place {
        now: told.now,
        address: &address,
        trace: told.trace,
    };
    match held::give_back(token, place, parts).await {
        Ok(true) => answer::json(StatusCode::OK, REVOKED),
        Ok(false) => no_token(google_text::EXPIRED_OR_REVOKED, told),
        Err(fault) => answer::fault(&fault, told),
    }
}

fn no_token(says: &'static str, told: Told<'_>) -> Response<Body> {
    let code = RevocationErrorCode::InvalidToken;
    let mut body = ErrorResponse::new(code).describe(says);
    body.trace_id = Some(told.trace.into());
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    answer::json(status, body.to_bytes())
}
