//! Who may do what with a service account.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

/// A policy, read and shown.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Policy {
    /// Which form it has: 1 where there are no conditions, 3 where there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Value>,
    /// The state that the writer has read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Who has which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bindings: Option<Vec<Binding>>,
}

/// A role and who has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Binding {
    /// The role.
    pub role: Option<String>,
    /// Who has it.
    pub members: Option<Vec<String>>,
    /// When it holds, if not always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// When a binding holds.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Condition {
    /// The expression.
    pub expression: Option<String>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The body of `getIamPolicy`, where its options are not in the query.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GetPolicy {
    /// How it is wanted.
    pub options: Option<PolicyOptions>,
}

/// How a policy is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyOptions {
    /// The highest form that the reader understands.
    #[serde(alias = "requested_policy_version")]
    pub requested_policy_version: Option<Value>,
}

/// The body of `setIamPolicy`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetPolicy {
    /// The whole policy.
    pub policy: Option<Policy>,
    /// Which members of it are written: `bindings` and `etag` unless said.
    #[serde(alias = "update_mask")]
    pub update_mask: Option<String>,
}

/// The body of `testIamPermissions`, and its answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Permissions {
    /// Them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
}
