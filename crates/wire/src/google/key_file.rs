//! The key file of a service account: what a program is given to sign with.
//!
//! google-wire 1.1. Eleven members in Google's order, all of them always written, as each library
//! insists on a different few. Read leniently: members that we do not know are passed over, and
//! only the three that signing needs must be there.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::UNIVERSE_DOMAIN;
use crate::crn::Crn;
use crate::json;

/// How large a key file may be, in bytes. One with an RSA-4096 key has 4 KiB.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// The member `type` of a service account's key file.
const SERVICE_ACCOUNT: &str = "service_account";

/// A key file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    /// Always `service_account`.
    #[serde(rename = "type", default, deserialize_with = "json::string_or_null")]
    pub kind: String,
    /// The project's id.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub project_id: String,
    /// 40 hexadecimal digits; the `kid` of what is signed.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub private_key_id: String,
    /// PKCS#8 PEM.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub private_key: String,
    /// The account's address; the `iss` of what is signed.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub client_email: String,
    /// The account's 21-digit number.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub client_id: String,
    /// The authorization endpoint.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub auth_uri: String,
    /// The token endpoint.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub token_uri: String,
    /// The certificates of the issuer.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub auth_provider_x509_cert_url: String,
    /// The certificates of the account.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub client_x509_cert_url: String,
    /// `googleapis.com`, or libraries stop asking the token endpoint (google-wire 1.4).
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub universe_domain: String,
}

impl KeyFile {
    /// Reads a key file. What the private key holds is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyFileError> {
        if bytes.len() > MAX_BYTES {
            return Err(KeyFileError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut file: Self = json::read(bytes).ok_or(KeyFileError::NotJson)?;
        if file.kind != SERVICE_ACCOUNT {
            return Err(KeyFileError::OtherType);
        }
        if file.universe_domain.is_empty() {
            UNIVERSE_DOMAIN.clone_into(&mut file.universe_domain);
        }
        if let Some(name) = file.missing() {
            Err(KeyFileError::Missing(name))
        } else if file.has_literal_line_ends() {
            Err(KeyFileError::LiteralLineEnds)
        } else {
            Ok(file)
        }
    }

    /// The first member that signing needs and the file does not have.
    fn missing(&self) -> Option<&'static str> {
        let needed = [
            ("private_key", &self.private_key),
            ("client_email", &self.client_email),
            ("token_uri", &self.token_uri),
        ];
        needed
            .into_iter()
            .find_map(|(name, value)| value.is_empty().then_some(name))
    }

    /// The bytes, laid out as Google does: two spaces, and a line end at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print_pretty(self)
    }

    /// Whether the private key has a backslash and an `n` where line ends should be: what comes out
    /// when a JSON string is pasted into an environment variable and encoded once more.
    fn has_literal_line_ends(&self) -> bool {
        self.private_key.contains("\\n")
    }
}

/// Without the private key.
impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("client_email", &self.client_email)
            .field("private_key_id", &self.private_key_id)
            .field("token_uri", &self.token_uri)
            .finish_non_exhaustive()
    }
}

/// Why a key file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFileError {
    /// Larger than any key file.
    TooLarge,
    /// Not a JSON object, or a member is not a string.
    NotJson,
    /// The member `type` is not the one of such files.
    OtherType,
    /// The member `format_version` is none that is known.
    OtherVersion,
    /// A member that signing needs is missing or empty.
    Missing(&'static str),
    /// The private key has a backslash and an `n` where line ends should be.
    LiteralLineEnds,
}

impl KeyFileError {
    /// Which cause of the catalogue it is.
    pub fn crn(self) -> Crn {
        Crn::KEY_FILE
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the file is too large for a key file"),
            Self::NotJson => f.write_str("the key file is not a JSON object of strings"),
            Self::OtherType => write!(
                f,
                "the member type of the key file is not {SERVICE_ACCOUNT}"
            ),
            Self::OtherVersion => f.write_str("the format_version of the key file is not 1"),
            Self::Missing(name) => write!(f, "the key file has no {name}"),
            Self::LiteralLineEnds => {
                f.write_str("private_key has a backslash and an n where line ends should be")
            }
        }
    }
}

impl std::error::Error for KeyFileError {}
