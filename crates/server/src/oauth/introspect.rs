//! `POST /introspect` (RFC 7662): what a token says, to somebody who may know.
//!
//! 1. The caller shows an access token of their own, for this server's own API, with the scope
//!    `carnet.introspect`; or is a client that proves who it is (section 2.1 leaves the method open).
//! 2. A token is active while it stands: not expired, not revoked, and everything that it hangs on
//!    in order. A client hears of its own tokens and of those for APIs of its own project. Whatever else
//!    is asked about is inactive, without a reason (section 2.2).
//! 3. A token with an access boundary (google-wire 6.5) is inactive to whoever does not say that they know what that
//!    is: they would take it for more than it is.
//! 4. A caller that asks for it in `Accept` gets the answer as a JWT, signed for nobody but this caller
//!    (RFC 9701).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts as Head;
use bytes::Bytes;
use carnet_core::rule::Refusal;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::token;
use carnet_core::rule::token::AccessClaims;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::bearer::Challenge;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::introspection::ActiveToken;
use carnet_wire::introspection::Actor;
use carnet_wire::introspection::Audience;
use carnet_wire::introspection::IntrospectionRequest;
use carnet_wire::introspection::IntrospectionResponse;
use carnet_wire::introspection::signed;
use tokio::time::Instant;

use crate::answer;
use crate::answer::Told;
use crate::bearer::Verified;
use crate::bearer::stands;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::mint;
use crate::oauth::client_authentication;
use crate::oauth::client_authentication::Sender;
use crate::oauth::form::Form;
use crate::oauth::held;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::parts::Parts;
use crate::possession;
use crate::presented;
use crate::protected_resources::Own;
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
    let address = ClientAddress::of(&head.extensions);
    let arrived = Instant::now();
    let said = answered(&head, body, told, &parts).await;
    if let Ok(Err(no)) = &said {
        no.hold_back(arrived).await;
    }
    let mut response = match said {
        Ok(Ok(said)) => match signed(&head, &said, told, &parts).await {
            Ok(None) => answer::json(StatusCode::OK, said.body),
            Ok(Some(jwt)) => of_type(answer::json(StatusCode::OK, jwt), signed::MEDIA_TYPE),
            Err(fault) => answer::fault(&fault, told),
        },
        Ok(Err(No::Refused(refusal))) => {
            parts.limits.refused(address);
            if refusal.crn == Crn::CLIENT_AUTHENTICATION_MISSING {
                unauthenticated(&refusal, told)
            } else if presented::is_about_token(&refusal) {
                no::note(&refusal, "token.introspect", (address, told), &parts);
                presented::refuse(&refusal, Some((Own::Admin, SCOPE_INTROSPECT)), told)
            } else {
                no::refuse(&refusal, "token.introspect", (address, told), &parts)
            }
        }
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, &parts);
    response
}

/// What is said, and to whom.
struct Said {
    body: Bytes,
    /// The client, or the account whose access token was shown.
    caller: String,
}

/// What is said as a JWT, where the caller wants one (RFC 9701 section 4).
async fn signed(
    head: &Head,
    said: &Said,
    told: Told<'_>,
    parts: &Parts,
) -> Result<Option<String>, Fault> {
    let mut accepted = head.headers.get_all(header::ACCEPT).iter();
    if !accepted.any(|value| value.to_str().is_ok_and(signed::is_accepted)) {
        return Ok(None);
    }
    let claims = signed::claims(&parts.issuer, &said.caller, told.now.0, &said.body);
    let keyring = parts.keyring.load_full();
    mint::introspection(&claims, &keyring).await.map(Some)
}

