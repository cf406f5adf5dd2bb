//! An organization: a workspace with domains, users, groups, policies and delegations.

use crate::value::DomainName;
use crate::value::OrganizationId;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// A workspace.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What people call it.
    pub title: Title,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// A domain name that belongs to one organization. A user's address says by it where they belong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Domain {
    /// The name. It belongs to one organization at most.
    pub name: DomainName,
    /// Whose it is.
    pub organization: OrganizationId,
    /// When it was added.
    pub created: UnixTime,
    /// How often it was written.
    pub version: Version,
}
