//! `/revoke` (RFC 7009, google-wire 4.3): a token is worth nothing from now on.
//!
//! 1. Whoever holds a token may revoke it, as at Google. A client that says who it is is authenticated
//!    first, and then revokes its own tokens only (RFC 7009 section 2.1); a public client just says it.
//! 2. The parameter `token` comes in the form, or in the query as Google's libraries send it. Credentials
//!    in the query are not read.
//! 3. A refresh token takes its whole authorization with it, and so every token of it (section 2.1).
//!    So does the refresh token of a sign-in of a workforce, whose program has a secret that is published.
//! 4. A revocation that cannot be made durable is answered 503, never 200 (security, lesson 33).
//! 5. What is no token of ours is an `invalid_token` to whoever came alone, as at Google. A client that
//!    authenticated is answered 200: what it wanted is so already (section 2.2).

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::request::Parts as Head;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::record::RevokedToken;
use carnet_core::rule::Refusal;
use carnet_core::rule::client::Authenticated;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::ClientId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_wire::client_authentication::ClientAuthentication;
use carnet_wire::crn::Crn;
use carnet_wire::google_text;
use carnet_wire::params::Params;
use carnet_wire::revocation::REVOKED;
use carnet_wire::revocation::RevocationErrorCode;
use carnet_wire::revocation::RevocationRequest;
use carnet_wire::token::ErrorResponse;
use tokio::time::Instant;

use crate::answer;
use crate::answer::Told;
use crate::cors;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::limits::is_counted;
use crate::oauth::client_authentication;
use crate::oauth::client_authentication::Sender;
use crate::oauth::form::Form;
use crate::oauth::held;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::oauth::place::Place;
use crate::parts::Parts;
use crate::sealed;

/// Revokes a token. What is refused counts ([`crate::limits`]).
pub async fn any(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let address = ClientAddress::of(request.extensions());
    let response = answered(&parts, request).await;
    if is_counted(response.status()) {
        parts.limits.refused(address);
    }
    response
}

async fn answered(parts: &Parts, request: Request<Body>) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let arrived = Instant::now();
    let done = done(&head, body, (address, told), parts).await;
    if let Ok(Err(no)) = &done {
        no.hold_back(arrived).await;
    }
    match done {
        Ok(Ok(Done::Revoked)) => answer::json(StatusCode::OK, REVOKED),
        Ok(Ok(Done::NoToken(says))) => no_token(says, told),
        Ok(Err(No::Refused(refusal))) => {
            no::refuse(&refusal, "token.revoke", (address, told), parts)
        }
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    }
}

