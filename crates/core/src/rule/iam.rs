//! Who may do what with a service account (google-wire 5.1, 5.3).
//!
//! 1. A permission is Google's word for one thing that can be done. One table says which roles have it.
//! 2. A role is bound on the account to members; a caller has the roles of every member as which it stands
//!    there ([`Principal::members`]).
//! 3. Who administers the project, its organization or the installation may do there what that role means: a
//!    viewer reads, an admin manages the account and its keys, only an owner says who may use it.
//! 4. To become the account takes a binding on it. No role of an administrator is enough, as `roles/owner` is
//!    not at Google: who may set the binding may, and that is written down.

pub mod credentials;
pub mod members;
pub mod signable;
pub mod system_key;

use crate::record::AccountRole;
use crate::record::Role;
use crate::store::Bound;
use crate::value::Principal;

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

/// Whether a caller may do this with the account on which these roles are bound. `admin` is the strongest
/// role that the caller has where the account is.
#[must_use]
pub fn may(who: &Principal, permission: Permission, bound: &Bound, admin: Option<Role>) -> bool {
    let administers = permission
        .admin_role()
        .is_some_and(|needed| admin.is_some_and(|held| held >= needed));
    let members = who.members();
    // Every member is looked up, so that a yes takes as long as a no.
    let found = members.iter().filter(|member| {
        let roles = bound.roles_of(member).iter();
        let fitting = roles.filter(|role| permission.roles().contains(role));
        fitting.count() > 0
    });
    let bound = found.count() > 0;
    administers || bound
}

#[cfg(test)]
mod tests;
