//! `POST /device_authorization`, and the aliases under which Google's libraries know it (RFC 8628 section
//! 3.1 and 3.2, google-wire 4.6).
//!
//! parse → load → decide → commit → answer. The device code is 256 random bits of which the store knows the
//! digest. The address that the answer names is the same for all devices, so that people learn it.

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
use carnet_core::rule::device as rule;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::Entropy;
use carnet_core::value::Secret;
use carnet_jose::Prefixed;
use carnet_wire::crn::Crn;
use carnet_wire::device::DeviceAuthorizationRequest;
use carnet_wire::device::DeviceAuthorizationResponse;
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::answer;
use crate::answer::Told;
use crate::cors;
use crate::entropy::SystemEntropy;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::oauth::client_authentication;
use crate::oauth::client_authentication::Sender;
use crate::oauth::form::Form;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::oauth::place::Place;
use crate::oauth::token::malformed;
use crate::parts::Parts;
use crate::protected_resources;

/// How often codes are made of which another device has one.
const TRIES: usize = 3;

/// Answers a device that wants codes.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now: parts.now(),
    };
    let arrived = Instant::now();
    let given = if head.method == Method::POST {
        match Form::read(&head, body).await {
            Ok(form) => give(&head, &form, address, told, &parts).await,
            Err(refusal) => Ok(Err(refusal.into())),
        }
    } else {
        let detail = format!("Use POST, not {}.", head.method);
        Ok(Err(Refusal::new(Crn::METHOD, detail).into()))
    };
    if let Ok(Err(no)) = &given {
        no.hold_back(arrived).await;
    }
    match given {
        Ok(Ok(body)) => answer::json(StatusCode::OK, body),
        Ok(Err(No::Refused(refusal))) => {
            parts.limits.refused(address);
            no::refuse(&refusal, "device.refuse", (address, told), &parts)
        }
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    }
}

/// What is answered, as bytes.
type Given = Result<Result<Vec<u8>, No>, Fault>;

async fn give(
    head: &Head,
    form: &Form,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Given {
    // parse
    let parsed = form.params().and_then(|mut params| {
        let said = client_authentication::read(head, &mut params)?;
        let request = DeviceAuthorizationRequest::parse(&mut params);
        let mut request = request.map_err(|error| malformed(&error))?;
        protected_resources::rename(&mut request.resource, &parts.issuer);
        Ok((said, request))
    });
    let (said, request) = match parsed {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    if let Err(turned) = parts.limits.device(address) {
        return Ok(Err(No::TurnedAway(turned)));
    }
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    let client =
        match client_authentication::authenticate(said, Sender::of(head), told.now, parts).await? {
            Ok(client) => client,
            Err(no) => return Ok(Err(no)),
        };
    cors::is_from(&head.extensions, client.client());
    let text = address.map_or_else(String::new, |address| address.to_string());
    let place = Place {
        now: told.now,
        address: &text,
        trace: told.trace,
    };
    codes(&request, &client, place, parts).await
}

async fn codes(
    request: &DeviceAuthorizationRequest<'_>,
    client: &Authenticated,
    place: Place<'_>,
    parts: &Parts,
) -> Given {
    let context = place.context("anonymous");
    let catalog = parts.snapshots.catalog().await?;
    for _ in 0..TRIES {
        let secret = fresh_code();
        let decided = rule::ask(
            client,
            request,
            secret.digest(),
            &catalog,
            (&context, &mut SystemEntropy),
        );
        let asked = match decided {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        match parts.store.commit(&asked.changes).await? {
            Committed::Yes => return Ok(Ok(body(&asked, secret, parts))),
            Committed::No(_, Why::Taken) => {}
            // The client went meanwhile.
            Committed::No(..) => {
                let detail = "client authentication failed.";
                let refusal = Refusal::new(Crn::CLIENT_AUTHENTICATION_FAILED, detail);
                return Ok(Err(client.tell(refusal).into()));
            }
        }
    }
    Err(Fault::temporary("no user code was free"))
}

fn body(asked: &rule::Asked, secret: Secret, parts: &Parts) -> Vec<u8> {
    let code = asked.user_code.to_string();
    let page = format!("{}/device", parts.issuer);
    let seconds = |length: carnet_core::value::Seconds| u64::try_from(length.0).unwrap_or(0);
    DeviceAuthorizationResponse {
        device_code: secret.reveal().into(),
        verification_uri_complete: Some(format!("{page}?user_code={code}").into()),
        user_code: code.into(),
        verification_url: Some(page.clone().into()),
        verification_uri: page.into(),
        expires_in: seconds(asked.lasts),
        interval: seconds(asked.interval),
    }
    .to_bytes()
}

fn fresh_code() -> Secret {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemEntropy.fill(bytes.as_mut_slice());
    Secret::new(Prefixed::DeviceCode.encode(bytes.as_slice()))
}
