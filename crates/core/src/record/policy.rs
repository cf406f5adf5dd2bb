//! A policy of an organization.

use carnet_wire::scope::Scope;

use crate::value::OrganizationId;
use crate::value::PolicyId;
use crate::value::Title;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::Version;

/// A rule that an organization's administrators set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What a refusal calls it.
    pub title: Title,
    /// What it says.
    pub rule: PolicyRule,
    /// Whether it is in force.
    pub enabled: bool,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// What a policy says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PolicyRule {
    /// These scopes are given to nobody (`admin_policy_enforced`) but to the named client IDs: for
    /// people of the organization, and for accounts of its projects.
    BlockScopes {
        /// The scopes.
        scopes: Scope,
        /// Who may have them all the same.
        except: Vec<UniqueId>,
    },
    /// Access tokens of these accounts, asked for by others, may live 12 hours instead of one: Google's
    /// `constraints/iam.allowServiceAccountCredentialLifetimeExtension`.
    ExtendLifetime {
        /// Which accounts.
        accounts: Vec<UniqueId>,
    },
    /// Clients of other organizations' projects may not act for people of this one (`org_internal`),
    /// whatever a delegation says, but for the named client IDs.
    OwnClientsOnly {
        /// Who may all the same.
        except: Vec<UniqueId>,
    },
}