/// How it went.
enum Done {
    /// It is worth nothing from now on.
    Revoked,
    /// It was nothing before. Google's sentence.
    NoToken(&'static str),
}

async fn done(
    head: &Head,
    body: Body,
    from: (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) -> Result<Result<Done, No>, Fault> {
    let query = head.uri.query().unwrap_or_default().as_bytes();
    if let Ok(mut params) = Params::parse(query)
        && params.sent("token")
    {
        let parsed = client_authentication::read(head, &mut Params::default())
            .and_then(|said| Ok((said, request(&mut params)?)));
        return match parsed {
            Ok(parsed) => revoke(head, parsed, from, parts).await,
            Err(refusal) => Ok(Err(refusal.into())),
        };
    }
    if head.method != Method::POST {
        return Ok(Err(missing().into()));
    }
    let form = match Form::read(head, body).await {
        Ok(form) => form,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let parsed = form.params().and_then(|mut params| {
        let said = client_authentication::read(head, &mut params)?;
        Ok((said.filter(is_client), request(&mut params)?))
    });
    match parsed {
        Ok(parsed) => revoke(head, parsed, from, parts).await,
        Err(refusal) => Ok(Err(refusal.into())),
    }
}

/// A service account that says its number came alone: it has the token, and no other proof.
fn is_client(said: &ClientAuthentication<'_>) -> bool {
    let account = |id: &str| id.parse::<UniqueId>().is_ok();
    !matches!(said, ClientAuthentication::None { client_id } if account(client_id))
}

fn request<'a>(params: &mut Params<'a>) -> Result<RevocationRequest<'a>, Refusal> {
    RevocationRequest::parse(params).map_err(|_| missing())
}

fn missing() -> Refusal {
    Refusal::new(Crn::PARAMETER_MISSING, "token is missing")
}

async fn revoke(
    head: &Head,
    (said, request): (Option<ClientAuthentication<'_>>, RevocationRequest<'_>),
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) -> Result<Result<Done, No>, Fault> {
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    if let Some(id) = sealed::open_sign_in_refresh_token(&request.token, &parts.keyring.load()) {
        // Of programs whose secret is published nobody asks for it.
        let ended = held::give_back_sign_in(id, (address, told), parts).await?;
        return Ok(Ok(revoked(ended)));
    }
    let client = match said {
        None => None,
        said => match client_authentication::authenticate(said, Sender::of(head), told.now, parts)
            .await?
        {
            Ok(client) => Some(client),
            Err(no) => return Ok(Err(no)),
        },
    };
    if let Some(client) = &client {
        cors::is_from(&head.extensions, client.client());
    }
    let ended = end(&request.token, client.as_ref(), (address, told), parts).await?;
    Ok(match ended {
        Ok(Done::NoToken(_)) if client.is_some() => Ok(Done::Revoked),
        Ok(done) => Ok(done),
        Err(refusal) => Err(refusal.into()),
    })
}

/// Ends the token that this text is.
async fn end(
    text: &str,
    client: Option<&Authenticated>,
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) -> Result<Result<Done, Refusal>, Fault> {
    let keyring = parts.keyring.load_full();
    let address = address.map_or_else(String::new, |address| address.to_string());
    if let Some(token) = sealed::open_refresh_token(text, &keyring) {
        let place = Place {
            now: told.now,
            address: &address,
            trace: told.trace,
        };
        let given = held::give_back(token, client, place, parts).await?;
        return Ok(given.map(revoked));
    }
    let token = parts.tokens.read(text, &keyring, told.now);
    let Some((token, id)) = token.and_then(|token| token.id().map(|id| (token, id))) else {
        return Ok(Ok(Done::NoToken(google_text::INVALID_VALUE)));
    };
    let holder = &token.claims.client_id;
    if let Some(client) = client
        && let Err(refusal) = client.may_revoke_of(holder)
    {
        return Ok(Err(refusal));
    }
    if token.is_revoked(&parts.revoked) {
        return Ok(Ok(Done::NoToken(google_text::EXPIRED_OR_REVOKED)));
    }
    let draft = AuditDraft {
        at: told.now,
        actor: match holder.parse::<ClientId>() {
            Ok(client) => format!("client:{client}"),
            Err(_) => format!("serviceAccount:{holder}"),
        },
        action: "token.revoke".to_owned(),
        target: id.to_string(),
        outcome: Outcome::Done,
        address,
        trace: told.trace.to_owned(),
        detail: "{}".to_owned(),
    };
    let until = UnixTime(token.claims.exp);
    let changes = [
        Change::TokenRevoked(RevokedToken { id, until }),
        Change::Audited(draft),
    ];
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(Ok(Done::Revoked)),
        Committed::No(..) => Err(Fault::temporary("a revocation was not committed")),
    }
}

/// How it went, by whether there was something to end.
const fn revoked(ended: bool) -> Done {
    if ended {
        Done::Revoked
    } else {
        Done::NoToken(google_text::EXPIRED_OR_REVOKED)
    }
}

fn no_token(says: &'static str, told: Told<'_>) -> Response<Body> {
    let code = RevocationErrorCode::InvalidToken;
    let mut body = ErrorResponse::new(code).describe(says);
    body.trace_id = Some(told.trace.into());
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    answer::json(status, body.to_bytes())
}
