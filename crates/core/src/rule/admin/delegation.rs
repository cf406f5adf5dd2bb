//! Delegations: an organization lets a service account act as its people.
//!
//! google-wire 9, `ux.md` W7.
//!
//! 1. The account is entered by its e-mail or its number; what is kept is the number, and how it was
//!    entered.
//! 2. Every scope must be one that the account could ask for. A wide scope implies no narrow one.
//! 3. Whom it covers must be said: everyone, or groups and people of this organization, 100 of each
//!    at most. Nobody is covered by leaving it out.
//! 4. An organization has one delegation for an account. It may end by itself, but not in the past.
//! 5. Every change is in force at once.

use carnet_wire::scope::Scope;

use super::decision::changed;
use super::service_account::not_deleted;
use super::{Context, Decision, Done, No};
use crate::record::{Delegation, EnteredBy, Group, ServiceAccount, User, Whom};
use crate::store::{Change, Record, RecordKey};
use crate::value::{DelegationId, Description, Entropy, OrganizationId, UnixTime, Version};

/// How many groups, and how many users, one delegation may name.
pub const MOST_NAMED: usize = 100;

/// A delegation to be made. The scopes were resolved, the names were found.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// Whose people may be acted for.
    pub organization: OrganizationId,
    /// Who may act.
    pub account: ServiceAccount,
    /// What the administrator typed to name it.
    pub entered: EnteredBy,
    /// With which scopes.
    pub scopes: Scope,
    /// As whom.
    pub whom: Whom,
    /// Until when, if it ends.
    pub until: Option<UnixTime>,
    /// What it is for.
    pub note: Description,
}

/// What may be changed of a delegation. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct DelegationPatch {
    /// With which scopes.
    pub scopes: Option<Scope>,
    /// As whom.
    pub whom: Option<Whom>,
    /// When it ends.
    pub ends: Option<Ends>,
    /// What it is for.
    pub note: Option<Description>,
}

/// When a delegation ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ends {
    /// Not by itself.
    Never,
    /// At this moment.
    At(UnixTime),
}

