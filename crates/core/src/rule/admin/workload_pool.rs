//! Pools of workload identity: made, changed, disabled, deleted, and for 30 days brought back.
//!
//! google-wire 6.4, security.md lessons 22 and 29.
//!
//! 1. A pool is a project's, or an organization's for its workforce. Its name says so and never changes.
//! 2. A disabled or deleted pool lets nobody in, and what its principals hold is refused at once.
//! 3. A deleted pool keeps its providers, all of them without effect, and bindings go on naming it. Within
//!    30 days it can be brought back as it was.
//! 4. After that it is purged with its providers. The name is kept, so that no other pool ever gets it: what
//!    was bound to the old one's principals would be theirs.

use super::decision::changed;
use super::{Context, Decision, Done, No, Wrong};
use crate::record::{PoolOwner, Project, WorkloadPool};
use crate::store::{Change, Record, RecordKey};
use crate::value::{
    Description, OrganizationId, PoolKind, PoolName, Seconds, Title, UnixTime, Version,
};

/// How long a deleted pool or provider can be brought back.
pub const RESTORABLE: Seconds = Seconds::days(30);

/// How long a token of a principal lives where nothing else is said.
pub const SESSION: Seconds = Seconds(3_600);
const SHORTEST_SESSION: Seconds = Seconds(900);
const LONGEST_SESSION: Seconds = Seconds(43_200);

/// What people call a pool or provider: Google's limit, which its consoles show.
const LONGEST_TITLE: usize = 32;

/// Where a pool is made.
#[derive(Clone, Copy, Debug)]
pub enum Home<'a> {
    /// In this project.
    Project(&'a Project),
    /// In this organization.
    Organization(OrganizationId),
}

impl Home<'_> {
    /// What the pool will be called whose id is this.
    pub fn name(&self, id: &str) -> Result<PoolName, No> {
        let (name, rule) = match self {
            Self::Project(project) => (
                PoolName::workload(&project.number, id),
                "An id has 4 to 32 lower-case letters, digits and hyphens, and does not begin with gcp-.",
            ),
            Self::Organization(_) => (
                PoolName::workforce(id),
                "An id has 6 to 63 lower-case letters, digits and hyphens, first a letter, last no hyphen.",
            ),
        };
        name.map_err(|_| No::field("/id", rule))
    }

    /// Whose it will be.
    #[must_use]
    pub fn owner(&self) -> PoolOwner {
        match self {
            Self::Project(project) => PoolOwner::Project(project.id.clone()),
            Self::Organization(id) => PoolOwner::Organization(*id),
        }
    }
}

/// A pool to be made.
#[derive(Clone, Debug)]
pub struct NewPool {
    /// The last part of its name.
    pub id: String,
    /// What people call it: 32 bytes at most.
    pub title: Title,
    /// What it is for.
    pub description: Description,
    /// Whether it begins disabled.
    pub disabled: bool,
    /// How long a token of a principal lives at most, if not an hour. In workforce pools alone.
    pub session: Option<Seconds>,
}

/// What may be changed of a pool. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct PoolPatch {
    /// What people call it.
    pub title: Option<Title>,
    /// What it is for.
    pub description: Option<Description>,
    /// Whether it lets anybody in.
    pub disabled: Option<bool>,
    /// How long a token of a principal lives at most.
    pub session: Option<Seconds>,
}

