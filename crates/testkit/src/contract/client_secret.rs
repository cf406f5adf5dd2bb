//! The secrets of OAuth clients: two at most, and their uses.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::ClientSecret;
use carnet_core::record::SecretUse;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;

use super::client::insert;
use super::client::secret;
use super::client::secrets;
use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

/// With an end and without, with its text sealed and without; the oldest first.
pub async fn a_secret_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let newer = sample.secret(&client);
    let older = ClientSecret {
        created: NOW - Seconds(1),
        expires: Some(NOW + Seconds::days(1)),
        sealed: Some(vec![0, 1, 255]),
        ..sample.secret(&client)
    };
    yes(store, &[insert(&client), secret(&newer), secret(&older)]).await;
    let both = [older.clone(), newer.clone()];
    assert_eq!(secrets(store, &client).await, both);
    let ended = ClientSecret {
        expires: Some(NOW),
        version: newer.version.next(),
        ..newer
    };
    let replaced = Change::Replace(Record::ClientSecret(ended.clone()));
    yes(store, &[replaced]).await;
    assert_eq!(secrets(store, &client).await, [older, ended]);
}

/// One that goes makes room, one that has expired does not.
pub async fn a_client_has_two_secrets_at_most(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let first = ClientSecret {
        expires: Some(NOW - Seconds(1)),
        ..sample.secret(&client)
    };
    let second = sample.secret(&client);
    let third = sample.secret(&client);
    assert_eq!(no(store, &[secret(&first)]).await.0, 0);
    yes(store, &[insert(&client), secret(&first), secret(&second)]).await;
    assert_eq!(no(store, &[secret(&third)]).await, (0, Why::Full));
    assert_eq!(no(store, &[secret(&second)]).await, (0, Why::Taken));
    let key = RecordKey::ClientSecret(first.id, client.id.clone());
    let gone = Change::Remove(key, first.version);
    yes(store, &[gone, secret(&third)]).await;
}

/// Whoever comes second finds that there are two.
pub async fn one_of_sixteen_second_secrets_wins(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let first = sample.secret(&client);
    yes(store, &[insert(&client), secret(&first)]).await;
    let more: Vec<_> = (0..16).map(|_| sample.secret(&client)).collect();
    let ends = sixteen(store, |place| {
        more.get(place).map(secret).into_iter().collect()
    })
    .await;
    assert_eq!(winners(&ends, Why::Full), 1);
    assert_eq!(secrets(store, &client).await.len(), 2);
}

/// Whatever order the batches come in, the last use is the latest, and the counts add up. What is
/// gone is not counted any more.
pub async fn uses_of_a_secret_add_up(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let (first, second) = (sample.secret(&client), sample.secret(&client));
    yes(store, &[insert(&client), secret(&first), secret(&second)]).await;
    assert_eq!(
        store.client_secret(first.id).await.expect("a read"),
        Some(first.clone())
    );
    let made = |secret: &ClientSecret, last, address: &str, count| SecretUse {
        secret: secret.id,
        client: client.id.clone(),
        last,
        address: address.to_owned(),
        count,
    };
    let batch = [
        Change::SecretUsed(made(&first, NOW, "192.0.2.1", 2)),
        Change::SecretUsed(made(&second, NOW, "192.0.2.2", 1)),
    ];
    yes(store, &batch).await;
    let late = made(&first, NOW - Seconds(5), "192.0.2.9", 3);
    let later = made(&second, NOW + Seconds(5), "", 1);
    yes(
        store,
        &[Change::SecretUsed(late), Change::SecretUsed(later)],
    )
    .await;
    let mut found = store.secret_uses(&client.id).await.expect("a read");
    found.sort_by_key(|one| one.address.is_empty());
    let wanted = [
        made(&first, NOW, "192.0.2.1", 5),
        made(&second, NOW + Seconds(5), "", 2),
    ];
    assert_eq!(found, wanted);
    let key = RecordKey::ClientSecret(first.id, client.id.clone());
    yes(store, &[Change::Remove(key, first.version)]).await;
    yes(
        store,
        &[Change::SecretUsed(made(&first, NOW, "192.0.2.1", 1))],
    )
    .await;
    assert_eq!(store.client_secret(first.id).await.expect("a read"), None);
    let found = store.secret_uses(&client.id).await.expect("a read");
    assert_eq!(found, wanted[1..]);
}
