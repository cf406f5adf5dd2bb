//! Commits as a whole.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

/// A refusal that writes nothing commits nothing.
pub async fn nothing_is_something(store: &Arc<dyn Store>) {
    yes(store, &[]).await;
}

/// At every place.
pub async fn all_or_none_and_the_loser_is_named(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let taken = Change::Insert(Record::Organization(organization));
    for place in 0..5 {
        let others: Vec<_> = (0..4).map(|_| sample.organization()).collect();
        let mut changes: Vec<_> = others
            .iter()
            .cloned()
            .map(|one| Change::Insert(Record::Organization(one)))
            .collect();
        changes.insert(place, taken.clone());
        changes.insert(0, Change::Audited(sample.draft()));
        assert_eq!(no(store, &changes).await, (place + 1, Why::Taken));
        for other in others {
            assert_eq!(store.organization(other.id).await.expect("a read"), None);
        }
    }
    let spent = sample.spent(NOW);
    let changes = [Change::AssertionSpent(spent.clone()), taken];
    assert_eq!(no(store, &changes).await, (1, Why::Taken));
    yes(store, &[Change::AssertionSpent(spent)]).await;
    assert_eq!(store.audit_after(0).await.expect("a read"), []);
}

/// What was inserted can be belonged to, and be replaced.
pub async fn changes_see_those_before_them(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let organization = sample.organization();
    let mut project = sample.project(Some(organization.id));
    let account = sample.account(&project);
    let key = sample.key(&account);
    let mut changes = vec![
        Change::Insert(Record::Organization(organization)),
        Change::Insert(Record::Project(project.clone())),
        Change::Insert(Record::ServiceAccount(account)),
        Change::Insert(Record::ServiceAccountKey(key.clone())),
    ];
    project.title = parsed("Renamed at once");
    project.version = Version(2);
    changes.push(Change::Replace(Record::Project(project.clone())));
    yes(store, &changes).await;
    assert_eq!(
        store.project(&project.id).await.expect("a read"),
        Some(project)
    );
    assert_eq!(
        store.service_account_key(&key.id).await.expect("a read"),
        Some(key)
    );

    let late = sample.project(None);
    let early = [
        Change::Insert(Record::ServiceAccount(sample.account(&late))),
        Change::Insert(Record::Project(late)),
    ];
    assert_eq!(
        no(store, &early).await,
        (0, Why::Referenced),
        "an order is an order"
    );
}

/// Engines put commits together; each stays on its own.
pub async fn a_loser_does_not_spoil_its_neighbours(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let rows: Vec<_> = (0..16).map(|_| sample.user(organization.id)).collect();
    let ends = sixteen(store, |place| {
        let mut changes: Vec<_> = rows
            .get(place)
            .cloned()
            .map(|row| Change::Insert(Record::User(row)))
            .into_iter()
            .collect();
        if place % 2 == 1 {
            changes.push(Change::Insert(Record::Organization(organization.clone())));
        }
        changes
    })
    .await;
    for (place, (row, end)) in rows.iter().zip(ends).enumerate() {
        let found = store.user(&row.id).await.expect("a read").is_some();
        let expected = if place % 2 == 1 {
            (false, Committed::No(1, Why::Taken))
        } else {
            (true, Committed::Yes)
        };
        assert_eq!((found, end), expected, "at {place}");
    }
    let listed = store
        .users(organization.id, &Page::first(100))
        .await
        .expect("a read");
    assert_eq!(listed.items.len(), 9);
}

/// From the same version.
pub async fn one_of_sixteen_replacements_wins(store: &Arc<dyn Store>) {
    let project = World::of(store).await.project;
    let ends = sixteen(store, |place| {
        let mut mine = project.clone();
        mine.title = parsed(&format!("Renamed by {place}"));
        mine.version = Version(2);
        vec![Change::Replace(Record::Project(mine))]
    })
    .await;
    assert_eq!(winners(&ends, Why::Stale), 1);
    let winner = ends.iter().position(|end| *end == Committed::Yes);
    let title = winner.map(|place| parsed(&format!("Renamed by {place}")));
    let found = store.project(&project.id).await.expect("a read");
    assert_eq!(found.map(|project| project.title), title);
}

/// For readiness.
pub async fn a_store_that_works_says_so(store: &Arc<dyn Store>) {
    store.check().await.expect("a store that works");
    World::of(store).await;
    store.check().await.expect("a store that works");
}