/// Makes a pool. `existing` is the one that has its name.
pub fn create(
    new: NewPool,
    home: Home<'_>,
    existing: Option<&WorkloadPool>,
    context: &Context<'_>,
) -> Decision<WorkloadPool> {
    let name = home.name(&new.id)?;
    if let Some(existing) = existing {
        let deleted = match existing.deleted {
            Some(_) => " It is deleted and can be brought back.",
            None => "",
        };
        return Err(No::taken(format!("Pool {name} exists already.{deleted}")));
    }
    let pool = WorkloadPool {
        name,
        owner: home.owner(),
        title: new.title,
        description: new.description,
        disabled: new.disabled,
        deleted: None,
        session: new.session.unwrap_or(SESSION),
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    sound(&pool)?;
    let audit = audited(context, "workload_pool.create", &pool, Vec::new());
    let row = Record::WorkloadPool(pool.clone());
    Ok(Done::inserted(pool, row, audit))
}

/// Changes a pool.
pub fn update(
    pool: WorkloadPool,
    patch: PoolPatch,
    context: &Context<'_>,
) -> Decision<WorkloadPool> {
    not_deleted(&pool)?;
    let mut detail = Vec::new();
    let mut next = pool.clone();
    if let Some(title) = patch.title {
        changed(&mut detail, "display_name", &pool.title, &title);
        next.title = title;
    }
    if let Some(description) = patch.description {
        changed(&mut detail, "description", &pool.description, &description);
        next.description = description;
    }
    if let Some(disabled) = patch.disabled {
        changed(&mut detail, "disabled", &pool.disabled, &disabled);
        next.disabled = disabled;
    }
    if let Some(session) = patch.session {
        changed(&mut detail, "session_seconds", &pool.session.0, &session.0);
        next.session = session;
    }
    sound(&next)?;
    let action = "workload_pool.update";
    Ok(written(pool, next, context, action, detail))
}

/// Deletes a pool, for 30 days not for good.
pub fn delete(pool: WorkloadPool, context: &Context<'_>) -> Decision<WorkloadPool> {
    not_deleted(&pool)?;
    let mut next = pool.clone();
    next.deleted = Some(context.now);
    let action = "workload_pool.delete";
    Ok(written(pool, next, context, action, Vec::new()))
}

/// Brings a deleted pool back.
pub fn undelete(pool: WorkloadPool, context: &Context<'_>) -> Decision<WorkloadPool> {
    restorable("pool", pool.deleted, context.now)?;
    let mut next = pool.clone();
    next.deleted = None;
    let action = "workload_pool.undelete";
    Ok(written(pool, next, context, action, Vec::new()))
}

/// Takes a pool away for good, once its 30 days are over: its providers too.
pub fn purge(pool: WorkloadPool, context: &Context<'_>) -> Decision<WorkloadPool> {
    if !over(pool.deleted, context.now) {
        return Err(No::state("The pool can still be restored."));
    }
    let audit = audited(context, "workload_pool.purge", &pool, Vec::new());
    let key = RecordKey::WorkloadPool(pool.name.clone());
    let version = pool.version;
    Ok(Done::removed(pool, key, version, audit))
}

/// Whether what was deleted at this moment can no longer be brought back.
pub(super) fn over(deleted: Option<UnixTime>, now: UnixTime) -> bool {
    deleted.is_some_and(|since| now >= since + RESTORABLE)
}

/// Whether it was deleted, and not too long ago.
pub(super) fn restorable(what: &str, deleted: Option<UnixTime>, now: UnixTime) -> Result<(), No> {
    match deleted {
        None => Err(No::state(format!("The {what} is not deleted."))),
        Some(since) if over(deleted, now) => Err(No::state(format!(
            "The {what} was deleted on {} and could be restored until {}.",
            since.day(),
            (since + RESTORABLE).day()
        ))),
        Some(_) => Ok(()),
    }
}

/// What is done to a pool that is not deleted.
pub(crate) fn not_deleted(pool: &WorkloadPool) -> Result<(), No> {
    match pool.deleted {
        None => Ok(()),
        Some(since) => Err(No::state(format!(
            "The pool was deleted on {} and can be restored until {}.",
            since.day(),
            (since + RESTORABLE).day()
        ))),
    }
}

pub(super) fn title_wrong(title: &Title) -> Option<Wrong> {
    let detail = "A display name has 32 bytes at most.";
    let long = title.as_str().len() > LONGEST_TITLE;
    long.then(|| Wrong::new("/display_name", detail))
}

fn sound(pool: &WorkloadPool) -> Result<(), No> {
    let mut wrongs: Vec<_> = title_wrong(&pool.title).into_iter().collect();
    match pool.name.kind() {
        PoolKind::Workload(_) if pool.session != SESSION => {
            let detail = "The tokens of a workload pool live an hour; only workforce pools can say otherwise.";
            wrongs.push(Wrong::new("/session_seconds", detail));
        }
        PoolKind::Workforce if !(SHORTEST_SESSION..=LONGEST_SESSION).contains(&pool.session) => {
            let detail = "session_seconds is 900 to 43200.";
            wrongs.push(Wrong::new("/session_seconds", detail));
        }
        PoolKind::Workload(_) | PoolKind::Workforce => {}
    }
    super::decision::all_right(wrongs)
}

fn written(
    before: WorkloadPool,
    mut next: WorkloadPool,
    context: &Context<'_>,
    action: &str,
    detail: Vec<(&'static str, String)>,
) -> Done<WorkloadPool> {
    if before == next {
        return Done::already(before);
    }
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited(context, action, &next, detail);
    let row = Record::WorkloadPool(next.clone());
    Done::replaced(next, row, audit)
}

fn audited(
    context: &Context<'_>,
    action: &str,
    pool: &WorkloadPool,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, owned_by(&pool.owner));
    context.audited(action, &pool.name, &detail)
}

/// Whose it is, as an audit entry says it.
fn owned_by(owner: &PoolOwner) -> (&'static str, String) {
    match owner {
        PoolOwner::Project(id) => ("project", id.to_string()),
        PoolOwner::Organization(id) => ("organization", id.to_string()),
    }
}

#[cfg(test)]
pub(in crate::rule) mod tests;
