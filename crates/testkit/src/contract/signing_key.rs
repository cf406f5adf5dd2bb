//! Keys of ours.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::SigningKey;
use carnet_core::record::SigningKeyState;
use carnet_core::record::SigningUse;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::Version;
use carnet_jose::Algorithm;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::no;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

/// For each use, through its whole life.
pub async fn a_signing_key_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let uses = Algorithm::ALL
        .map(SigningUse::Sign)
        .into_iter()
        .chain([SigningUse::Seal]);
    let states = [
        SigningKeyState::Active { since: NOW },
        SigningKeyState::Retired {
            since: NOW,
            until: NOW + Seconds(3_600),
        },
    ];
    let mut keys: Vec<_> = uses
        .map(|usage| SigningKey {
            usage,
            ..sample.signing_key()
        })
        .collect();
    if let Some(seal) = keys.last_mut() {
        seal.public_key.clear();
        seal.certificate.clear();
    }
    keys.sort_by(|one, other| one.id.cmp(&other.id));
    let inserts: Vec<_> = keys
        .iter()
        .cloned()
        .map(|key| Change::Insert(Record::SigningKey(key)))
        .collect();
    yes(store, &inserts).await;
    assert_eq!(store.signing_keys().await.expect("a read"), keys);
    for state in states {
        for key in &mut keys {
            key.state = state;
            key.version = key.version.next();
        }
        let replaces: Vec<_> = keys
            .iter()
            .cloned()
            .map(|key| Change::Replace(Record::SigningKey(key)))
            .collect();
        yes(store, &replaces).await;
        assert_eq!(store.signing_keys().await.expect("a read"), keys);
    }
}

/// As for every record with a version: two nodes that rotate at once must not both succeed.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let mut key = Sample::new().signing_key();
    let insert = [Change::Insert(Record::SigningKey(key.clone()))];
    yes(store, &insert).await;
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    for version in [Version(1), Version(3)] {
        key.version = version;
        let replace = [Change::Replace(Record::SigningKey(key.clone()))];
        assert_eq!(no(store, &replace).await, (0, Why::Stale));
        let remove = [Change::Remove(
            RecordKey::SigningKey(key.id.clone()),
            Version(2),
        )];
        assert_eq!(no(store, &remove).await, (0, Why::Stale));
    }
    yes(
        store,
        &[Change::Remove(RecordKey::SigningKey(key.id), Version(1))],
    )
    .await;
    assert_eq!(store.signing_keys().await.expect("a read"), []);
}

/// By their age, then by their id.
pub async fn the_oldest_come_first(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let mut keys: Vec<_> = [5, 3, 9, 3]
        .into_iter()
        .map(|age| SigningKey {
            created: NOW - Seconds(age),
            ..sample.signing_key()
        })
        .collect();
    let inserts: Vec<_> = keys
        .iter()
        .cloned()
        .map(|key| Change::Insert(Record::SigningKey(key)))
        .collect();
    yes(store, &inserts).await;
    keys.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
    assert_eq!(store.signing_keys().await.expect("a read"), keys);
}

/// Nodes that start together on an empty store all bring one; whoever comes second finds it made.
pub async fn one_key_for_each_use_signs(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let active = |usage, key| SigningKey {
        usage,
        state: SigningKeyState::Active { since: NOW },
        ..key
    };
    let insert = |key: &SigningKey| Change::Insert(Record::SigningKey(key.clone()));
    let first = active(SigningUse::Seal, sample.signing_key());
    let second = active(SigningUse::Seal, sample.signing_key());
    yes(store, &[insert(&first)]).await;
    assert_eq!(no(store, &[insert(&second)]).await, (0, Why::Taken));
    let mut second = SigningKey {
        state: SigningKeyState::Published,
        ..second
    };
    yes(store, &[insert(&second)]).await;

    // The one that signed retires in the same commit, before the other takes over.
    let retired = SigningKey {
        state: SigningKeyState::Retired {
            since: NOW,
            until: NOW + Seconds(60),
        },
        version: Version(2),
        ..first
    };
    second.state = SigningKeyState::Active { since: NOW };
    second.version = Version(2);
    let replace = |key: &SigningKey| Change::Replace(Record::SigningKey(key.clone()));
    assert_eq!(no(store, &[replace(&second)]).await, (0, Why::Taken));
    yes(store, &[replace(&retired), replace(&second)]).await;

    let usage = SigningUse::Sign(Algorithm::RS256);
    let brought: Vec<_> = (0..16)
        .map(|_| active(usage, sample.signing_key()))
        .collect();
    let ends = sixteen(store, |place| {
        brought.get(place).map(insert).into_iter().collect()
    })
    .await;
    assert_eq!(winners(&ends, Why::Taken), 1);
}
