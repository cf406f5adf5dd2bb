//! A project: service accounts, keys and APIs that belong together.

use crate::value::OrganizationId;
use crate::value::ProjectId;
use crate::value::ProjectNumber;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// A project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Project {
    /// The id that people chose; never reused.
    pub id: ProjectId,
    /// The number that we chose.
    pub number: ProjectNumber,
    /// Whose it is, if it belongs to an organization.
    pub organization: Option<OrganizationId>,
    /// What people call it.
    pub title: Title,
    /// Whom its clients may serve.
    pub audience: Audience,
    /// Whether its clients get tokens.
    pub state: ProjectState,
    /// How its service accounts' assertions are judged.
    pub assertions: AssertionRules,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// Whom a project's clients may serve.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Audience {
    /// Only users of the project's own organization (`org_internal` otherwise).
    Internal,
    /// Anybody who lets them.
    External,
}

/// Whether a project works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProjectState {
    /// As usual.
    Active,
    /// Every token path of its clients is closed.
    Suspended {
        /// Since when.
        since: UnixTime,
    },
}

/// How the assertions of a project's service accounts are judged. The default is what Google's
/// own libraries need.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AssertionRules {
    /// Refuse a `kid` that is not the key that signed, and `scope` beside `target_audience`.
    pub strict: bool,
    /// Accept Google's own `aud` constants with uploaded keys too. Their private halves may also
    /// be known at Google, and an assertion meant for Google could then be used here: off.
    pub google_audience_for_uploaded_keys: bool,
}
