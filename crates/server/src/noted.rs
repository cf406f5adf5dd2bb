//! A no of an endpoint for programs, as the audit log keeps it: who it was as far as they proved it, what they
//! were told, and what only an owner may read.

use std::net::IpAddr;

use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::rule::Refusal;
use carnet_core::value::ClientId;
use carnet_wire::crn::Crn;
use serde_json::Map;
use serde_json::Value;

use crate::answer::Told;
use crate::parts::Parts;

/// Notes a no for the audit log.
pub fn note(
    refusal: &Refusal,
    action: &str,
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) {
    let named = |wanted: &str| refusal.story.iter().find(|(name, _)| *name == wanted);
    let id = named("client_id").map(|(_, value)| value.as_str());
    let mut detail: Map<String, Value> = refusal
        .story
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
        .collect();
    detail.insert("said".to_owned(), Value::String(refusal.detail.clone()));
    parts.journal.note(AuditDraft {
        at: told.now,
        actor: actor(id, refusal.crn),
        action: action.to_owned(),
        target: id.unwrap_or_default().to_owned(),
        outcome: Outcome::Refused(refusal.crn),
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: Value::Object(detail).to_string(),
    });
}

/// Who was refused, as far as they proved it: a client whose authentication failed may be anybody.
fn actor(id: Option<&str>, crn: Crn) -> String {
    match id {
        None => "anonymous".to_owned(),
        Some(_) if crn == Crn::CLIENT_AUTHENTICATION_FAILED => "anonymous".to_owned(),
        Some(id) if id.parse::<ClientId>().is_ok() => format!("client:{id}"),
        Some(id) => format!("serviceAccount:{id}"),
    }
}
