//! What an administrative decision returns.

use carnet_wire::crn::Crn;

use crate::store::{Change, Record, RecordKey};
use crate::value::Version;

/// A yes with its changes, or a no.
pub type Decision<T> = Result<Done<T>, No>;

/// A yes: what to write, and the record as it is once that is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Done<T> {
    /// The record as it will be; for a removal, as it was.
    pub record: T,
    /// To be committed, all or none. Empty where everything is already as wanted.
    pub changes: Vec<Change>,
}

impl<T> Done<T> {
    /// Nothing to do: it is as wanted.
    #[must_use]
    pub const fn already(record: T) -> Self {
        Self {
            record,
            changes: Vec::new(),
        }
    }

    /// A record that was not there.
    pub(crate) fn inserted(record: T, row: Record, audit: Change) -> Self {
        Self {
            record,
            changes: vec![Change::Insert(row), audit],
        }
    }

    /// A record in a new version.
    pub(crate) fn replaced(record: T, row: Record, audit: Change) -> Self {
        Self {
            record,
            changes: vec![Change::Replace(row), audit],
        }
    }

    /// A record that goes.
    pub(crate) fn removed(record: T, key: RecordKey, version: Version, audit: Change) -> Self {
        Self {
            record,
            changes: vec![Change::Remove(key, version), audit],
        }
    }
}

/// A no to an administrator, who may be told what they may read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct No {
    /// The cause, by the catalogue.
    pub crn: Crn,
    /// The cause, measured.
    pub detail: String,
    /// Which members of the request are wrong, where it is their fault.
    pub wrongs: Vec<Wrong>,
}

/// One member of a request that is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wrong {
    /// Which one: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Wrong {
    /// The member at `pointer` is wrong.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

impl No {
    /// A no with its measured cause.
    pub fn new(crn: Crn, detail: impl Into<String>) -> Self {
        Self {
            crn,
            detail: detail.into(),
            wrongs: Vec::new(),
        }
    }

    /// These members are wrong.
    #[must_use]
    pub fn wrong(wrongs: Vec<Wrong>) -> Self {
        let detail = match wrongs.as_slice() {
            [] => "a field is wrong".to_owned(),
            [one] => one.detail.clone(),
            [first, rest @ ..] => format!("{} (and {} more)", first.detail, rest.len()),
        };
        Self {
            crn: Crn::FIELD_WRONG,
            detail,
            wrongs,
        }
    }

    /// This member is wrong.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::wrong(vec![Wrong::new(pointer, detail)])
    }

    /// Its state does not allow it.
    pub fn state(detail: impl Into<String>) -> Self {
        Self::new(Crn::STATE_DOES_NOT_ALLOW, detail)
    }

    /// A name is in use.
    pub fn taken(detail: impl Into<String>) -> Self {
        Self::new(Crn::ALREADY_EXISTS, detail)
    }

    /// There is no such thing, or not for this caller: the two read alike.
    #[must_use]
    pub fn hidden() -> Self {
        Self::new(
            Crn::NOT_FOUND,
            "There is no such thing here, or you may not see it.",
        )
    }
}

/// A wrong field is added to the list; none is no fault.
pub(crate) fn all_right(wrongs: Vec<Wrong>) -> Result<(), No> {
    if wrongs.is_empty() {
        Ok(())
    } else {
        Err(No::wrong(wrongs))
    }
}

/// The words that every audit entry of a change has, where it changed the name of a thing.
pub(crate) fn changed<T: PartialEq + ToString>(
    detail: &mut Vec<(&'static str, String)>,
    name: &'static str,
    before: &T,
    after: &T,
) {
    if before != after {
        detail.push((name, after.to_string()));
    }
}
