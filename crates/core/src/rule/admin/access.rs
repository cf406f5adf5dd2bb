//! Whether the caller may: roles, and the territories in which they hold.
//!
//! 1. A role holds in its territory and in every narrower one inside it: the installation contains
//!    organizations, an organization its projects.
//! 2. Who has no role at a place is told that there is nothing. Who may read it but not do what is
//!    asked is told which role that takes.
//! 3. A caller who acts for a person has, at every place, the weaker of the account's role and the
//!    person's. A delegation of one organization can therefore never lend an account the rights that
//!    one of its people holds elsewhere.
//! 4. Whoever became an account by a binding has of its roles at most what those could take anyway who control them
//!    ([`Reach`]). A binding on an account with roles would else lend those roles to whoever makes keys of the one
//!    that is bound.
//!
//!    | on the chain | its roles count | at most as |
//!    |---|---|---|
//!    | an account | in the project that keeps its keys | admin: its admins make them |
//!    | a person | in their organization | admin: its admins set passwords and fill groups |
//!    | whom a provider of a pool let in | in the territory of the pool | owner: its owners make providers |
//!    | whoever had something signed by a key that we hold for an account | nowhere | |
//!
//!    Of several on a chain the narrowest of all counts.
//! 5. Nobody gives away more than they hold: neither by a role nor by a credential of an account
//!    that has roles (Keycloak CVE-2026-3121).

use carnet_wire::crn::Crn;

use crate::record::{Role, RoleBinding, Territory};
use crate::value::{OrganizationId, ProjectId};

use super::No;

/// Where something is: a territory with what contains it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Place {
    /// The installation itself.
    Installation,
    /// An organization.
    Organization(OrganizationId),
    /// A project, and the organization that it belongs to.
    Project(ProjectId, Option<OrganizationId>),
}

impl Place {
    /// Whether a role in this territory holds here.
    #[must_use]
    pub fn is_within(&self, territory: &Territory) -> bool {
        match (territory, self) {
            (Territory::Installation, _) => true,
            (Territory::Organization(id), Self::Organization(here)) => id == here,
            (Territory::Organization(id), Self::Project(_, here)) => Some(id) == here.as_ref(),
            (Territory::Project(id), Self::Project(here, _)) => id == here,
            (Territory::Organization(_), Self::Installation)
            | (Territory::Project(_), Self::Installation | Self::Organization(_)) => false,
        }
    }

    /// The territory that is exactly here.
    #[must_use]
    pub fn territory(&self) -> Territory {
        match self {
            Self::Installation => Territory::Installation,
            Self::Organization(id) => Territory::Organization(*id),
            Self::Project(id, _) => Territory::Project(id.clone()),
        }
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Right {
    /// Read records.
    Read,
    /// Read the audit log and traces.
    ReadAudit,
    /// Write records.
    Write,
    /// Say who has which role.
    Grant,
}

impl Right {
    /// The role that it takes.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::ReadAudit => Role::Auditor,
            Self::Write => Role::Admin,
            Self::Grant => Role::Owner,
        }
    }
}

/// The most that counts of the roles of an account that somebody became.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Most {
    /// All.
    #[default]
    AsHeld,
    /// What admins may, and no granting.
    Admin,
    /// Nothing.
    Nothing,
}

/// How far the roles of an account count that somebody became (rule 4). Without limits by default: nobody did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reach {
    /// They count in all of these together, and nowhere else; everywhere, where there is none.
    pub within: Vec<Territory>,
    /// As what at most.
    pub most: Most,
}

impl Reach {
    /// No farther than this territory either, and as no more than this.
    pub fn narrow(&mut self, territory: Territory, most: Most) {
        self.within.push(territory);
        self.most = self.most.max(most);
    }

    /// Nowhere at all.
    pub const fn end(&mut self) {
        self.most = Most::Nothing;
    }

    /// What is left of a role here.
    fn of(&self, held: Option<Role>, place: &Place) -> Option<Role> {
        if !self.within.iter().all(|reach| place.is_within(reach)) {
            return None;
        }
        match self.most {
            Most::AsHeld => held,
            Most::Admin => held.min(Some(Role::Admin)),
            Most::Nothing => None,
        }
    }
}

/// The roles of a caller.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Powers {
    /// Of the subject of the token.
    pub subject: Vec<RoleBinding>,
    /// Of the account that acts for the subject, where one does.
    pub actor: Option<Vec<RoleBinding>>,
    /// How far they count, where somebody became the subject.
    pub reach: Reach,
}

impl Powers {
    /// The strongest role that the caller has here.
    #[must_use]
    pub fn role(&self, place: &Place) -> Option<Role> {
        let subject = strongest(&self.subject, place);
        let held = match &self.actor {
            None => subject,
            Some(actor) => subject.min(strongest(actor, place)),
        };
        self.reach.of(held, place)
    }

    /// The caller may do this here.
    pub fn permit(&self, right: Right, place: &Place) -> Result<(), No> {
        match self.role(place) {
            None => Err(No::hidden()),
            Some(held) if held >= right.role() => Ok(()),
            Some(held) => Err(No::new(
                Crn::ADMIN_ROLE,
                format!(
                    "You are {} here; this takes the role {}.",
                    name(held),
                    name(right.role())
                ),
            )),
        }
    }

    /// The caller holds all of this too, so may hold its credential in their hand.
    pub fn cover(&self, roles: &[(Role, Place)]) -> Result<(), No> {
        let beyond = roles
            .iter()
            .find(|(role, place)| self.role(place).is_none_or(|held| held < *role));
        match beyond {
            None => Ok(()),
            Some((role, _)) => Err(No::new(
                Crn::ADMIN_ROLE,
                format!(
                    "This account has a role ({}) that you do not have; only somebody who has it may do this.",
                    name(*role)
                ),
            )),
        }
    }
}

fn strongest(bindings: &[RoleBinding], place: &Place) -> Option<Role> {
    bindings
        .iter()
        .filter(|binding| place.is_within(&binding.territory))
        .map(|binding| binding.role)
        .max()
}

/// What a role is called.
#[must_use]
pub const fn name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Auditor => "auditor",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

#[cfg(test)]
mod tests;
