//! What the server says about itself.
//!
//! RFC 8414 §2 and OpenID Connect Discovery 1.0 §3: one document under two addresses. Members
//! that do not hold are left out (RFC 8414 §3.2: "Claims with zero elements MUST be omitted"), but
//! for `response_types_supported`, which both texts require and libraries miss.

use serde::{Deserialize, Serialize};

use crate::json;

/// How large a metadata document may be, in bytes.
const MAX_BYTES: usize = 128 * 1024;

/// The metadata of an authorization server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Who it is: the `iss` of its tokens.
    pub issuer: String,
    /// RFC 6749 §3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// RFC 8628 §4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_authorization_endpoint: Option<String>,
    /// RFC 6749 §3.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// OpenID Connect Core §5.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// RFC 7009.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// RFC 7662.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// RFC 7591.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<String>,
    /// draft-ietf-oauth-client-id-metadata-document §5: whether a `client_id` may be a URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id_metadata_document_supported: Option<bool>,
    /// RFC 9126 §5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<String>,
    /// OpenID Connect RP-Initiated Logout 1.0 §2.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
    /// The public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Response types. Always printed.
    pub response_types_supported: Vec<String>,
    /// Response modes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_modes_supported: Vec<String>,
    /// Grant types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grant_types_supported: Vec<String>,
    /// `public`, `pairwise`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject_types_supported: Vec<String>,
    /// How ID tokens are signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// Scopes, those that everybody may know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// How clients authenticate at the token endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// How assertions may be signed there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// How callers authenticate at the revocation endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    /// How assertions may be signed there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// How callers authenticate at the introspection endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_methods_supported: Vec<String>,
    /// How assertions may be signed there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// RFC 9701 §7: how answers of introspection are signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_signing_alg_values_supported: Vec<String>,
    /// RFC 7636.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<String>,
    /// Claims of ID tokens and userinfo.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims_supported: Vec<String>,
    /// Initiating User Registration 1.0 §4.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompt_values_supported: Vec<String>,
    /// The ways of signing in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acr_values_supported: Vec<String>,
    /// The languages of the pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<String>,
    /// RFC 9449 §5.1: how proofs may be signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dpop_signing_alg_values_supported: Vec<String>,
    /// RFC 9396 §10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types_supported: Vec<String>,
    /// RFC 9126 §5: whether every request must be pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_pushed_authorization_requests: Option<bool>,
    /// RFC 9207 §3: whether the answer of the authorization endpoint names the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_response_iss_parameter_supported: Option<bool>,
    /// RFC 8705 §3.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_certificate_bound_access_tokens: Option<bool>,
    /// RFC 8705 §5: where clients with certificates go, if it is elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mtls_endpoint_aliases: Option<MtlsEndpointAliases>,
    /// OpenID Connect Core §5.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_parameter_supported: Option<bool>,
    /// OpenID Connect Core §6.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_parameter_supported: Option<bool>,
    /// OpenID Connect Core §6.1: how request objects may be signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_object_signing_alg_values_supported: Vec<String>,
    /// OpenID Connect Core §6.2. Where it is left out it counts as true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_uri_parameter_supported: Option<bool>,
    /// What the server does with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_policy_uri: Option<String>,
    /// The terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_tos_uri: Option<String>,
    /// What a developer may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
}

/// RFC 8705 §5: endpoints under which a certificate is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MtlsEndpointAliases {
    /// See [`Metadata::token_endpoint`].
    pub token_endpoint: String,
    /// See [`Metadata::revocation_endpoint`].
    pub revocation_endpoint: String,
    /// See [`Metadata::introspection_endpoint`].
    pub introspection_endpoint: String,
    /// See [`Metadata::pushed_authorization_request_endpoint`].
    pub pushed_authorization_request_endpoint: String,
    /// See [`Metadata::device_authorization_endpoint`].
    pub device_authorization_endpoint: String,
}

impl Metadata {
    /// The bytes, laid out for people: the document is read as often by them as by programs.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print_pretty(self)
    }

    /// Reads the document of an issuer. RFC 8414 §3.3: if it names another one, it "MUST NOT be
    /// used".
    pub fn parse(body: &[u8], issuer: &str) -> Result<Self, NotMetadata> {
        if body.len() > MAX_BYTES {
            return Err(NotMetadata::TooLarge);
        }
        let metadata: Self = json::read(body).ok_or(NotMetadata::NotJson)?;
        if metadata.issuer == issuer {
            Ok(metadata)
        } else {
            Err(NotMetadata::OtherIssuer)
        }
    }
}

/// Where OpenID Connect looks for the document: behind the path of the issuer (Discovery §4).
pub fn openid_configuration(issuer: &str) -> String {
    format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    )
}

/// Where RFC 8414 §3.1 looks for it: between the host and the path.
pub fn oauth_authorization_server(issuer: &str) -> String {
    const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";
    let issuer = issuer.trim_end_matches('/');
    let authority = issuer.find("://").map_or(0, |at| at + "://".len());
    let path = issuer.get(authority..).and_then(|rest| rest.find('/'));
    match path.and_then(|at| issuer.split_at_checked(authority + at)) {
        Some((host, path)) => format!("{host}{WELL_KNOWN}{path}"),
        None => format!("{issuer}{WELL_KNOWN}"),
    }
}

/// Why this is not the metadata of that issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMetadata {
    /// Larger than any metadata.
    TooLarge,
    /// Not a JSON object with these members.
    NotJson,
    /// It is about another issuer, or about none.
    OtherIssuer,
}

impl std::fmt::Display for NotMetadata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the metadata document is too large",
            Self::NotJson => {
                "the metadata document is not a JSON object with the members of RFC 8414"
            }
            Self::OtherIssuer => "the metadata document names another issuer",
        })
    }
}

impl std::error::Error for NotMetadata {}

#[cfg(test)]
mod tests;
