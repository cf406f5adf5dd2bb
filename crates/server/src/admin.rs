//! The admin API: `/admin/v1`.
//!
//! Every request walks the same way: the route is found in one `table`, the caller is known
//! (`caller`) and may do it there (`territory`), the body is read against the very document that
//! is published (`body`, [`openapi`]), a pure rule of `carnet_core::rule::admin` decides, the
//! changes and their audit entry are committed together, and only then is there an answer.
//!
//! 1. No path answers without an access token of ours, but for the OpenAPI document.
//! 2. Every answer that is not a success is a problem of RFC 9457 with a code of the catalogue.
//! 3. Lists come in pages; a cursor is authenticated and belongs to its list (`paging`).
//! 4. Records have ETags; a change must say which state it is made to (`etag`).

mod account_policy;
mod account_usage;
mod answer;
mod api;
mod api_view;
mod audit;
mod audit_view;
mod body;
mod call;
mod caller;
mod check_step;
mod client;
mod client_body;
mod client_proof;
mod client_secret;
mod client_view;
mod clients;
mod delegation;
mod delegation_view;
mod desk;
mod detail_type;
mod domain;
mod door;
mod etag;
mod group;
mod initial_token;
mod key_upload;
mod key_view;
mod openapi;
mod organization;
mod paging;
mod password;
mod people;
mod policy;
mod problem;
mod project;
mod refused_redirect;
mod role_binding;
mod route;
mod schema;
mod service_account;
mod service_account_key;
mod session;
mod signing_key;
mod table;
mod territory;
mod trusted_issuer;
mod trusted_issuer_check;
mod trusted_issuer_check_view;
mod trusted_issuer_view;
mod user;
mod whoami;
mod workload_body;
mod workload_check;
mod workload_check_view;
mod workload_pool;
mod workload_provider;
mod workload_view;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::routing::any;

use crate::limits::TurnedAway;
use crate::parts::Parts;
use crate::system::ADMIN_PATH;
use desk::Desk;
use problem::Problem;

pub use openapi::openapi;

/// The admin API, to be merged into the routes of the server.
pub fn routes(parts: Arc<Parts>) -> Router {
    Router::new()
        .route(ADMIN_PATH, any(door::enter))
        .route(&format!("{ADMIN_PATH}/"), any(door::enter))
        .route(&format!("{ADMIN_PATH}/{{*path}}"), any(door::enter))
        .with_state(Arc::new(Desk::new(parts, &openapi::DOCUMENT)))
}

/// The answer to a request that was turned away before it came to the API.
pub fn turned_away(turned: TurnedAway, issuer: &str, trace: &str) -> Response<Body> {
    let mut response = Problem::turned_away(turned).into_response(issuer, trace);
    turned.tell(response.headers_mut());
    response
}

#[cfg(test)]
mod tests;
