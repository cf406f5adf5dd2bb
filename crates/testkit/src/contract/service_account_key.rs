//! Keys of service accounts, and their last uses.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::DisableReason;
use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::KeyUse;
use carnet_core::record::ServiceAccountKey;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

fn insert(key: &ServiceAccountKey) -> Change {
    Change::Insert(Record::ServiceAccountKey(key.clone()))
}

/// In each state and with each reason; the oldest first.
pub async fn a_key_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        account,
        ..
    } = World::of(store).await;
    let mut key = sample.key(&account);
    let older = ServiceAccountKey {
        created: NOW - Seconds(1),
        expires: Some(NOW + Seconds::days(90)),
        origin: KeyOrigin::Uploaded,
        certificate: Vec::new(),
        ..sample.key(&account)
    };
    yes(store, &[insert(&key), insert(&older)]).await;
    let reasons = [
        DisableReason::UserInitiated,
        DisableReason::Exposed,
        DisableReason::CompromiseDetected,
    ];
    let disabled = reasons.map(|reason| KeyState::Disabled {
        since: NOW,
        reason,
        note: parsed("look into it"),
    });
    for state in disabled.into_iter().chain([KeyState::Active]) {
        key.state = state;
        key.version = key.version.next();
        yes(
            store,
            &[Change::Replace(Record::ServiceAccountKey(key.clone()))],
        )
        .await;
        let found = store.service_account_key(&key.id).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&key));
    }
    let keys = store
        .service_account_keys(&account.unique_id)
        .await
        .expect("a read");
    assert_eq!(keys, [older, key]);
}

async fn with_keys(store: &Arc<dyn Store>, count: usize) -> (World, Vec<ServiceAccountKey>) {
    let mut world = World::of(store).await;
    let keys: Vec<_> = (0..count)
        .map(|_| world.sample.key(&world.account))
        .collect();
    let inserts: Vec<_> = keys.iter().map(insert).collect();
    yes(store, &inserts).await;
    (world, keys)
}

/// Google's limit. One that goes makes room, a disabled one does not.
pub async fn an_account_has_ten_keys_at_most(store: &Arc<dyn Store>) {
    let (mut world, mut keys) = with_keys(store, 10).await;
    let eleventh = world.sample.key(&world.account);
    assert_eq!(no(store, &[insert(&eleventh)]).await, (0, Why::Full));
    let first = keys.remove(0);
    let disabled = ServiceAccountKey {
        state: KeyState::Disabled {
            since: NOW,
            reason: DisableReason::Exposed,
            note: parsed(""),
        },
        version: Version(2),
        ..first.clone()
    };
    yes(
        store,
        &[Change::Replace(Record::ServiceAccountKey(disabled))],
    )
    .await;
    assert_eq!(no(store, &[insert(&eleventh)]).await, (0, Why::Full));

    let other = world.sample.account(&world.project);
    let others = world.sample.key(&other);
    yes(
        store,
        &[
            Change::Insert(Record::ServiceAccount(other)),
            insert(&others),
        ],
    )
    .await;

    let key = RecordKey::ServiceAccountKey(first.id, world.account.unique_id.clone());
    yes(store, &[Change::Remove(key, Version(2)), insert(&eleventh)]).await;
    let twelfth = world.sample.key(&world.account);
    assert_eq!(no(store, &[insert(&twelfth)]).await, (0, Why::Full));
}

/// Whoever counts nine must be the only one who does.
pub async fn one_of_sixteen_tenth_keys_wins(store: &Arc<dyn Store>) {
    let (mut world, _) = with_keys(store, 9).await;
    let keys: Vec<_> = (0..16).map(|_| world.sample.key(&world.account)).collect();
    let ends = sixteen(store, |place| {
        keys.get(place).map(insert).into_iter().collect()
    })
    .await;
    assert_eq!(winners(&ends, Why::Full), 1);
    let keys = store
        .service_account_keys(&world.account.unique_id)
        .await
        .expect("a read");
    assert_eq!(keys.len(), 10);
}

