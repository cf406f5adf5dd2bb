//! The key file of a service identity of Google Distributed Cloud.
//!
//! google-wire 8.4. Eight members in Google's order. The private key is one of P-256, and where `ca_cert_path` names a
//! file of certificates, programs believe the token endpoint by those and by no other.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::KeyFileError;
use super::key_file::MAX_BYTES;
use crate::json;

/// The member `type` of such a file.
pub const GDCH_SERVICE_ACCOUNT: &str = "gdch_service_account";

/// The one `format_version` that there is.
const FORMAT_VERSION: &str = "1";

/// How long the path of the certificates may be, in bytes: as long as Linux lets a path be.
pub const MAX_PATH_BYTES: usize = 4_095;

/// A key file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GdchKeyFile {
    /// Always `gdch_service_account`.
    #[serde(rename = "type", default, deserialize_with = "json::string_or_null")]
    pub kind: String,
    /// Always `1`.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub format_version: String,
    /// The project's id.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub project: String,
    /// 40 hexadecimal digits; the `kid` of what is signed.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub private_key_id: String,
    /// PKCS#8 PEM.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub private_key: String,
    /// The account's name in its project.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub name: String,
    /// Where the certificates are, on the machine of the program. Empty: those that the machine trusts.
    #[serde(
        default,
        deserialize_with = "json::string_or_null",
        skip_serializing_if = "String::is_empty"
    )]
    pub ca_cert_path: String,
    /// The token endpoint.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub token_uri: String,
}

impl GdchKeyFile {
    /// A file for a new key. Where there is no path of certificates, it is empty.
    #[must_use]
    pub fn new(token_uri: String, ca_cert_path: String) -> Self {
        Self {
            kind: GDCH_SERVICE_ACCOUNT.to_owned(),
            format_version: FORMAT_VERSION.to_owned(),
            project: String::new(),
            private_key_id: String::new(),
            private_key: String::new(),
            name: String::new(),
            ca_cert_path,
            token_uri,
        }
    }

    /// Reads a key file. What the private key holds is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyFileError> {
        if bytes.len() > MAX_BYTES {
            return Err(KeyFileError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let file: Self = json::read(bytes).ok_or(KeyFileError::NotJson)?;
        if file.kind != GDCH_SERVICE_ACCOUNT {
            return Err(KeyFileError::OtherType);
        }
        if file.format_version != FORMAT_VERSION {
            return Err(KeyFileError::OtherVersion);
        }
        match file.missing() {
            Some(name) => Err(KeyFileError::Missing(name)),
            None if file.private_key.contains("\\n") => Err(KeyFileError::LiteralLineEnds),
            None => Ok(file),
        }
    }

    /// The first member that some library insists on and the file does not have.
    fn missing(&self) -> Option<&'static str> {
        let needed = [
            ("project", &self.project),
            ("private_key_id", &self.private_key_id),
            ("private_key", &self.private_key),
            ("name", &self.name),
            ("token_uri", &self.token_uri),
        ];
        let found = needed.into_iter().find(|(_, value)| value.is_empty());
        found.map(|(name, _)| name)
    }

    /// The bytes, laid out as Google does: two spaces, and a line end at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print_pretty(self)
    }
}

/// Without the private key.
impl fmt::Debug for GdchKeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GdchKeyFile")
            .field("project", &self.project)
            .field("name", &self.name)
            .field("private_key_id", &self.private_key_id)
            .field("token_uri", &self.token_uri)
            .finish_non_exhaustive()
    }
}
