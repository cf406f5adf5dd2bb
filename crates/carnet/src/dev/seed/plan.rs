//! The form of a seed.

use std::fmt;

use carnet_core::value::AccountId;
use carnet_core::value::ApiIdentifier;
use carnet_core::value::Description;
use carnet_core::value::DomainName;
use carnet_core::value::Email;
use carnet_core::value::KeyId;
use carnet_core::value::ProjectId;
use carnet_core::value::ProjectNumber;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::Title;
use carnet_jose::Algorithm;
use carnet_wire::scope::ScopeToken;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error as _;

use super::clients::SeedClient;
use super::federation::planned::SeedBinding;
use super::federation::planned::SeedPool;
use super::federation::planned::SeedProvider;

/// A seed: one organization and what belongs to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seed {
    pub(super) organization: SeedOrganization,
    #[serde(default)]
    pub(super) users: Vec<SeedUser>,
    #[serde(default)]
    pub(super) groups: Vec<SeedGroup>,
    pub(super) projects: Vec<SeedProject>,
    #[serde(default)]
    pub(super) apis: Vec<SeedApi>,
    #[serde(default)]
    pub(super) service_accounts: Vec<SeedAccount>,
    #[serde(default)]
    pub(super) delegations: Vec<SeedDelegation>,
    #[serde(default)]
    pub(super) clients: Vec<SeedClient>,
    #[serde(default)]
    pub(super) workload_pools: Vec<SeedPool>,
    #[serde(default)]
    pub(super) workload_providers: Vec<SeedProvider>,
    #[serde(default)]
    pub(super) bindings: Vec<SeedBinding>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedOrganization {
    pub(super) title: Title,
    pub(super) domains: Vec<DomainName>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedUser {
    pub(super) email: Email,
    pub(super) name: Title,
    /// The password; it may be short. Who has none cannot sign in with one.
    pub(super) password: Option<SeedPassword>,
    /// The reason, where the user is suspended from the beginning.
    pub(super) suspended: Option<Description>,
}

/// A password, which is in the ready file and nowhere in a log.
#[derive(Clone, Deserialize)]
pub(crate) struct SeedPassword(String);

impl SeedPassword {
    /// The password.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SeedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeedPassword(..)")
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedGroup {
    pub(super) email: Email,
    pub(super) title: Title,
    #[serde(default)]
    pub(super) members: Vec<Email>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedProject {
    pub(super) id: ProjectId,
    pub(super) title: Title,
    /// Its number, of 12 digits; it is made up where it is left out.
    #[serde(default, deserialize_with = "number")]
    pub(super) number: Option<ProjectNumber>,
    /// Whether its clients serve only users of the organization.
    #[serde(default)]
    pub(super) internal: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedApi {
    pub(super) project: ProjectId,
    pub(super) identifier: ApiIdentifier,
    pub(super) title: Title,
    #[serde(default)]
    pub(super) tokens: SeedTokens,
    /// With which algorithm its JWTs are signed; ES256 unless given.
    #[serde(default, deserialize_with = "algorithm")]
    pub(super) algorithm: Option<Algorithm>,
    #[serde(default)]
    pub(super) scopes: Vec<SeedScope>,
    /// What may be asked for in detail.
    #[serde(default)]
    pub(super) detail_types: Vec<SeedDetailType>,
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ProjectNumber>, D::Error> {
    let digits = String::deserialize(from)?;
    digits.parse().map(Some).map_err(D::Error::custom)
}

fn algorithm<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Algorithm>, D::Error> {
    let name = String::deserialize(from)?;
    name.parse().map(Some).map_err(D::Error::custom)
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SeedTokens {
    #[default]
    Jwt,
    Opaque,
}

/// A type of detail (RFC 9396), with whatever members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedDetailType {
    /// What `type` says.
    pub(super) name: ScopeToken,
    /// What it allows.
    pub(super) title: Title,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedScope {
    pub(super) name: ScopeToken,
    pub(super) title: Title,
    pub(super) detail: Description,
    #[serde(default)]
    pub(super) risk: SeedRisk,
    /// Whether only accounts of the organization may know of it.
    #[serde(default)]
    pub(super) private: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SeedRisk {
    #[default]
    Read,
    Write,
    ActAs,
    Administer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedAccount {
    pub(super) project: ProjectId,
    pub(super) name: AccountId,
    pub(super) title: Title,
    /// A role in the whole installation.
    pub(super) role: Option<SeedRole>,
    /// The public half, in PEM, of a key pair that was made elsewhere. Where it is left out, a pair
    /// is made and its private half written to a file.
    pub(super) public_key: Option<String>,
    /// The `kid` of that key; it is made up where it is left out.
    pub(super) key_id: Option<KeyId>,
}

impl Seed {
    /// The accounts that get a key file.
    pub(super) fn with_files(&self) -> impl Iterator<Item = &SeedAccount> {
        let all = self.service_accounts.iter();
        all.filter(|account| account.public_key.is_none())
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SeedRole {
    Owner,
    Admin,
    Auditor,
    Viewer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedDelegation {
    pub(super) account: ServiceAccountEmail,
    pub(super) scopes: Vec<ScopeToken>,
    pub(super) note: Description,
}
