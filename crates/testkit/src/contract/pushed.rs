//! Authorization requests that were pushed.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Client;
use carnet_core::record::PushedRequest;
use carnet_core::record::PushedState;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

impl Sample {
    /// A request that is good for a minute.
    pub fn pushed(&mut self, client: &Client) -> PushedRequest {
        PushedRequest {
            digest: SecretDigest::from_bytes(self.bytes()),
            client: client.id.clone(),
            parameters: format!("client_id={}&state=%C3%A9%27%00", client.id),
            state: PushedState::Waiting,
            created: NOW,
            ends: NOW + Seconds(60),
        }
    }
}

async fn waiting(store: &Arc<dyn Store>) -> (World, Client, PushedRequest) {
    let mut world = World::of(store).await;
    let client = world.sample.client(&world.project);
    let pushed = world.sample.pushed(&client);
    let changes = [
        Change::Insert(Record::Client(client.clone())),
        Change::Insert(Record::PushedRequest(pushed.clone())),
    ];
    yes(store, &changes).await;
    (world, client, pushed)
}

async fn read(store: &Arc<dyn Store>, pushed: &PushedRequest) -> Option<PushedRequest> {
    store.pushed(pushed.digest).await.expect("a read")
}

/// In each state.
pub async fn a_pushed_request_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let (_, client, pushed) = waiting(store).await;
    assert_eq!(read(store, &pushed).await, Some(pushed.clone()));
    for (place, state) in (0..).zip([PushedState::Opened, PushedState::Spent]) {
        let other = PushedRequest {
            digest: SecretDigest::from_bytes([place; 32]),
            client: client.id.clone(),
            state,
            ..pushed.clone()
        };
        yes(
            store,
            &[Change::Insert(Record::PushedRequest(other.clone()))],
        )
        .await;
        assert_eq!(read(store, &other).await, Some(other));
    }
    let nobody = SecretDigest::from_bytes([9; 32]);
    assert_eq!(store.pushed(nobody).await.expect("a read"), None);
}

/// It is not given twice, and to no client that is not there.
pub async fn a_reference_names_one_request(store: &Arc<dyn Store>) {
    let (mut world, client, pushed) = waiting(store).await;
    let same = PushedRequest {
        digest: pushed.digest,
        ..world.sample.pushed(&client)
    };
    let insert = [Change::Insert(Record::PushedRequest(same))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let nobody = world.sample.client(&world.project);
    let orphan = world.sample.pushed(&nobody);
    let insert = [Change::Insert(Record::PushedRequest(orphan))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}

/// Opened again, and opened when it is spent, it stays as it is.
pub async fn only_the_first_browser_makes_a_pushed_request_good_for_longer(store: &Arc<dyn Store>) {
    let (_, _, pushed) = waiting(store).await;
    let (first, second) = (NOW + Seconds(3_600), NOW + Seconds(7_200));
    yes(store, &[Change::PushedOpened(pushed.digest, first)]).await;
    yes(store, &[Change::PushedOpened(pushed.digest, second)]).await;
    let opened = PushedRequest {
        state: PushedState::Opened,
        ends: first,
        ..pushed.clone()
    };
    assert_eq!(read(store, &pushed).await, Some(opened.clone()));
    yes(store, &[Change::PushedSpent(pushed.digest, NOW)]).await;
    yes(store, &[Change::PushedOpened(pushed.digest, second)]).await;
    let spent = PushedRequest {
        state: PushedState::Spent,
        ..opened
    };
    assert_eq!(read(store, &pushed).await, Some(spent));
    let nobody = SecretDigest::from_bytes([9; 32]);
    yes(store, &[Change::PushedOpened(nobody, first)]).await;
}

/// D3 of `security.md`.
pub async fn one_of_sixteen_codes_of_a_pushed_request_is_given(store: &Arc<dyn Store>) {
    let (_, _, pushed) = waiting(store).await;
    let ends = sixteen(store, |_| vec![Change::PushedSpent(pushed.digest, NOW)]).await;
    assert_eq!(winners(&ends, Why::Stale), 1);
    let now = read(store, &pushed).await.expect("it is there");
    assert_eq!(now.state, PushedState::Spent);
}

/// Not by a second.
pub async fn nobody_spends_a_pushed_request_that_has_ended(store: &Arc<dyn Store>) {
    let (_, _, pushed) = waiting(store).await;
    let late = [Change::PushedSpent(pushed.digest, pushed.ends)];
    assert_eq!(no(store, &late).await, (0, Why::Stale));
    let nobody = SecretDigest::from_bytes([9; 32]);
    let never = [Change::PushedSpent(nobody, NOW)];
    assert_eq!(no(store, &never).await, (0, Why::Stale));
    let in_time = [Change::PushedSpent(pushed.digest, pushed.ends - Seconds(1))];
    yes(store, &in_time).await;
}

/// In bounded steps.
pub async fn a_pushed_request_goes_with_its_client_and_when_it_has_ended(store: &Arc<dyn Store>) {
    let (mut world, client, first) = waiting(store).await;
    let second = world.sample.pushed(&client);
    let third = PushedRequest {
        ends: first.ends + Seconds(1),
        ..world.sample.pushed(&client)
    };
    let changes = [&second, &third].map(|row| Change::Insert(Record::PushedRequest(row.clone())));
    yes(store, &changes).await;
    for (moment, most, gone) in [
        (first.ends - Seconds(1), 100, 0),
        (first.ends, 1, 1),
        (first.ends, 100, 1),
    ] {
        let went = store.forget_expired(moment, most).await;
        assert_eq!(went.expect("a store that works"), gone);
    }
    assert_eq!(read(store, &first).await, None);
    assert_eq!(read(store, &third).await, Some(third.clone()));
    let client = RecordKey::Client(client.id);
    yes(store, &[Change::Remove(client, Version::FIRST)]).await;
    assert_eq!(read(store, &third).await, None);
}
