//! Devices that wait for a person.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AllowedBy;
use carnet_core::record::Client;
use carnet_core::record::DeviceAuthorization;
use carnet_core::record::DeviceState;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::SessionId;
use carnet_core::value::Version;
use carnet_wire::device::UserCode;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

impl Sample {
    /// A device that waits for half an hour.
    pub fn device(&mut self, client: &Client) -> DeviceAuthorization {
        let chance: [u8; 32] = self.bytes();
        let even = chance.map(|byte| byte % 240);
        DeviceAuthorization {
            digest: SecretDigest::from_bytes(self.bytes()),
            user_code: UserCode::of_random(&even).expect("enough bytes"),
            client: client.id.clone(),
            scope: parsed("invoices.read openid"),
            audience: vec![parsed("https://api.acme.example/invoices")],
            address: "203.0.113.9".to_owned(),
            state: DeviceState::Pending,
            interval: Seconds(5),
            polled: None,
            created: NOW,
            ends: NOW + Seconds(1_800),
        }
    }
}

async fn waiting(store: &Arc<dyn Store>) -> (World, Client, DeviceAuthorization) {
    let mut world = World::of(store).await;
    let client = world.sample.client(&world.project);
    let device = world.sample.device(&client);
    let changes = [
        Change::Insert(Record::Client(client.clone())),
        Change::Insert(Record::DeviceAuthorization(device.clone())),
    ];
    yes(store, &changes).await;
    (world, client, device)
}

fn allowed(world: &World) -> DeviceState {
    DeviceState::Allowed(AllowedBy {
        user: world.user.id.clone(),
        session: SessionId::from_bytes([3; 16]),
        authenticated: NOW - Seconds(7),
        scope: parsed("openid"),
    })
}

async fn read(store: &Arc<dyn Store>, device: &DeviceAuthorization) -> Option<DeviceAuthorization> {
    store.device(device.digest).await.expect("a read")
}

/// By either code, in each state.
pub async fn a_device_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let (mut world, client, device) = waiting(store).await;
    assert_eq!(read(store, &device).await, Some(device.clone()));
    let typed = store.device_by_user_code(&device.user_code).await;
    assert_eq!(typed.expect("a read"), Some(device.clone()));
    let polled = Change::DevicePolled(device.digest, NOW + Seconds(2), Seconds(10));
    yes(store, &[polled]).await;
    let slower = DeviceAuthorization {
        polled: Some(NOW + Seconds(2)),
        interval: Seconds(10),
        ..device.clone()
    };
    assert_eq!(read(store, &device).await, Some(slower));
    for state in [allowed(&world), DeviceState::Denied] {
        let other = world.sample.device(&client);
        let changes = [
            Change::Insert(Record::DeviceAuthorization(other.clone())),
            Change::DeviceDecided(other.digest, state.clone(), NOW),
        ];
        yes(store, &changes).await;
        let now = read(store, &other).await.expect("it is there");
        assert_eq!(now, DeviceAuthorization { state, ..other });
    }
}

/// Neither code is given twice.
pub async fn a_code_names_one_device(store: &Arc<dyn Store>) {
    let (mut world, client, device) = waiting(store).await;
    for other in [
        DeviceAuthorization {
            digest: device.digest,
            ..world.sample.device(&client)
        },
        DeviceAuthorization {
            user_code: device.user_code.clone(),
            ..world.sample.device(&client)
        },
    ] {
        let insert = [Change::Insert(Record::DeviceAuthorization(other))];
        assert_eq!(no(store, &insert).await, (0, Why::Taken));
    }
}

/// RFC 8628 3.3: the first decision stands.
pub async fn one_of_sixteen_decisions_about_a_device_stands(store: &Arc<dyn Store>) {
    let (world, _, device) = waiting(store).await;
    let (yes_state, no_state) = (allowed(&world), DeviceState::Denied);
    let decide = |place: usize| {
        let state = if place.is_multiple_of(2) {
            yes_state.clone()
        } else {
            no_state.clone()
        };
        vec![Change::DeviceDecided(device.digest, state, NOW)]
    };
    assert_eq!(winners(&sixteen(store, decide).await, Why::Stale), 1);
}

/// Not by a second.
pub async fn nobody_decides_about_a_device_that_has_ended(store: &Arc<dyn Store>) {
    let (world, _, device) = waiting(store).await;
    let late = [Change::DeviceDecided(
        device.digest,
        allowed(&world),
        device.ends,
    )];
    assert_eq!(no(store, &late).await, (0, Why::Stale));
}

/// D3 of `security.md`: a device code is redeemed once, after it was allowed.
pub async fn one_of_sixteen_redemptions_of_a_device_code_wins(store: &Arc<dyn Store>) {
    let (world, _, device) = waiting(store).await;
    let spend = [Change::DeviceSpent(device.digest)];
    assert_eq!(no(store, &spend).await, (0, Why::Stale));
    let allow = Change::DeviceDecided(device.digest, allowed(&world), NOW);
    yes(store, &[allow]).await;
    let ends = sixteen(store, |_| spend.to_vec()).await;
    assert_eq!(winners(&ends, Why::Stale), 1);
    let now = read(store, &device).await.expect("it is there");
    assert_eq!(now.state, DeviceState::Spent);
}

/// And with the person who allowed it, and an hour after it has ended.
pub async fn a_device_goes_with_its_client(store: &Arc<dyn Store>) {
    let (mut world, client, device) = waiting(store).await;
    let second = world.sample.device(&client);
    let changes = [
        Change::Insert(Record::DeviceAuthorization(second.clone())),
        Change::DeviceDecided(device.digest, allowed(&world), NOW),
        Change::Remove(RecordKey::User(world.user.id.clone()), Version::FIRST),
    ];
    yes(store, &changes).await;
    assert_eq!(read(store, &device).await, None);
    assert_eq!(read(store, &second).await, Some(second.clone()));
    let third = world.sample.device(&client);
    yes(
        store,
        &[Change::Insert(Record::DeviceAuthorization(third.clone()))],
    )
    .await;
    let known = third.ends + DeviceAuthorization::REMEMBERED;
    let gone = store.forget_expired(known - Seconds(1), 100).await;
    assert_eq!(gone.expect("a store that works"), 0);
    let gone = store.forget_expired(known, 1).await;
    assert_eq!(gone.expect("a store that works"), 1);
    let client = RecordKey::Client(client.id);
    yes(store, &[Change::Remove(client, Version::FIRST)]).await;
    assert_eq!(read(store, &second).await, None);
    assert_eq!(read(store, &third).await, None);
}
