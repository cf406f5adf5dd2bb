//! Verify access tokens in a protected API: tower layer, axum extractors, challenges.
//!
//! # A short tour
//!
//! A [`Verifier`] is made once, from the issuer that the API trusts and the name under which the
//! API is known there. From it come layers, one per set of scopes:
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use carnet_resource::{Caller, Verifier};
//!
//! async fn list(Caller(caller): Caller) -> String {
//!     format!("invoices of {}", caller.subject())
//! }
//!
//! # async fn example() -> Result<(), carnet_resource::Error> {
//! let verifier = Verifier::builder("https://auth.example")
//!     .audience("https://api.example/invoices")
//!     .build()
//!     .await?;
//! let app: Router = Router::new()
//!     .route("/v1/invoices", get(list))
//!     .layer(verifier.require(&["invoices.read"]));
//! # drop(app);
//! # Ok(())
//! # }
//! ```
//!
//! Without axum the layer is an ordinary [`tower::Layer`], and the caller is found as a [`Verified`]
//! in the extensions of the request. Without tower, [`Verifier::verify`] takes a token and
//! [`Verifier::answer`] turns a [`Refusal`] into the response.
//!
//! # Telling strangers where to get a token
//!
//! An API whose name is its address can describe itself (RFC 9728): what it says is published beside it,
//! and every challenge names the place.
//!
//! ```no_run
//! # use axum::{Router, routing::get};
//! use carnet_resource::{Description, Verifier};
//!
//! # async fn example() -> Result<(), carnet_resource::Error> {
//! let verifier = Verifier::builder("https://auth.example")
//!     .audience("https://api.example/invoices")
//!     .describe(Description::new().name("Invoices").scopes(&["invoices.read"]))
//!     .build()
//!     .await?;
//! let app: Router = Router::new()
//!     .route("/v1/invoices", get(async || "…"))
//!     .route_layer(verifier.require(&["invoices.read"]))
//!     // /.well-known/oauth-protected-resource/invoices
//!     .layer(verifier.publish());
//! # drop(app);
//! # Ok(())
//! # }
//! ```
//!
//! # Which tokens
//!
//! | token | how it is checked | when |
//! |---|---|---|
//! | JWT, `typ: at+jwt` (RFC 9068) | with the issuer's keys, here | always |
//! | opaque, `crn_at_…` | by asking the issuer (RFC 7662) | [`VerifierBuilder::introspect_as`] |
//! | self-signed by a service account | with the account's keys, here | [`VerifierBuilder::self_signed`] |
//!
//! A token that is bound to a key or a certificate is good only for whoever shows that: [`Proofs`] and
//! [`ClientCertificate`]. As a bearer token it is refused by every door of this crate.
//!
//! # How it is cut
//!
//! The rules are pure functions of the token, the policy and the time; keys and answers that they
//! rest on come from caches that are all bounded. Whatever is wrong with a token is a [`Refusal`]
//! with a code of Carnet's catalogue, `CRN-4001` to `CRN-4013`; whatever is wrong with *us* (the
//! issuer cannot be reached) is one too, and its answer is 503 and never 401, as a program that
//! gets 401 throws a good token away.
//!
//! # What is absent on purpose
//!
//! - Tokens in form bodies (RFC 6750 §2.2), and in URLs unless a route asks for it.
//! - A way to take a token without an audience: a token for another API is not for this one.
//! - `alg` from the token: the algorithm is the key's.

mod access_token;
mod account_keys;
mod answers;
mod builder;
mod description;
mod error;
#[cfg(feature = "axum")]
mod extract;
mod layer;
mod opaque;
mod possession;
mod presented;
mod refusal;
mod self_signed;
mod verified;
mod verifier;

pub use answers::Envelope;
pub use builder::VerifierBuilder;
pub use carnet_wire::google::access_boundary::AccessBoundary;
pub use carnet_wire::google::access_boundary::AccessBoundaryRule;
pub use carnet_wire::google::access_boundary::AvailabilityCondition;
pub use carnet_wire::protected_resource::ProtectedResource;
pub use description::Description;
pub use description::Publish;
pub use description::Published;
pub use error::Error;
#[cfg(feature = "axum")]
pub use extract::Bearer;
#[cfg(feature = "axum")]
pub use extract::Caller;
pub use layer::Guard;
pub use layer::Guarded;
pub use possession::ClientCertificate;
pub use possession::Proofs;
pub use refusal::Refusal;
pub use self_signed::SelfSigned;
pub use verified::Actor;
pub use verified::TokenKind;
pub use verified::Verified;
pub use verifier::Verifier;

#[cfg(test)]
mod rehearsal;
