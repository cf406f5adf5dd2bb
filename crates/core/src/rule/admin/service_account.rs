//! Service accounts: created, disabled, enabled, deleted, and for 30 days brought back.
//!
//! google-wire 1.3, 5.3.
//!
//! 1. The e-mail is made of the account's id and the project's; one account that is not deleted has
//!    it. The unique id is never given to another account.
//! 2. A disabled or deleted account gets no token, and its tokens stop at once (the token rules see
//!    to that by its state).
//! 3. A deleted account keeps its keys, roles and delegations for 30 days, all of them without
//!    effect. Within that time it can be brought back, unless its e-mail has a new account; if it was
//!    disabled when it was deleted, it is disabled again.
//! 4. After that it is purged, with all that hangs on it. The unique id is kept, so that nobody ever
//!    has it again; the e-mail is free from the moment of the deletion, as Google has it: what must
//!    not be inherited (a delegation, a role, a policy's exception) names the unique id.

use carnet_wire::crn::Crn;

use super::decision::changed;
use super::{Context, Decision, Done, No};
use crate::record::{AccountState, Disabled, Project, ServiceAccount};
use crate::store::{Change, Record, RecordKey};
use crate::value::{
    AccountId, Description, Entropy, Seconds, ServiceAccountEmail, Title, UniqueId, UnixTime,
    Version,
};

/// How long a deleted account can be brought back.
pub const RESTORABLE: Seconds = Seconds::days(30);

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The local part of its e-mail.
    pub account_id: AccountId,
    /// What people call it.
    pub title: Title,
    /// What it is for.
    pub description: Description,
}

/// What may be changed of an account. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct AccountPatch {
    /// What people call it.
    pub title: Option<Title>,
    /// What it is for.
    pub description: Option<Description>,
}

