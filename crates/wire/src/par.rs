//! An authorization request that was pushed: the answer, and the name under which it is kept.
//!
//! RFC 9126 §2.2. The request itself is the form that [`crate::authorize`] reads; §2.1 forbids a
//! `request_uri` in it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json;

/// What every name of a pushed request begins with (RFC 9126 §2.2).
pub const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// How long the part behind the prefix may be, in bytes.
const MAX_REFERENCE_BYTES: usize = 512;

/// The answer: status 201.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedAuthorizationResponse<'a> {
    /// The name.
    #[serde(borrow, deserialize_with = "json::cow")]
    pub request_uri: Cow<'a, str>,
    /// For how many seconds it is good.
    pub expires_in: u64,
}

impl<'a> PushedAuthorizationResponse<'a> {
    /// The name of a reference: what stands behind the prefix.
    pub fn new(reference: &str, expires_in: u64) -> Self {
        Self {
            request_uri: Cow::Owned(format!("{REQUEST_URI_PREFIX}{reference}")),
            expires_in,
        }
    }

    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print(self, 192)
    }

    /// Reads what a server answered; `None` where it is not that.
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        json::read(body)
    }
}

/// The reference in a `request_uri`; `None` where it names no pushed request.
pub fn reference(request_uri: &str) -> Option<&str> {
    let reference = request_uri.strip_prefix(REQUEST_URI_PREFIX)?;
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let named = !reference.is_empty() && reference.len() <= MAX_REFERENCE_BYTES;
    (named && reference.bytes().all(plain)).then_some(reference)
}

/// Without the name: whoever knows it continues the request.
impl fmt::Debug for PushedAuthorizationResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushedAuthorizationResponse")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
