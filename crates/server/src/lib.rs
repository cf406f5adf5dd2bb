//! The server: listener, endpoints, the one status map, the admin API, jobs.
//!
//! [`routes::routes`] is every URL on one screen. [`parts::Parts`] is what an endpoint may reach.
//! The folders `oauth`, `google`, `web`, `admin` and `jobs` do not know each other: what two of them
//! need is a rule (then it is in `carnet-core`) or HTTP craft (then it is in [`http`]).

pub mod admin;
pub mod answer;
pub mod attempts;
pub mod aws;
pub mod bearer;
mod bindable;
pub mod captive;
mod certificate_chain;
pub mod client_document;
pub mod client_keys;
pub mod client_secret;
pub mod config;
pub mod cors;
pub mod counted;
mod cursors;
pub mod documents;
pub mod entropy;
pub mod expressions;
mod foreign_token;
pub mod front;
pub mod google;
pub mod http;
pub mod id_token;
mod issuer_endpoints;
pub mod issuer_keys;
pub mod journal;
pub mod key_pair;
pub mod key_sets;
pub mod keyring;
pub mod limits;
pub mod mint;
pub mod noted;
pub mod oauth;
pub mod ops;
pub mod outbound;
pub mod parts;
pub mod password;
mod place;
pub mod possession;
pub mod presented;
pub mod protected_resources;
mod provider_checks;
mod provider_secret;
pub mod purge;
pub mod revoked;
pub mod routes;
#[cfg(feature = "saml")]
mod saml;
#[cfg(not(feature = "saml"))]
#[path = "without_saml.rs"]
mod saml;
pub mod sealed;
pub mod service_account_key;
pub mod setup_link;
mod sign_in_claims;
mod standing;
pub mod start;
pub mod system;
mod trust_keys;
pub mod web;
