//! A delegation as the admin API shows it.

use carnet_core::record::{self, EnteredBy, Whom};
use carnet_core::value::UnixTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;
use super::etag;
use super::problem::Problem;

/// A service account may act as people of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delegation {
    /// Its id.
    pub id: String,
    /// Whose people may be acted for.
    pub organization: String,
    /// The number of the account that may act.
    #[schema(example = "104857291830027466113")]
    pub client_id: String,
    /// Its e-mail.
    pub client_email: String,
    /// Whether the number or the e-mail was typed.
    pub entered_by: EnteredAs,
    /// With which scopes. A wide scope does not imply a narrow one.
    pub scopes: Vec<String>,
    /// As whom.
    pub whom: WhomShown,
    /// Until when. Absent: it does not end by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub until: Option<String>,
    /// Whether it is in force.
    pub state: DelegationState,
    /// What it is for.
    pub note: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// What the administrator typed to name the account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnteredAs {
    /// The number.
    ClientId,
    /// The e-mail, which became the number.
    Email,
}

/// As whom: everyone, or the members of these groups and these users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhomShown {
    /// Every user of the organization.
    pub everyone: bool,
    /// The ids of groups.
    pub groups: Vec<String>,
    /// The ids of users.
    pub users: Vec<String>,
}

/// Whether a delegation is in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DelegationState {
    /// `active`, `suspended`, or `ended`.
    pub state: DelegationStateName,
    /// Since when, if it is not active.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
}

/// The states of a delegation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DelegationStateName {
    /// In force.
    Active,
    /// Not in force until resumed.
    Suspended,
    /// Its time is over.
    Ended,
}

/// A delegation as the API shows it, with the e-mail of the account.
pub(crate) async fn show(
    call: &Call,
    delegation: record::Delegation,
) -> Result<Delegation, Problem> {
    let account = call
        .desk
        .store()
        .service_account(&delegation.client_id)
        .await?;
    let state = state(&delegation, call.now);
    let whom = match delegation.whom {
        Whom::Everyone => WhomShown {
            everyone: true,
            groups: Vec::new(),
            users: Vec::new(),
        },
        Whom::Listed { groups, users } => WhomShown {
            everyone: false,
            groups: groups.iter().map(ToString::to_string).collect(),
            users: users.iter().map(ToString::to_string).collect(),
        },
    };
    Ok(Delegation {
        id: delegation.id.to_string(),
        organization: delegation.organization.to_string(),
        client_id: delegation.client_id.to_string(),
        client_email: account.map_or_else(String::new, |account| account.email.to_string()),
        entered_by: match delegation.entered {
            EnteredBy::ClientId => EnteredAs::ClientId,
            EnteredBy::Email => EnteredAs::Email,
        },
        scopes: delegation.scopes.iter().map(ToOwned::to_owned).collect(),
        whom,
        until: delegation.until.map(UnixTime::rfc3339),
        state,
        note: delegation.note.to_string(),
        created: delegation.created.rfc3339(),
        changed: delegation.changed.rfc3339(),
        etag: etag::of(delegation.version),
    })
}

fn state(delegation: &record::Delegation, now: UnixTime) -> DelegationState {
    let (state, since) = match (delegation.until, delegation.suspended) {
        (Some(until), _) if until <= now => (DelegationStateName::Ended, Some(until)),
        (_, Some(since)) => (DelegationStateName::Suspended, Some(since)),
        (_, None) => (DelegationStateName::Active, None),
    };
    DelegationState {
        state,
        since: since.map(UnixTime::rfc3339),
    }
}
