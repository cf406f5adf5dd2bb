//! Who may do what with a service account (google-wire 5.1, 5.3).
//!
//! 1. A permission is Google's word for one thing that can be done. One table says which roles have it.
//! 2. A role is bound on the account to members; a caller has the roles of every member as which it stands
//!    there ([`Principal::members`]). A binding with a condition counts while that is true: each condition that matters
//!    is evaluated once, and what has no value is not true ([`Circumstances`]).
//! 3. Who administers the project, its organization or the installation may do there what that role means: a
//!    viewer reads, an admin manages the account and its keys, only an owner says who may use it.
//! 4. To become the account takes a binding on it. No role of an administrator is enough, as `roles/owner` is
//!    not at Google: who may set the binding may, and that is written down.

pub mod credentials;
pub mod members;
pub mod signable;
pub mod system_key;

use std::collections::BTreeSet;

use crate::record::AccountRole;
use crate::record::Role;
use crate::rule::federation::mapping::Circumstances;
use crate::store::Bound;
use crate::store::Held;
use crate::value::Member;
use crate::value::PoolName;
use crate::value::Principal;
use crate::value::UnixTime;

macro_rules! permissions {
    ($($(#[$doc:meta])* $permission:ident = $name:literal, [$($by:ident),*], $admin:expr;)+) => {
        /// One thing that can be done with a service account.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Permission {
            $($(#[$doc])* $permission,)+
        }

        impl Permission {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$permission),+];

            /// As Google calls it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$permission => $name,)+
                }
            }

            /// The bound roles that have it.
            #[must_use]
            pub const fn roles(self) -> &'static [AccountRole] {
                match self {
                    $(Self::$permission => &[$(AccountRole::$by),*],)+
                }
            }

            /// The least role of an administrator that has it; none where a binding is needed.
            #[must_use]
            pub const fn admin_role(self) -> Option<Role> {
                match self {
                    $(Self::$permission => $admin,)+
                }
            }
        }
    };
}

permissions! {
    /// Get an access token of it.
    GetAccessToken = "iam.serviceAccounts.getAccessToken", [TokenCreator, WorkloadIdentityUser], None;
    /// Get an ID token of it.
    GetOpenIdToken = "iam.serviceAccounts.getOpenIdToken", [TokenCreator, OpenIdTokenCreator, WorkloadIdentityUser], None;
    /// Sign bytes with a key of it.
    SignBlob = "iam.serviceAccounts.signBlob", [TokenCreator], None;
    /// Sign a JWT with a key of it.
    SignJwt = "iam.serviceAccounts.signJwt", [TokenCreator], None;
    /// Be followed by it in a chain.
    ImplicitDelegation = "iam.serviceAccounts.implicitDelegation", [TokenCreator], None;
    /// Attach it to what runs as it.
    ActAs = "iam.serviceAccounts.actAs", [User], None;
    /// Read it.
    Get = "iam.serviceAccounts.get", [TokenCreator, WorkloadIdentityUser, User, Admin, KeyAdmin, Viewer], Some(Role::Viewer);
    /// Find it in a list.
    List = "iam.serviceAccounts.list", [TokenCreator, WorkloadIdentityUser, User, Admin, KeyAdmin, Viewer], Some(Role::Viewer);
    /// Make one.
    Create = "iam.serviceAccounts.create", [], Some(Role::Admin);
    /// Change it.
    Update = "iam.serviceAccounts.update", [Admin], Some(Role::Admin);
    /// Enable it.
    Enable = "iam.serviceAccounts.enable", [Admin], Some(Role::Admin);
    /// Disable it.
    Disable = "iam.serviceAccounts.disable", [Admin], Some(Role::Admin);
    /// Delete it.
    Delete = "iam.serviceAccounts.delete", [Admin], Some(Role::Admin);
    /// Bring it back.
    Undelete = "iam.serviceAccounts.undelete", [Admin], Some(Role::Admin);
    /// Read who may do what with it.
    GetIamPolicy = "iam.serviceAccounts.getIamPolicy", [Admin, Viewer], Some(Role::Viewer);
    /// Say who may do what with it.
    SetIamPolicy = "iam.serviceAccounts.setIamPolicy", [Admin], Some(Role::Owner);
    /// Make or upload a key.
    CreateKey = "iam.serviceAccountKeys.create", [KeyAdmin], Some(Role::Admin);
    /// Read a key.
    GetKey = "iam.serviceAccountKeys.get", [KeyAdmin, Viewer], Some(Role::Viewer);
    /// List its keys.
    ListKeys = "iam.serviceAccountKeys.list", [KeyAdmin, Viewer], Some(Role::Viewer);
    /// Enable a key.
    EnableKey = "iam.serviceAccountKeys.enable", [KeyAdmin], Some(Role::Admin);
    /// Disable a key.
    DisableKey = "iam.serviceAccountKeys.disable", [KeyAdmin], Some(Role::Admin);
    /// Delete a key.
    DeleteKey = "iam.serviceAccountKeys.delete", [KeyAdmin], Some(Role::Admin);
}

impl Permission {
    /// The one with this name, if it can be had on an account.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|permission| permission.name() == name)
    }
}

/// Whether a caller may do this now with the account on which these roles are bound. `admin` is the strongest
/// role that the caller has where the account is.
#[must_use]
pub fn may(
    who: &Principal,
    permission: Permission,
    (bound, now): (&Bound, UnixTime),
    admin: Option<Role>,
) -> bool {
    let administers = permission
        .admin_role()
        .is_some_and(|needed| admin.is_some_and(|held| held >= needed));
    let members = who.members();
    administers || counts(held(&members, permission, bound), (bound, now))
}

/// Whether some group or attribute of a pool has anything now. As which of them somebody came is known to nobody
/// later.
#[must_use]
pub fn may_as_some_set(pool: &PoolName, (bound, now): (&Bound, UnixTime)) -> bool {
    counts(sorted(bound.sets_of(pool)), (bound, now))
}

/// Whether one of them counts: each condition is evaluated once.
fn counts((always, conditions): (bool, BTreeSet<usize>), (bound, now): (&Bound, UnixTime)) -> bool {
    if always {
        return true;
    }
    let mut circumstances = Circumstances::of(now, bound.account());
    let mut texts = conditions.into_iter().filter_map(|at| bound.condition(at));
    texts.any(|text| circumstances.hold(text))
}

/// Whether a caller could do this, were it another time: a binding has it, and its condition is not met.
#[must_use]
pub fn is_conditional(who: &Principal, permission: Permission, bound: &Bound) -> bool {
    !held(&who.members(), permission, bound).1.is_empty()
}

/// Whether a binding without a condition has the permission, and the conditions of those which have it too. Every
/// member is looked up, so that a yes takes as long as a no.
fn held(members: &[Member], permission: Permission, bound: &Bound) -> (bool, BTreeSet<usize>) {
    let all = members.iter().flat_map(|member| bound.held_by(member));
    sorted(all.filter(|held| permission.roles().contains(&held.role)))
}

/// Whether one of them has no condition, and the conditions of the others.
fn sorted<'a>(all: impl Iterator<Item = &'a Held>) -> (bool, BTreeSet<usize>) {
    let mut always = false;
    let mut conditions = BTreeSet::new();
    for held in all {
        match held.condition {
            None => always = true,
            Some(place) => drop(conditions.insert(place)),
        }
    }
    (always, conditions)
}

#[cfg(test)]
mod tests;
