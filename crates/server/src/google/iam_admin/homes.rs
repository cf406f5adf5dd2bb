//! Where the pools are that a path names: in a project (workload identity), or in an organization (its workforce).
//!
//! 1. The path of a workforce pool does not say whose it is: the pool does, and who makes or lists pools says so in
//!    `parent`.
//! 2. Who may not is told the same whether there is such a pool or not. Only those who may look everywhere are told
//!    that there is none.

use axum::http::Method;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::WorkloadPool;
use carnet_core::rule::admin::access::Place;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::workload_pool;
use carnet_core::value::OrganizationId;

use super::call::Call;
use super::call::denied;
use super::halt::Halt;
use super::halt::unknown;
use super::halt::wrong;

/// What is before the id of an organization.
const ORGANIZATIONS: &str = "organizations/";

/// What it takes to do something: the permission by its name, and the right that it is here.
pub(super) type Needed = (&'static str, Right);

/// What the methods of a noun take.
pub(super) struct Needs {
    pub(super) list: Needed,
    pub(super) create: Needed,
    pub(super) get: Needed,
    pub(super) update: Needed,
    pub(super) delete: Needed,
    pub(super) undelete: Needed,
}

/// Where pools are, as a path says it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Home<'a> {
    /// In the project of this id or number.
    Project(&'a str),
    /// In an organization.
    Organization,
}

/// Where a pool is made, or pools are listed.
pub(super) enum Within {
    /// In this project.
    Project(Box<Project>),
    /// In this organization.
    Organization(OrganizationId),
}

impl Within {
    /// For the rules.
    pub(super) fn home(&self) -> workload_pool::Home<'_> {
        match self {
            Self::Project(project) => workload_pool::Home::Project(project),
            Self::Organization(id) => workload_pool::Home::Organization(*id),
        }
    }
}

/// A method of HTTP, what of a path is behind its home, and the word behind the colon.
pub(super) type Below<'p, 'a> = (&'p Method, &'p [&'a str], &'p str);

impl<'a> Home<'a> {
    /// The home that a path names, and what is behind it: nothing, or a pool and what is in it.
    pub(super) fn of<'p>(parts: &'p [&'a str]) -> Option<(Self, &'p [&'a str])> {
        match parts {
            [
                "v1",
                "projects",
                project,
                "locations",
                "global",
                "workloadIdentityPools",
                rest @ ..,
            ] => Some((Self::Project(project), rest)),
            ["v1", "locations", "global", "workforcePools", rest @ ..] => {
                Some((Self::Organization, rest))
            }
            _ => None,
        }
    }

    /// Whether people come from there.
    pub(super) fn is_workforce(self) -> bool {
        self == Home::Organization
    }

    /// One of two, by what comes from there: programs, or people.
    pub(super) fn choose<T>(self, programs: T, people: T) -> T {
        match self {
            Home::Project(_) => programs,
            Home::Organization => people,
        }
    }

    /// Where it is, if the caller may do this there. `parent` is what the request says beside the path.
    pub(super) async fn within(
        self,
        call: &Call<'_>,
        parent: Option<&str>,
        needed: Needed,
    ) -> Result<Within, Halt> {
        if let Home::Project(project) = self {
            let project = call.project(project, needed).await?;
            return Ok(Within::Project(Box::new(project)));
        }
        let id = parent.unwrap_or_default().strip_prefix(ORGANIZATIONS);
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            let why = "It names the organization whose pool it is: organizations/ID.";
            return Err(wrong("parent", why));
        };
        let Ok(id) = id.parse::<OrganizationId>() else {
            return Err(denied(needed.0).into());
        };
        let found = call.store().organization(id).await?;
        let found = found.filter(|found| call.has(needed.1, &Place::Organization(found.id)));
        let found = found.ok_or_else(|| denied(needed.0))?;
        Ok(Within::Organization(found.id))
    }

    /// The pool of this id, deleted ones too, if the caller may do this with it.
    pub(super) async fn pool(
        self,
        call: &Call<'_>,
        id: &str,
        needed: Needed,
    ) -> Result<WorkloadPool, Halt> {
        let missing = || unknown("There is no such pool.".to_owned());
        if let Home::Project(project) = self {
            let project = call.project(project, needed).await?;
            let found = match workload_pool::Home::Project(&project).name(id) {
                Ok(name) => call.store().workload_pool(&name).await?,
                Err(_) => None,
            };
            return found.ok_or_else(missing);
        }
        let found = match carnet_core::value::PoolName::workforce(id) {
            Ok(name) => call.store().workload_pool(&name).await?,
            Err(_) => None,
        };
        let Some(found) = found else {
            if call.has(needed.1, &Place::Installation) {
                return Err(missing());
            }
            return Err(denied(needed.0).into());
        };
        match &found.owner {
            PoolOwner::Organization(id) if call.has(needed.1, &Place::Organization(*id)) => {
                Ok(found)
            }
            PoolOwner::Organization(_) | PoolOwner::Project(_) => Err(denied(needed.0).into()),
        }
    }
}
