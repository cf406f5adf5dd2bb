//! People of a workforce sign in in their browsers for Google's command line (google-wire 6.2): `/workforce/authorize`, to
//! which `/authorize` under Google's name `auth.cloud.google` leads, and where their issuer sends them back to.
//!
//! 1. Until the program and its redirect URI are known, every no is a page of ours; then it goes back to the program, with
//!    its `state`. Where a person copies the code, every no is a page.
//! 2. What is needed when the browser comes back travels with it, sealed in a cookie (`carried.rs`): no row is
//!    written for who only comes by. The browser that comes back must have it, at the address of the very provider to
//!    which it was sent, with its `state` and within ten minutes: whoever was sent a link has not (RFC 9700 section
//!    4.7). Each provider has an address of its own, and where an issuer names itself that is looked at (RFC 9207), so
//!    that no issuer takes what another one gave (RFC 9700 section 4.4).
//! 3. The code of the issuer is redeemed with PKCE and the provider's secret, and its ID token held against the
//!    provider as a token that is exchanged is, with the client ID as its only audience, and its nonce (`upstream.rs`).
//! 4. Only then a row is written, with its audit entry, and the code of ours is told.

mod back;
mod carried;
mod upstream;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts as Head;
use carnet_core::record::WebResponse;
use carnet_core::rule::Refusal;
use carnet_core::rule::federation::exchange;
use carnet_core::rule::federation::workforce as rule;
use carnet_core::rule::federation::workforce::Asked;
use carnet_core::store::Fault;
use carnet_core::value::ProviderName;
use carnet_core::value::Seconds;
use carnet_pages::AuthorizeCause;
use carnet_wire::crn::Crn;
use carnet_wire::google::workforce::SignInAddressee;
use carnet_wire::google::workforce::SignInRequest;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;

use self::back::REFUSED;
use self::back::To;
use self::carried::Carried;
use crate::http::body;
use crate::http::host;
use crate::http::host::Awaited;
use crate::parts::Parts;
use crate::web::cookie::Cookie;
use crate::web::failed;
use crate::web::page;
use crate::web::stopped::Stopped;
use crate::web::visit::Visit;

/// Google's name for the place where people sign in.
const GOOGLE: &str = "auth.cloud.google";

/// Our own.
const PATH: &str = "/workforce/authorize";

/// A request to `/authorize` that came under Google's name for this: where it goes on.
pub(super) fn elsewhere(request: &Request, issuer: &str) -> Option<Response<Body>> {
    request.extensions().get::<Awaited>()?;
    let named = host::named(request)?.eq_ignore_ascii_case(GOOGLE);
    let query = request.uri().query().unwrap_or_default();
    named.then(|| toward(&format!("{issuer}{PATH}?{query}")))
}

