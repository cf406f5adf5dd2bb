//! Lists by pages.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use carnet_core::record::Organization;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::value::OrganizationId;

use super::sample::Sample;
use super::sample::World;
use super::sample::yes;

async fn organizations(store: &Arc<dyn Store>, count: usize) -> Vec<Organization> {
    let mut sample = Sample::new();
    let mut all: Vec<_> = (0..count).map(|_| sample.organization()).collect();
    let inserts: Vec<_> = all
        .iter()
        .cloned()
        .map(|one| Change::Insert(Record::Organization(one)))
        .collect();
    yes(store, &inserts).await;
    all.sort_by_key(|one| one.id);
    all
}

/// With pages of every length, the last one full or not.
pub async fn pages_miss_nothing_and_repeat_nothing(store: &Arc<dyn Store>) {
    let all = organizations(store, 12).await;
    for limit in [1, 2, 3, 5, 11, 12, 13, 1_000] {
        let mut page = Page::first(limit);
        let mut found = Vec::new();
        loop {
            let listing = store.organizations(&page).await.expect("a read");
            assert!(listing.items.len() <= usize::from(limit));
            assert!(
                !listing.items.is_empty(),
                "no page is empty but that of an empty list"
            );
            found.extend(listing.items);
            match listing.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        assert_eq!(found, all, "by {limit}");
    }
}

/// A person who turns pages while others write.
pub async fn what_is_inserted_in_between_is_found_or_not_but_moves_nothing(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        ..
    } = World::of(store).await;
    let first: Vec<_> = (0..6).map(|_| sample.user(organization.id)).collect();
    let late: Vec<_> = (0..6)
        .map(|place| {
            let mut user = sample.user(organization.id);
            let number = if place % 2 == 0 { 0 } else { 9_000 } + place;
            user.email = super::sample::parsed(&format!("dana{number:04}@acme.example"));
            user
        })
        .collect();
    let inserts: Vec<_> = first
        .iter()
        .cloned()
        .map(|user| Change::Insert(Record::User(user)))
        .collect();
    yes(store, &inserts).await;

    let mut page = Page::first(2);
    let mut found = Vec::new();
    let mut late = late.into_iter();
    loop {
        let listing = store.users(organization.id, &page).await.expect("a read");
        found.extend(listing.items);
        if let Some(user) = late.next() {
            yes(store, &[Change::Insert(Record::User(user))]).await;
        }
        match listing.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let once: BTreeSet<_> = found.iter().map(|user| user.email.clone()).collect();
    assert_eq!(once.len(), found.len(), "nobody twice");
    assert!(found.is_sorted_by_key(|user| user.email.clone()));
    for user in first.iter().chain([&user]) {
        assert!(once.contains(&user.email), "{:?} was missed", user.email);
    }
}

/// Whatever number is asked for.
pub async fn a_page_has_one_item_at_least_and_a_thousand_at_most(store: &Arc<dyn Store>) {
    organizations(store, 1_001).await;
    for (limit, length) in [(0, 1), (1, 1), (1_000, 1_000), (u16::MAX, 1_000)] {
        let listing = store
            .organizations(&Page::first(limit))
            .await
            .expect("a read");
        assert_eq!(listing.items.len(), length);
        assert!(listing.next.is_some());
    }
}

/// The text comes from a caller.
pub async fn a_page_after_nonsense_is_no_fault(store: &Arc<dyn Store>) {
    let World {
        organization,
        project,
        group,
        ..
    } = World::of(store).await;
    let foreign = group.id.to_string();
    for after in [
        "",
        "\0",
        "x",
        "org_",
        "'; --",
        "-1",
        "\u{1F980}",
        &foreign,
        &"9".repeat(9_000),
    ] {
        let page = Page {
            after: Some(after.to_owned()),
            limit: 2,
        };
        let of: OrganizationId = organization.id;
        store.organizations(&page).await.expect("no fault");
        store.domains(of, &page).await.expect("no fault");
        store.projects(None, &page).await.expect("no fault");
        store.projects(Some(of), &page).await.expect("no fault");
        store.apis(None, &page).await.expect("no fault");
        store.policies(of, &page).await.expect("no fault");
        store.role_bindings(None, &page).await.expect("no fault");
        store.users(of, &page).await.expect("no fault");
        store.groups(of, &page).await.expect("no fault");
        store.members(group.id, &page).await.expect("no fault");
        store
            .service_accounts(&project.id, &page)
            .await
            .expect("no fault");
        store.delegations(of, &page).await.expect("no fault");
        store
            .audit(&AuditFilter::default(), &page)
            .await
            .expect("no fault");
        store
            .revoked_tokens(super::sample::NOW, &page)
            .await
            .expect("no fault");
    }
}
