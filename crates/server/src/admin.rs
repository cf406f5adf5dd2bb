//! The admin API: `/admin/v1`.
//!
//! Every request walks the same way: the route is found in one [`table`], the caller is known
//! ([`caller`]) and may do it there ([`territory`]), the body is read against the very document that
//! is published ([`body`], [`openapi`]), a pure rule of `carnet_core::rule::admin` decides, the
//! changes and their audit entry are committed together, and only then is there an answer.
//!
//! 1. No path answers without an access token of ours, but for the OpenAPI document.
//! 2. Every answer that is not a success is a problem of RFC 9457 with a code of the catalogue.
//! 3. Lists come in pages; a cursor is authenticated and belongs to its list ([`paging`]).
//! 4. Records have ETags; a change must say which state it is made to ([`etag`]).

mod answer;
mod body;
mod call;
mod caller;
mod clients;
mod delegation;
mod desk;
mod door;
mod etag;
mod key_pair;
mod key_view;
mod openapi;
mod paging;
mod people;
mod problem;
mod project;
mod route;
mod schema;
mod service_account;
mod service_account_key;
mod standing;
mod table;
mod territory;
mod whoami;

use std::sync::Arc;

use axum::Router;
use axum::routing::any;

pub use caller::Tokens;
pub use desk::{Desk, Note, Origin, SigningKeyMaker};
pub use key_pair::Workshop;
pub use openapi::openapi;
pub use paging::Cursors;

/// Where the admin API begins.
pub const BASE: &str = "/admin/v1";

/// The identifier of the admin API: the audience of the tokens that it takes.
pub const AUDIENCE: &str = "urn:carnet:admin";

/// The scope that reads and writes.
pub const SCOPE_ADMIN: &str = "carnet.admin";

/// The scope that only reads.
pub const SCOPE_READ: &str = "carnet.admin.read";

/// The admin API, to be merged into the router of the server.
pub fn routes(desk: Arc<Desk>) -> Router {
    Router::new()
        .route(BASE, any(door::enter))
        .route(&format!("{BASE}/{{*path}}"), any(door::enter))
        .with_state(desk)
}

#[cfg(test)]
mod tests;
