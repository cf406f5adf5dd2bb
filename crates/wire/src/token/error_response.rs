//! The refusal as JSON, at the token endpoint and wherever else OAuth's envelope is spoken.
//!
//! RFC 6749 §5.2, with two members of ours: `trace_id`, under which the owner finds the whole
//! story, and `timestamp`, against which a client can hold its clock (ux 4.1).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::legal::legal;

/// `{"error":…,"error_description":…,"error_uri":…,"trace_id":…,"timestamp":…}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse<'a> {
    /// The code. A parsed answer may hold one that is not in our lists.
    #[serde(borrow)]
    pub error: Cow<'a, str>,
    /// What the client's developer reads.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub error_description: Option<Cow<'a, str>>,
    /// The page that explains it.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub error_uri: Option<Cow<'a, str>>,
    /// The name of this request in the logs.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub trace_id: Option<Cow<'a, str>>,
    /// When it was refused, by the clock that judged: RFC 3339 with `Z`.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Cow<'a, str>>,
}

impl<'a> ErrorResponse<'a> {
    /// A refusal with its code alone.
    pub fn new(code: impl Into<&'static str>) -> Self {
        Self {
            error: Cow::Borrowed(code.into()),
            error_description: None,
            error_uri: None,
            trace_id: None,
            timestamp: None,
        }
    }

    /// A refusal that says why.
    #[must_use]
    pub fn describe(mut self, description: impl Into<Cow<'a, str>>) -> Self {
        self.error_description = Some(description.into());
        self
    }

    /// The bytes. Whatever the description holds, only legal characters leave (RFC 6749 §5.2).
    pub fn to_bytes(&self) -> Vec<u8> {
        let printed = ErrorResponse {
            error: legal(&self.error),
            error_description: self.error_description.as_deref().map(legal),
            error_uri: self.error_uri.as_deref().map(legal),
            trace_id: self.trace_id.as_deref().map(legal),
            timestamp: self.timestamp.as_deref().map(legal),
        };
        json::print(&printed, 640)
    }

    /// Reads what a server answered; `None` where it is not a refusal in this form.
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        json::read(body)
    }
}
