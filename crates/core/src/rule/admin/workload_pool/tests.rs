//! Tests of the rule: see the file beside this directory.

use carnet_wire::crn::Crn;

use super::{Home, NewPool, PoolPatch, RESTORABLE, SESSION};
use super::{create, delete, purge, undelete, update};
use crate::record::{AssertionRules, Audience, PoolOwner, Project, ProjectState, WorkloadPool};
use crate::rule::admin::Context;
use crate::store::{Change, Record, RecordKey};
use crate::value::{Counting, OrganizationId, Seconds, UnixTime, Version};

pub(in crate::rule) const NOW: UnixTime = UnixTime(1_775_121_058);

pub(in crate::rule) fn at(now: UnixTime) -> Context<'static> {
    Context {
        now,
        actor: "user:2",
        address: "203.0.113.9",
        trace: "T",
    }
}

pub(in crate::rule) fn project() -> Project {
    Project {
        id: "billing".parse().unwrap(),
        number: "412345678901".parse().unwrap(),
        organization: None,
        title: "".parse().unwrap(),
        audience: Audience::External,
        state: ProjectState::Active,
        assertions: AssertionRules::default(),
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn new(id: &str) -> NewPool {
    NewPool {
        id: id.to_owned(),
        title: "CI".parse().unwrap(),
        description: "".parse().unwrap(),
        disabled: false,
        session: None,
    }
}

pub(in crate::rule) fn pool() -> WorkloadPool {
    let project = project();
    let made = create(new("ci-pool"), Home::Project(&project), None, &at(NOW));
    made.unwrap().record
}

fn organization() -> OrganizationId {
    OrganizationId::mint(NOW, &mut Counting(0))
}

#[test]
fn google_wire_6_4_a_pool_is_named_by_its_projects_number() {
    let pool = pool();
    let name = "projects/412345678901/locations/global/workloadIdentityPools/ci-pool";
    assert_eq!(pool.name.as_str(), name);
    assert_eq!(pool.owner, PoolOwner::Project("billing".parse().unwrap()));
    assert!(pool.is_on());
    for id in ["", "abc", "CI-POOL", "gcp-pool", &"a".repeat(33)] {
        let project = project();
        let made = create(new(id), Home::Project(&project), None, &at(NOW));
        assert_eq!(made.unwrap_err().crn, Crn::FIELD_WRONG, "{id}");
    }
    let made = create(
        new("ci-pool"),
        Home::Project(&project()),
        Some(&pool),
        &at(NOW),
    );
    assert_eq!(made.unwrap_err().crn, Crn::ALREADY_EXISTS);
}

#[test]
fn google_wire_6_4_a_workforce_session_lasts_15_minutes_to_12_hours() {
    let home = Home::Organization(organization());
    let asking = |session| NewPool {
        session: Some(Seconds(session)),
        ..new("acme-staff")
    };
    for session in [900, 43_200] {
        let made = create(asking(session), home, None, &at(NOW))
            .unwrap()
            .record;
        assert_eq!(made.session, Seconds(session));
    }
    for session in [0, 899, 43_201] {
        assert!(create(asking(session), home, None, &at(NOW)).is_err());
    }
    let project = project();
    let made = create(asking(900), Home::Project(&project), None, &at(NOW));
    assert_eq!(made.unwrap_err().wrongs[0].pointer, "/session_seconds");
}

#[test]
fn a_change_is_committed_with_its_audit_entry_and_a_new_version() {
    let patch = PoolPatch {
        title: Some("Builds".parse().unwrap()),
        disabled: Some(true),
        ..PoolPatch::default()
    };
    let done = update(pool(), patch.clone(), &at(NOW + Seconds(5))).unwrap();
    let [
        Change::Replace(Record::WorkloadPool(row)),
        Change::Audited(draft),
    ] = done.changes.as_slice()
    else {
        unreachable!("{:?}", done.changes)
    };
    assert_eq!((row, row.version), (&done.record, Version(2)));
    assert!(!row.is_on());
    assert_eq!(row.changed, NOW + Seconds(5));
    assert_eq!(draft.action, "workload_pool.update");
    assert_eq!(
        draft.detail,
        r#"{"disabled":"true","display_name":"Builds","project":"billing"}"#
    );
    let again = update(done.record, patch, &at(NOW)).unwrap();
    assert_eq!(again.changes, []);
    let long = PoolPatch {
        title: Some("a".repeat(33).parse().unwrap()),
        ..PoolPatch::default()
    };
    assert!(update(pool(), long, &at(NOW)).is_err());
}

#[test]
fn google_wire_6_4_a_deleted_pool_comes_back_within_30_days_as_it_was() {
    let disabled = PoolPatch {
        disabled: Some(true),
        ..PoolPatch::default()
    };
    let pool = update(pool(), disabled, &at(NOW)).unwrap().record;
    let deleted = delete(pool, &at(NOW)).unwrap().record;
    assert!(delete(deleted.clone(), &at(NOW)).is_err());
    assert!(update(deleted.clone(), PoolPatch::default(), &at(NOW)).is_err());

    let last = NOW + RESTORABLE - Seconds(1);
    assert!(purge(deleted.clone(), &at(last)).is_err());
    let back = undelete(deleted.clone(), &at(last)).unwrap().record;
    assert_eq!((back.deleted, back.disabled), (None, true));
    assert_eq!(back.session, SESSION);
    assert!(undelete(back, &at(last)).is_err(), "it is not deleted");

    let over = NOW + RESTORABLE;
    assert!(undelete(deleted.clone(), &at(over)).is_err());
    let gone = purge(deleted.clone(), &at(over)).unwrap();
    let key = RecordKey::WorkloadPool(deleted.name);
    assert_eq!(gone.changes[0], Change::Remove(key, deleted.version));
}
