//! IAM Admin v1 (google-wire 5.3): service accounts, their keys, who may use them, roles, pools and providers of
//! workload identity and of workforces; and the projects of Resource Manager, as far as Google's clients ask for them. All of it by
//! the rules that the admin API has too ([`carnet_core::rule::admin`]).
//!
//! 1. parse: who calls ([`crate::google::caller`]), what the path names, and the body, within bounds.
//! 2. load and decide: each file below, for its noun. Whether the caller may is asked first
//!    ([`carnet_core::rule::iam`], and the roles of administrators).
//! 3. commit, with the entry for the audit log.
//! 4. answer, in the JSON of protocol buffers; a no in Google's envelope ([`crate::google::envelope`]).

mod account;
mod accounts;
mod call;
mod halt;
mod homes;
mod issuer;
mod keys;
mod older_signing;
mod operations;
mod policies;
mod pools;
mod projects;
mod provider_kinds;
mod providers;
mod roles;
mod web_sso;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts as Head;
use bytes::Bytes;
use carnet_core::rule::Refusal;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiStatus;
use carnet_wire::google::SCOPE_IAM;
use carnet_wire::google::iam_admin::ResourcePath;
use carnet_wire::google::iam_credentials::MAX_BYTES;

use self::call::Call;
use self::call::Query;
use self::halt::Halt;
use self::homes::Home;
use crate::answer::Told;
use crate::google::caller;
use crate::google::envelope;
use crate::google::envelope::Asked;
use crate::google::envelope::No;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::parts::Parts;
use crate::possession;

pub use older_signing::answer as older_signing;

/// The method that is meant where a proxy lets no other through (google-wire 10.3).
const OVERRIDE: &str = "x-http-method-override";

/// What an answer is made of.
type Answered = Result<Vec<u8>, Halt>;

/// Answers whatever IAM Admin has.
pub async fn any(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    answer(request, &parts).await
}

/// The same, where the path was found already.
pub async fn answer(request: Request<Body>, parts: &Parts) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let address = ClientAddress::of(&head.extensions);
    let trace = TraceId::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return parts.turn_away(turned, address, told),
    };
    let mut actor = String::new();
    let answered = stations((&head, body), (address, told), parts, &mut actor).await;
    drop(permit);
    let mut response = match answered {
        Ok(body) => envelope::ok(body),
        Err(Halt::No(no)) => {
            let asked = Asked {
                actor: &actor,
                action: "iam.refuse",
                target: head.uri.path(),
            };
            envelope::note(&no, asked, (address, told), parts);
            no.answer(told)
        }
        Err(Halt::Fault(fault)) => envelope::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, parts);
    response
}

async fn stations(
    (head, body): (&Head, Body),
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
    actor: &mut String,
) -> Answered {
    let caller = caller::known(head, &[SCOPE_IAM], told.now, parts).await??;
    actor.clone_from(&caller.name);
    let path = ResourcePath::parse(head.uri.path()).map_err(|_| nothing())?;
    let body = body::read(body, MAX_BYTES).await.map_err(No::from)?;
    let (method, query, body) = meant(head, body);
    let call = Call::new(parts, (caller, told), address, (query, body)).await?;
    let named = path.parts();
    let asked = (&method, named.as_slice(), path.method());
    if let Some(answered) = accounts::answer(&call, asked).await {
        return answered;
    }
    if let Some(answered) = keys::answer(&call, asked).await {
        return answered;
    }
    if let Some(answered) = roles::answer(&call, asked).await {
        return answered;
    }
    if let Some((home, below)) = Home::of(&named) {
        let below = (&method, below, path.method());
        if let Some(answered) = pools::answer(&call, home, below).await {
            return answered;
        }
        if let Some(answered) = providers::answer(&call, home, below).await {
            return answered;
        }
    }
    match projects::answer(&call, asked).await {
        Some(answered) => answered,
        None => Err(nothing().into()),
    }
}

/// What a path and a method name: the method of HTTP, the parts, and the word behind the colon.
type Named<'a> = (&'a Method, &'a [&'a str], &'a str);

/// The method that is meant, the query and the body. Where a client had to send a GET as a POST, its query is the
/// body.
fn meant(head: &Head, body: Bytes) -> (Method, Query, Bytes) {
    let query = head.uri.query().unwrap_or_default();
    let instead = head
        .headers
        .get(OVERRIDE)
        .and_then(|value| Method::from_bytes(value.as_bytes()).ok());
    let method = instead
        .filter(|_| head.method == Method::POST)
        .unwrap_or_else(|| head.method.clone());
    let sent = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_form = sent.is_some_and(|sent| sent.starts_with("application/x-www-form-urlencoded"));
    if method == Method::GET && head.method == Method::POST && is_form {
        let text = String::from_utf8_lossy(&body).into_owned();
        return (method, Query::parse(&text), Bytes::new());
    }
    (method, Query::parse(query), body)
}

fn nothing() -> No {
    let refusal = Refusal::new(Crn::NOT_FOUND, "There is no such method here.");
    No::new(ApiStatus::NotFound, "Method not found.", refusal)
}
