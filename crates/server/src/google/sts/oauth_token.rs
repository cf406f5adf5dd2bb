//! `POST /v1/oauthtoken` (google-wire 6.2): the code of a sign-in of a workforce for tokens, and its refresh token for a new
//! access token.
//!
//! parse → load → decide → sign → commit → answer. Who asks is Google's command line or a library that has its file:
//! their client ID is in the request as anybody's is, and their secret is published, so it is not looked at. What proves
//! that a code is theirs is PKCE, and a refresh token is proof by itself
//! ([`carnet_core::rule::federation::workforce`]).
//!
//! 1. The provider and its pool are looked at as they are now, and the condition and the mapping evaluated anew.
//! 2. The token is signed before the code is spent. A lost race is told as a code that comes a second time, and ends what
//!    the first one gave.
//! 3. A refresh writes nothing but the audit entry, and gives no new refresh token.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts as Head;
use bytes::Bytes;
use carnet_core::record::WorkforceSignIn;
use carnet_core::rule::Refusal;
use carnet_core::rule::Verdict;
use carnet_core::rule::federation::exchange;
use carnet_core::rule::federation::workforce;
use carnet_core::rule::federation::workforce::Redemption;
use carnet_core::rule::token::AccessGrant;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use carnet_core::value::Entropy;
use carnet_core::value::UnixTime;
use carnet_wire::client_authentication::ClientAuthentication;
use carnet_wire::crn::Crn;
use carnet_wire::google::workforce::OauthTokenRequest;
use carnet_wire::legal::Echo;
use carnet_wire::media::ContentType;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::TokenResponse;

use super::Given;
use super::note;
use super::refuse;
use crate::answer;
use crate::answer::Told;
use crate::entropy::SystemEntropy;
use crate::foreign_token;
use crate::foreign_token::No;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::mint;
use crate::parts::Parts;
use crate::sealed;
use crate::sign_in_claims;

/// What is given.
struct Tokens {
    access: Given,
    refresh: Option<String>,
    scope: String,
}

/// Gives tokens.
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
    let given = match read(&head, body).await {
        Ok(bytes) => asked(&head, &bytes, now, &parts).await,
        Err(refusal) => Ok(Err(refusal.into())),
    };
    match given {
        Ok(Ok(tokens)) => said(tokens, address, told, &parts),
        Ok(Err(No::Refused(refusal))) => refuse(&refusal, address, told, &parts),
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    }
}

async fn read(head: &Head, body: Body) -> Result<Bytes, Refusal> {
    if head.method != Method::POST {
        let detail = format!("Use POST, not {}.", head.method);
        return Err(Refusal::new(Crn::METHOD, detail));
    }
    let sent = head.headers.get(CONTENT_TYPE);
    let sent = sent.and_then(|value| value.to_str().ok()).unwrap_or("");
    if ContentType::parse(sent) != ContentType::Form {
        let sent = Echo::of(sent);
        let detail = format!("Body is '{sent}'. Send application/x-www-form-urlencoded.");
        return Err(Refusal::new(Crn::CONTENT_TYPE, detail));
    }
    body::read(body, MAX_BYTES).await.map_err(|_| {
        let detail = format!("The body is larger than {MAX_BYTES} bytes, or did not arrive.");
        Refusal::new(Crn::BODY_TOO_LARGE, detail)
    })
}

