//! Domain-wide delegation: a service account may act as people of an organization.

use carnet_wire::scope::Scope;

use crate::value::DelegationId;
use crate::value::Description;
use crate::value::GroupId;
use crate::value::OrganizationId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// Service account × scopes × whom × until. An organization has one for a client ID at most.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// Whose people may be acted for.
    pub organization: OrganizationId,
    /// Who may act: the account's numeric client ID, however it was entered.
    pub client_id: UniqueId,
    /// With which scopes. A wide scope does not imply a narrow one.
    pub scopes: Scope,
    /// As whom.
    pub whom: Whom,
    /// Until when, if it ends.
    pub until: Option<UnixTime>,
    /// Since when it is suspended, if it is.
    pub suspended: Option<UnixTime>,
    /// What it is for.
    pub note: Description,
    /// What the administrator typed.
    pub entered: EnteredBy,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// As whom a service account may act.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Whom {
    /// Every user of the organization.
    Everyone,
    /// These users, and the members of these groups. At most 100 of each.
    Listed {
        /// Groups.
        groups: Vec<GroupId>,
        /// Users.
        users: Vec<UserId>,
    },
}

/// What the administrator typed to name the account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EnteredBy {
    /// The number.
    ClientId,
    /// The e-mail, which we turned into the number.
    Email,
}
