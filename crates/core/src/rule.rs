//! The rules: decisions as synchronous functions of facts, time and chance.
//!
//! * [`Verdict`]: what to write and what to say. A refusal may write too.
//! * [`Refusal`]: the protocol's no, with one cause of the catalogue and a story for the owner.
//! * [`assertion`]: the one engine of RFC 7523: which trust, its keys, the signature, the claims.
//! * [`authorize`]: what the authorization endpoint does with a request.
//! * [`authorization`]: whether what a client holds of a person still stands.
//! * [`client`]: whether an OAuth client is who it says it is.
//! * [`grant`]: one file a grant.
//! * [`delegation`], [`policy`], [`scopes`]: who may act for whom, with what.
//! * [`federation`]: which foreign tokens are trusted, and what they are called here.
//! * [`possession`]: whose key a request shows, to which tokens are bound.
//! * [`details`]: what may be asked for in detail (RFC 9396).
//! * [`dry_run`]: what would be done with a token of somebody else's, step by step.
//! * [`password`]: which passwords may be set.
//! * [`registration`]: what a client says of itself becomes a client.
//! * [`iam`]: who may do what with a service account, and the keys that we hold for it.
//! * [`token`]: the claims of our tokens, and whether a token still stands.
//! * [`admin`]: what administrators may do, and what it does.
//! * [`signing`]: the life of our own keys.

pub mod admin;
pub mod assertion;
pub mod authorization;
pub mod authorize;
pub mod client;
pub mod delegation;
pub mod details;
pub mod device;
pub mod dry_run;
pub mod federation;
pub mod grant;
pub mod iam;
pub mod nearest;
pub mod own_account;
pub mod password;
pub mod policy;
pub mod possession;
pub mod registration;
pub mod scopes;
pub mod sign_in;
pub mod signing;
pub mod token;

mod refusal;
#[cfg(test)]
mod sample;
mod verdict;

pub use refusal::{Refusal, Story};
pub use verdict::Verdict;
