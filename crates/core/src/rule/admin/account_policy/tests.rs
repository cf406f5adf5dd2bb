//! Tests of the rule: see the file beside this directory.

use carnet_wire::crn::Crn;

use super::{add, remove, set};
use crate::record::{
    AccountBinding, AccountPolicy, AccountRole, AccountState, BindingCondition, ServiceAccount,
};
use crate::rule::admin::Context;
use crate::store::{Change, Record};
use crate::value::{Counting, Description, Member, Title, UniqueId, UnixTime, Version};

const NOW: UnixTime = UnixTime(1_775_121_058);
const ROLE: AccountRole = AccountRole::TokenCreator;

fn account() -> ServiceAccount {
    let (project, account_id) = ("demo-project".parse().unwrap(), "reports".parse().unwrap());
    ServiceAccount {
        unique_id: UniqueId::mint(&mut Counting(1)),
        email: crate::value::ServiceAccountEmail::of(&account_id, &project),
        project,
        account_id,
        title: Title::default(),
        description: Description::default(),
        state: AccountState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn member(chance: u64) -> Member {
    Member::ServiceAccount(format!("1{chance:020}").parse().unwrap())
}

fn bound(role: AccountRole, members: Vec<Member>) -> AccountBinding {
    AccountBinding {
        role,
        condition: None,
        members,
    }
}

fn bound_if(expression: &str, members: Vec<Member>) -> AccountBinding {
    let condition = Some(BindingCondition {
        expression: expression.to_owned(),
        title: String::new(),
        description: String::new(),
    });
    AccountBinding {
        condition,
        ..bound(ROLE, members)
    }
}

fn context() -> Context<'static> {
    Context {
        now: NOW,
        actor: "user:1",
        address: "",
        trace: "",
    }
}

#[test]
fn google_wire_5_3_a_binding_is_added_once_and_taken_away() {
    let account = account();
    let first = add(None, &account, (ROLE, member(2)), &context()).unwrap();
    assert!(matches!(
        first.changes[0],
        Change::Insert(Record::AccountPolicy(_))
    ));
    let policy = first.record;
    assert_eq!(policy.version, Version::FIRST);
    let again = add(
        Some(policy.clone()),
        &account,
        (ROLE, member(2)),
        &context(),
    )
    .unwrap();
    assert!(again.changes.is_empty());
    let gone = remove(Some(policy), &account, (ROLE, &member(2)), &context()).unwrap();
    assert!(gone.record.bindings.is_empty());
    assert_eq!(gone.record.version, Version(2));
    assert!(matches!(gone.changes[0], Change::Replace(_)));
    assert!(matches!(gone.changes[1], Change::Audited(_)));
}

#[test]
fn who_is_not_bound_cannot_be_taken_away() {
    let refused = remove(None, &account(), (ROLE, &member(2)), &context()).unwrap_err();
    assert_eq!(refused.crn, Crn::FIELD_WRONG);
}

#[test]
fn a_policy_has_one_binding_for_each_role_and_no_member_twice() {
    let bindings = vec![
        bound(ROLE, vec![member(3), member(2)]),
        bound(AccountRole::Viewer, vec![]),
        bound(ROLE, vec![member(2)]),
    ];
    let done = set(None, &account(), bindings, &context()).unwrap();
    let [binding] = done.record.bindings.as_slice() else {
        panic!("one binding");
    };
    assert_eq!((binding.role, binding.members.len()), (ROLE, 2));
}

#[test]
fn google_wire_5_3_a_policy_has_fifteen_hundred_members_at_most() {
    let most = u64::try_from(AccountPolicy::MOST_MEMBERS).unwrap();
    let many = |count: u64| vec![bound(ROLE, (0..count).map(member).collect())];
    assert!(set(None, &account(), many(most), &context()).is_ok());
    let refused = set(None, &account(), many(most + 1), &context()).unwrap_err();
    assert_eq!(refused.crn, Crn::FIELD_WRONG);
}

#[test]
fn an_account_that_is_deleted_takes_no_bindings() {
    let mut account = account();
    account.state = AccountState::Deleted {
        since: NOW,
        disabled: None,
    };
    assert!(add(None, &account, (ROLE, member(2)), &context()).is_err());
}

#[test]
fn google_wire_5_3_bindings_with_other_conditions_stand_apart() {
    let account = account();
    let bindings = vec![
        bound_if("false", vec![member(2)]),
        bound(ROLE, vec![member(2)]),
        bound_if("false", vec![member(3)]),
        bound_if("true", vec![member(2)]),
    ];
    let policy = set(None, &account, bindings, &context()).unwrap().record;
    let members: Vec<_> = policy
        .bindings
        .iter()
        .map(|one| one.members.len())
        .collect();
    assert_eq!(members, [1, 2, 1]);
    let added = add(
        Some(policy.clone()),
        &account,
        (ROLE, member(4)),
        &context(),
    );
    assert_eq!(
        added.unwrap().record.bindings[0].members.len(),
        2,
        "to that without one"
    );
    let gone = remove(Some(policy), &account, (ROLE, &member(2)), &context()).unwrap();
    let [left] = gone.record.bindings.as_slice() else {
        panic!("one binding");
    };
    assert_eq!(left.members, [member(3)], "whoever goes, goes altogether");
}

#[test]
fn google_wire_5_3_a_policy_has_twenty_conditions_at_most() {
    let many = |count: u64| {
        (0..count)
            .map(|n| bound_if(&format!("{n} > 0"), vec![member(n)]))
            .collect()
    };
    assert!(set(None, &account(), many(20), &context()).is_ok());
    assert!(set(None, &account(), many(21), &context()).is_err());
    let mut titled = bound_if("true", vec![member(1)]);
    titled.condition.as_mut().unwrap().title = "x".repeat(101);
    assert!(set(None, &account(), vec![titled], &context()).is_err());
}
