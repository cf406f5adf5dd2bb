//! `authorization_details`: what is asked for, and was granted, in detail (RFC 9396).
//!
//! A JSON list of objects, each with a `type` that some API declares (§2). What the members of a type mean,
//! only its API knows; five have a shape that is common to all (§2.2). Here the shape is read, and it is
//! bounded, since the details travel in codes and tokens:
//!
//! 1. the whole has [`MAX_BYTES`] when it is printed without spaces, and [`MAX_DETAILS`] objects,
//! 2. nothing is nested more than [`MAX_DEPTH`] levels deep, and no object names a member twice,
//! 3. `type` is a text; `locations`, `actions`, `datatypes` and `privileges` are lists of texts; `identifier` is
//!    a text (§2.2).

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::bounded;
use crate::crn::Crn;
use crate::json;

/// How many bytes the details may have, printed without spaces.
pub const MAX_BYTES: usize = 2048;

/// How many of them there may be.
pub const MAX_DETAILS: usize = 16;

/// How deep they may be nested, the list itself counted.
pub const MAX_DEPTH: usize = 8;

/// How long a type may be, in bytes.
pub const MAX_TYPE_BYTES: usize = 128;

/// The members whose shape is common to all types (RFC 9396 §2.2): lists of texts.
const LISTS: [&str; 4] = ["locations", "actions", "datatypes", "privileges"];

/// Details: at least one.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationDetails(Vec<AuthorizationDetail>);

/// One of them.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationDetail {
    kind: String,
    members: Map<String, Value>,
}

impl AuthorizationDetails {
    /// Reads the parameter.
    pub fn parse(text: &str) -> Result<Self, AuthorizationDetailsError> {
        let value =
            bounded::read(text.as_bytes(), MAX_DEPTH).ok_or(AuthorizationDetailsError::NotJson)?;
        Self::of(value)
    }

    fn of(value: Value) -> Result<Self, AuthorizationDetailsError> {
        let Value::Array(items) = value else {
            return Err(AuthorizationDetailsError::NotAList);
        };
        if items.is_empty() || items.len() > MAX_DETAILS {
            return Err(AuthorizationDetailsError::Count);
        }
        let details: Result<Vec<_>, _> = (1..).zip(items).map(AuthorizationDetail::of).collect();
        let details = Self(details?);
        if details.to_json().len() > MAX_BYTES {
            return Err(AuthorizationDetailsError::TooLarge);
        }
        Ok(details)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &AuthorizationDetail> {
        self.0.iter()
    }

    /// Those of them that are kept; `None` where none is.
    pub fn filter(&self, keep: impl Fn(&AuthorizationDetail) -> bool) -> Option<Self> {
        let kept: Vec<_> = self.iter().filter(|one| keep(one)).cloned().collect();
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// Whether each of these was granted by one of ours (RFC 9396 §6: a token request may ask for less).
    pub fn cover(&self, asked: &Self) -> bool {
        let covered = |one: &AuthorizationDetail| self.iter().any(|granted| granted.covers(one));
        asked.iter().all(covered)
    }

    /// As JSON without spaces.
    pub fn to_json(&self) -> String {
        let bytes = json::print(self, 256);
        String::from_utf8(bytes).unwrap_or_default()
    }
}

impl AuthorizationDetail {
    fn of((place, value): (usize, Value)) -> Result<Self, AuthorizationDetailsError> {
        let Value::Object(members) = value else {
            return Err(AuthorizationDetailsError::NotAnObject(place));
        };
        let kind = match members.get("type") {
            Some(Value::String(kind)) if (1..=MAX_TYPE_BYTES).contains(&kind.len()) => kind.clone(),
            _ => return Err(AuthorizationDetailsError::Type(place)),
        };
        for (name, value) in &members {
            let fits = match name.as_str() {
                "identifier" => value.is_string(),
                name if LISTS.contains(&name) => texts(value).is_some(),
                _ => true,
            };
            if !fits {
                let name = LISTS.into_iter().find(|known| known == name);
                let name = name.unwrap_or("identifier");
                return Err(AuthorizationDetailsError::Member(place, name));
            }
        }
        Ok(Self { kind, members })
    }

    /// Its `type`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What is asked for beside the type, by name.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        let all = self.members.iter().filter(|(name, _)| *name != "type");
        all.map(|(name, value)| (name.as_str(), value))
    }

    /// One of its members.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// The APIs that it is for; `None` where it does not say.
    pub fn locations(&self) -> Option<Vec<&str>> {
        texts(self.members.get("locations")?)
    }

    /// Whether this grants what the other one asks for: the same members with the same values, but for
    /// lists of texts, of which some may be asked for.
    fn covers(&self, asked: &Self) -> bool {
        let within = |(name, granted): (&String, &Value)| {
            let Some(asked) = asked.members.get(name) else {
                return false;
            };
            granted == asked
                || texts(granted)
                    .zip(texts(asked))
                    .is_some_and(|(granted, asked)| {
                        !asked.is_empty() && asked.iter().all(|one| granted.contains(one))
                    })
        };
        self.members.len() == asked.members.len() && self.members.iter().all(within)
    }
}

/// A list of texts, and of nothing else.
fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

impl FromStr for AuthorizationDetails {
    type Err = AuthorizationDetailsError;

    fn from_str(text: &str) -> Result<Self, AuthorizationDetailsError> {
        Self::parse(text)
    }
}

impl Serialize for AuthorizationDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|one| &one.members))
    }
}

impl<'de> Deserialize<'de> for AuthorizationDetails {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = bounded::value(deserializer, MAX_DEPTH)?;
        Self::of(value).map_err(D::Error::custom)
    }
}

/// The types alone: the rest is about people and their money.
impl fmt::Debug for AuthorizationDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The type alone.
impl fmt::Debug for AuthorizationDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationDetail")
            .field("type", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Why these are no details. Places are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationDetailsError {
    /// Not JSON, nested too deep, or an object that names a member twice.
    NotJson,
    /// Not a list.
    NotAList,
    /// An empty list, or one that is too long.
    Count,
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// Something that is no object; its place.
    NotAnObject(usize),
    /// An object without a `type`, or with one that is too long; its place.
    Type(usize),
    /// A member of RFC 9396 §2.2 in another shape; the place of the object, and the name.
    Member(usize, &'static str),
}

impl AuthorizationDetailsError {
    /// Which cause of the catalogue it is.
    pub fn crn(self) -> Crn {
        Crn::DETAILS_MALFORMED
    }
}

impl fmt::Display for AuthorizationDetailsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = "authorization_details";
        match self {
            Self::NotJson => write!(
                f,
                "{name} is not JSON, has a member twice, or is nested more than {MAX_DEPTH} levels deep"
            ),
            Self::NotAList => write!(f, "{name} is not a JSON list of objects"),
            Self::Count => write!(f, "{name} has 1 to {MAX_DETAILS} objects"),
            Self::TooLarge => write!(f, "{name} is larger than {MAX_BYTES} bytes without spaces"),
            Self::NotAnObject(place) => write!(f, "item {place} of {name} is not an object"),
            Self::Type(place) => write!(
                f,
                "item {place} of {name} has no type, or one of more than {MAX_TYPE_BYTES} bytes"
            ),
            Self::Member(place, member) => write!(
                f,
                "{member} of item {place} of {name} is not as RFC 9396 section 2.2 has it"
            ),
        }
    }
}

impl std::error::Error for AuthorizationDetailsError {}

#[cfg(test)]
mod tests;
