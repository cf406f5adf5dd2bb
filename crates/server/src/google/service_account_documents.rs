//! The public keys of a service account, by its e-mail: for whoever verifies a JWT that the account
//! signed itself (google-wire 3.3).
//!
//! Keys of a disabled or deleted account, and disabled or expired keys, are not listed: a verifier
//! that keeps no state of its own stops with them. An account that is not there has a 404 in
//! Google's envelope.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::record::AccountState;
use carnet_core::record::KeyState;
use carnet_core::store::AccountSnapshot;
use carnet_core::store::Fault;
use carnet_core::store::HeldKey;
use carnet_core::value::UnixTime;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::pem;
use carnet_wire::google::ApiError;
use carnet_wire::google::ApiStatus;
use serde_json::Map;
use serde_json::Value;

use crate::http::named::Named;
use crate::parts::Parts;

/// Short, since a disabled key should be gone soon; long enough to be worth keeping.
const MAX_AGE: HeaderValue =
    HeaderValue::from_static("public, max-age=300, must-revalidate, no-transform");

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");

/// The keys as a JWKS.
pub async fn jwk(parts: State<Arc<Parts>>, email: Named, request: Request) -> Response<Body> {
    document(parts, email, request, |keys| {
        let keys = keys
            .map(|key| Jwk::new(key.public.clone(), key.record.id.as_str()))
            .collect();
        JwkSet {
            keys,
            skipped: Vec::new(),
        }
        .to_json()
    })
    .await
}

/// The keys as a map from `kid` to PEM certificate.
pub async fn x509(parts: State<Arc<Parts>>, email: Named, request: Request) -> Response<Body> {
    document(parts, email, request, |keys| {
        map(keys.map(|key| {
            (
                key,
                pem::encode("CERTIFICATE", &key.record.certificate).to_string(),
            )
        }))
    })
    .await
}

/// The keys as a map from `kid` to PEM public key.
pub async fn raw(parts: State<Arc<Parts>>, email: Named, request: Request) -> Response<Body> {
    document(parts, email, request, |keys| {
        map(keys.map(|key| (key, key.public.to_spki_pem())))
    })
    .await
}

fn map<'k>(entries: impl Iterator<Item = (&'k HeldKey, String)>) -> String {
    let entries = entries.map(|(key, text)| (key.record.id.to_string(), Value::String(text)));
    Value::Object(entries.collect::<Map<_, _>>()).to_string()
}

async fn document(
    State(parts): State<Arc<Parts>>,
    Named(email): Named,
    _request: Request,
    print: impl Fn(&mut dyn Iterator<Item = &HeldKey>) -> String,
) -> Response<Body> {
    let now = parts.now();
    match found(&parts, &email).await {
        Ok(Some(account)) => {
            let mut keys = account.keys.iter().filter(|key| lives(key, now));
            let body = print(&mut keys);
            answer(StatusCode::OK, body.into_bytes(), MAX_AGE)
        }
        Ok(None) => {
            let body = ApiError::new(ApiStatus::NotFound, "Not found.").to_bytes();
            answer(
                StatusCode::NOT_FOUND,
                body,
                HeaderValue::from_static("no-store"),
            )
        }
        Err(fault) => {
            tracing::error!(fault = %fault, "a key document could not be read");
            let status = if fault.is_temporary() {
                ApiStatus::Unavailable
            } else {
                ApiStatus::Internal
            };
            let body = ApiError::new(status, "Our fault.").to_bytes();
            let status =
                StatusCode::from_u16(status.http()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            answer(status, body, HeaderValue::from_static("no-store"))
        }
    }
}

async fn found(parts: &Parts, email: &str) -> Result<Option<Arc<AccountSnapshot>>, Fault> {
    let account = parts.snapshots.account(email).await?;
    Ok(account.filter(|found| matches!(found.account.state, AccountState::Active)))
}

fn lives(key: &HeldKey, now: UnixTime) -> bool {
    let expired = key.record.expires.is_some_and(|expires| expires <= now);
    matches!(key.record.state, KeyState::Active) && !expired
}

fn answer(status: StatusCode, body: Vec<u8>, cache: HeaderValue) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}