/// To an address that is known to be good.
fn toward(location: &str) -> Response<Body> {
    let mut response = page::see("/");
    match HeaderValue::from_str(location) {
        Ok(location) => {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response
}

/// A program sends a browser.
pub async fn begin(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (head, _) = request.into_parts();
    let visit = Visit::of(&parts, head);
    match begun(&parts, &visit).await {
        Ok(response) => response,
        Err(fault) => failed::ours(&parts, &visit, &fault),
    }
}

async fn begun(parts: &Parts, visit: &Visit) -> Result<Response<Body>, Fault> {
    let unreadable = |detail: String| stop(parts, visit, &Refusal::new(PARAMETER, detail));
    let mut params = match Params::parse(visit.raw_query().as_bytes()) {
        Ok(params) => params,
        Err(fault) => return Ok(unreadable(format!("{fault}."))),
    };
    let addressee = match SignInAddressee::parse(&mut params) {
        Ok(addressee) => addressee,
        Err(missing) => return Ok(unreadable(format!("{missing}."))),
    };
    let to = match rule::addressed(&addressee.client_id, &addressee.redirect_uri) {
        Ok(back) => To::new(&addressee, &back),
        Err(no) => {
            let mut stopped = Stopped::because(AuthorizeCause::SignInLink, (REFUSED, &no));
            stopped.sent = back::sent(&addressee);
            return Ok(stopped.answer(parts, visit, StatusCode::BAD_REQUEST));
        }
    };
    Ok(match judged(params, &addressee, (parts, visit)).await? {
        Ok(sent) => sent,
        Err(no) => to.refuse(parts, visit, &no),
    })
}

/// What has no better code.
const PARAMETER: Crn = Crn::AUTHORIZE_PARAMETER;

/// Judges the rest, and sends the browser on to the issuer.
async fn judged(
    mut params: Params<'_>,
    addressee: &SignInAddressee<'_>,
    (parts, visit): (&Parts, &Visit),
) -> Result<Result<Response<Body>, Refusal>, Fault> {
    let request = match SignInRequest::parse(&mut params) {
        Ok(request) => request,
        Err(no) => return Ok(Err(Refusal::new(no.crn(), format!("{no}.")))),
    };
    let Ok(name) = request.provider_name.parse::<ProviderName>() else {
        let detail = "provider_name is not the name of a provider.";
        return Ok(Err(Refusal::new(PARAMETER, detail)));
    };
    let facts = match exchange::load(&name, parts.snapshots.as_ref()).await? {
        Ok(facts) => facts,
        Err(no) => return Ok(Err(no)),
    };
    let asked = Asked {
        client: &addressee.client_id,
        redirect_uri: &addressee.redirect_uri,
        scope: request.scope.as_ref(),
        challenge: &request.code_challenge,
    };
    let catalog = parts.snapshots.catalog().await?;
    let (oidc, web) = match rule::begin(&asked, &facts, &catalog) {
        Ok(found) => found,
        Err(no) => return Ok(Err(no)),
    };
    let endpoints = &parts.issuer_endpoints;
    let endpoints = endpoints.of(&oidc.issuer, visit.now, &parts.outbound).await;
    let endpoints = match endpoints {
        Ok(endpoints) => endpoints,
        Err(why) => return Ok(Err(facts.tell(upstream::issuer_fails(why)))),
    };
    let carried = Carried::new(&asked, addressee.state.as_deref(), &name, visit.now);
    let location = carried.toward(&endpoints, web, &parts.issuer);
    let Some(sealed) = carried.seal(&parts.encryption)? else {
        let detail = "scope and state are too long together.";
        return Ok(Err(Refusal::new(PARAMETER, detail)));
    };
    let mut response = toward(&location);
    let cookie = match web.response {
        WebResponse::Code => Cookie::Workforce.set(&sealed, carried::HOLDS, &parts.issuer),
        WebResponse::IdToken => {
            Cookie::Workforce.set_across(&sealed, carried::HOLDS, &parts.issuer)
        }
    };
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(Ok(response))
}

/// The issuer sends a browser back.
pub async fn callback(
    State(parts): State<Arc<Parts>>,
    Path((pool, provider)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let brought = brought(&head, body).await;
    let visit = Visit::of(&parts, head);
    let name = format!("locations/global/workforcePools/{pool}/providers/{provider}");
    let came = came_back(&parts, &visit, &name, &brought).await;
    let mut response = match came {
        Ok(response) => response,
        Err(fault) => failed::ours(&parts, &visit, &fault),
    };
    // It is good for one return, however that ends.
    if let Some(cleared) = Cookie::Workforce.clear(&parts.issuer) {
        response.headers_mut().append(header::SET_COOKIE, cleared);
    }
    response
}

/// The parameters as they came: in the query, or in a form.
async fn brought(head: &Head, body: Body) -> Vec<u8> {
    if head.method == Method::POST {
        let form = body::read(body, MAX_BYTES).await;
        return form.map(|bytes| bytes.to_vec()).unwrap_or_default();
    }
    head.uri.query().unwrap_or_default().as_bytes().to_vec()
}

async fn came_back(
    parts: &Parts,
    visit: &Visit,
    name: &str,
    brought: &[u8],
) -> Result<Response<Body>, Fault> {
    let cookie = Cookie::Workforce.read(visit.headers(), &parts.issuer);
    let carried = cookie.and_then(|text| Carried::open(&text, &parts.encryption));
    let Some(carried) = carried else {
        let why = "this browser took nothing along, or nothing of ours.";
        return Ok(stop(parts, visit, &another(why)));
    };
    let params = Params::parse(brought).unwrap_or_default();
    if let Err(why) = carried.is_of(name, &params, visit.now) {
        return Ok(stop(parts, visit, &another(why)));
    }
    // From here it is the browser that was sent, and the program may hear.
    let to = carried.to();
    let done = upstream::signed_in(&carried, params, (parts, visit)).await?;
    match done {
        Ok(id) => to.give(parts, visit, id),
        Err(upstream::No::Refused(no)) => Ok(to.refuse(parts, visit, &no)),
        Err(upstream::No::TurnedAway(turned)) => {
            parts.note_turned_away(turned, visit.address, visit.now);
            Ok(failed::busy(parts, visit, Seconds(1)))
        }
    }
}

/// The no to what belongs to another sign-in.
fn another(why: &str) -> Refusal {
    Refusal::new(Crn::WORKFORCE_CALLBACK, why)
}

/// A page on which a no ends.
fn stop(parts: &Parts, visit: &Visit, no: &Refusal) -> Response<Body> {
    let stopped = Stopped::because(AuthorizeCause::Unreadable, (REFUSED, no));
    stopped.answer(parts, visit, StatusCode::BAD_REQUEST)
}
