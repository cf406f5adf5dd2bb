//! A service account's key as the API shows it.

use carnet_core::record::{self, KeyOrigin, KeyUse};
use carnet_core::value::UnixTime;
use carnet_jose::pem;
use carnet_jose::{PublicKey, base64url, digest};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::etag;

/// The public half of a service account's key.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "public_key is its name on the wire"
)]
pub(crate) struct Key {
    /// Its `kid`: 40 hexadecimal digits.
    pub id: String,
    /// The unique id of its account.
    pub account: String,
    /// The one algorithm that it verifies.
    #[schema(example = "RS256")]
    pub algorithm: String,
    /// The bits of its modulus or curve.
    pub bits: usize,
    /// The SHA-256 of its `SubjectPublicKeyInfo`, in base64url: the same for the same key anywhere.
    pub fingerprint: String,
    /// The public key in PEM.
    pub public_key: String,
    /// A certificate for it in PEM.
    pub certificate: String,
    /// Where it came from.
    pub origin: Origin,
    /// Whether it works.
    pub state: KeyState,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// From when on it is worth nothing. Absent: it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires: Option<String>,
    /// When it was last used. Absent: never. Uses appear within seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<LastUsed>,
    /// Its ETag.
    pub etag: String,
}

/// Where a key came from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// It was made here, and the private half was given away.
    Made,
    /// Its public half was uploaded.
    Uploaded,
}

/// Whether a key works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyState {
    /// `active` or `disabled`.
    pub state: KeyStateName,
    /// Since when, if disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Why, if disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<DisableReason>,
    /// In words, if disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The states of a key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyStateName {
    /// As usual, until it expires.
    Active,
    /// It verifies nothing until enabled.
    Disabled,
}

/// Google's reasons to disable a key.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DisableReason {
    /// A person wanted it.
    #[default]
    UserInitiated,
    /// It was found in public.
    Exposed,
    /// It was used by somebody else.
    CompromiseDetected,
}

/// The last use of a key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LastUsed {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// From which address.
    pub address: String,
    /// How often it was used in all.
    pub count: i64,
}

/// A key that was just made, with its private half.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedKey {
    /// The key.
    pub key: Key,
    /// The file with the private key, in base64. This is the only copy.
    #[serde(serialize_with = "revealed")]
    #[schema(value_type = String)]
    pub private_key_data: Zeroizing<String>,
    /// What Google calls such a file.
    #[schema(example = "billing-7f3c0a5e91b2.json")]
    pub file_name: String,
}

fn revealed<S: Serializer>(secret: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret)
}

impl Key {
    /// A key with its last use, found among those of its account.
    pub(crate) fn of(key: record::ServiceAccountKey, uses: &[KeyUse]) -> Self {
        let parsed = PublicKey::from_spki_der(&key.public_key).ok();
        let last_use = uses.iter().find(|last| last.key == key.id);
        Self {
            id: key.id.to_string(),
            account: key.account.to_string(),
            algorithm: key.algorithm.name().to_owned(),
            bits: parsed.map_or(0, |key| key.bits()),
            fingerprint: base64url::encode(digest::sha256(&key.public_key)),
            public_key: pem::encode("PUBLIC KEY", &key.public_key).to_string(),
            certificate: pem::encode("CERTIFICATE", &key.certificate).to_string(),
            origin: match key.origin {
                KeyOrigin::Made => Origin::Made,
                KeyOrigin::Uploaded => Origin::Uploaded,
            },
            state: key.state.into(),
            created: key.created.rfc3339(),
            expires: key.expires.map(UnixTime::rfc3339),
            last_used: last_use.map(|last| LastUsed {
                at: last.last.rfc3339(),
                address: last.address.clone(),
                count: last.count,
            }),
            etag: etag::of(key.version),
        }
    }
}

impl From<record::KeyState> for KeyState {
    fn from(state: record::KeyState) -> Self {
        match state {
            record::KeyState::Active => Self {
                state: KeyStateName::Active,
                since: None,
                reason: None,
                note: None,
            },
            record::KeyState::Disabled {
                since,
                reason,
                note,
            } => Self {
                state: KeyStateName::Disabled,
                since: Some(since.rfc3339()),
                reason: Some(reason.into()),
                note: Some(note.to_string()),
            },
        }
    }
}

impl From<record::DisableReason> for DisableReason {
    fn from(reason: record::DisableReason) -> Self {
        match reason {
            record::DisableReason::UserInitiated => Self::UserInitiated,
            record::DisableReason::Exposed => Self::Exposed,
            record::DisableReason::CompromiseDetected => Self::CompromiseDetected,
        }
    }
}

impl From<DisableReason> for record::DisableReason {
    fn from(reason: DisableReason) -> Self {
        match reason {
            DisableReason::UserInitiated => Self::UserInitiated,
            DisableReason::Exposed => Self::Exposed,
            DisableReason::CompromiseDetected => Self::CompromiseDetected,
        }
    }
}
