//! Organizations and their domains.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

/// Inserted, read; replaced, read; removed, gone.
pub async fn an_organization_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let mut one = Sample::new().organization();
    assert_eq!(store.organization(one.id).await.expect("a read"), None);
    yes(store, &[Change::Insert(Record::Organization(one.clone()))]).await;
    let found = store.organization(one.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&one));

    one.title = parsed("Ümläut & 'Quotes' \u{1F980}");
    one.changed = NOW + Seconds(5);
    one.version = one.version.next();
    yes(store, &[Change::Replace(Record::Organization(one.clone()))]).await;
    let found = store.organization(one.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&one));

    let gone = Change::Remove(RecordKey::Organization(one.id), one.version);
    yes(store, &[gone]).await;
    assert_eq!(store.organization(one.id).await.expect("a read"), None);
}

/// Who read an older version must not win.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let mut one = Sample::new().organization();
    let insert = [Change::Insert(Record::Organization(one.clone()))];
    let replace = |record| [Change::Replace(Record::Organization(record))];
    assert_eq!(no(store, &replace(one.clone())).await, (0, Why::Stale));
    yes(store, &insert).await;
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    assert_eq!(no(store, &replace(one.clone())).await, (0, Why::Stale));
    one.version = Version(3);
    assert_eq!(no(store, &replace(one.clone())).await, (0, Why::Stale));
    one.version = Version(2);
    yes(store, &replace(one.clone())).await;
    assert_eq!(no(store, &replace(one.clone())).await, (0, Why::Stale));

    let remove = |version| [Change::Remove(RecordKey::Organization(one.id), version)];
    assert_eq!(no(store, &remove(Version(1))).await, (0, Why::Stale));
    yes(store, &remove(Version(2))).await;
    assert_eq!(no(store, &remove(Version(2))).await, (0, Why::Stale));
}

/// Domains, users, groups, projects, policies and delegations each hold it.
pub async fn an_organization_goes_when_nothing_belongs_to_it(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let (of, other) = (sample.organization(), sample.organization());
    let project = sample.project(Some(other.id));
    let account = sample.account(&project);
    let base = [
        Change::Insert(Record::Organization(of.clone())),
        Change::Insert(Record::Organization(other)),
        Change::Insert(Record::Project(project)),
        Change::Insert(Record::ServiceAccount(account.clone())),
    ];
    yes(store, &base).await;

    let (domain, user) = (sample.domain(of.id), sample.user(of.id));
    let (group, project) = (sample.group(of.id), sample.project(Some(of.id)));
    let (policy, delegation) = (sample.policy(of.id), sample.delegation(of.id, &account));
    let client = account.unique_id.clone();
    let held = [
        (
            Record::Domain(domain.clone()),
            RecordKey::Domain(domain.name),
        ),
        (Record::User(user.clone()), RecordKey::User(user.id)),
        (Record::Group(group.clone()), RecordKey::Group(group.id)),
        (
            Record::Project(project.clone()),
            RecordKey::Project(project.id),
        ),
        (
            Record::Policy(policy.clone()),
            RecordKey::Policy(policy.id, of.id),
        ),
        (
            Record::Delegation(delegation.clone()),
            RecordKey::Delegation(delegation.id, client),
        ),
    ];
    let remove = [Change::Remove(
        RecordKey::Organization(of.id),
        Version::FIRST,
    )];
    for (record, key) in held {
        yes(store, &[Change::Insert(record)]).await;
        assert_eq!(
            no(store, &remove).await,
            (0, Why::Referenced),
            "held by {key:?}"
        );
        yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    }
    yes(store, &remove).await;
}

/// Two organizations cannot both have it, and nobody can have it who does not exist.
pub async fn a_domain_belongs_to_one_organization(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let (first, second) = (sample.organization(), sample.organization());
    let domain = sample.domain(first.id);
    let insert = [Change::Insert(Record::Domain(domain.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
    let organizations = [
        Change::Insert(Record::Organization(first.clone())),
        Change::Insert(Record::Organization(second.clone())),
    ];
    yes(store, &organizations).await;
    yes(store, &insert).await;
    let mut other = domain.clone();
    other.organization = second.id;
    let insert = [Change::Insert(Record::Domain(other))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));

    let found = store.domain(&domain.name).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&domain));
    let page = Page::first(10);
    let its = store.domains(first.id, &page).await.expect("a read");
    assert_eq!((its.items, its.next), (vec![domain.clone()], None));
    let its = store.domains(second.id, &page).await.expect("a read");
    assert_eq!((its.items, its.next), (vec![], None));

    let remove = Change::Remove(RecordKey::Domain(domain.name.clone()), Version::FIRST);
    yes(store, &[remove]).await;
    assert_eq!(store.domain(&domain.name).await.expect("a read"), None);
}

/// A replacement may give it to another organization.
pub async fn a_domain_may_move(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let (first, second) = (sample.organization(), sample.organization());
    let mut domain = sample.domain(first.id);
    let inserts = [
        Change::Insert(Record::Organization(first)),
        Change::Insert(Record::Organization(second.clone())),
        Change::Insert(Record::Domain(domain.clone())),
    ];
    yes(store, &inserts).await;
    domain.organization = second.id;
    domain.version = Version(2);
    yes(store, &[Change::Replace(Record::Domain(domain.clone()))]).await;
    let found = store.domain(&domain.name).await.expect("a read");
    assert_eq!(found, Some(domain.clone()));
    let stale = [Change::Remove(
        RecordKey::Domain(domain.name),
        Version::FIRST,
    )];
    assert_eq!(no(store, &stale).await, (0, Why::Stale));
}
