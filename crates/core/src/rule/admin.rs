//! Administration: who may change what, and what a change does.
//!
//! One file a noun. A decision is a pure function of the facts, the request and the [`Context`]; it
//! returns a [`Decision`]: the record as it will be, and the changes that make it so. Among them is
//! always the entry for the audit log, so that no change is ever committed without it.
//!
//! An administrator's no ([`No`]) writes nothing in the commit, unlike the refusals of a grant: it
//! changes no counter and spends nothing. That it happened is noted by the server's journal.
//!
//! 1. [`access`] says whether the caller may, before anything else is looked at.
//! 2. The noun's file says whether the state allows it.
//! 3. The store has the last word: versions and unique names are guarded in the commit itself.

pub mod access;
pub mod account_policy;
pub mod api;
pub mod audit;
pub mod client;
pub mod client_secret;
pub mod delegation;
pub mod directory;
pub mod initial_token;
pub mod organization;
pub mod password;
pub mod policy;
pub mod project;
pub mod role;
pub mod scope;
pub mod service_account;
pub mod service_account_key;
pub mod session;
pub mod signing_key;
pub mod trusted_issuer;
pub mod workload_pool;
pub mod workload_provider;

mod context;
mod decision;

pub use context::Context;
pub use decision::{Decision, Done, No, Wrong};