async fn asked(
    head: &Head,
    bytes: &[u8],
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Tokens, No>, Fault> {
    let (client, request) = match parsed(head, bytes) {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    match request {
        OauthTokenRequest::Code {
            code,
            redirect_uri,
            code_verifier,
        } => {
            let shown = Redemption {
                client: &client,
                redirect_uri: redirect_uri.as_deref(),
                verifier: code_verifier.as_ref(),
            };
            let id = sealed::open_sign_in_code(&code, &parts.keyring.load());
            redeemed(id, shown, now, parts).await
        }
        OauthTokenRequest::Refresh { refresh_token } => {
            let id = sealed::open_sign_in_refresh_token(&refresh_token, &parts.keyring.load());
            refreshed(id, &client, now, parts).await
        }
    }
}

/// Who asks, and for what.
fn parsed<'a>(head: &Head, bytes: &'a [u8]) -> Result<(String, OauthTokenRequest<'a>), Refusal> {
    let params = Params::parse(bytes);
    let mut params = params.map_err(|fault| Refusal::new(fault.crn(), fault.to_string()))?;
    let header = head.headers.get(AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let client = ClientAuthentication::parse(header, &mut params)
        .map_err(|fault| Refusal::new(fault.crn(), format!("{fault}.")))?;
    let client = match client {
        Some(
            ClientAuthentication::None { client_id }
            | ClientAuthentication::SecretBasic { client_id, .. }
            | ClientAuthentication::SecretPost { client_id, .. },
        ) => client_id.into_owned(),
        Some(ClientAuthentication::Assertion { .. }) | None => {
            let detail = "client_id is missing. Send it with the secret, as Basic authentication.";
            return Err(Refusal::new(Crn::CLIENT_AUTHENTICATION_MISSING, detail));
        }
    };
    let request = OauthTokenRequest::parse(&mut params);
    let request = request.map_err(|no| Refusal::new(no.crn(), format!("{no}.")))?;
    Ok((client, request))
}

async fn row(id: Option<AuthorizationId>, parts: &Parts) -> Result<Option<WorkforceSignIn>, Fault> {
    match id {
        None => Ok(None),
        Some(id) => parts.store.workforce_sign_in(id).await,
    }
}

async fn redeemed(
    id: Option<AuthorizationId>,
    shown: Redemption<'_>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Tokens, No>, Fault> {
    let row = row(id, parts).await?;
    let Verdict { changes, outcome } = workforce::redeem(row.as_ref(), shown, now);
    let row = match outcome {
        Ok(row) => row,
        Err(refusal) => {
            if !changes.is_empty() {
                parts.store.commit(&changes).await?;
            }
            return Ok(Err(refusal.into()));
        }
    };
    let (grant, token) = match granted(row, now, parts).await? {
        Ok(granted) => granted,
        Err(no) => return Ok(Err(no)),
    };
    let refresh = sealed::seal_sign_in_refresh_token(row.id, &parts.keyring.load())?;
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(Ok(tokens(&grant, token, Some(refresh)))),
        Committed::No(..) => {
            let Verdict { changes, outcome } = workforce::replayed(row, now);
            parts.store.commit(&changes).await?;
            Ok(outcome
                .map_err(Into::into)
                .and_then(|_| Err(workforce::unknown_code().into())))
        }
    }
}

async fn refreshed(
    id: Option<AuthorizationId>,
    client: &str,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Tokens, No>, Fault> {
    let row = row(id, parts).await?;
    let row = match workforce::refreshed(row.as_ref(), client, now) {
        Ok(row) => row,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let granted = granted(row, now, parts).await?;
    Ok(granted.map(|(grant, token)| tokens(&grant, token, None)))
}

/// The access token of a sign-in that stands, as everything is now.
async fn granted(
    row: &WorkforceSignIn,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<(AccessGrant, String), No>, Fault> {
    let facts = match exchange::load(&row.provider, parts.snapshots.as_ref()).await? {
        Ok(facts) => facts,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let mapping = match foreign_token::mapping(&facts, parts).await? {
        Ok(mapping) => mapping,
        Err(refusal) => return Ok(Err(facts.tell(refusal).into())),
    };
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    let claims = sign_in_claims::open(row, &parts.encryption)?;
    let catalog = parts.snapshots.catalog().await?;
    let chance = (now, &mut SystemEntropy as &mut dyn Entropy);
    let granted = workforce::grant(row, &facts, (&mapping, claims), &catalog, chance);
    let grant = match granted {
        Ok(grant) => grant,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let keyring = parts.keyring.load_full();
    let token = mint::access_token(&grant, &parts.issuer, &keyring).await?;
    Ok(Ok((grant, token)))
}

fn tokens(grant: &AccessGrant, token: String, refresh: Option<String>) -> Tokens {
    let mut access = super::given(grant, token);
    access.action = match &refresh {
        Some(_) => "sts.redeem",
        None => "sts.refresh",
    };
    Tokens {
        access,
        refresh,
        scope: grant.scope.to_string(),
    }
}

fn said(tokens: Tokens, address: Option<IpAddr>, told: Told<'_>, parts: &Parts) -> Response<Body> {
    note(&tokens.access, address, told, parts);
    let response = TokenResponse::AccessToken(AccessTokenResponse {
        access_token: tokens.access.token.into(),
        expires_in: u64::try_from(tokens.access.lifetime.0).ok(),
        token_type: tokens.access.token_type,
        scope: Some(tokens.scope.into()),
        refresh_token: tokens.refresh.map(Into::into),
        ..AccessTokenResponse::default()
    });
    parts.counted.given("sts", &response);
    answer::json(StatusCode::OK, response.to_bytes())
}
