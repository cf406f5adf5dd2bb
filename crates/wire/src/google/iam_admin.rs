//! The messages of IAM Admin (google-wire 5.3) and of the few calls of Resource Manager that its clients make, in
//! the JSON of protocol buffers.
//!
//! 1. A request is read laxly: null and what is absent are one, unknown members are ignored.
//! 2. An answer leaves out what is empty, false or zero, as Google's does: an empty list is `{}`.
//! 3. Numbers of 64 bits are strings, times end in `Z`, bytes are base64 with padding.

mod account;
mod key;
mod path;
mod policy;
mod pool;
mod project;
mod role;

use serde::Deserialize;
use serde::Serialize;

use crate::google::iam_credentials::NotARequest;
use crate::json;

pub use self::account::{
    AccountList, CreateAccount, Given, Mask, PatchAccount, Restored, ServiceAccount,
};
pub use self::key::{CreateKey, DisableKey, Key, KeyList, UploadKey};
pub use self::path::{ResourcePath, TooMuch};
pub use self::policy::{
    Binding, Condition, GetPolicy, Permissions, Policy, PolicyOptions, SetPolicy,
};
pub use self::pool::{
    Aws, ClientSecret, ClientSecretValue, Oidc, Operation, OperationMetadata, PemCertificate, Pool,
    PoolGiven, PoolList, Provider, ProviderGiven, ProviderList, Saml, TrustStore, WebSsoConfig,
    X509,
};
pub use self::project::{OlderParent, OlderProject, Project, ProjectList};
pub use self::role::{
    GrantableRoles, Permission, PermissionList, Role, RoleList, TestablePermissions,
};

/// Reads a body. An empty one is an empty object.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, NotARequest> {
    let body = if body.trim_ascii().is_empty() {
        b"{}"
    } else {
        body
    };
    json::read(body).ok_or(NotARequest {
        field: "",
        why: "not a JSON object of this method",
    })
}

/// Prints an answer.
pub fn print(message: &impl Serialize) -> Vec<u8> {
    json::print(message, 512)
}

/// Whether a truth goes without saying.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
fn is_false(truth: &bool) -> bool {
    !truth
}

#[cfg(test)]
mod tests;
