//! In which order the statements of a commit are sent.

use carnet_core::record::KeyUse;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::Why;
use carnet_testkit::contract::sample::NOW;
use carnet_testkit::contract::sample::Sample;

use super::of;
use crate::statement::Param;

#[test]
fn what_never_fails_comes_after_what_may_and_each_step_knows_its_change() {
    let mut sample = Sample::new();
    let project = sample.project(None);
    let account = sample.account(&project);
    let mut keys = [sample.key(&account), sample.key(&account)];
    keys.sort_by(|one, other| one.id.cmp(&other.id));
    let used = |place: usize| {
        Change::KeyUsed(KeyUse {
            key: keys[place].id.clone(),
            account: account.unique_id.clone(),
            last: NOW,
            address: String::new(),
            count: 1,
        })
    };
    let changes = [
        Change::Audited(sample.draft()),
        used(1),
        Change::Insert(Record::Project(project.clone())),
        used(0),
        Change::Audited(sample.draft()),
        Change::Insert(Record::ServiceAccount(account.clone())),
    ];
    let steps = of(&changes).unwrap_or_else(|_| unreachable!());
    let order: Vec<_> = steps.iter().map(|step| step.change).collect();
    assert_eq!(order, [2, 2, 5, 3, 1, 0, 0, 4, 4]);
    let first = Param::Text(keys[0].id.to_string());
    assert_eq!(steps[3].params[0], first, "in the order of the keys");
}

#[test]
fn what_has_no_version_cannot_be_replaced_whatever_the_database_says() {
    let mut sample = Sample::new();
    let organization = sample.organization();
    let user = sample.user(organization.id);
    let membership = carnet_core::record::Membership {
        group: sample.group(organization.id).id,
        user: user.id,
        created: NOW,
    };
    let changes = [
        Change::Insert(Record::Organization(organization)),
        Change::Replace(Record::Membership(membership)),
    ];
    assert_eq!(of(&changes).err(), Some((1, Why::Stale)));
}
