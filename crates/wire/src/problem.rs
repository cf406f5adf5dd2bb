//! A refusal of the admin API.
//!
//! RFC 9457 §3, with three members of ours: `code` (a CRN), `trace_id`, and `errors`, which names
//! each wrong field by a JSON pointer (RFC 6901 §6, as the RFC's own example does).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::crn::Crn;
use crate::json;

/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// How many wrong fields are named. Who has more will be back.
const MAX_ERRORS: usize = 32;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem<'a> {
    /// The page that explains the code.
    #[serde(rename = "type", borrow, deserialize_with = "json::cow")]
    pub kind: Cow<'a, str>,
    /// The one cause.
    #[serde(deserialize_with = "json::cow")]
    pub title: Cow<'a, str>,
    /// The HTTP status.
    pub status: u16,
    /// What is the matter this time.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub detail: Option<Cow<'a, str>>,
    /// The code, `CRN-nnnn`.
    #[serde(deserialize_with = "json::cow")]
    pub code: Cow<'a, str>,
    /// The name of this request in the logs.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub trace_id: Option<Cow<'a, str>>,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError<'a>>,
}

/// A field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError<'a> {
    /// Where it is, as `#/scopes/3`.
    #[serde(borrow, deserialize_with = "json::cow")]
    pub pointer: Cow<'a, str>,
    /// What is wrong with it.
    #[serde(deserialize_with = "json::cow")]
    pub detail: Cow<'a, str>,
}

impl<'a> Problem<'a> {
    /// The problem of a code. `pages` is where `/e/` is served: the issuer.
    pub fn new(crn: Crn, pages: &str) -> Self {
        Self {
            kind: Cow::Owned(format!("{}/e/{crn}", pages.trim_end_matches('/'))),
            title: Cow::Borrowed(crn.entry().title),
            status: crn.status().unwrap_or(500),
            detail: None,
            code: Cow::Owned(crn.to_string()),
            trace_id: None,
            errors: Vec::new(),
        }
    }

    /// Says what is the matter this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'a, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Names a wrong field. Only the first 32 are kept.
    #[must_use]
    pub fn error(mut self, pointer: &Pointer, detail: impl Into<Cow<'a, str>>) -> Self {
        if self.errors.len() < MAX_ERRORS {
            let pointer = Cow::Owned(pointer.to_string());
            self.errors.push(FieldError {
                pointer,
                detail: detail.into(),
            });
        }
        self
    }

    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print(self, 512)
    }

    /// Reads an answer; `None` where it is not one of ours.
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        json::read(body)
    }
}

/// Where a field stands in a body: a JSON pointer as the fragment of a URI (RFC 6901 §6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(String);

impl Pointer {
    /// The whole body.
    pub fn root() -> Self {
        Self::default()
    }

    /// A member of what this points to.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        // RFC 6901 §3: `~` first, or the `~` of the second would be changed again.
        Self(format!(
            "{}/{}",
            self.0,
            name.replace('~', "~0").replace('/', "~1")
        ))
    }

    /// An item of the list that this points to.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

#[cfg(test)]
mod tests;
