//! When a key was last used. Collected in memory and written in batches, never on the hot path.

use crate::value::KeyId;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// The last use of a service account's key, and how often it was used since the last batch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyUse {
    /// The key.
    pub key: KeyId,
    /// Its account.
    pub account: UniqueId,
    /// When last.
    pub last: UnixTime,
    /// From which address last, in text form.
    pub address: String,
    /// How often: in a change the number to add, in a reading the sum.
    pub count: i64,
}
