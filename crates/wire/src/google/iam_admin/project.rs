//! Projects, as Resource Manager shows them in its first and its third version.

use serde::Serialize;

/// A project in the form of v3.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// `projects/NUMBER`.
    pub name: String,
    /// Its id.
    pub project_id: String,
    /// Whether it works.
    pub state: &'static str,
    /// What people call it.
    pub display_name: String,
    /// When it was made.
    pub create_time: String,
    /// When it was changed.
    pub update_time: String,
    /// Its state, as an opaque text.
    pub etag: String,
    /// `organizations/ID`, if it belongs to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A project in the form of v1.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OlderProject {
    /// Its number, as a string.
    pub project_number: String,
    /// Its id.
    pub project_id: String,
    /// Whether it works.
    pub lifecycle_state: &'static str,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub create_time: String,
    /// The organization that it belongs to, if to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<OlderParent>,
}

/// What a project belongs to.
#[derive(Clone, Debug, Serialize)]
pub struct OlderParent {
    /// `organization`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

/// A page of projects.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectList<T> {
    /// Them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<T>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}
