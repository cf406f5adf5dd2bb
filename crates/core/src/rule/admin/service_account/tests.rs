//! Tests of the rule: see the file beside this directory.

use super::{
    AccountPatch, NewAccount, RESTORABLE, create, delete, disable, enable, purge, purgeable,
    undelete, update,
};
use crate::record::{
    AccountState, AssertionRules, Audience, Project, ProjectState, ServiceAccount,
};
use crate::rule::admin::Context;
use crate::store::{Change, Record, RecordKey};
use crate::value::{Counting, ProjectNumber, Seconds, UnixTime, Version};
use carnet_wire::crn::Crn;

const NOW: UnixTime = UnixTime(1_775_121_058);

fn at(now: UnixTime) -> Context<'static> {
    Context {
        now,
        actor: "user:2",
        address: "203.0.113.9",
        trace: "T",
    }
}

fn project() -> Project {
    Project {
        id: "billing".parse().expect("an id"),
        number: ProjectNumber::mint(&mut Counting(0)),
        organization: None,
        title: "".parse().expect("a title"),
        audience: Audience::External,
        state: ProjectState::Active,
        assertions: AssertionRules::default(),
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn account() -> ServiceAccount {
    let new = NewAccount {
        account_id: "ci".parse().expect("a name"),
        title: "CI".parse().expect("a title"),
        description: "".parse().expect("a description"),
    };
    let done = create(new, &project(), None, &at(NOW), &mut Counting(9)).expect("made");
    done.record
}

#[test]
fn a_change_is_committed_with_its_audit_entry_and_a_new_version() {
    let before = account();
    let reason = "left".parse().expect("a reason");
    let done = disable(before.clone(), reason, &at(NOW)).expect("disabled");
    let [
        Change::Replace(Record::ServiceAccount(row)),
        Change::Audited(draft),
    ] = done.changes.as_slice()
    else {
        panic!("{:?}", done.changes)
    };
    assert_eq!(*row, done.record);
    assert_eq!(row.version, before.version.next());
    assert_eq!(
        (draft.action.as_str(), draft.actor.as_str()),
        ("service_account.disable", "user:2")
    );
    assert_eq!(draft.target, before.unique_id.to_string());
    assert!(draft.detail.contains("\"reason\":\"left\""));
}

#[test]
fn what_is_already_so_changes_nothing() {
    let active = account();
    assert!(
        enable(active.clone(), &at(NOW))
            .expect("enabled")
            .changes
            .is_empty()
    );
    let same = AccountPatch {
        title: Some(active.title.clone()),
        description: None,
    };
    assert!(
        update(active.clone(), same, &at(NOW))
            .expect("the same")
            .changes
            .is_empty()
    );
    let none = || "".parse().expect("no reason");
    let disabled = disable(active, none(), &at(NOW)).expect("disabled").record;
    let later = at(NOW + Seconds(60));
    assert!(
        disable(disabled, none(), &later)
            .expect("still")
            .changes
            .is_empty()
    );
}

#[test]
fn google_wire_5_3_a_deleted_account_is_restored_within_30_days() {
    let deleted = delete(account(), &at(NOW)).expect("deleted").record;
    let last = NOW + RESTORABLE - Seconds(1);
    let restored = undelete(deleted.clone(), Some(&deleted), &at(last)).expect("restored");
    assert_eq!(restored.record.state, AccountState::Active);
    let late = undelete(deleted.clone(), None, &at(NOW + RESTORABLE)).expect_err("too late");
    assert_eq!(late.crn, Crn::STATE_DOES_NOT_ALLOW);
    let mut successor = account();
    successor.unique_id = crate::value::UniqueId::mint(&mut Counting(77));
    let taken = undelete(deleted.clone(), Some(&successor), &at(last)).expect_err("taken");
    assert_eq!(taken.crn, Crn::ALREADY_EXISTS);
    assert!(disable(deleted.clone(), "".parse().expect("none"), &at(last)).is_err());
    assert!(delete(deleted, &at(last)).is_err());
}

#[test]
fn an_account_is_purged_when_its_30_days_are_over_and_not_before() {
    let deleted = delete(account(), &at(NOW)).expect("deleted").record;
    assert!(!purgeable(&account(), NOW + RESTORABLE));
    assert!(!purgeable(&deleted, NOW + RESTORABLE - Seconds(1)));
    assert!(purge(deleted.clone(), &at(NOW)).is_err());
    let done = purge(deleted.clone(), &at(NOW + RESTORABLE)).expect("purged");
    let key = RecordKey::ServiceAccount(deleted.unique_id, deleted.email.to_string());
    assert_eq!(
        done.changes.first(),
        Some(&Change::Remove(key, deleted.version))
    );
}

#[test]
fn an_account_that_was_disabled_when_it_was_deleted_comes_back_disabled() {
    let reason = "seen in a public repository".parse().expect("a reason");
    let disabled = disable(account(), reason, &at(NOW)).expect("disabled");
    let later = NOW + Seconds(60);
    let deleted = delete(disabled.record.clone(), &at(later)).expect("deleted");
    let restored = undelete(deleted.record, None, &at(later + Seconds(60))).expect("restored");
    assert_eq!(restored.record.state, disabled.record.state);
}
