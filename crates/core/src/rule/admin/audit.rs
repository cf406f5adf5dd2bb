//! The audit log: whether its chain holds, and what an entry says in a sentence.
//!
//! The chain is walked in steps, since a log has no bound: a [`Walk`] is where a step ended, and the
//! next step goes on from there.

use serde_json::Value;

use super::client;
use crate::record::{AuditDraft, AuditEntry, AuditHash, Outcome};

/// How far the chain was walked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Walk {
    /// The number of the last entry that holds; 0 before the first.
    pub sequence: i64,
    /// Its hash; zeros before the first.
    pub hash: AuditHash,
    /// The number of the first entry that does not hold, if one was met.
    pub broken: Option<i64>,
}

impl Walk {
    /// Walks on over these entries, which are those after [`Self::sequence`], oldest first. Stops at
    /// the first that is missing, out of order, altered, or does not follow the one before it.
    #[must_use]
    pub fn over(mut self, entries: &[AuditEntry]) -> Self {
        for entry in entries {
            if self.broken.is_some() {
                break;
            }
            let expected = self.sequence.saturating_add(1);
            let follows = entry.sequence == expected
                && entry.previous == self.hash
                && entry.draft.hash_after(&self.hash) == entry.hash;
            if follows {
                self.sequence = entry.sequence;
                self.hash = entry.hash;
            } else {
                self.broken = Some(expected);
            }
        }
        self
    }
}

/// An entry as a sentence: who did what, and how it ended.
#[must_use]
pub fn sentence(entry: &AuditEntry) -> String {
    let draft = &entry.draft;
    let action = draft.action.replace(['.', '_'], " ");
    let target = draft.target.strip_prefix(client::TARGET);
    let target = target.unwrap_or(&draft.target);
    // What was refused before anything was found out has no target.
    let done = match target {
        "" => format!("{}: {action}", draft.actor),
        target => format!("{}: {action} {target}{}", draft.actor, owner(draft)),
    };
    match draft.outcome {
        Outcome::Done => done,
        Outcome::Refused(crn) => format!("{done}, refused: {} ({crn})", crn.entry().title),
    }
}

/// Whose a secret is: its name alone tells nobody.
fn owner(draft: &AuditDraft) -> String {
    if !draft.action.starts_with("client_secret.") {
        return String::new();
    }
    let detail: Option<Value> = serde_json::from_str(&draft.detail).ok();
    let client = detail
        .as_ref()
        .and_then(|detail| detail.get("client")?.as_str());
    client.map_or_else(String::new, |client| format!(" of {client}"))
}

#[cfg(test)]
mod tests;
