//! Domain-wide delegations.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::EnteredBy;
use carnet_core::record::Whom;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

/// For everyone and for a list, with and without an end.
pub async fn a_delegation_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        account,
        user,
        group,
        ..
    } = World::of(store).await;
    let mut delegation = sample.delegation(organization.id, &account);
    yes(
        store,
        &[Change::Insert(Record::Delegation(delegation.clone()))],
    )
    .await;
    let found = store.delegation(delegation.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&delegation));

    for (groups, users) in [(vec![group.id], vec![user.id]), (vec![], vec![])] {
        delegation.whom = Whom::Listed { groups, users };
        delegation.scopes = parsed("https://api.acme.example/auth/a 'b'");
        delegation.until = Some(NOW + Seconds::days(30));
        delegation.suspended = Some(NOW);
        delegation.entered = EnteredBy::Email;
        delegation.version = delegation.version.next();
        yes(
            store,
            &[Change::Replace(Record::Delegation(delegation.clone()))],
        )
        .await;
        let found = store.delegation(delegation.id).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&delegation));
    }
    let page = Page::first(10);
    let listed = store
        .delegations(organization.id, &page)
        .await
        .expect("a read");
    assert_eq!(listed.items, [delegation]);
}

/// Two would contradict each other.
pub async fn an_organization_has_one_for_a_client(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        account,
        ..
    } = World::of(store).await;
    let first = sample.delegation(organization.id, &account);
    yes(store, &[Change::Insert(Record::Delegation(first))]).await;
    let second = sample.delegation(organization.id, &account);
    let insert = [Change::Insert(Record::Delegation(second))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
}

/// The organization and the account.
pub async fn a_delegation_needs_both_ends(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        account,
        ..
    } = World::of(store).await;
    let nowhere = sample.organization().id;
    let nobody = sample.account(&project);
    for delegation in [
        sample.delegation(nowhere, &account),
        sample.delegation(organization.id, &nobody),
    ] {
        let insert = [Change::Insert(Record::Delegation(delegation))];
        assert_eq!(no(store, &insert).await, (0, Why::Referenced));
    }
}

/// An assertion does not say which organization it means.
pub async fn those_of_a_client_come_from_all_organizations(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        account,
        ..
    } = World::of(store).await;
    let other = sample.organization();
    let mut both = vec![
        sample.delegation(organization.id, &account),
        sample.delegation(other.id, &account),
    ];
    let mut changes = vec![Change::Insert(Record::Organization(other.clone()))];
    changes.extend(
        both.iter()
            .cloned()
            .map(|one| Change::Insert(Record::Delegation(one))),
    );
    yes(store, &changes).await;
    both.sort_by_key(|one| one.id);
    let found = store
        .delegations_of(&account.unique_id)
        .await
        .expect("a read");
    assert_eq!(found, both);
    let page = Page::first(10);
    let listed = store.delegations(other.id, &page).await.expect("a read");
    assert_eq!(listed.items.len(), 1);
}

/// As for every record with a version.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        account,
        ..
    } = World::of(store).await;
    let mut one = sample.delegation(organization.id, &account);
    yes(store, &[Change::Insert(Record::Delegation(one.clone()))]).await;
    let key = RecordKey::Delegation(one.id, account.unique_id.clone());
    for version in [Version(1), Version(3)] {
        one.version = version;
        let replace = [Change::Replace(Record::Delegation(one.clone()))];
        assert_eq!(no(store, &replace).await, (0, Why::Stale));
        assert_eq!(
            no(store, &[Change::Remove(key.clone(), Version(2))]).await,
            (0, Why::Stale)
        );
    }
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    assert_eq!(
        store
            .delegations_of(&account.unique_id)
            .await
            .expect("a read"),
        []
    );
}
