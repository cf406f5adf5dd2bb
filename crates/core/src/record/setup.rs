//! The link by which the first administrator is made.

use crate::value::SecretDigest;
use crate::value::UnixTime;

/// A setup link. Only its digest is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SetupLink {
    /// The digest of the secret in the link.
    pub digest: SecretDigest,
    /// From when on it is worth nothing.
    pub expires: UnixTime,
}
