//! Who may do what with a service account: the bindings on it, added, taken away, or written as a whole.
//!
//! 1. Only an owner of the project says it, and only one who has every role that the account has: to let
//!    somebody become an account is to give its roles away ([`super::access`]).
//! 2. A policy has one binding for each role and condition, none of them empty; 1,500 members at most and 20 different
//!    expressions. Those were compiled by the caller.
//! 3. Whoever writes the whole policy says which version they read: the store refuses an older one.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::service_account::not_deleted;
use super::{Context, Decision, Done, No};
use crate::record::{AccountBinding, AccountPolicy, AccountRole, BindingCondition, ServiceAccount};
use crate::store::{Change, Record};
use crate::value::Member;

/// Who has which role, in any order and as often as somebody wrote it.
pub type Bindings = Vec<AccountBinding>;

/// Binds a member to a role, without a condition. One that is bound already stays so.
pub fn add(
    before: Option<AccountPolicy>,
    account: &ServiceAccount,
    (role, member): (AccountRole, Member),
    context: &Context<'_>,
) -> Decision<AccountPolicy> {
    let mut bindings = bindings(before.as_ref());
    bindings.push(AccountBinding {
        role,
        condition: None,
        members: vec![member],
    });
    set(before, account, bindings, context)
}

/// Takes a member out of a role, whatever the conditions were. One that is not in it is a fault: its name may be misspelt.
pub fn remove(
    before: Option<AccountPolicy>,
    account: &ServiceAccount,
    (role, member): (AccountRole, &Member),
    context: &Context<'_>,
) -> Decision<AccountPolicy> {
    let mut bindings = bindings(before.as_ref());
    let mut found = false;
    for binding in bindings.iter_mut().filter(|binding| binding.role == role) {
        let many = binding.members.len();
        binding.members.retain(|one| one != member);
        found |= binding.members.len() < many;
    }
    if !found {
        let detail = format!("No binding of {} has this member.", role.name());
        return Err(No::field("/member", detail));
    }
    set(before, account, bindings, context)
}

/// Puts these bindings in the place of all others.
pub fn set(
    before: Option<AccountPolicy>,
    account: &ServiceAccount,
    bindings: Bindings,
    context: &Context<'_>,
) -> Decision<AccountPolicy> {
    not_deleted(account)?;
    let bindings = in_order(bindings);
    let members = bindings.iter().map(|binding| binding.members.len());
    if members.sum::<usize>() > AccountPolicy::MOST_MEMBERS {
        let most = AccountPolicy::MOST_MEMBERS;
        return Err(No::field(
            "/bindings",
            format!("A policy has {most} members at most, each counted in every binding."),
        ));
    }
    conditions_right(&bindings)?;
    let is_new = before.is_none();
    let before =
        before.unwrap_or_else(|| AccountPolicy::empty(account.unique_id.clone(), context.now));
    if before.bindings == bindings {
        return Ok(Done::already(before));
    }
    let detail = difference(&before.bindings, &bindings);
    let audit = context.audited("service_account.set_policy", &account.unique_id, &detail);
    let mut now = AccountPolicy {
        bindings,
        changed: context.now,
        ..before
    };
    let change = if is_new {
        Change::Insert(Record::AccountPolicy(now.clone()))
    } else {
        now.version = now.version.next();
        Change::Replace(Record::AccountPolicy(now.clone()))
    };
    Ok(Done {
        record: now,
        changes: vec![change, audit],
    })
}

fn bindings(policy: Option<&AccountPolicy>) -> Bindings {
    policy.map_or_else(Vec::new, |policy| policy.bindings.clone())
}

fn conditions_right(bindings: &[AccountBinding]) -> Result<(), No> {
    let all = bindings.iter();
    let all = all.filter_map(|binding| binding.condition.as_ref());
    let mut expressions = BTreeSet::new();
    for condition in all {
        if condition.title.len() > BindingCondition::LONGEST_TITLE {
            let detail = "A title has 100 bytes at most.";
            return Err(No::field("/bindings/condition/title", detail));
        }
        if condition.description.len() > BindingCondition::LONGEST_DESCRIPTION {
            let detail = "A description has 256 bytes at most.";
            return Err(No::field("/bindings/condition/description", detail));
        }
        expressions.insert(&condition.expression);
    }
    if expressions.len() > AccountPolicy::MOST_CONDITIONS {
        let detail = "A policy has 20 different conditions at most.";
        return Err(No::field("/bindings/condition", detail));
    }
    Ok(())
}

fn in_order(bindings: Bindings) -> Vec<AccountBinding> {
    type Counted = (AccountRole, Option<BindingCondition>);
    let mut all: BTreeMap<Counted, BTreeSet<Member>> = BTreeMap::new();
    for binding in bindings {
        let counted = (binding.role, binding.condition);
        all.entry(counted).or_default().extend(binding.members);
    }
    let bound = all
        .into_iter()
        .map(|((role, condition), members)| AccountBinding {
            role,
            condition,
            members: members.into_iter().collect(),
        });
    bound
        .filter(|binding| !binding.members.is_empty())
        .collect()
}

/// What the audit log says: who came and who went, as many as fit.
fn difference(before: &[AccountBinding], now: &[AccountBinding]) -> Vec<(&'static str, String)> {
    const SHOWN: usize = 20;
    let pairs = |bindings: &[AccountBinding]| -> BTreeSet<String> {
        let pair = |binding: &AccountBinding| {
            let role = binding.role.name();
            let condition = binding.condition.as_ref();
            let condition = condition.map_or_else(String::new, |condition| {
                format!(" if {}", condition.expression)
            });
            let members = binding.members.iter();
            members
                .map(|member| format!("{role} {member}{condition}"))
                .collect::<Vec<_>>()
        };
        bindings.iter().flat_map(pair).collect()
    };
    let (before, now) = (pairs(before), pairs(now));
    let shown = |name, all: Vec<&String>| {
        let more = all.len().saturating_sub(SHOWN);
        let mut text = all
            .iter()
            .take(SHOWN)
            .map(|one| one.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        if more > 0 {
            text = format!("{text} and {more} more");
        }
        (name, text)
    };
    [
        shown("added", now.difference(&before).collect()),
        shown("removed", before.difference(&now).collect()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect()
}

#[cfg(test)]
mod tests;