/// Makes a delegation. `existing` are the delegations of the account, in all organizations.
pub fn create(
    new: NewDelegation,
    existing: &[Delegation],
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Delegation> {
    not_deleted(&new.account)?;
    ends_later(new.until, context.now)?;
    let here = existing
        .iter()
        .find(|other| other.organization == new.organization);
    if let Some(other) = here {
        return Err(No::taken(format!(
            "There is a delegation for this account already, {}. Change it, or delete it first.",
            other.id
        )));
    }
    let delegation = Delegation {
        id: DelegationId::mint(context.now, entropy),
        organization: new.organization,
        client_id: new.account.unique_id,
        scopes: new.scopes,
        whom: new.whom,
        until: new.until,
        suspended: None,
        note: new.note,
        entered: new.entered,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    let detail = vec![
        ("scopes", delegation.scopes.to_string()),
        ("whom", whom_text(&delegation.whom)),
        ("until", until_text(delegation.until)),
    ];
    let audit = audited(context, "delegation.create", &delegation, detail);
    let row = Record::Delegation(delegation.clone());
    Ok(Done::inserted(delegation, row, audit))
}

/// Changes a delegation.
pub fn update(
    delegation: Delegation,
    patch: DelegationPatch,
    context: &Context<'_>,
) -> Decision<Delegation> {
    let mut detail = Vec::new();
    let mut next = delegation.clone();
    if let Some(scopes) = patch.scopes {
        changed(&mut detail, "scopes", &delegation.scopes, &scopes);
        next.scopes = scopes;
    }
    if let Some(whom) = patch.whom {
        let (before, after) = (whom_text(&delegation.whom), whom_text(&whom));
        changed(&mut detail, "whom", &before, &after);
        next.whom = whom;
    }
    if let Some(ends) = patch.ends {
        let until = match ends {
            Ends::Never => None,
            Ends::At(moment) => Some(moment),
        };
        if until != delegation.until {
            ends_later(until, context.now)?;
            detail.push(("until", until_text(until)));
        }
        next.until = until;
    }
    if let Some(note) = patch.note {
        changed(&mut detail, "note", &delegation.note, &note);
        next.note = note;
    }
    Ok(written(
        delegation,
        next,
        context,
        "delegation.update",
        detail,
    ))
}

/// Suspends a delegation; one that is suspended stays so since when it was.
pub fn suspend(delegation: Delegation, context: &Context<'_>) -> Decision<Delegation> {
    let mut next = delegation.clone();
    next.suspended = delegation.suspended.or(Some(context.now));
    Ok(written(
        delegation,
        next,
        context,
        "delegation.suspend",
        Vec::new(),
    ))
}

/// Puts a suspended delegation into force again.
pub fn resume(delegation: Delegation, context: &Context<'_>) -> Decision<Delegation> {
    let mut next = delegation.clone();
    next.suspended = None;
    Ok(written(
        delegation,
        next,
        context,
        "delegation.resume",
        Vec::new(),
    ))
}

/// Takes a delegation away.
pub fn delete(delegation: Delegation, context: &Context<'_>) -> Decision<Delegation> {
    let audit = audited(context, "delegation.delete", &delegation, Vec::new());
    let key = RecordKey::Delegation(delegation.id, delegation.client_id.clone());
    let version = delegation.version;
    Ok(Done::removed(delegation, key, version, audit))
}

/// Whom a delegation covers: groups and people that were found, each with the pointer of the member
/// that named it. Those of another organization are as unknown as those that do not exist.
pub fn listed(
    organization: OrganizationId,
    groups: Vec<(String, Option<Group>)>,
    users: Vec<(String, Option<User>)>,
) -> Result<Whom, No> {
    if groups.is_empty() && users.is_empty() {
        return Err(No::field(
            "/whom",
            "Name at least one group or user, or say everyone.",
        ));
    }
    if groups.len() > MOST_NAMED || users.len() > MOST_NAMED {
        return Err(No::field(
            "/whom",
            format!(
                "At most {MOST_NAMED} groups and {MOST_NAMED} users can be named; make a group."
            ),
        ));
    }
    let mut wrongs = Vec::new();
    let mut whom = (Vec::new(), Vec::new());
    for (pointer, group) in groups {
        match group.filter(|group| group.organization == organization) {
            Some(group) => whom.0.push(group.id),
            None => wrongs.push(super::Wrong::new(
                pointer,
                "There is no such group in this organization.",
            )),
        }
    }
    for (pointer, user) in users {
        match user.filter(|user| user.organization == organization) {
            Some(user) => whom.1.push(user.id),
            None => wrongs.push(super::Wrong::new(
                pointer,
                "There is no such user in this organization.",
            )),
        }
    }
    super::decision::all_right(wrongs)?;
    whom.0.sort_unstable();
    whom.0.dedup();
    whom.1.sort_unstable();
    whom.1.dedup();
    Ok(Whom::Listed {
        groups: whom.0,
        users: whom.1,
    })
}

fn ends_later(until: Option<UnixTime>, now: UnixTime) -> Result<(), No> {
    match until {
        Some(until) if until <= now => Err(No::field("/until", "until is in the past.")),
        _ => Ok(()),
    }
}

fn written(
    before: Delegation,
    mut next: Delegation,
    context: &Context<'_>,
    action: &str,
    detail: Vec<(&'static str, String)>,
) -> Done<Delegation> {
    if before == next {
        return Done::already(before);
    }
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited(context, action, &next, detail);
    let row = Record::Delegation(next.clone());
    Done::replaced(next, row, audit)
}

fn audited(
    context: &Context<'_>,
    action: &str,
    delegation: &Delegation,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("client_id", delegation.client_id.to_string()));
    detail.insert(1, ("organization", delegation.organization.to_string()));
    context.audited(action, delegation.id, &detail)
}

fn whom_text(whom: &Whom) -> String {
    match whom {
        Whom::Everyone => "everyone".to_owned(),
        Whom::Listed { groups, users } => groups
            .iter()
            .map(ToString::to_string)
            .chain(users.iter().map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

fn until_text(until: Option<UnixTime>) -> String {
    until.map_or_else(|| "without end".to_owned(), UnixTime::rfc3339)
}

#[cfg(test)]
mod tests;
