//! What a service account is used for, for a list of them: keys that work, its last token, as whom it may act.
//!
//! It is read for those accounts alone that are on the page, and only where the list asks for it: three readings
//! for each. A delegation belongs to the organization whose people are acted for, so only who has a role
//! there hears of it.

use carnet_core::record;
use carnet_core::record::{KeyState, Whom};
use carnet_core::rule::admin::access::Place;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;

/// What a service account is used for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccountUsage)]
pub(crate) struct Usage {
    /// How many of its keys work now.
    pub keys: usize,
    /// When one of its keys last got a token. Absent: none did. Uses appear within seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub last_token: Option<String>,
    /// As whom it may act now, as far as the caller may know. Absent: as nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegation: Option<Delegated>,
}

/// As whom a service account may act, in all organizations together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccountDelegated)]
pub(crate) struct Delegated {
    /// With how many scopes.
    pub scopes: usize,
    /// Whether as every person of an organization.
    pub everyone: bool,
}

/// Reads it.
pub(crate) async fn of(account: &record::ServiceAccount, call: &Call) -> Result<Usage, Fault> {
    let store = call.desk.store();
    let now = call.context().now;
    let id = &account.unique_id;
    let keys = store.service_account_keys(id).await?;
    let uses = store.key_uses(id).await?;
    let works = |key: &&record::ServiceAccountKey| {
        matches!(key.state, KeyState::Active) && key.expires.is_none_or(|end| now < end)
    };
    let mut delegations = store.delegations_of(id).await?;
    delegations.retain(|delegation| {
        let place = Place::Organization(delegation.organization);
        delegation.suspended.is_none()
            && delegation.until.is_none_or(|until| now < until)
            && call.caller.powers.role(&place).is_some()
    });
    let last = uses.iter().map(|last| last.last).max();
    Ok(Usage {
        keys: keys.iter().filter(works).count(),
        last_token: last.map(UnixTime::rfc3339),
        delegation: (!delegations.is_empty()).then(|| Delegated {
            scopes: scopes(&delegations),
            everyone: delegations.iter().any(|one| one.whom == Whom::Everyone),
        }),
    })
}

fn scopes(delegations: &[record::Delegation]) -> usize {
    let all = delegations.iter().flat_map(|one| one.scopes.iter());
    let mut names: Vec<&str> = all.collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}
