//! Who may administer what.

use crate::value::BindingId;
use crate::value::OrganizationId;
use crate::value::ProjectId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// One role, held by one principal, in one territory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleBinding {
    /// Its id.
    pub id: BindingId,
    /// Who holds it.
    pub holder: Holder,
    /// Which role.
    pub role: Role,
    /// Where it holds.
    pub territory: Territory,
    /// Since when.
    pub created: UnixTime,
}

/// Who can hold a role.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Holder {
    /// A service account.
    ServiceAccount(UniqueId),
    /// A user.
    User(UserId),
}

/// What may be done. Each role contains those after it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads, and the audit log and traces.
    Auditor,
    /// Manages everything but roles.
    Admin,
    /// Manages everything.
    Owner,
}

/// Where a role holds. A wider territory contains the narrower ones inside it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Territory {
    /// The whole installation: signing keys, organizations, everything.
    Installation,
    /// One organization, its projects included.
    Organization(OrganizationId),
    /// One project.
    Project(ProjectId),
}
