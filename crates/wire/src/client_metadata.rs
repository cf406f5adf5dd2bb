//! What a client says of itself: the body of a registration (RFC 7591 §2), and the document behind a
//! `client_id` that is a URL (draft-ietf-oauth-client-id-metadata-document §4).
//!
//! 1. It is a JSON object of bounded size and depth, in which no member comes twice. Members that are
//!    not known here are passed over (RFC 7591 §2: "MUST ignore"); one that is null, or an empty text,
//!    counts as absent, since many libraries write them so.
//! 2. Each member that is known has its form, and its bound. What is wrong is told at its place, as a
//!    JSON pointer.
//! 3. What of it is granted is a rule of the server, not a matter of form.
//!
//! [`Registration`] is the way back: what was registered (RFC 7591 §3.2.1, RFC 7592 §3).

mod document;
mod error;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json;
use crate::redirect_uri::RedirectUri;
use crate::scope::Scope;

pub use self::document::{DocumentId, NotADocumentId};
pub use self::error::ClientMetadataError;

/// How large the metadata of a client may be, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// How many redirect URIs a client names at most.
pub const MAX_REDIRECT_URIS: usize = 50;

/// How many items any other list has at most.
const MAX_ITEMS: usize = 20;

/// How long a text is at most, in bytes.
const MAX_TEXT: usize = 2048;

/// How deep the keys of a client may nest.
const MAX_DEPTH: usize = 8;

/// The metadata of a client, each member in its form.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the metadata has so many members that are true or false"
)]
pub struct ClientMetadata {
    /// Where the browser may be sent back to.
    pub redirect_uris: Vec<RedirectUri>,
    /// How it means to prove itself at the token endpoint.
    pub token_endpoint_auth_method: Option<String>,
    /// The grants that it means to use.
    pub grant_types: Option<Vec<String>>,
    /// The response types that it means to use.
    pub response_types: Option<Vec<String>>,
    /// `web` or `native` (OpenID Connect Registration 1.0 §2).
    pub application_type: Option<String>,
    /// What people call it.
    pub client_name: Option<String>,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Its picture.
    pub logo_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// How it treats data.
    pub policy_uri: Option<String>,
    /// Who answers for it.
    pub contacts: Vec<String>,
    /// The scopes that it means to ask for.
    pub scope: Option<Scope>,
    /// Its public keys, as JSON.
    pub jwks: Option<String>,
    /// Where its public keys are.
    pub jwks_uri: Option<String>,
    /// What its ID tokens are to be signed with (OpenID Connect Registration 1.0 §2).
    pub id_token_signed_response_alg: Option<String>,
    /// The only algorithm of its assertions.
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// The names in its certificate (RFC 8705 §2.1.2), each with the name of its member: it has one.
    pub certificate_names: Vec<(&'static str, String)>,
    /// Whether its tokens are bound to its certificate (RFC 8705 §3.4).
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether each of its requests is pushed (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// Whether each of its requests is signed (RFC 9101 §10.5).
    pub require_signed_request_object: bool,
    /// Whether each of its tokens is bound to a key (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// Whether somebody else vouches for it (RFC 7591 §2.3).
    pub has_software_statement: bool,
    /// Its `client_id`: in a document, and in an update (RFC 7592 §2.2).
    pub client_id: Option<String>,
    /// Its secret: in an update, where it must be the one it has.
    pub client_secret: Option<String>,
    /// Whether it has a member that a document, or an update, must not have.
    pub misplaced: Option<&'static str>,
}

/// The members as they come.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Sent {
    redirect_uris: Option<Vec<String>>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    application_type: Option<String>,
    client_name: Option<String>,
    client_uri: Option<String>,
    logo_uri: Option<String>,
    tos_uri: Option<String>,
    policy_uri: Option<String>,
    contacts: Option<Vec<String>>,
    scope: Option<String>,
    jwks: Option<Value>,
    jwks_uri: Option<String>,
    id_token_signed_response_alg: Option<String>,
    token_endpoint_auth_signing_alg: Option<String>,
    tls_client_auth_subject_dn: Option<String>,
    tls_client_auth_san_dns: Option<String>,
    tls_client_auth_san_uri: Option<String>,
    tls_client_auth_san_ip: Option<String>,
    tls_client_auth_san_email: Option<String>,
    tls_client_certificate_bound_access_tokens: Option<bool>,
    require_pushed_authorization_requests: Option<bool>,
    require_signed_request_object: Option<bool>,
    dpop_bound_access_tokens: Option<bool>,
    software_statement: Option<Value>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_secret_expires_at: Option<Value>,
    client_id_issued_at: Option<Value>,
    registration_access_token: Option<Value>,
    registration_client_uri: Option<Value>,
}

impl ClientMetadata {
    /// Reads the metadata of a client.
    pub fn parse(body: &[u8]) -> Result<Self, ClientMetadataError> {
        if body.len() > MAX_BYTES {
            return Err(ClientMetadataError::TooLarge(MAX_BYTES));
        }
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(ClientMetadataError::NotJson(
                "it is not a JSON object".to_owned(),
            ));
        }
        let sent: Sent = serde_json::from_slice(body)
            .map_err(|error| ClientMetadataError::NotJson(error.to_string()))?;
        sent.check()
    }
}

