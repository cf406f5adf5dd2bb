//! What a seed says of pools, providers and bindings.

use std::collections::BTreeMap;

use carnet_core::value::ProjectId;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::Title;
use serde::Deserialize;

/// A pool of a project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dev) struct SeedPool {
    pub(in crate::dev::seed) project: ProjectId,
    pub(in crate::dev::seed) id: String,
    pub(in crate::dev::seed) title: Title,
}

/// An issuer whose tokens a pool takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dev) struct SeedProvider {
    pub(in crate::dev::seed) project: ProjectId,
    pub(in crate::dev::seed) pool: String,
    pub(in crate::dev::seed) id: String,
    pub(in crate::dev::seed) title: Title,
    pub(in crate::dev::seed) issuer: String,
    /// Its public keys: a JWK Set as text. Where it is left out, they are where its discovery document says.
    pub(in crate::dev::seed) jwks: Option<String>,
    /// Which `aud` is taken; none: the provider's own name.
    #[serde(default)]
    pub(in crate::dev::seed) audiences: Vec<String>,
    pub(in crate::dev::seed) mapping: BTreeMap<String, String>,
    pub(in crate::dev::seed) condition: Option<String>,
}

/// A role on a service account, and who has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dev) struct SeedBinding {
    pub(in crate::dev::seed) account: ServiceAccountEmail,
    pub(in crate::dev::seed) role: String,
    pub(in crate::dev::seed) members: Vec<String>,
}
