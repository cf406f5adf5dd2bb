//! `/register/{client}`: a client that registered itself reads, changes and deletes its record (RFC 7592).
//!
//! 1. The registration access token is the client's own. An unknown client, one that an administrator made
//!    and a wrong token are one answer (section 2.1: 401).
//! 2. GET shows the record. PUT writes it anew and gives a new token; the old one is dead (section 2.2). DELETE
//!    takes the client away, and its tokens stop (section 2.3).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::ClientSource;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::Context;
use carnet_core::rule::registration as rule;
use carnet_core::rule::registration::Held;
use carnet_core::rule::registration::Terms;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::ClientId;
use carnet_core::value::Secret;
use carnet_wire::client_metadata::Registration;
use carnet_wire::crn::Crn;
use tokio::time::Instant;

use crate::answer;
use crate::answer::Told;
use crate::entropy::SystemEntropy;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::oauth::register;
use crate::parts::Parts;
use crate::system;

/// What a client is answered: its record, or nothing after it is gone.
type Answered = Result<Result<Option<Registration>, No>, Fault>;

/// Reads, changes or deletes.
pub async fn any(
    State(parts): State<Arc<Parts>>,
    Path(client): Path<String>,
    request: Request<Body>,
) -> Response<Body> {
    let arrived = Instant::now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now: parts.now(),
    };
    let at = address.map_or_else(String::new, |address| address.to_string());
    let actor = format!("client:{client}");
    let context = Context {
        now: told.now,
        actor: &actor,
        address: &at,
        trace: told.trace,
    };
    let answered = match proven(&client, &head.headers, &parts).await {
        Ok(Ok((own, token))) => match head.method {
            Method::GET => Ok(Ok(Some(read(&own, token, &parts)))),
            Method::PUT => write(&own, (&head.headers, body), &context, &parts).await,
            Method::DELETE => remove(own, &context, &parts).await,
            _ => {
                let detail = format!("Use GET, PUT or DELETE, not {}.", head.method);
                Ok(Err(Refusal::new(Crn::METHOD, detail).into()))
            }
        },
        Ok(Err(refusal)) => Ok(Err(refusal.into())),
        Err(fault) => Err(fault),
    };
    match answered {
        Ok(Ok(Some(registration))) => answer::json(StatusCode::OK, registration.to_bytes()),
        Ok(Ok(None)) => {
            let mut response = answer::json(StatusCode::NO_CONTENT, Vec::new());
            response
                .headers_mut()
                .remove(axum::http::header::CONTENT_TYPE);
            response
        }
        Ok(Err(no)) => {
            no.hold_back(arrived).await;
            match no {
                No::Refused(refusal) => {
                    parts.limits.refused(address);
                    let mut response =
                        no::refuse(&refusal, "client.refuse", (address, told), &parts);
                    register::challenge(&refusal, &mut response, told);
                    response
                }
                No::TurnedAway(turned) => parts.turn_away(turned, address, told),
            }
        }
        Err(fault) => answer::fault(&fault, told),
    }
}

/// The client, if the token is its own.
async fn proven(
    client: &str,
    headers: &HeaderMap,
    parts: &Parts,
) -> Result<Result<(Held, Secret), Refusal>, Fault> {
    let refuse = || {
        let detail =
            "the registration access token is not this client's, or there is no such client.";
        Ok(Err(Refusal::new(Crn::REGISTRATION_TOKEN, detail)))
    };
    let (Some(sent), Ok(id)) = (register::bearer(headers), client.parse::<ClientId>()) else {
        return refuse();
    };
    let Some(registration) = parts.store.registration(&id).await? else {
        return refuse();
    };
    if registration.digest != sent.digest() {
        return refuse();
    }
    let Some(client) = parts.store.client(&id).await? else {
        return refuse();
    };
    let secrets = parts.store.client_secrets(&id).await?;
    let held = Held {
        client,
        secrets,
        registration,
    };
    Ok(Ok((held, sent)))
}

fn read(held: &Held, token: Secret, parts: &Parts) -> Registration {
    let mut told = register::shown(&held.client, parts);
    // Section 3: the token is part of the answer, and it is the one that was sent.
    told.registration_access_token = Some(token.reveal());
    told
}

async fn write(
    held: &Held,
    (headers, body): (&HeaderMap, Body),
    context: &Context<'_>,
    parts: &Parts,
) -> Answered {
    let metadata = match register::metadata(headers, body, parts).await {
        Ok(metadata) => metadata,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let project = parts.snapshots.project_facts(&held.client.project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a client without a project"))?;
    let catalog = parts.snapshots.catalog().await?;
    let terms = Terms {
        project: &project.project,
        catalog: &catalog,
        own_api: system::ADMIN_API,
        invited: held.registration.invited.is_some(),
        source: ClientSource::Registered,
    };
    let made = match rule::rewrite(held, &metadata, &terms, context, &mut SystemEntropy) {
        Ok(made) => made,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    match register::commit(made, parts).await? {
        Ok(registration) => Ok(Ok(Some(registration))),
        Err(_) => Err(Fault::temporary("a client changed meanwhile")),
    }
}

async fn remove(held: Held, context: &Context<'_>, parts: &Parts) -> Answered {
    let changes = match rule::remove(held.client, context) {
        Ok(changes) => changes,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(Ok(None)),
        Committed::No(..) => Err(Fault::temporary("a client changed meanwhile")),
    }
}
