//! Workload identity federation: tokens of foreign issuers, trusted by a pool's providers (google-wire 6).
//!
//! * [`aws`]: a request that a workload in Amazon's cloud signed.
//! * [`downscoping`]: a token of ours for a weaker one.
//! * [`dry_run`]: every step of an exchange, for the owner's eyes.
//! * [`exchange`]: a credential of somebody else for a token of a principal.
//! * [`mapping`]: what a foreign token's claims are called here, and the condition they must meet.
//! * [`workforce`]: people sign in in their browsers, and a program gets tokens in their name.
//! * [`x509`]: a certificate, with the chain that leads to an authority.

pub mod aws;
pub mod downscoping;
pub mod dry_run;
pub mod exchange;
pub mod mapping;
pub mod workforce;
pub mod x509;

use crate::record::ProjectState;
use crate::record::WorkloadPool;
use crate::record::WorkloadProvider;
use crate::store::ProjectSnapshot;

/// Whether a provider lets anybody in, and the tokens stand that it got them: it and its pool are neither disabled
/// nor deleted, and the project is not suspended, where the pool is a project's.
#[must_use]
pub fn is_open(
    pool: &WorkloadPool,
    provider: &WorkloadProvider,
    project: Option<&ProjectSnapshot>,
) -> bool {
    let active = |project: &ProjectSnapshot| project.project.state == ProjectState::Active;
    pool.is_on() && provider.is_on() && project.is_none_or(active)
}
