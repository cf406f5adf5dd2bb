//! What every administrative decision is told beside its facts: when, who, from where.

use std::fmt::Display;

use serde_json::{Map, Value};

use crate::record::{AuditDraft, Outcome};
use crate::store::Change;
use crate::value::UnixTime;

/// When, who, from where, in which request.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// When. A request has one moment.
    pub now: UnixTime,
    /// Who, as the audit log writes it: `serviceAccount:NUMBER`, `user:NUMBER`, `setup`, `carnet`.
    pub actor: &'a str,
    /// From which address, if from any.
    pub address: &'a str,
    /// The trace id of the request.
    pub trace: &'a str,
}

impl Context<'_> {
    /// The entry for the audit log that goes into the commit of a change.
    pub(crate) fn audited(
        &self,
        action: &str,
        target: impl Display,
        detail: &[(&str, String)],
    ) -> Change {
        let detail: Map<String, Value> = detail
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
            .collect();
        Change::Audited(AuditDraft {
            at: self.now,
            actor: self.actor.to_owned(),
            action: action.to_owned(),
            target: target.to_string(),
            outcome: Outcome::Done,
            address: self.address.to_owned(),
            trace: self.trace.to_owned(),
            detail: Value::Object(detail).to_string(),
        })
    }
}