/// Also where the account is full, and where it is another account's.
pub async fn a_key_id_belongs_to_one_key(store: &Arc<dyn Store>) {
    let (mut world, keys) = with_keys(store, 10).await;
    let first = keys.first().expect("a key");
    assert_eq!(no(store, &[insert(first)]).await, (0, Why::Taken));
    let other = world.sample.account(&world.project);
    let stolen = ServiceAccountKey {
        id: first.id.clone(),
        ..world.sample.key(&other)
    };
    let changes = [
        Change::Insert(Record::ServiceAccount(other)),
        insert(&stolen),
    ];
    assert_eq!(no(store, &changes).await, (1, Why::Taken));
}

/// A key of nobody proves nothing.
pub async fn a_key_needs_its_account(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let project = sample.project(None);
    let account = sample.account(&project);
    let key = sample.key(&account);
    yes(store, &[Change::Insert(Record::Project(project))]).await;
    assert_eq!(no(store, &[insert(&key)]).await, (0, Why::Referenced));
}

/// As for every record with a version.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let (world, mut keys) = with_keys(store, 1).await;
    let mut key = keys.remove(0);
    let name = RecordKey::ServiceAccountKey(key.id.clone(), world.account.unique_id.clone());
    for version in [Version(1), Version(3)] {
        key.version = version;
        let replace = [Change::Replace(Record::ServiceAccountKey(key.clone()))];
        assert_eq!(no(store, &replace).await, (0, Why::Stale));
        assert_eq!(
            no(store, &[Change::Remove(name.clone(), Version(2))]).await,
            (0, Why::Stale)
        );
    }
    yes(store, &[Change::Remove(name.clone(), Version::FIRST)]).await;
    assert_eq!(
        no(store, &[Change::Remove(name, Version::FIRST)]).await,
        (0, Why::Stale)
    );
    assert_eq!(
        store.service_account_key(&key.id).await.expect("a read"),
        None
    );
}

fn used(key: &ServiceAccountKey, last: UnixTime, address: &str, count: i64) -> KeyUse {
    KeyUse {
        key: key.id.clone(),
        account: key.account.clone(),
        last,
        address: address.to_owned(),
        count,
    }
}

/// Batches of several nodes come in any order.
pub async fn uses_are_added_and_the_last_is_kept(store: &Arc<dyn Store>) {
    let (world, keys) = with_keys(store, 2).await;
    let key = keys.first().expect("a key");
    let batches = [
        used(key, NOW, "192.0.2.1", 3),
        used(key, NOW + Seconds(60), "192.0.2.2", 4),
        used(key, NOW - Seconds(60), "192.0.2.3", 5),
    ];
    let (first, rest) = batches.split_first().expect("batches");
    yes(store, &[Change::KeyUsed(first.clone())]).await;
    let rest: Vec<_> = rest.iter().cloned().map(Change::KeyUsed).collect();
    yes(store, &rest).await;
    let uses = store
        .key_uses(&world.account.unique_id)
        .await
        .expect("a read");
    assert_eq!(uses, [used(key, NOW + Seconds(60), "192.0.2.2", 12)]);

    let ends = sixteen(store, |_| {
        vec![Change::KeyUsed(used(key, NOW, "192.0.2.9", 1))]
    })
    .await;
    assert_eq!(winners(&ends, Why::Stale), 16);
    let uses = store
        .key_uses(&world.account.unique_id)
        .await
        .expect("a read");
    assert_eq!(uses, [used(key, NOW + Seconds(60), "192.0.2.2", 28)]);
}

/// The batch is late; the rest of it counts.
pub async fn a_use_of_a_key_that_is_gone_is_no_fault(store: &Arc<dyn Store>) {
    let (mut world, keys) = with_keys(store, 1).await;
    let there = keys.first().expect("a key");
    let gone = world.sample.key(&world.account);
    let batch = [
        Change::KeyUsed(used(&gone, NOW, "192.0.2.1", 1)),
        Change::KeyUsed(used(there, NOW, "192.0.2.1", 1)),
    ];
    yes(store, &batch).await;
    let uses = store
        .key_uses(&world.account.unique_id)
        .await
        .expect("a read");
    assert_eq!(uses, [used(there, NOW, "192.0.2.1", 1)]);
    let key = RecordKey::ServiceAccountKey(there.id.clone(), world.account.unique_id.clone());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    assert_eq!(
        store
            .key_uses(&world.account.unique_id)
            .await
            .expect("a read"),
        []
    );
}
