//! Keys of service accounts.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use super::is_false;

/// A key, as it is shown.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// `projects/P/serviceAccounts/EMAIL/keys/ID`.
    pub name: String,
    /// In which file the private half was given away: in the answer to `create` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key_type: Option<&'static str>,
    /// Which kind it is.
    pub key_algorithm: &'static str,
    /// That file in base64: in the answer to `create` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key_data: Option<String>,
    /// The public half in base64, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key_data: Option<String>,
    /// Since when it is worth something.
    pub valid_after_time: String,
    /// Until when.
    pub valid_before_time: String,
    /// Who made it.
    pub key_origin: &'static str,
    /// Whose it is to manage.
    pub key_type: &'static str,
    /// Whether it is disabled.
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_reason: Option<&'static str>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The keys of an account.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KeyList {
    /// Them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Key>,
}

/// The body of `create`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateKey {
    /// In which file the private half is given away.
    #[serde(alias = "private_key_type")]
    pub private_key_type: Option<String>,
    /// Which kind it is to be.
    #[serde(alias = "key_algorithm")]
    pub key_algorithm: Option<String>,
}

/// The body of `upload`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UploadKey {
    /// A certificate or a public key in PEM, in base64.
    #[serde(alias = "public_key_data")]
    pub public_key_data: Option<String>,
}

/// The body of `disable`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DisableKey {
    /// Why.
    #[serde(alias = "service_account_key_disable_reason")]
    pub service_account_key_disable_reason: Option<String>,
    /// Why, in words.
    #[serde(alias = "extended_status_message")]
    pub extended_status_message: Option<String>,
}