impl Sent {
    fn check(self) -> Result<ClientMetadata, ClientMetadataError> {
        let misplaced = self.misplaced();
        let certificate_names = self.certificate_names()?;
        Ok(ClientMetadata {
            redirect_uris: redirect_uris(self.redirect_uris.as_deref().unwrap_or_default())?,
            token_endpoint_auth_method: text(
                "/token_endpoint_auth_method",
                self.token_endpoint_auth_method,
            )?,
            grant_types: list("/grant_types", self.grant_types)?,
            response_types: list("/response_types", self.response_types)?,
            application_type: text("/application_type", self.application_type)?,
            client_name: text("/client_name", self.client_name)?,
            client_uri: text("/client_uri", self.client_uri)?,
            logo_uri: text("/logo_uri", self.logo_uri)?,
            tos_uri: text("/tos_uri", self.tos_uri)?,
            policy_uri: text("/policy_uri", self.policy_uri)?,
            contacts: list("/contacts", self.contacts)?.unwrap_or_default(),
            scope: scope(self.scope)?,
            jwks: keys(self.jwks)?,
            jwks_uri: text("/jwks_uri", self.jwks_uri)?,
            id_token_signed_response_alg: text(
                "/id_token_signed_response_alg",
                self.id_token_signed_response_alg,
            )?,
            token_endpoint_auth_signing_alg: text(
                "/token_endpoint_auth_signing_alg",
                self.token_endpoint_auth_signing_alg,
            )?,
            certificate_names,
            tls_client_certificate_bound_access_tokens: self
                .tls_client_certificate_bound_access_tokens
                .unwrap_or_default(),
            require_pushed_authorization_requests: self
                .require_pushed_authorization_requests
                .unwrap_or_default(),
            require_signed_request_object: self.require_signed_request_object.unwrap_or_default(),
            dpop_bound_access_tokens: self.dpop_bound_access_tokens.unwrap_or_default(),
            has_software_statement: self.software_statement.is_some(),
            client_id: text("/client_id", self.client_id)?,
            client_secret: text("/client_secret", self.client_secret)?,
            misplaced,
        })
    }

    /// RFC 8705 §2.1.2: what of these is there.
    fn certificate_names(&self) -> Result<Vec<(&'static str, String)>, ClientMetadataError> {
        let members = [
            (
                "tls_client_auth_subject_dn",
                &self.tls_client_auth_subject_dn,
            ),
            ("tls_client_auth_san_dns", &self.tls_client_auth_san_dns),
            ("tls_client_auth_san_uri", &self.tls_client_auth_san_uri),
            ("tls_client_auth_san_ip", &self.tls_client_auth_san_ip),
            ("tls_client_auth_san_email", &self.tls_client_auth_san_email),
        ];
        let mut names = Vec::new();
        for (member, sent) in members {
            let name = text(&format!("/{member}"), sent.clone())?;
            names.extend(name.map(|name| (member, name)));
        }
        Ok(names)
    }

    /// RFC 7592 §2.2: these "MUST NOT" be in an update.
    fn misplaced(&self) -> Option<&'static str> {
        [
            ("registration_access_token", &self.registration_access_token),
            ("registration_client_uri", &self.registration_client_uri),
            ("client_secret_expires_at", &self.client_secret_expires_at),
            ("client_id_issued_at", &self.client_id_issued_at),
        ]
        .into_iter()
        .find(|(_, member)| member.is_some())
        .map(|(name, _)| name)
    }
}

