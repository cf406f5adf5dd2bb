//! `/userinfo` (OpenID Connect Core 1.0 section 5.3): who the person is, to an app that they let know.
//!
//! 1. The access token comes in the header, or in the form of a POST (RFC 6750 section 2.2), in one place.
//! 2. It is a person's, with the scope `openid`, and everything that it hangs on stands at this moment.
//! 3. The answer is what its scopes tell of the person as they are now: `email` and `profile`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Extensions;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::header::AUTHORIZATION;
use carnet_core::record::User;
use carnet_core::rule::Refusal;
use carnet_core::rule::token::Whose;
use carnet_core::store::Fault;
use carnet_wire::bearer;
use carnet_wire::bearer::Challenge;
use carnet_wire::crn::Answer as Answered;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use serde_json::Map;
use serde_json::Value;

use crate::answer;
use crate::answer::Told;
use crate::bearer::stands;
use crate::cors;
use crate::http::client_address::ClientAddress;
use crate::http::observe::Code;
use crate::http::trace::TraceId;
use crate::oauth::form::Form;
use crate::parts::Parts;

/// Answers who the person is.
pub async fn any(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let address = ClientAddress::of(&head.extensions);
    let trace = TraceId::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let form = if head.method == Method::POST && head.headers.contains_key(header::CONTENT_TYPE) {
        Form::read(&head, body).await.ok()
    } else {
        None
    };
    let in_header = head.headers.get(AUTHORIZATION);
    let in_header = in_header.and_then(|value| value.to_str().ok());
    let mut params = form.as_ref().and_then(|form| form.params().ok());
    let in_form = params.as_mut().and_then(|form| form.take("access_token"));
    let text = match (in_header, in_form.as_deref()) {
        (Some(_), Some(_)) => Err(Refusal::new(
            Crn::TOKEN_IN_THE_WRONG_PLACE,
            "The access token came in the header and in the form.",
        )),
        (Some(header), None) => bearer::parse_authorization(header)
            .map_err(|fault| Refusal::new(fault.crn(), format!("{fault}."))),
        (None, Some(text)) => Ok(text),
        (None, None) => Err(Refusal::new(Crn::TOKEN_MISSING, "No access token came.")),
    };
    let decided = match text {
        Ok(text) => person(text, &head.extensions, &parts, told).await,
        Err(refusal) => Ok(Err(refusal)),
    };
    match decided {
        Ok(Ok((user, scope))) => {
            let body = Value::Object(claims(&user, &scope)).to_string();
            answer::json(StatusCode::OK, body)
        }
        Ok(Err(refusal)) => {
            parts.limits.refused(address);
            challenge(&refusal, told)
        }
        Err(fault) => answer::fault(&fault, told),
    }
}

/// The person whose token it is, and what it may tell.
async fn person(
    text: &str,
    extensions: &Extensions,
    parts: &Parts,
    told: Told<'_>,
) -> Result<Result<(Arc<User>, Scope), Refusal>, Fault> {
    let dead = || {
        let detail = "The access token has expired, was revoked, or is none of ours.";
        Ok(Err(Refusal::new(Crn::TOKEN_REVOKED, detail)))
    };
    let Some(token) = parts.tokens.read(text, &parts.keyring.load(), told.now) else {
        return dead();
    };
    cors::is_with_token_of(extensions, &token.claims.client_id, parts).await?;
    let snapshots = parts.snapshots.as_ref();
    if !stands(&token, snapshots, &parts.revoked, told.now).await? {
        return dead();
    }
    let scope = Scope::parse(&token.claims.scope).unwrap_or_default();
    let Some(Whose::Person { user, .. }) = token.claims.whose() else {
        let detail = "The token is of no person, so it has nobody to tell about.";
        return Ok(Err(Refusal::new(Crn::TOKEN_SCOPE_TOO_SMALL, detail)));
    };
    if !scope.contains("openid") {
        let detail = "The token needs the scope openid.";
        return Ok(Err(Refusal::new(Crn::TOKEN_SCOPE_TOO_SMALL, detail)));
    }
    match snapshots.user(&user).await? {
        Some(user) => Ok(Ok((user, scope))),
        None => dead(),
    }
}

fn claims(user: &User, scope: &Scope) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut tell = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    tell("sub", user.id.to_string().into());
    if scope.contains("email") {
        tell("email", user.email.to_string().into());
        tell("email_verified", user.email_verified.into());
    }
    if scope.contains("profile") {
        tell("name", user.name.to_string().into());
        tell("updated_at", user.changed.0.into());
    }
    claims
}

/// RFC 6750 section 3.1: the status and the word of the cause; no word where no token came.
fn challenge(refusal: &Refusal, told: Told<'_>) -> Response<Body> {
    let error = match refusal.crn.answer() {
        Answered::Resource(error) => error,
        _ => None,
    };
    let description = refusal.description();
    let challenge = Challenge {
        realm: Some(told.issuer.into()),
        error: error.map(|error| error.as_str().into()),
        error_description: error.map(|_| description.as_str().into()),
        scope: Some("openid".into()),
        ..Challenge::default()
    };
    let mut body = Map::new();
    if let Some(error) = error {
        body.insert("error".to_owned(), error.as_str().into());
        body.insert("error_description".to_owned(), description.clone().into());
    }
    body.insert("trace_id".to_owned(), told.trace.into());
    let status = refusal.crn.status().unwrap_or(401);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut response = answer::json(status, Value::Object(body).to_string());
    if let Ok(value) = HeaderValue::from_str(&challenge.to_string()) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
    let code = Code(refusal.crn.number());
    response.extensions_mut().insert(code);
    response
}
