//! Sessions of a user, in the hands of an administrator: they can be ended, one or all.

use super::{Context, Decision, Done};
use crate::record::{Session, User};
use crate::store::{Change, RecordKey};
use crate::value::Version;

/// Ends a session.
pub fn end(session: Session, user: &User, context: &Context<'_>) -> Decision<Session> {
    let key = RecordKey::Session(session.id);
    let detail = [
        ("session", session.id.to_string()),
        ("email", user.email.to_string()),
        ("organization", user.organization.to_string()),
    ];
    let audit = context.audited("session.end", &user.id, &detail);
    // Sessions have no version that anybody looks at.
    Ok(Done::removed(session, key, Version::FIRST, audit))
}

/// Ends all of them, and says how many were known.
pub fn end_all(known: usize, user: &User, context: &Context<'_>) -> Decision<usize> {
    let detail = [
        ("sessions", known.to_string()),
        ("email", user.email.to_string()),
        ("organization", user.organization.to_string()),
    ];
    Ok(Done {
        record: known,
        changes: vec![
            Change::SessionsEnded(user.id.clone(), None),
            context.audited("session.end_all", &user.id, &detail),
        ],
    })
}
