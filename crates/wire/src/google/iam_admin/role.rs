//! Roles, and what they permit.

use serde::Deserialize;
use serde::Serialize;

/// A role.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// `roles/…`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// What it permits, where that is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub included_permissions: Vec<&'static str>,
    /// How finished it is.
    pub stage: &'static str,
    /// Its state.
    pub etag: &'static str,
}

/// A page of roles.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RoleList {
    /// Them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
}

/// The body of `roles:queryGrantableRoles`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GrantableRoles {
    /// On what: `//iam.googleapis.com/projects/P/serviceAccounts/A`.
    #[serde(alias = "full_resource_name")]
    pub full_resource_name: Option<String>,
    /// `BASIC` or `FULL`.
    pub view: Option<String>,
}

/// The body of `permissions:queryTestablePermissions`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TestablePermissions {
    /// On what.
    #[serde(alias = "full_resource_name")]
    pub full_resource_name: Option<String>,
}

/// Something that can be done.
#[derive(Clone, Debug, Serialize)]
pub struct Permission {
    /// What it is called.
    pub name: &'static str,
    /// How finished it is.
    pub stage: &'static str,
}

/// All that can be done with something.
#[derive(Clone, Debug, Serialize)]
pub struct PermissionList {
    /// It.
    pub permissions: Vec<Permission>,
}
