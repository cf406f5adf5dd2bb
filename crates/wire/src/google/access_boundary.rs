//! A credential access boundary: what a token shall not go beyond, whatever its scope says (google-wire 6.5).
//!
//! 1. A boundary has rules, [`MAX_RULES`] at most. A rule names a resource, the roles that count on it and on
//!    what is beneath it, and perhaps a condition.
//! 2. What no rule permits is not permitted. A rule permits nothing by itself: whoever holds the token needs the
//!    permission too.
//! 3. The whole has [`MAX_BYTES`] when it is printed without spaces: it travels in tokens.
//! 4. A member of a rule that is not known here is refused and never dropped: it could be one that narrows.
//! 5. The conditions are texts here. The server looks at them before it gives a token
//!    (`availabilityCondition`, in the Common Expression Language); the API that is called evaluates them, as
//!    only it knows its resources.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json;
use crate::legal::Echo;

/// How many rules a boundary may have.
pub const MAX_RULES: usize = 10;

/// How many bytes it may have, printed without spaces.
pub const MAX_BYTES: usize = 3_072;

/// What an available permission begins with: the name of a role follows.
pub const IN_ROLE: &str = "inRole:";

/// A boundary with at least one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct AccessBoundary {
    #[serde(rename = "accessBoundaryRules")]
    rules: Vec<AccessBoundaryRule>,
}

/// On which resource which roles count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessBoundaryRule {
    /// The whole name of the resource: `//storage.googleapis.com/projects/_/buckets/B`.
    pub available_resource: String,
    /// `inRole:roles/…`, each of them.
    pub available_permissions: Vec<String>,
    /// When it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_condition: Option<AvailabilityCondition>,
}

/// When a rule counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityCondition {
    /// In the Common Expression Language, over `resource` and `api`.
    pub expression: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the expression stands, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    #[serde(rename = "accessBoundaryRules")]
    rules: Vec<AccessBoundaryRule>,
}

/// Why this is no boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotABoundary {
    /// It does not have the shape, or has members that are not known.
    Shape,
    /// It has no rules, or too many.
    Rules(usize),
    /// It is too long; how long it is.
    TooLong(usize),
    /// This is no whole name of a resource.
    Resource(Echo),
    /// A rule has no permissions.
    NoPermissions,
    /// This does not name a role.
    Permission(Echo),
}

impl fmt::Display for NotABoundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str(
                "accessBoundary is not an object with accessBoundaryRules, or a rule has a member that is not known",
            ),
            Self::Rules(0) => f.write_str("accessBoundary has no rules"),
            Self::Rules(sent) => write!(f, "accessBoundary has {sent} rules; {MAX_RULES} is the most"),
            Self::TooLong(sent) => {
                write!(f, "accessBoundary has {sent} bytes; {MAX_BYTES} is the most")
            }
            Self::Resource(sent) => write!(f, "availableResource '{sent}' is not the whole name of a resource"),
            Self::NoPermissions => f.write_str("a rule has no availablePermissions"),
            Self::Permission(sent) => write!(f, "availablePermissions has '{sent}', which is not {IN_ROLE} and a role"),
        }
    }
}

impl std::error::Error for NotABoundary {}

impl TryFrom<Unchecked> for AccessBoundary {
    type Error = NotABoundary;

    fn try_from(Unchecked { rules }: Unchecked) -> Result<Self, NotABoundary> {
        if rules.is_empty() || rules.len() > MAX_RULES {
            return Err(NotABoundary::Rules(rules.len()));
        }
        rules.iter().try_for_each(AccessBoundaryRule::check)?;
        let boundary = Self { rules };
        let length = json::print(&boundary, MAX_BYTES).len();
        if length > MAX_BYTES {
            return Err(NotABoundary::TooLong(length));
        }
        Ok(boundary)
    }
}

impl AccessBoundary {
    /// Reads what `options` says.
    pub fn of(sent: &Value) -> Result<Self, NotABoundary> {
        let unchecked = Unchecked::deserialize(sent).map_err(|_| NotABoundary::Shape)?;
        Self::try_from(unchecked)
    }

    /// The rules, of which one is enough.
    pub fn rules(&self) -> &[AccessBoundaryRule] {
        &self.rules
    }

    /// Whether something may be done with a resource, as far as the boundary goes. `resource` is its whole name,
    /// `gives` says whether a role (`roles/…`) gives the permission that is needed, and `is_met` evaluates a
    /// condition; where it cannot, the answer is no.
    pub fn permits(
        &self,
        resource: &str,
        gives: impl Fn(&str) -> bool,
        is_met: impl Fn(&AvailabilityCondition) -> bool,
    ) -> bool {
        self.rules.iter().any(|rule| {
            rule.is_about(resource)
                && rule.roles().any(&gives)
                && rule.availability_condition.as_ref().is_none_or(&is_met)
        })
    }
}

impl AccessBoundaryRule {
    /// The roles that count, without [`IN_ROLE`].
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let named = self.available_permissions.iter();
        named.filter_map(|permission| permission.strip_prefix(IN_ROLE))
    }

    /// Whether it is about this resource: the one that it names, or one beneath it. A name that walks up again
    /// is beneath nothing.
    fn is_about(&self, resource: &str) -> bool {
        let walks = resource.split('/').any(|part| matches!(part, "." | ".."));
        let beneath = resource.strip_prefix(self.available_resource.as_str());
        !walks && beneath.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn check(&self) -> Result<(), NotABoundary> {
        let resource = &self.available_resource;
        let name = resource.strip_prefix("//").unwrap_or_default();
        let walks = name.split('/').any(|part| matches!(part, "" | "." | ".."));
        if walks || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NotABoundary::Resource(Echo::of(resource)));
        }
        if self.available_permissions.is_empty() {
            return Err(NotABoundary::NoPermissions);
        }
        let wrong = |permission: &&String| !permission.strip_prefix(IN_ROLE).is_some_and(is_role);
        match self.available_permissions.iter().find(wrong) {
            None => Ok(()),
            Some(permission) => Err(NotABoundary::Permission(Echo::of(permission))),
        }
    }
}

/// `roles/R`, or `R` of a project or an organization.
fn is_role(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    let parts: Vec<&str> = name.split('/').collect();
    let placed = match parts.as_slice() {
        ["roles", role] => !role.is_empty(),
        ["projects" | "organizations", owner, "roles", role] => {
            !owner.is_empty() && !role.is_empty()
        }
        _ => false,
    };
    placed && name.bytes().all(known)
}

#[cfg(test)]
mod tests;
