//! Google's names for userinfo (google-wire 4.4): whose an access token is, to whoever holds it.
//!
//! 1. The token comes in `Authorization`, stands at this moment, and is shown as it is bound ([`crate::presented`]).
//! 2. It has `openid`, `email` or `profile`, or what Google calls the two last. A service account's is taken too: its
//!    libraries ask here for the account's e-mail. A client's own is of nobody.
//! 3. `/oauth2/v3/userinfo` and `/v1/userinfo` answer with the names of OpenID Connect, the older ones with Google's own.
//!    `/userinfo`, the endpoint of OpenID Connect, is beside this one and is stricter.
//! 4. A refusal counts ([`crate::limits`]) and is in the audit log.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::token::AccessClaims;
use carnet_core::rule::token::Whose;
use carnet_core::store::Fault;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiReason;
use carnet_wire::google::SCOPES_OF_USERINFO;
use carnet_wire::google_text;
use carnet_wire::scope::Scope;
use carnet_wire::token::ErrorResponse;
use carnet_wire::token::TokenErrorCode;
use serde_json::Value;
use serde_json::json;

use crate::answer;
use crate::answer::Told;
use crate::google::envelope::No;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::noted;
use crate::parts::Parts;
use crate::possession;
use crate::presented;

/// What lets the e-mail be told.
const EMAIL: [&str; 2] = ["email", SCOPES_OF_USERINFO[0]];

/// What lets the name be told.
const PROFILE: [&str; 2] = ["profile", SCOPES_OF_USERINFO[1]];

/// The challenge to whoever came with a token that is not good.
const CHALLENGE: &str = r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#;

/// In which form the answer is.
#[derive(Clone, Copy)]
enum Form {
    /// With the names of OpenID Connect.
    Current,
    /// With Google's own.
    Older,
}

/// `/oauth2/v3/userinfo`, `/v1/userinfo`.
pub async fn any(parts: State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    tell(parts, request, Form::Current).await
}

/// `/oauth2/v1/userinfo`, `/oauth2/v2/userinfo`, `/userinfo/v2/me`.
pub async fn older(parts: State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    tell(parts, request, Form::Older).await
}

/// Who somebody is, as far as the token tells.
#[derive(Debug, Default)]
struct Known {
    subject: String,
    email: Option<(String, bool)>,
    name: Option<String>,
}

async fn tell(
    State(parts): State<Arc<Parts>>,
    request: Request<Body>,
    form: Form,
) -> Response<Body> {
    let now = parts.now();
    let (head, _) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let mut response = match known(&head, &parts, told).await {
        Ok(Ok(known)) => answer::json(StatusCode::OK, body(&known, form).to_string()),
        Ok(Err(refusal)) => {
            let address = ClientAddress::of(&head.extensions);
            parts.limits.refused(address);
            noted::note(&refusal, "userinfo.refuse", (address, told), &parts);
            refuse(refusal, form, told)
        }
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, &parts);
    response
}

async fn known(
    head: &Head,
    parts: &Parts,
    told: Told<'_>,
) -> Result<Result<Known, Refusal>, Fault> {
    let missing = || Err(Refusal::new(Crn::TOKEN_MISSING, "No access token came."));
    let shown = match presented::in_header(&head.headers).unwrap_or_else(missing) {
        Ok(shown) => shown,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let token = match presented::standing(shown.1, told.now, parts).await? {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = presented::held(&token, shown, head, (told.now, parts)).await? {
        return Ok(Err(refusal));
    }
    of(&token.claims, parts).await
}

async fn of(claims: &AccessClaims<'_>, parts: &Parts) -> Result<Result<Known, Refusal>, Fault> {
    let scope = Scope::parse(&claims.scope).unwrap_or_default();
    let lets = |names: &[&str]| names.iter().any(|name| scope.contains(name));
    let no = |detail| Ok(Err(Refusal::new(Crn::TOKEN_SCOPE_TOO_SMALL, detail)));
    if !lets(&["openid"]) && !lets(&EMAIL) && !lets(&PROFILE) {
        return no("The token has none of the scopes openid, email and profile.");
    }
    let subject = claims.sub.to_string();
    let user = match claims.whose() {
        Some(Whose::Person { user, .. } | Whose::Delegated { user, .. }) => user,
        Some(Whose::Account(_) | Whose::Impersonated { .. }) => {
            let email = claims.email.as_deref().filter(|_| lets(&EMAIL));
            return Ok(Ok(Known {
                subject,
                // We made the address.
                email: email.map(|email| (email.to_owned(), true)),
                name: None,
            }));
        }
        _ => return no("The token is of no person and of no service account."),
    };
    let Some(user) = parts.snapshots.user(&user).await? else {
        return Ok(Err(Refusal::new(Crn::TOKEN_REVOKED, "The person is gone.")));
    };
    let name = user.name.to_string();
    Ok(Ok(Known {
        subject,
        email: lets(&EMAIL).then(|| (user.email.to_string(), user.email_verified)),
        name: (lets(&PROFILE) && !name.is_empty()).then_some(name),
    }))
}

fn body(known: &Known, form: Form) -> Value {
    let (subject, verified) = match form {
        Form::Current => ("sub", "email_verified"),
        Form::Older => ("id", "verified_email"),
    };
    let mut body = json!({ subject: known.subject });
    if let Some((email, is_verified)) = &known.email {
        body["email"] = email.as_str().into();
        body[verified] = (*is_verified).into();
    }
    if let Some(name) = &known.name {
        body["name"] = name.as_str().into();
    }
    body
}

/// As Google says it: the newer form in the envelope of OAuth, the older one in that of its APIs.
fn refuse(refusal: Refusal, form: Form, told: Told<'_>) -> Response<Body> {
    if matches!(form, Form::Older) {
        let no = if refusal.crn == Crn::TOKEN_SCOPE_TOO_SMALL {
            No::scope_too_small(EMAIL[1], refusal)
        } else if refusal.crn == Crn::TOKEN_MISSING {
            No::about_token(ApiReason::CredentialsMissing, refusal)
        } else {
            No::about_token(ApiReason::AccessTokenExpired, refusal)
        };
        return no.answer(told);
    }
    let mut body = ErrorResponse::new(TokenErrorCode::InvalidRequest)
        .describe(google_text::INVALID_CREDENTIALS);
    body.trace_id = Some(told.trace.into());
    let mut response = answer::json(StatusCode::UNAUTHORIZED, body.to_bytes());
    let challenge = HeaderValue::from_static(CHALLENGE);
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}
