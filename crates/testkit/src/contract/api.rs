//! APIs and their scopes.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Risk;
use carnet_core::record::TokenFormat;
use carnet_core::record::Visibility;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Version;
use carnet_jose::Algorithm;

use super::sample::World;
use super::sample::no;
use super::sample::scope;
use super::sample::yes;

/// Scopes in their order, every kind of each list.
pub async fn an_api_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let mut api = sample.api(&project, &["z.first", "a.second", "m.third", "b.fourth"]);
    let risks = [Risk::Administer, Risk::ActAs, Risk::Write, Risk::Read];
    for (scope, risk) in api.scopes.iter_mut().zip(risks) {
        scope.risk = risk;
    }
    yes(store, &[Change::Insert(Record::Api(api.clone()))]).await;
    assert_eq!(
        store.api(api.id).await.expect("a read").as_ref(),
        Some(&api)
    );

    api.scopes.reverse();
    api.scopes.push(scope("fifth"));
    for (number, algorithm) in (2..).zip(Algorithm::ALL) {
        api.algorithm = algorithm;
        api.tokens = TokenFormat::Opaque;
        if let Some(scope) = api.scopes.first_mut() {
            scope.visibility = Visibility::Private;
        }
        api.version = Version(number);
        yes(store, &[Change::Replace(Record::Api(api.clone()))]).await;
        assert_eq!(
            store.api(api.id).await.expect("a read").as_ref(),
            Some(&api)
        );
    }
    let stale = [Change::Replace(Record::Api(api))];
    assert_eq!(no(store, &stale).await, (0, Why::Stale));
}

/// Not to two APIs, and not twice to one.
pub async fn a_scope_belongs_to_one_api(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let first = sample.api(&project, &["invoices.read", "invoices.write"]);
    yes(store, &[Change::Insert(Record::Api(first))]).await;
    let mut second = sample.api(&project, &["orders.read", "invoices.write"]);
    let insert = [Change::Insert(Record::Api(second.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    assert_eq!(store.api(second.id).await.expect("a read"), None);

    second.scopes = vec![scope("orders.read")];
    yes(store, &[Change::Insert(Record::Api(second.clone()))]).await;
    second.scopes.push(scope("invoices.read"));
    second.version = Version(2);
    let replace = [Change::Replace(Record::Api(second.clone()))];
    assert_eq!(no(store, &replace).await, (0, Why::Taken));
    let kept = store
        .api(second.id)
        .await
        .expect("a read")
        .map(|api| api.scopes);
    assert_eq!(
        kept,
        Some(vec![scope("orders.read")]),
        "the old scopes are still there"
    );

    let twice = sample.api(&project, &["twice", "twice"]);
    let insert = [Change::Insert(Record::Api(twice))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
}

/// It is the `aud` of its tokens.
pub async fn an_identifier_belongs_to_one_api(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let first = sample.api(&project, &[]);
    yes(store, &[Change::Insert(Record::Api(first.clone()))]).await;
    let mut second = sample.api(&project, &[]);
    second.identifier = first.identifier;
    let insert = [Change::Insert(Record::Api(second))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let elsewhere = sample.project(None);
    let stray = sample.api(&elsewhere, &[]);
    let insert = [Change::Insert(Record::Api(stray))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}

/// Another API may have it then, in the same commit too.
pub async fn a_scope_that_was_dropped_is_free(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let mut first = sample.api(&project, &["one", "two"]);
    yes(store, &[Change::Insert(Record::Api(first.clone()))]).await;
    first.scopes.pop();
    first.version = Version(2);
    let second = sample.api(&project, &["two", "three"]);
    let moved = [
        Change::Replace(Record::Api(first.clone())),
        Change::Insert(Record::Api(second.clone())),
    ];
    yes(store, &moved).await;
    assert_eq!(store.api(first.id).await.expect("a read"), Some(first));
    assert_eq!(store.api(second.id).await.expect("a read"), Some(second));
}

/// And its scopes are free for others.
pub async fn an_api_goes_with_its_scopes(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let first = sample.api(&project, &["one"]);
    yes(store, &[Change::Insert(Record::Api(first.clone()))]).await;
    let remove = |version| [Change::Remove(RecordKey::Api(first.id), version)];
    assert_eq!(no(store, &remove(Version(2))).await, (0, Why::Stale));
    yes(store, &remove(Version(1))).await;
    assert_eq!(store.api(first.id).await.expect("a read"), None);
    let second = sample.api(&project, &["one"]);
    yes(store, &[Change::Insert(Record::Api(second))]).await;
}

/// However many scopes each has.
pub async fn a_page_of_apis_has_all_their_scopes(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let other = sample.project(None);
    let apis = [
        sample.api(&project, &["one", "two", "three"]),
        sample.api(&project, &[]),
        sample.api(&other, &["four"]),
        sample.api(&project, &["five", "six"]),
    ];
    let mut changes = vec![Change::Insert(Record::Project(other.clone()))];
    changes.extend(
        apis.iter()
            .cloned()
            .map(|api| Change::Insert(Record::Api(api))),
    );
    yes(store, &changes).await;

    let mut all = Vec::new();
    let mut page = Page::first(2);
    loop {
        let listing = store.apis(None, &page).await.expect("a read");
        all.extend(listing.items);
        match listing.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(all, apis);
    let its = store
        .apis(Some(&other.id), &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(its.items.len(), 1);
    let its = store
        .apis(Some(&project.id), &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(its.items.len(), 3);
}