fn wrong(pointer: impl Into<String>, why: impl Into<String>) -> ClientMetadataError {
    ClientMetadataError::Member {
        pointer: pointer.into(),
        why: why.into(),
    }
}

fn text(pointer: &str, sent: Option<String>) -> Result<Option<String>, ClientMetadataError> {
    let Some(text) = sent.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.len() > MAX_TEXT {
        return Err(wrong(pointer, format!("longer than {MAX_TEXT} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(pointer, "has a control character"));
    }
    Ok(Some(text))
}

fn list(
    pointer: &str,
    sent: Option<Vec<String>>,
) -> Result<Option<Vec<String>>, ClientMetadataError> {
    let Some(items) = sent else { return Ok(None) };
    if items.len() > MAX_ITEMS {
        return Err(wrong(pointer, format!("more than {MAX_ITEMS} items")));
    }
    let items = items
        .into_iter()
        .enumerate()
        .filter_map(|(place, item)| text(&format!("{pointer}/{place}"), Some(item)).transpose());
    items.collect::<Result<_, _>>().map(Some)
}

fn redirect_uris(sent: &[String]) -> Result<Vec<RedirectUri>, ClientMetadataError> {
    if sent.len() > MAX_REDIRECT_URIS {
        return Err(ClientMetadataError::RedirectUri {
            pointer: "/redirect_uris".to_owned(),
            why: format!("more than {MAX_REDIRECT_URIS} redirect URIs"),
        });
    }
    let mut uris: Vec<RedirectUri> = Vec::with_capacity(sent.len());
    for (place, text) in sent.iter().enumerate() {
        let uri = RedirectUri::parse(text).map_err(|error| ClientMetadataError::RedirectUri {
            pointer: format!("/redirect_uris/{place}"),
            why: error.to_string(),
        })?;
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    Ok(uris)
}

fn scope(sent: Option<String>) -> Result<Option<Scope>, ClientMetadataError> {
    let Some(text) = sent.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let scope = Scope::parse(&text).map_err(|error| wrong("/scope", error.to_string()))?;
    Ok(Some(scope))
}

fn keys(sent: Option<Value>) -> Result<Option<String>, ClientMetadataError> {
    match sent {
        None | Some(Value::Null) => Ok(None),
        Some(keys @ Value::Object(_)) if depth(&keys) <= MAX_DEPTH => Ok(Some(keys.to_string())),
        Some(Value::Object(_)) => Err(wrong("/jwks", "nests too deep")),
        Some(_) => Err(wrong("/jwks", "is not a JSON object")),
    }
}

/// The parser has a bound of its own, so this ends.
fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return 0,
    };
    1 + below.unwrap_or(0)
}

/// What was registered, as its client reads it (RFC 7591 §3.2.1).
#[expect(
    clippy::struct_excessive_bools,
    reason = "the metadata has so many members that are true or false"
)]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// Who it is from now on.
    pub client_id: String,
    /// When it was registered, in seconds.
    pub client_id_issued_at: i64,
    /// Its secret, where it has one that is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// When the secret ends, in seconds; 0: never. Beside every secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret_expires_at: Option<i64>,
    /// Reads and changes this registration (RFC 7592).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_access_token: Option<String>,
    /// Where that is done.
    pub registration_client_uri: String,
    /// Where the browser may be sent back to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
    /// How it proves itself.
    pub token_endpoint_auth_method: String,
    /// The grants that it may use.
    pub grant_types: Vec<String>,
    /// The response types that it may use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_types: Vec<String>,
    /// `web` or `native`.
    pub application_type: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Its terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// How it treats data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// The scopes that it may ask for.
    pub scope: String,
    /// Its public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Where its public keys are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// What its ID tokens are signed with.
    pub id_token_signed_response_alg: String,
    /// The only algorithm of its assertions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// The name in its certificate, under the name of its member (RFC 8705 §2.1.2).
    #[serde(flatten)]
    pub certificate_name: BTreeMap<String, String>,
    /// Whether its tokens are bound to its certificate.
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether each of its requests is pushed.
    pub require_pushed_authorization_requests: bool,
    /// Whether each of its requests is signed.
    pub require_signed_request_object: bool,
    /// Whether each of its tokens is bound to a key.
    pub dpop_bound_access_tokens: bool,
}

impl Registration {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print(self, 1024)
    }
}

#[cfg(test)]
mod tests;
