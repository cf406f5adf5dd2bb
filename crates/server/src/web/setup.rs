//! `/setup`: the first administrator of an installation.
//!
//! 1. The link holds a secret of 256 bits, good for 30 minutes; `carnet serve` prints one at each start
//!    until there is an owner. Only its digest is stored.
//! 2. The form makes an organization with its domain, a project, a directory entry for the person,
//!    and a service account that owns the installation. People cannot sign in yet, so its key is how
//!    the first administrator works.
//! 3. Everything is one commit, with the use of the link first in it: of two that press the button
//!    at the same time, one is too late.
//! 4. The key is in the answer to that one request, and nowhere else.

mod form;
mod found;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_pages::Cause;
use carnet_pages::ErrorPage;
use carnet_pages::Field;
use carnet_pages::FieldProblem;
use carnet_pages::Problem;
use carnet_pages::SetupForm;
use carnet_pages::SetupPage;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;

use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::parts::Parts;
use crate::setup_link;
use crate::web::page;
use crate::web::setup::form::Wanted;

/// The form, if the link is good.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let address = ClientAddress::of(request.extensions());
    counted(form_of(&parts, request).await, address, &parts)
}

/// Makes the installation's first administrator.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let address = ClientAddress::of(request.extensions());
    counted(sent(&parts, request).await, address, &parts)
}

/// What is refused counts ([`crate::limits`]): here somebody could try links.
fn counted(response: Response<Body>, address: Option<IpAddr>, parts: &Parts) -> Response<Body> {
    if response.status().is_client_error() {
        parts.limits.refused(address);
    }
    response
}

async fn form_of(parts: &Parts, request: Request) -> Response<Body> {
    let mut params =
        Params::parse(request.uri().query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let token = params.take("t").unwrap_or_default().into_owned();
    let asked = request.headers();
    let trace = TraceId::of(request.extensions());
    match lives(parts, &token, parts.now()).await {
        Ok(true) => {
            let form = SetupForm {
                action: action(parts),
                token,
                ..SetupForm::default()
            };
            show(parts, asked, StatusCode::OK, &SetupPage::Form(form))
        }
        Ok(false) => show(parts, asked, StatusCode::NOT_FOUND, &SetupPage::Expired),
        Err(fault) => failed(parts, (asked, trace), &fault),
    }
}

async fn sent(parts: &Parts, request: Request) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let asked = &head.headers;
    let trace = TraceId::of(&head.extensions);
    if !same_origin(asked, &parts.issuer) {
        return show(parts, asked, StatusCode::FORBIDDEN, &SetupPage::Expired);
    }
    let bytes = body::read(body, MAX_BYTES).await.unwrap_or_default();
    let mut params = Params::parse(&bytes).unwrap_or_default();
    let wanted = match Wanted::read(&mut params, action(parts)) {
        Ok(wanted) => wanted,
        Err(form) => {
            return show(
                parts,
                asked,
                StatusCode::BAD_REQUEST,
                &SetupPage::Form(*form),
            );
        }
    };
    match lives(parts, &wanted.token, now).await {
        Ok(true) => {}
        Ok(false) => return show(parts, asked, StatusCode::NOT_FOUND, &SetupPage::Expired),
        Err(fault) => return failed(parts, (asked, trace), &fault),
    }
    let address = ClientAddress::of(&head.extensions);
    match make(parts, wanted, address, trace.as_str()).await {
        Ok(page) => {
            let status = if matches!(page, SetupPage::Done(_)) {
                StatusCode::OK
            } else {
                StatusCode::CONFLICT
            };
            show(parts, asked, status, &page)
        }
        Err(fault) => failed(parts, (asked, trace), &fault),
    }
}

async fn make(
    parts: &Parts,
    wanted: Wanted,
    address: Option<IpAddr>,
    trace: &str,
) -> Result<SetupPage, Fault> {
    let pair = tokio::task::spawn_blocking(|| KeyPair::generate(KeyType::Rsa2048))
        .await
        .map_err(Fault::lasting)?
        .map_err(Fault::lasting)?;
    let address = address.map_or_else(String::new, |address| address.to_string());
    let founding = found::found(&wanted, &pair, parts, &address, trace)?;
    match parts.store.commit(&founding.changes).await? {
        Committed::Yes => Ok(SetupPage::Done(founding.done)),
        // The first change is the use of the link, the second the organization; the domain and the
        // project are the ones whose names may be taken.
        Committed::No(0, _) => Ok(SetupPage::Used),
        Committed::No(place, Why::Taken) => {
            let field = if place == found::PLACE_OF_DOMAIN {
                Field::Domain
            } else {
                Field::Project
            };
            let mut form = wanted.into_form(action(parts));
            form.problems.push(FieldProblem {
                field,
                problem: Problem::Taken,
            });
            Ok(SetupPage::Form(form))
        }
        Committed::No(..) => Err(Fault::lasting("a first administrator could not be made")),
    }
}

async fn lives(parts: &Parts, token: &str, now: UnixTime) -> Result<bool, Fault> {
    if token.is_empty() {
        return Ok(false);
    }
    let digest = Secret::new(token.to_owned()).digest();
    let link = parts.store.setup_link(digest).await?;
    let good = link.is_some_and(|link| link.expires > now);
    Ok(good && !setup_link::has_owner(parts.store.as_ref()).await?)
}

fn action(parts: &Parts) -> String {
    format!("{}/setup", parts.issuer)
}

/// The form came from our own page: by the browser's word, or by the origin. A program that sends
/// neither holds the secret of the link, which no other site's page does.
fn same_origin(asked: &HeaderMap, issuer: &str) -> bool {
    let text = |name: &str| asked.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = text("origin").is_none_or(|origin| origin == issuer || origin == "null");
    site && origin
}

fn show(parts: &Parts, asked: &HeaderMap, status: StatusCode, view: &SetupPage) -> Response<Body> {
    let frame = page::frame(parts, asked);
    let mut response = page::answer(status, &frame, carnet_pages::setup(&frame, view));
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

fn failed(parts: &Parts, (asked, trace): (&HeaderMap, TraceId), fault: &Fault) -> Response<Body> {
    tracing::error!(trace_id = trace.as_str(), fault = %fault, "the first administrator could not be made");
    let frame = page::frame(parts, asked);
    let (status, cause) = if fault.is_temporary() {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            Cause::Unavailable { wait_seconds: 5 },
        )
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, Cause::Ours)
    };
    let view = ErrorPage {
        status: status.as_u16(),
        cause,
        reference: trace.to_string(),
        at: parts.now().rfc3339(),
        code: None,
        detail: None,
        sent: Vec::new(),
        retry: None,
    };
    page::answer(status, &frame, carnet_pages::error(&frame, &view))
}
