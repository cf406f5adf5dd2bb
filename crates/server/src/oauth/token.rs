//! `POST /token`, and the aliases under which Google's libraries know it (RFC 6749 section 3.2).
//!
//! parse → load → decide → sign → commit → answer. A new grant adds one arm here and a file beside
//! this one.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::rule::Refusal;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::token::GrantType;
use carnet_wire::token::TokenRequest;
use carnet_wire::token::TokenRequestError;
use serde_json::Map;
use serde_json::Value;

use crate::answer;
use crate::answer::Told;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::oauth::form::Form;
use crate::oauth::jwt_bearer;
use crate::oauth::jwt_bearer::No;
use crate::oauth::jwt_bearer::Redeemed;
use crate::parts::Parts;

/// Answers a request for a token.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    if head.method != Method::POST {
        let detail = format!("Use POST, not {}.", head.method);
        return refuse(&Refusal::new(Crn::METHOD, detail), address, told, &parts);
    }
    let form = match Form::read(&head, body).await {
        Ok(form) => form,
        Err(refusal) => return refuse(&refusal, address, told, &parts),
    };
    match redeem(&form, address, now, &parts).await {
        Ok(Ok(response)) => answer::json(StatusCode::OK, response.to_bytes()),
        Ok(Err(No::Refused(refusal))) => refuse(&refusal, address, told, &parts),
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    }
}

/// The grants that this server offers.
const OFFERED: &[GrantType] = &[GrantType::JwtBearer];

async fn redeem(form: &Form, address: Option<IpAddr>, now: UnixTime, parts: &Parts) -> Redeemed {
    let mut params = match form.params() {
        Ok(params) => params,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    match TokenRequest::parse(&mut params, OFFERED) {
        Ok(TokenRequest::JwtBearer(request)) => {
            jwt_bearer::redeem(&request, address, now, parts).await
        }
        Ok(other) => {
            let sent = Echo::of(other.grant_type().as_str());
            Ok(Err(
                malformed(&TokenRequestError::GrantTypeUnknown(sent)).into()
            ))
        }
        Err(error) => Ok(Err(malformed(&error).into())),
    }
}

/// Google repeats the value that it does not know behind its sentence (google-wire 2.4).
fn malformed(error: &TokenRequestError) -> Refusal {
    let refusal = Refusal::new(error.crn(), error.to_string());
    match error {
        TokenRequestError::GrantTypeUnknown(sent) => refusal.says(format!(
            "{}{sent}",
            carnet_wire::google_text::INVALID_GRANT_TYPE
        )),
        _ => refusal,
    }
}

/// Notes a no for the audit log, and says it.
fn refuse(
    refusal: &Refusal,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Response<Body> {
    parts.limits.refused(address);
    let named = |wanted: &str| refusal.story.iter().find(|(name, _)| *name == wanted);
    let account = named("client_id").map(|(_, value)| value.as_str());
    let mut detail: Map<String, Value> = refusal
        .story
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
        .collect();
    detail.insert("said".to_owned(), Value::String(refusal.detail.clone()));
    parts.journal.note(AuditDraft {
        at: told.now,
        actor: account.map_or_else(
            || "anonymous".to_owned(),
            |id| format!("serviceAccount:{id}"),
        ),
        action: "token.refuse".to_owned(),
        target: account.unwrap_or_default().to_owned(),
        outcome: Outcome::Refused(refusal.crn),
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: Value::Object(detail).to_string(),
    });
    parts.counted.refused(refusal);
    answer::refusal(refusal, told)
}