/// Makes an account. `held` is the account that has its e-mail now or had it last.
pub fn create(
    new: NewAccount,
    project: &Project,
    held: Option<&ServiceAccount>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<ServiceAccount> {
    let email = ServiceAccountEmail::of(&new.account_id, &project.id);
    if held.is_some_and(|held| !is_deleted(held)) {
        return Err(No::taken(format!(
            "Service account {email} exists already."
        )));
    }
    let account = ServiceAccount {
        unique_id: UniqueId::mint(entropy),
        project: project.id.clone(),
        account_id: new.account_id,
        email,
        title: new.title,
        description: new.description,
        state: AccountState::Active,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    let audit = audited(context, "service_account.create", &account, Vec::new());
    let row = Record::ServiceAccount(account.clone());
    Ok(Done::inserted(account, row, audit))
}

/// Changes what people read about an account.
pub fn update(
    account: ServiceAccount,
    patch: AccountPatch,
    context: &Context<'_>,
) -> Decision<ServiceAccount> {
    not_deleted(&account)?;
    let mut detail = Vec::new();
    let mut next = account.clone();
    if let Some(title) = patch.title {
        changed(&mut detail, "display_name", &account.title, &title);
        next.title = title;
    }
    if let Some(description) = patch.description {
        changed(
            &mut detail,
            "description",
            &account.description,
            &description,
        );
        next.description = description;
    }
    Ok(written(
        account,
        next,
        context,
        "service_account.update",
        detail,
    ))
}

/// Disables an account: its tokens stop at once. One that is disabled stays so, since when it was;
/// a new reason is kept.
pub fn disable(
    account: ServiceAccount,
    reason: Description,
    context: &Context<'_>,
) -> Decision<ServiceAccount> {
    not_deleted(&account)?;
    let since = match &account.state {
        AccountState::Disabled { since, .. } => *since,
        AccountState::Active | AccountState::Deleted { .. } => context.now,
    };
    if matches!(account.state, AccountState::Disabled { .. }) && reason.as_str().is_empty() {
        return Ok(Done::already(account));
    }
    let detail = vec![("reason", reason.to_string())];
    let mut next = account.clone();
    next.state = AccountState::Disabled { since, reason };
    Ok(written(
        account,
        next,
        context,
        "service_account.disable",
        detail,
    ))
}

/// Enables an account: it gets tokens again, and those that have not expired stand again.
pub fn enable(account: ServiceAccount, context: &Context<'_>) -> Decision<ServiceAccount> {
    not_deleted(&account)?;
    let mut next = account.clone();
    next.state = AccountState::Active;
    Ok(written(
        account,
        next,
        context,
        "service_account.enable",
        Vec::new(),
    ))
}

/// Deletes an account, for 30 days not for good.
pub fn delete(account: ServiceAccount, context: &Context<'_>) -> Decision<ServiceAccount> {
    not_deleted(&account)?;
    let disabled = match &account.state {
        AccountState::Disabled { since, reason } => Some(Disabled {
            since: *since,
            reason: reason.clone(),
        }),
        AccountState::Active | AccountState::Deleted { .. } => None,
    };
    let mut next = account.clone();
    next.state = AccountState::Deleted {
        since: context.now,
        disabled,
    };
    Ok(written(
        account,
        next,
        context,
        "service_account.delete",
        Vec::new(),
    ))
}

/// Brings a deleted account back. `held` is the account that has its e-mail now or had it last.
pub fn undelete(
    account: ServiceAccount,
    held: Option<&ServiceAccount>,
    context: &Context<'_>,
) -> Decision<ServiceAccount> {
    let AccountState::Deleted { since, disabled } = account.state.clone() else {
        return Err(No::state("The service account is not deleted."));
    };
    if context.now >= since + RESTORABLE {
        return Err(No::state(format!(
            "The service account was deleted on {} and could be restored until {}.",
            since.day(),
            (since + RESTORABLE).day()
        )));
    }
    if let Some(held) = held.filter(|held| !is_deleted(held)) {
        return Err(No::new(
            Crn::ALREADY_EXISTS,
            format!(
                "The e-mail {} belongs to a new service account, {}.",
                held.email, held.unique_id
            ),
        ));
    }
    let mut next = account.clone();
    next.state = match disabled {
        None => AccountState::Active,
        Some(Disabled { since, reason }) => AccountState::Disabled { since, reason },
    };
    Ok(written(
        account,
        next,
        context,
        "service_account.undelete",
        Vec::new(),
    ))
}

/// Whether the account's 30 days are over.
#[must_use]
pub fn purgeable(account: &ServiceAccount, now: UnixTime) -> bool {
    matches!(account.state, AccountState::Deleted { since, .. } if now >= since + RESTORABLE)
}

/// Takes an account away for good, once its 30 days are over: keys, roles and delegations too.
pub fn purge(account: ServiceAccount, context: &Context<'_>) -> Decision<ServiceAccount> {
    if !purgeable(&account, context.now) {
        return Err(No::state("The service account can still be restored."));
    }
    let audit = audited(context, "service_account.purge", &account, Vec::new());
    let key = RecordKey::ServiceAccount(account.unique_id.clone(), account.email.to_string());
    let version = account.version;
    Ok(Done::removed(account, key, version, audit))
}

/// Whether it is deleted.
#[must_use]
pub fn is_deleted(account: &ServiceAccount) -> bool {
    matches!(account.state, AccountState::Deleted { .. })
}

/// What is done to an account that is not deleted.
pub(crate) fn not_deleted(account: &ServiceAccount) -> Result<(), No> {
    match account.state {
        AccountState::Active | AccountState::Disabled { .. } => Ok(()),
        AccountState::Deleted { since, .. } => Err(No::state(format!(
            "The service account was deleted on {} and can be restored until {}.",
            since.day(),
            (since + RESTORABLE).day()
        ))),
    }
}

fn written(
    before: ServiceAccount,
    mut next: ServiceAccount,
    context: &Context<'_>,
    action: &str,
    detail: Vec<(&'static str, String)>,
) -> Done<ServiceAccount> {
    if before == next {
        return Done::already(before);
    }
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited(context, action, &next, detail);
    let row = Record::ServiceAccount(next.clone());
    Done::replaced(next, row, audit)
}

fn audited(
    context: &Context<'_>,
    action: &str,
    account: &ServiceAccount,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("email", account.email.to_string()));
    detail.insert(1, ("project", account.project.to_string()));
    context.audited(action, &account.unique_id, &detail)
}

#[cfg(test)]
mod tests;
