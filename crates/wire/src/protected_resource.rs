//! What an API says about itself: whose tokens it takes, and for which scopes.
//!
//! RFC 9728. A client that knows nothing but the address of an API is refused with a challenge that names
//! this document (§5.1), and finds the authorization server in it.
//!
//! 1. The document is found by putting `/.well-known/oauth-protected-resource` between the host and the
//!    path of the resource's identifier (§3.1): [`well_known`].
//! 2. It names the resource. If that is not the one which was looked for, it "MUST NOT be used" (§3.3).
//! 3. A client that was led here by a challenge holds it against the address that it had asked
//!    ([`ProtectedResource::parse`]), so that no API can make itself out to be another.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::json;

/// How large a document may be, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// How many items a list may have.
const MAX_ITEMS: usize = 256;

/// What stands between the host and the path.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The metadata of a protected resource (§2). Lists without items are left out (§3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProtectedResource {
    /// Its identifier: what a client asks for as `resource` (RFC 8707), and `aud` of its tokens.
    pub resource: String,
    /// The issuers whose tokens it takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_servers: Vec<String>,
    /// Its own public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The scopes that open it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// Where a token may be shown: `header`, `body`, `query` (RFC 6750 §2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bearer_methods_supported: Vec<String>,
    /// How it signs its own answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_signing_alg_values_supported: Vec<String>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    /// What a developer may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_documentation: Option<String>,
    /// What it does with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_policy_uri: Option<String>,
    /// Its terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_tos_uri: Option<String>,
    /// Whether it takes tokens that are bound to a certificate (RFC 8705).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_certificate_bound_access_tokens: Option<bool>,
    /// Which details of RFC 9396 it knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types_supported: Vec<String>,
    /// How proofs may be signed (RFC 9449).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dpop_signing_alg_values_supported: Vec<String>,
    /// Whether it takes no other tokens than those that are bound to a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop_bound_access_tokens_required: Option<bool>,
}

impl ProtectedResource {
    /// The bytes, laid out for people.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print_pretty(self)
    }

    /// Reads the document of this resource: the identifier that its address was made of, or the address
    /// that the client had asked where a challenge led it here (§3.3).
    pub fn parse(body: &[u8], resource: &str) -> Result<Self, NotAResource> {
        if body.len() > MAX_BYTES {
            return Err(NotAResource::TooLarge);
        }
        let read: Self = json::read(body).ok_or(NotAResource::NotJson)?;
        let lists = [
            &read.authorization_servers,
            &read.scopes_supported,
            &read.bearer_methods_supported,
            &read.resource_signing_alg_values_supported,
            &read.authorization_details_types_supported,
            &read.dpop_signing_alg_values_supported,
        ];
        if lists.iter().any(|list| list.len() > MAX_ITEMS) {
            return Err(NotAResource::TooLarge);
        }
        if read.resource == resource {
            Ok(read)
        } else {
            Err(NotAResource::OtherResource)
        }
    }
}

/// Where the document of a resource is (§3.1). `None` where its identifier is no http address, or has a
/// fragment (§1.2). (Plain http is for one's own machine; whoever publishes decides.)
pub fn well_known(resource: &str) -> Option<String> {
    let url = address(resource)?;
    let origin = url.origin().ascii_serialization();
    Some(format!("{origin}{}", place(&url)))
}

/// The path and query of that, as a request line has it.
pub fn well_known_path(resource: &str) -> Option<String> {
    address(resource).map(|url| place(&url))
}

fn address(resource: &str) -> Option<Url> {
    let url = Url::parse(resource).ok()?;
    let web = matches!(url.scheme(), "https" | "http");
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    (web && plain && url.has_host()).then_some(url)
}

/// A path that is a slash alone goes away; a query stays.
fn place(url: &Url) -> String {
    let path = match url.path() {
        "/" => "",
        path => path,
    };
    match url.query() {
        Some(query) => format!("{WELL_KNOWN}{path}?{query}"),
        None => format!("{WELL_KNOWN}{path}"),
    }
}

/// Why this is not the metadata of that resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAResource {
    /// Larger than any metadata.
    TooLarge,
    /// Not a JSON object with these members.
    NotJson,
    /// It is about another resource, or about none.
    OtherResource,
}

impl fmt::Display for NotAResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the metadata document is too large",
            Self::NotJson => {
                "the metadata document is not a JSON object with the members of RFC 9728"
            }
            Self::OtherResource => "the metadata document names another resource",
        })
    }
}

impl std::error::Error for NotAResource {}

#[cfg(test)]
mod tests;
