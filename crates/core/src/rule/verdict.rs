//! What a decision returns: the writes first, then what to say.

use crate::rule::Refusal;
use crate::store::Change;

/// A decision. Its changes are committed before its outcome is told to anyone; a refusal may have
/// changes too (a replay revokes, a hasty poll slows down).
#[derive(Clone, Debug)]
pub struct Verdict<T> {
    /// To be committed, all or none.
    pub changes: Vec<Change>,
    /// What to tell the caller once they are.
    pub outcome: Result<T, Refusal>,
}

impl<T> Verdict<T> {
    /// A yes.
    #[must_use]
    pub const fn allow(outcome: T, changes: Vec<Change>) -> Self {
        Self {
            changes,
            outcome: Ok(outcome),
        }
    }

    /// A no that writes nothing.
    #[must_use]
    pub const fn refuse(refusal: Refusal) -> Self {
        Self {
            changes: Vec::new(),
            outcome: Err(refusal),
        }
    }
}
