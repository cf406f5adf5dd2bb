//! `POST /par`: an app pushes its authorization request before it sends the browser (RFC 9126).
//!
//! 1. The client authenticates as at the token endpoint, by the one method that it registered. A public client
//!    says its `client_id`.
//! 2. What is pushed is the request itself: a `request_uri` in it is refused (section 2.1).
//!    A request object (RFC 9101) is opened here, and what is beside it is not looked at (section 3).
//! 3. It is judged as if a browser had brought it: redirect URI, PKCE, scope, resource. What is wrong is told
//!    here, before anybody sees a page.
//! 4. A proof of possession names the key that the code will be bound to, as `dpop_jkt` does; both must name
//!    the same (RFC 9449 section 10.1).
//! 5. Its parameters are kept, without what proved the client and with its `client_id`; the answer is the name
//!    under which a browser brings them (section 2.2).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::Context;
use carnet_core::rule::authorize as rule;
use carnet_core::rule::authorize::Read;
use carnet_core::rule::authorize::Way;
use carnet_core::rule::authorize::near_miss;
use carnet_core::rule::client::Authenticated;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::client_authentication::ClientAuthentication;
use carnet_wire::crn::Crn;
use carnet_wire::par::PushedAuthorizationResponse;
use carnet_wire::params::Params;
use tokio::time::Instant;
use url::form_urlencoded::byte_serialize;

use crate::answer;
use crate::answer::Told;
use crate::client_document;
use crate::cors;
use crate::entropy::SystemEntropy;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::oauth::client_authentication;
use crate::oauth::client_authentication::Sender;
use crate::oauth::form::Form;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::parts::Parts;
use crate::possession;
use crate::protected_resources;

/// Takes a request. What is refused counts ([`crate::limits`]).
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
    let pushed = push(&head, body, told, &parts).await;
    if let Ok(Err(no)) = &pushed {
        no.hold_back(arrived).await;
    }
    let mut response = match pushed {
        Ok(Ok(response)) => answer::json(StatusCode::CREATED, response.to_bytes()),
        Ok(Err(No::Refused(refusal))) => {
            parts.limits.refused(address);
            no::refuse(&refusal, "authorize.refuse", (address, told), &parts)
        }
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, told.now, &parts);
    response
}

/// The parameter that names a key (RFC 9449 section 10).
const JKT: &str = "dpop_jkt";

/// A yes, a no, or a failure of ours.
type Pushed = Result<Result<PushedAuthorizationResponse<'static>, No>, Fault>;

async fn push(head: &Head, body: Body, told: Told<'_>, parts: &Parts) -> Pushed {
    if head.method != Method::POST {
        let detail = format!("Use POST, not {}.", head.method);
        return Ok(Err(Refusal::new(Crn::METHOD, detail).into()));
    }
    let form = match Form::read(head, body).await {
        Ok(form) => form,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let (said, params) = match parsed(head, &form) {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
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
    let opened = match opened(&params, &client, told.now, parts).await {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(client.tell(refusal).into())),
    };
    let params = match &opened {
        None => params,
        // It was read when it was opened.
        Some(form) => Params::parse(form.as_bytes()).unwrap_or_default(),
    };
    let key = match key(head, &params, told.now, parts).await? {
        Ok(key) => key,
        Err(refusal) => return Ok(Err(client.tell(refusal).into())),
    };
    let signed = opened.is_some();
    let way = Way::Pushed { signed };
    let kept = match judged((&params, &key, way), &client, told.now, parts).await? {
        Ok(parameters) => rule::push(
            &client.client().id,
            parameters,
            parts.par.lifetime,
            (told.now, &mut SystemEntropy),
        ),
        Err(refusal) => Err(refusal),
    };
    let (reference, change) = match kept {
        Ok(kept) => kept,
        Err(refusal) => return Ok(Err(client.tell(refusal).into())),
    };
    keep(&client, head, told, parts).await?;
    match parts.store.commit(&[change]).await? {
        Committed::Yes => {
            let seconds = u64::try_from(parts.par.lifetime.0).unwrap_or_default();
            let response = PushedAuthorizationResponse::new(&reference.reveal(), seconds);
            Ok(Ok(response))
        }
        Committed::No(..) => Err(Fault::temporary("a pushed request was not committed")),
    }
}

/// The record of an app that is a document must be there before what it pushes.
async fn keep(
    client: &Authenticated,
    head: &Head,
    told: Told<'_>,
    parts: &Parts,
) -> Result<(), Fault> {
    let address = ClientAddress::of(&head.extensions);
    let address = address.map_or_else(String::new, |address| address.to_string());
    let client = client.client();
    let actor = format!("client:{}", client.id);
    let context = Context {
        now: told.now,
        actor: &actor,
        address: &address,
        trace: told.trace,
    };
    client_document::keep(client, &context, parts).await
}

type Said<'a> = Option<ClientAuthentication<'a>>;

/// Who asks, and what is pushed.
fn parsed<'a>(head: &Head, form: &'a Form) -> Result<(Said<'a>, Params<'a>), Refusal> {
    let mut params = form.params()?;
    let said = client_authentication::read(head, &mut params)?;
    if params.sent("request_uri") {
        let detail = "request_uri is not a parameter of a pushed request.";
        return Err(Refusal::new(Crn::PUSHED_REFERENCE, detail));
    }
    Ok((said, params))
}