fn of_type(mut response: Response<Body>, media_type: &'static str) -> Response<Body> {
    let media_type = HeaderValue::from_static(media_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response
}

/// The answer, or a no.
async fn answered(
    head: &Head,
    body: Body,
    told: Told<'_>,
    parts: &Parts,
) -> Result<Result<Said, No>, Fault> {
    if head.method != Method::POST {
        let detail = format!("Use POST, not {}.", head.method);
        return Ok(Err(Refusal::new(Crn::METHOD, detail).into()));
    }
    let now = told.now;
    // What is no access token may be a client's secret.
    let shown = match presented::in_header(&head.headers).and_then(Result::ok) {
        None => None,
        Some(shown) => match may_ask(shown, head, (now, parts)).await? {
            Ok(caller) => Some(caller),
            Err(refusal) => return Ok(Err(refusal.into())),
        },
    };
    let form = match Form::read(head, body).await {
        Ok(form) => form,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let parsed = form.params().and_then(|mut params| {
        let said = match &shown {
            Some(_) => None,
            None => Some(client_authentication::read(head, &mut params)?.ok_or_else(missing)?),
        };
        let request = IntrospectionRequest::parse(&mut params);
        let missing = |_| Refusal::new(Crn::PARAMETER_MISSING, "token is missing");
        Ok((said, request.map_err(missing)?))
    });
    let (said, request) = match parsed {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    let client = match said {
        None => None,
        said => {
            match client_authentication::authenticate(said, Sender::of(head), now, parts).await? {
                Ok(client) if !client.is_confidential() => return Ok(Err(missing().into())),
                Ok(client) => Some(client),
                Err(no) => return Ok(Err(no)),
            }
        }
    };
    let body = about(&request, client.as_ref(), now, parts).await?;
    let caller = client.map(|client| client.client().id.to_string());
    let caller = caller.or(shown).unwrap_or_default();
    Ok(Ok(Said { body, caller }))
}

/// What is said of a token to this client, or to whoever may ask about all of them.
async fn about(
    request: &IntrospectionRequest<'_>,
    client: Option<&Authenticated>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Bytes, Fault> {
    let text = request.token.as_ref();
    if let Some(token) = sealed::open_refresh_token(text, &parts.keyring.load()) {
        let told = held::told(token, client, now, parts).await?;
        return Ok(told.to_bytes().into());
    }
    let inactive = || IntrospectionResponse::Inactive.to_bytes().into();
    let Some(token) = active(text, parts, now).await? else {
        return Ok(inactive());
    };
    if token.claims.narrowed.is_some() && !request.understands_boundaries {
        return Ok(inactive());
    }
    if let Some(client) = client {
        let catalog = parts.snapshots.catalog().await?;
        if !client.may_know(&token.claims, &catalog) {
            return Ok(inactive());
        }
    }
    Ok(token.said(|claims| say(claims).to_bytes()))
}

/// The token, if it stands.
async fn active(token: &str, parts: &Parts, now: UnixTime) -> Result<Option<Arc<Verified>>, Fault> {
    let Some(token) = parts.tokens.read(token, &parts.keyring.load(), now) else {
        return Ok(None);
    };
    let good = stands(&token, parts.snapshots.as_ref(), &parts.revoked, now).await?;
    Ok(good.then_some(token))
}

/// Who shows this token, if it lets them ask.
async fn may_ask(
    shown: presented::Shown<'_>,
    head: &Head,
    (now, parts): (UnixTime, &Parts),
) -> Result<Result<String, Refusal>, Fault> {
    let may = |claims: &AccessClaims<'_>| {
        let mut scopes = claims.scope.split(' ');
        // Whom a pool let in asks about nobody's tokens: what is this server's own is not for them.
        claims.federated.is_none()
            && claims.aud.has(ADMIN_API)
            && scopes.any(|scope| scope == SCOPE_INTROSPECT)
    };
    let token = match presented::standing(shown.1, now, parts).await? {
        Ok(token) if may(&token.claims) => token,
        _ => return Ok(Err(missing())),
    };
    let bound = presented::held(&token, shown, head, (now, parts)).await?;
    Ok(bound.map(|()| token.claims.client_id.to_string()))
}

fn missing() -> Refusal {
    let detail = format!(
        "Show an access token with the scope {SCOPE_INTROSPECT} in Authorization: Bearer, or authenticate as a client."
    );
    Refusal::new(Crn::CLIENT_AUTHENTICATION_MISSING, detail)
}

/// Both ways in are challenged (RFC 9110 section 11.6.1).
fn unauthenticated(refusal: &Refusal, told: Told<'_>) -> Response<Body> {
    let mut response = answer::refusal(refusal, told);
    let challenge = Challenge {
        realm: Some(told.issuer.into()),
        scope: Some(SCOPE_INTROSPECT.into()),
        ..Challenge::default()
    };
    let basic = response.headers_mut().remove(header::WWW_AUTHENTICATE);
    let bearer = HeaderValue::from_str(&challenge.to_string()).ok();
    for challenge in [bearer, basic].into_iter().flatten() {
        response
            .headers_mut()
            .append(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn say<'a>(claims: &'a AccessClaims<'static>) -> IntrospectionResponse<'a> {
    use carnet_core::rule::token::Audiences;
    let aud = match &claims.aud {
        Audiences::One(one) => Audience::one(one.as_ref()),
        Audiences::Many(many) => Audience(many.iter().map(|one| one.as_ref().into()).collect()),
    };
    let act = claims.act.as_ref().map(actor);
    let may_act = claims.may_act.as_ref().map(|may| Actor {
        sub: may.sub.as_ref().into(),
        email: None,
        act: None,
    });
    let scope = Some(claims.scope.as_ref()).filter(|scope| !scope.is_empty());
    IntrospectionResponse::Active(Box::new(ActiveToken {
        scope: scope.map(Into::into),
        client_id: Some(claims.client_id.as_ref().into()),
        username: username(claims).map(Into::into),
        token_type: Some(match &claims.cnf {
            Some(Confirmation { jkt: Some(_), .. }) => "DPoP".into(),
            _ => "Bearer".into(),
        }),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        nbf: None,
        sub: Some(claims.sub.as_ref().into()),
        aud,
        iss: Some(claims.iss.as_ref().into()),
        jti: Some(claims.jti.as_ref().into()),
        act,
        may_act,
        auth_time: claims.auth_time,
        cnf: claims.cnf.clone(),
        authorization_details: claims.authorization_details.clone(),
        access_boundary: claims.narrowed.as_ref().map(|of| of.boundary.clone()),
        email: claims.email.as_deref().map(Into::into),
    }))
}

/// The e-mail; of whom a pool let in, the name.
fn username<'a>(claims: &'a AccessClaims<'static>) -> Option<&'a str> {
    let principal = claims.federated.as_ref().map(|_| claims.sub.as_ref());
    claims.email.as_deref().or(principal)
}

fn actor<'a>(acts: &'a token::Actor<'static>) -> Actor<'a> {
    Actor {
        sub: acts.sub.as_ref().into(),
        email: acts.email.as_deref().map(Into::into),
        act: acts.act.as_deref().map(|before| Box::new(actor(before))),
    }
}
