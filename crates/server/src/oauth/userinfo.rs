//! `/userinfo` (OpenID Connect Core 1.0 section 5.3): who the person is, to an app that they let know.
//!
//! 1. The access token comes in the header, or in the form of a POST (RFC 6750 section 2.2), in one place, and
//!    as it is bound ([`crate::presented`]): one that is bound to a key never in a form.
//! 2. It is a person's, with the scope `openid`, and everything that it hangs on stands at this moment.
//!    A refusal is in the audit log, with the client where the token was readable. A yes is not: that the app may
//!    read this is there since the person allowed it, and how often it does is counted ([`crate::http::metrics`]).
//! 3. The answer is what its scopes tell of the person as they are now: `email` and `profile`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts as Head;
use carnet_core::record::User;
use carnet_core::rule::Refusal;
use carnet_core::rule::token::Whose;
use carnet_core::store::Fault;
use carnet_wire::bearer::Scheme;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use serde_json::Map;
use serde_json::Value;

use crate::answer;
use crate::answer::Told;
use crate::cors;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::noted;
use crate::oauth::form::Form;
use crate::parts::Parts;
use crate::possession;
use crate::presented;
use crate::protected_resources::Own;

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
    let mut params = form.as_ref().and_then(|form| form.params().ok());
    let in_form = params.as_mut().and_then(|form| form.take("access_token"));
    let shown = match (presented::in_header(&head.headers), in_form.as_deref()) {
        (Some(_), Some(_)) => Err(Refusal::new(
            Crn::TOKEN_IN_THE_WRONG_PLACE,
            "The access token came in the header and in the form.",
        )),
        (Some(shown), None) => shown,
        (None, Some(text)) => Ok((Scheme::Bearer, text)),
        (None, None) => Err(Refusal::new(Crn::TOKEN_MISSING, "No access token came.")),
    };
    let decided = match shown {
        Ok(shown) => person(shown, &head, &parts, told).await,
        Err(refusal) => Ok(Err(refusal)),
    };
    let mut response = match decided {
        Ok(Ok((user, scope))) => {
            let body = Value::Object(claims(&user, &scope)).to_string();
            answer::json(StatusCode::OK, body)
        }
        Ok(Err(refusal)) => {
            parts.limits.refused(address);
            noted::note(&refusal, "userinfo.refuse", (address, told), &parts);
            presented::refuse(&refusal, Some((Own::Userinfo, "openid")), told)
        }
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, &parts);
    response
}

/// The person whose token it is, and what it may tell.
async fn person(
    shown: presented::Shown<'_>,
    head: &Head,
    parts: &Parts,
    told: Told<'_>,
) -> Result<Result<(Arc<User>, Scope), Refusal>, Fault> {
    let token = parts.tokens.read(shown.1, &parts.keyring.load(), told.now);
    let client = token.map(|token| token.claims.client_id.to_string());
    if let Some(client) = &client {
        cors::is_with_token_of(&head.extensions, client, parts).await?;
    }
    let found = allowed(shown, head, parts, told).await?;
    Ok(found.map_err(|refusal| match client {
        Some(client) => refusal.because("client_id", client),
        None => refusal,
    }))
}

async fn allowed(
    shown: presented::Shown<'_>,
    head: &Head,
    parts: &Parts,
    told: Told<'_>,
) -> Result<Result<(Arc<User>, Scope), Refusal>, Fault> {
    let token = match presented::standing(shown.1, told.now, parts).await? {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = presented::held(&token, shown, head, (told.now, parts)).await? {
        return Ok(Err(refusal));
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
    Ok(match parts.snapshots.user(&user).await? {
        Some(user) => Ok((user, scope)),
        None => Err(Refusal::new(Crn::TOKEN_REVOKED, "The person is gone.")),
    })
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