/// What was in the request object, if one was pushed (section 3). Nothing else is looked at then.
async fn opened(
    params: &Params<'_>,
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Result<Option<String>, Refusal> {
    let mut beside = params.clone();
    let Some(object) = beside.take("request") else {
        return Ok(None);
    };
    let keys = client.client().credentials.keys.as_ref();
    let fetching = parts
        .client_keys
        .of_signer(keys, &object, now, &parts.outbound);
    let keys = fetching.await;
    let of = (client.client().id.as_str(), &keys);
    let at = (parts.issuer.as_str(), now);
    rule::open_request_object(&object, &beside, of, at).map(Some)
}

/// The key that a proof names, as the parameter that says so. The proof is spent by that.
async fn key(
    head: &Head,
    params: &Params<'_>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<String, Refusal>, Fault> {
    let proof = match possession::proof(head, None, now, parts) {
        Ok(Some(proof)) => proof,
        Ok(None) => return Ok(Ok(String::new())),
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Sent or not, nothing is taken out of what is kept.
    let named = params.clone().take(JKT);
    if named
        .as_deref()
        .is_some_and(|named| named != proof.thumbprint)
    {
        let detail = "the proof is by another key than the one that dpop_jkt names.";
        return Ok(Err(Refusal::new(
            Crn::DPOP_PROOF_OF_ANOTHER_REQUEST,
            detail,
        )));
    }
    let spent = possession::spend(Some(&proof), parts).await?;
    Ok(spent.map(|()| match named {
        Some(_) => String::new(),
        None => format!("&{JKT}={}", proof.thumbprint),
    }))
}

/// The parameters as they are kept, if a browser could bring them.
async fn judged(
    (params, key, way): (&Params<'_>, &str, Way),
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<String, Refusal>, Fault> {
    // An id that is a URL may have anything in it.
    let id = client.client().id.as_str().as_bytes();
    let id: String = byte_serialize(id).collect();
    let mut params = params.clone();
    params.take("client_id");
    let parameters = format!("client_id={id}&{}{key}", params.to_form());
    let read = match Read::of(&parameters) {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let facts = rule::DestinationFacts::of(client);
    let catalog = parts.snapshots.catalog().await?;
    let destination = match facts.destination(&read.addressee) {
        Ok(destination) => destination,
        Err(refusal) => {
            if let Some(uri) = &read.addressee.redirect_uri {
                let refused = near_miss::refused(client.client(), uri, now);
                parts.journal.refused_redirect(refused);
            }
            return Ok(Err(refusal));
        }
    };
    let mut request = match read.rest() {
        Ok(request) => request,
        Err(refusal) => return Ok(Err(refusal)),
    };
    protected_resources::rename(&mut request.resource, &parts.issuer);
    let good = rule::judge((&request, way), &destination, &catalog);
    Ok(good.map(|_| parameters))
}
