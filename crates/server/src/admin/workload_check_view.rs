//! What a dry run found, as the admin API shows it.

use std::collections::BTreeMap;

use carnet_core::record;
use carnet_core::record::AccountState;
use carnet_core::rule::federation::dry_run::Found;
use carnet_core::rule::federation::mapping::Mapped;
use serde::Serialize;
use utoipa::ToSchema;

use super::check_step::CheckStep;

/// Whether a provider would let a token in, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderCheck {
    /// Whether it would.
    pub accepted: bool,
    /// Every step, in the order in which they are taken: `provider`, `token`, `issuer`, `keys`, `signature`, `audience`,
    /// `times`, `possession` where it is bound to a key, the key of each mapping, `attribute_condition`, `principal`.
    pub steps: Vec<CheckStep>,
    /// Who it would be. Absent where the mapping or the condition gives nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapped: Option<MappedShown>,
    /// The service accounts of the pool's project as which it could act, if it came in.
    pub service_accounts: Vec<Impersonated>,
    /// Whether the project has more accounts than were looked at (200).
    pub more_accounts: bool,
}

/// Who a token would be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappedShown {
    /// `google.subject`.
    pub subject: String,
    /// `google.groups`.
    pub groups: Vec<String>,
    /// `attribute.NAME` by NAME.
    pub attributes: BTreeMap<String, String>,
}

/// A service account as which a principal may act.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Impersonated {
    /// Its number.
    pub unique_id: String,
    /// Its e-mail.
    pub email: String,
    /// Whether it gets tokens at the moment.
    pub active: bool,
}

impl Impersonated {
    /// As it is shown.
    pub(crate) fn of(account: &record::ServiceAccount) -> Self {
        Self {
            unique_id: account.unique_id.to_string(),
            email: account.email.to_string(),
            active: matches!(account.state, AccountState::Active),
        }
    }
}

impl ProviderCheck {
    /// As it is shown.
    pub(crate) fn of(found: Found, (accounts, more): (Vec<Impersonated>, bool)) -> Self {
        Self {
            accepted: found.is_accepted(),
            steps: found.steps.into_iter().map(CheckStep::of).collect(),
            mapped: found.mapped.map(MappedShown::of),
            service_accounts: accounts,
            more_accounts: more,
        }
    }
}

impl MappedShown {
    fn of(mapped: Mapped) -> Self {
        Self {
            subject: mapped.subject,
            groups: mapped.groups,
            attributes: mapped.attributes,
        }
    }
}
