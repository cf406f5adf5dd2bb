//! Accounts go when their 30 days are over, once, on however many nodes.

use std::sync::Arc;

use carnet_core::record::AccountState;
use carnet_core::record::ServiceAccount;
use carnet_core::rule::admin::service_account::RESTORABLE;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Memory;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::value::Seconds;
use carnet_testkit::contract::sample::NOW;
use carnet_testkit::contract::sample::World;
use carnet_testkit::contract::sample::yes;
use carnet_testkit::contract::workload_pool::pool_of;
use carnet_testkit::contract::workload_pool::provider_of;

use super::MOST;
use super::purge;
use super::purge_pools;

fn deleted(account: ServiceAccount) -> ServiceAccount {
    ServiceAccount {
        state: AccountState::Deleted {
            since: NOW,
            disabled: None,
        },
        version: account.version.next(),
        ..account
    }
}

async fn purged_entries(store: &dyn Store) -> Vec<String> {
    let filter = AuditFilter {
        action: Some("service_account.purge".to_owned()),
        ..AuditFilter::default()
    };
    let entries = store.audit(&filter, &Page::first(1_000)).await.unwrap();
    let targets = entries.items.into_iter();
    targets.map(|entry| entry.draft.target).collect()
}

#[tokio::test]
async fn google_wire_5_3_a_deleted_account_is_purged_after_30_days_and_not_before() {
    let store: Arc<dyn Store> = Arc::new(Memory::new());
    let mut world = World::of(&store).await;
    let key = world.sample.key(&world.account);
    let gone = deleted(world.account.clone());
    let living = world.sample.account(&world.project);
    let changes = [
        Change::Insert(Record::ServiceAccountKey(key.clone())),
        Change::Insert(Record::ServiceAccount(living.clone())),
        Change::Replace(Record::ServiceAccount(gone.clone())),
    ];
    yes(&store, &changes).await;

    let before = NOW + RESTORABLE - Seconds(1);
    assert_eq!(purge(&*store, before).await.unwrap(), 0);
    let kept = store.service_account(&gone.unique_id).await.unwrap();
    assert_eq!(kept, Some(gone.clone()));

    assert_eq!(purge(&*store, NOW + RESTORABLE).await.unwrap(), 1);
    let left = store.service_account(&gone.unique_id).await.unwrap();
    assert_eq!(left, None);
    assert_eq!(store.service_account_key(&key.id).await.unwrap(), None);
    let stays = store.service_account(&living.unique_id).await.unwrap();
    assert_eq!(stays, Some(living));
    let target = gone.unique_id.to_string();
    assert_eq!(purged_entries(&*store).await, [target]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_purge_each_account_once() {
    let store: Arc<dyn Store> = Arc::new(Memory::new());
    let mut world = World::of(&store).await;
    let many = usize::from(MOST) + 10;
    for _ in 0..many {
        let account = world.sample.account(&world.project);
        let insert = Change::Insert(Record::ServiceAccount(account.clone()));
        let delete = Change::Replace(Record::ServiceAccount(deleted(account)));
        yes(&store, &[insert, delete]).await;
    }
    let node = || {
        let store = Arc::clone(&store);
        tokio::spawn(async move { purge(&*store, NOW + RESTORABLE).await.unwrap() })
    };
    let (one, other) = (node(), node());
    let first = usize::from(one.await.unwrap()) + usize::from(other.await.unwrap());
    assert!(first >= usize::from(MOST), "a round takes {MOST}: {first}");
    let rest = usize::from(purge(&*store, NOW + RESTORABLE).await.unwrap());
    assert_eq!(first + rest, many);
    let mut targets = purged_entries(&*store).await;
    targets.sort();
    targets.dedup();
    assert_eq!(targets.len(), many, "each has one entry");
}

#[tokio::test]
async fn google_wire_6_4_a_deleted_pool_is_purged_after_30_days_and_not_before() {
    let store: Arc<dyn Store> = Arc::new(Memory::new());
    let world = World::of(&store).await;
    let stays = pool_of(&world.project, "stays");
    let mut gone = pool_of(&world.project, "gone");
    let kept = provider_of(&stays, "kept");
    let mut alone = provider_of(&stays, "alone");
    let mut with_pool = provider_of(&gone, "along");
    gone.deleted = Some(NOW);
    alone.deleted = Some(NOW);
    with_pool.deleted = Some(NOW);
    let pools = [&stays, &gone].map(|row| Record::WorkloadPool(row.clone()));
    let providers = [&kept, &alone, &with_pool].map(|row| Record::WorkloadProvider(row.clone()));
    let inserts: Vec<_> = pools
        .into_iter()
        .chain(providers)
        .map(Change::Insert)
        .collect();
    yes(&store, &inserts).await;

    let over = NOW + RESTORABLE;
    assert_eq!(purge_pools(&*store, over - Seconds(1)).await.unwrap(), 0);
    assert_eq!(purge_pools(&*store, over).await.unwrap(), 3);
    assert_eq!(store.workload_pool(&gone.name).await.unwrap(), None);
    let left = store.workload_providers(&stays.name).await.unwrap();
    assert_eq!(left, [kept]);
    assert_eq!(purge_pools(&*store, over).await.unwrap(), 0);
}
