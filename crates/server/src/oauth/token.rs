//! `POST /token`, and the aliases under which Google's libraries know it (RFC 6749 section 3.2).
//!
//! parse → load → decide → sign → commit → answer. A new grant adds one arm here and a file beside
//! this one. A grant of OAuth clients begins with their authentication
//! (`client_authentication.rs`); an assertion of a service account proves itself, so there it
//! is only looked at where it came too (RFC 7523 section 3.1). What the request shows of a key is looked at
//! in one place for all grants ([`crate::possession`]), and what they give is bound to that key.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::client::Authenticated;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::token::JwtBearerRequest;
use carnet_wire::token::TokenRequest;
use carnet_wire::token::TokenRequestError;
use tokio::time::Instant;

use crate::answer;
use crate::answer::Told;
use crate::cors;
use crate::http::client_address::ClientAddress;
use crate::http::shed::Permit;
use crate::http::trace::TraceId;
use crate::oauth::authorization_code;
use crate::oauth::client_authentication;
use crate::oauth::client_authentication::Sender;
use crate::oauth::client_credentials;
use crate::oauth::device_code;
use crate::oauth::form::Form;
use crate::oauth::jwt_bearer;
use crate::oauth::jwt_bearer::Whose;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::oauth::no::Redeemed;
use crate::oauth::offered::OFFERED;
use crate::oauth::password;
use crate::oauth::place::Place;
use crate::oauth::refresh_token;
use crate::oauth::token_exchange;
use crate::oauth::trusted_issuer;
use crate::oauth::trusted_issuer::By;
use crate::parts::Parts;
use crate::possession;
use crate::protected_resources;

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
    let form = match Form::read_or_json(&head, body).await {
        Ok(form) => form,
        Err(refusal) => return refuse(&refusal, address, told, &parts),
    };
    let arrived = Instant::now();
    let redeemed = redeem(&head, &form, address, told, &parts).await;
    if let Ok(Err(no)) = &redeemed {
        no.hold_back(arrived).await;
    }
    let mut response = match redeemed {
        Ok(Ok(response)) => answer::json(StatusCode::OK, response.to_bytes()),
        Ok(Err(No::Refused(refusal))) => refuse(&refusal, address, told, &parts),
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, &parts);
    response
}

async fn redeem(
    head: &Head,
    form: &Form,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Redeemed {
    let now = told.now;
    let parsed = form.params().and_then(|mut params| {
        let said = client_authentication::read(head, &mut params)?;
        let request = TokenRequest::parse(&mut params, OFFERED);
        let mut request = request.map_err(|error| malformed(&error))?;
        protected_resources::rename(request.resources_mut(), &parts.issuer);
        Ok((said, request))
    });
    let (said, request) = match parsed {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    if let TokenRequest::JwtBearer(request) = &request
        && !client_authentication::proves(said.as_ref())
    {
        return by_assertion(request, None, (head, permit), told, parts).await;
    }
    let client =
        match client_authentication::authenticate(said, Sender::of(head), now, parts).await? {
            Ok(client) => client,
            Err(no) => return Ok(Err(no)),
        };
    cors::is_from(&head.extensions, client.client());
    if let TokenRequest::JwtBearer(request) = &request {
        return by_assertion(request, Some(client), (head, permit), told, parts).await;
    }
    let client = match hold(client, head, now, parts).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    of_client(request, &client, address, told, parts).await
}

/// What a client is given that has authenticated, and shown its key if it has one.
async fn of_client(
    request: TokenRequest<'_>,
    client: &Authenticated,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Redeemed {
    let now = told.now;
    let text = address.map_or_else(String::new, |address| address.to_string());
    let place = Place {
        now,
        address: &text,
        trace: told.trace,
    };
    match request {
        TokenRequest::ClientCredentials(request) => {
            client_credentials::redeem(&request, client, now, parts).await
        }
        TokenRequest::AuthorizationCode(request) => {
            authorization_code::redeem(&request, client, place, parts).await
        }
        TokenRequest::TokenExchange(request) => {
            token_exchange::redeem(&request, client, place, parts).await
        }
        TokenRequest::DeviceCode(request) => {
            device_code::redeem(&request, client, place, parts).await
        }
        TokenRequest::RefreshToken(request) => {
            refresh_token::redeem(&request, client, now, parts).await
        }
        TokenRequest::Password(request) => {
            password::redeem(&request, client, (address, place), parts).await
        }
        other @ TokenRequest::JwtBearer(_) => {
            let sent = Echo::of(other.grant_type().as_str());
            Ok(Err(
                malformed(&TokenRequestError::GrantTypeUnknown(sent)).into()
            ))
        }
    }
}

/// The client, with the key that the request shows, whose proof is used up by that.
async fn hold(
    client: Authenticated,
    head: &Head,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Authenticated, Refusal>, Fault> {
    let shown = possession::shown(head, now, parts)
        .and_then(|shown| Ok((shown.binding(client.client())?, shown)));
    let (binding, shown) = match shown {
        Ok(shown) => shown,
        Err(refusal) => return Ok(Err(client.tell(refusal))),
    };
    let spent = possession::spend(shown.proof.as_ref(), parts).await?;
    Ok(match spent {
        Ok(()) => Ok(client.holding(binding)),
        Err(refusal) => Err(client.tell(refusal)),
    })
}

/// An assertion is redeemed together with the proof, if there is one. One of an issuer elsewhere may have to wait for the
/// keys of that issuer, and then keeps nobody from working here.
async fn by_assertion(
    request: &JwtBearerRequest<'_>,
    client: Option<Authenticated>,
    (head, permit): (&Head, Permit<'_>),
    told: Told<'_>,
    parts: &Parts,
) -> Redeemed {
    let address = ClientAddress::of(&head.extensions);
    let shown = match possession::shown(head, told.now, parts) {
        Ok(shown) => shown,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    match jwt_bearer::redeem(request, shown.proof.clone(), address, told.now, parts).await? {
        Whose::Account(redeemed) => return Ok(redeemed),
        Whose::Elsewhere => {}
    }
    let client = match client {
        None => None,
        Some(client) => match hold(client, head, told.now, parts).await? {
            Ok(client) => Some(client),
            Err(refusal) => return Ok(Err(refusal.into())),
        },
    };
    drop(permit);
    let by = By {
        client: client.as_ref(),
        shown: &shown,
    };
    trusted_issuer::redeem(request, by, address, told, parts).await
}

/// Google repeats the value that it does not know behind its sentence (google-wire 2.4).
pub(super) fn malformed(error: &TokenRequestError) -> Refusal {
    let refusal = Refusal::new(error.crn(), error.to_string());
    match error {
        TokenRequestError::GrantTypeUnknown(sent) => refusal.says(format!(
            "{}{sent}",
            carnet_wire::google_text::INVALID_GRANT_TYPE
        )),
        _ => refusal,
    }
}

/// Says no, and counts it.
fn refuse(
    refusal: &Refusal,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Response<Body> {
    parts.counted.refused(refusal);
    if refusal.crn == Crn::DEVICE_PENDING {
        // A device that does as it was told, and will ask again: that is no refusal of anything.
        return answer::refusal(refusal, told);
    }
    parts.limits.refused(address);
    no::refuse(refusal, "token.refuse", (address, told), parts)
}
