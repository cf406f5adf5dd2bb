//! A pool: programs or people that prove themselves to somebody else, under one name here (google-wire 6).
//!
//! Who comes through a provider of the pool is a principal of the pool, whichever provider it was: bindings name
//! the pool and never a provider.

use crate::record::Territory;
use crate::value::Description;
use crate::value::OrganizationId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::Seconds;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// A pool.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WorkloadPool {
    /// Its whole name, which is never given to another pool.
    pub name: PoolName,
    /// Whose it is. The name says so too, with the number of the project.
    pub owner: PoolOwner,
    /// What people call it.
    pub title: Title,
    /// What it is for.
    pub description: Description,
    /// Whether its principals get no token, and those they have are refused.
    pub disabled: bool,
    /// Since when it is deleted, if it is. For 30 days it can be brought back.
    pub deleted: Option<UnixTime>,
    /// How long a token of a principal lives at most: an hour; in a workforce pool, 15 minutes to 12 hours.
    pub session: Seconds,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// What a pool belongs to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PoolOwner {
    /// A project: a pool of workload identity.
    Project(ProjectId),
    /// An organization: a pool of its workforce.
    Organization(OrganizationId),
}

impl PoolOwner {
    /// Where it is administered.
    #[must_use]
    pub fn territory(&self) -> Territory {
        match self {
            Self::Project(id) => Territory::Project(id.clone()),
            Self::Organization(id) => Territory::Organization(*id),
        }
    }
}

impl WorkloadPool {
    /// Whether it is in use.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        !self.disabled && self.deleted.is_none()
    }
}
