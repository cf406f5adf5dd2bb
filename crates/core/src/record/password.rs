//! The password of a user: at most one.

use crate::value::PasswordHash;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// What is kept of a user's password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Password {
    /// Whose it is.
    pub user: UserId,
    /// How it was hashed, and the hash.
    pub hash: PasswordHash,
    /// When the password was set; a hash that is made anew of the same password leaves it.
    pub changed: UnixTime,
    /// How often the record was written.
    pub version: Version,
}
