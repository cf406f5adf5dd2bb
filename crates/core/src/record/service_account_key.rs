//! A key of a service account. Its private half is shown once and never kept.

use carnet_jose::Algorithm;

use crate::value::Description;
use crate::value::KeyId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::Version;

/// The public half of a service account's key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServiceAccountKey {
    /// Its `kid`.
    pub id: KeyId,
    /// Whose it is.
    pub account: UniqueId,
    /// The one algorithm it verifies.
    pub algorithm: Algorithm,
    /// The public key: `SubjectPublicKeyInfo` in DER.
    pub public_key: Vec<u8>,
    /// A certificate for it in DER, since Google's key documents hold certificates.
    pub certificate: Vec<u8>,
    /// Where it came from.
    pub origin: KeyOrigin,
    /// When it was made.
    pub created: UnixTime,
    /// From when on it is worth nothing, if ever.
    pub expires: Option<UnixTime>,
    /// Whether it works.
    pub state: KeyState,
    /// How often it was written.
    pub version: Version,
}

/// Where a key came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyOrigin {
    /// Carnet made the pair and gave the private half away: nobody else knows it.
    Made,
    /// Its owner uploaded the public half; the private half may be in use elsewhere too.
    Uploaded,
}

/// Whether a key works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KeyState {
    /// As usual.
    Active,
    /// Verifies nothing until enabled.
    Disabled {
        /// Since when.
        since: UnixTime,
        /// Which of Google's reasons.
        reason: DisableReason,
        /// In words, for administrators.
        note: Description,
    },
}

/// Why a key was disabled, by Google's list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DisableReason {
    /// A person wanted it.
    UserInitiated,
    /// It was found in public.
    Exposed,
    /// It was used by somebody else.
    CompromiseDetected,
}
