//! Clients that register themselves, and the tokens that let them in.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Client;
use carnet_core::record::ClientSource;
use carnet_core::record::InitialToken;
use carnet_core::record::Project;
use carnet_core::record::Registration;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::InitialTokenId;
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
    /// A token with which three clients may register.
    pub fn initial_token(&mut self, project: &Project) -> InitialToken {
        InitialToken {
            id: InitialTokenId::from_bytes(self.bytes()),
            project: project.id.clone(),
            title: "A partner's".parse().expect("a title"),
            digest: SecretDigest::from_bytes(self.bytes()),
            ends_in: "wxyz".to_owned(),
            uses: 3,
            created: NOW,
            expires: NOW + Seconds(60),
            version: Version::FIRST,
        }
    }

    /// What a client may do with its record.
    pub fn registration(&mut self, client: &Client) -> Registration {
        Registration {
            client: client.id.clone(),
            digest: SecretDigest::from_bytes(self.bytes()),
            invited: None,
            version: Version::FIRST,
        }
    }
}

async fn begun(store: &Arc<dyn Store>) -> (World, InitialToken) {
    let mut world = World::of(store).await;
    let token = world.sample.initial_token(&world.project);
    yes(
        store,
        &[Change::Insert(Record::InitialToken(token.clone()))],
    )
    .await;
    (world, token)
}

/// By id, by digest and in the list of its project.
pub async fn an_initial_token_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let (world, token) = begun(store).await;
    let read = store.initial_token(token.id).await.expect("a read");
    assert_eq!(read, Some(token.clone()));
    let read = store.initial_token_by_digest(token.digest).await;
    assert_eq!(read.expect("a read"), Some(token.clone()));
    let nobody = SecretDigest::from_bytes([0; 32]);
    let read = store.initial_token_by_digest(nobody).await;
    assert_eq!(read.expect("a read"), None);
    let page = Page::first(10);
    let listed = store.initial_tokens(&world.project.id, &page).await;
    assert_eq!(listed.expect("a read").items, [token]);
}

/// Of sixteen clients that come at once with a token, one takes each use.
pub async fn a_use_of_an_initial_token_is_taken_once(store: &Arc<dyn Store>) {
    let (_, token) = begun(store).await;
    let next = InitialToken {
        uses: 2,
        version: token.version.next(),
        ..token.clone()
    };
    let ends = sixteen(store, |_| {
        vec![Change::Replace(Record::InitialToken(next.clone()))]
    })
    .await;
    assert_eq!(winners(&ends, Why::Stale), 1);
    let read = store.initial_token(token.id).await.expect("a read");
    assert_eq!(read, Some(next));
}

/// A second token of the same text, and one of a project that is not there.
pub async fn an_initial_token_is_one_of_a_project(store: &Arc<dyn Store>) {
    let (mut world, token) = begun(store).await;
    let same = InitialToken {
        digest: token.digest,
        ..world.sample.initial_token(&world.project)
    };
    let insert = [Change::Insert(Record::InitialToken(same))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let orphan = InitialToken {
        project: "nowhere".parse().expect("an id"),
        ..world.sample.initial_token(&world.project)
    };
    let insert = [Change::Insert(Record::InitialToken(orphan))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}

/// When it has expired, and when it is taken away.
pub async fn an_initial_token_goes(store: &Arc<dyn Store>) {
    let (mut world, token) = begun(store).await;
    let other = world.sample.initial_token(&world.project);
    yes(
        store,
        &[Change::Insert(Record::InitialToken(other.clone()))],
    )
    .await;
    let key = RecordKey::InitialToken(other.id);
    let stale = [Change::Remove(key.clone(), other.version.next())];
    assert_eq!(no(store, &stale).await, (0, Why::Stale));
    yes(store, &[Change::Remove(key, other.version)]).await;
    assert_eq!(store.initial_token(other.id).await.expect("a read"), None);
    for (moment, gone) in [(token.expires - Seconds(1), 0), (token.expires, 1)] {
        let went = store.forget_expired(moment, 100).await;
        assert_eq!(went.expect("a store that works"), gone);
    }
    assert_eq!(store.initial_token(token.id).await.expect("a read"), None);
}

/// It is written, replaced in order, and goes with its client.
pub async fn a_registration_follows_its_client(store: &Arc<dyn Store>) {
    let (mut world, token) = begun(store).await;
    let client = world.sample.client(&world.project);
    let registration = Registration {
        invited: Some(token.id),
        ..world.sample.registration(&client)
    };
    let insert = Change::Insert(Record::Registration(registration.clone()));
    assert_eq!(
        no(store, std::slice::from_ref(&insert)).await,
        (0, Why::Referenced)
    );
    yes(
        store,
        &[Change::Insert(Record::Client(client.clone())), insert],
    )
    .await;
    let read = store.registration(&client.id).await.expect("a read");
    assert_eq!(read, Some(registration.clone()));
    assert_eq!(store.registrations().await.expect("a read"), 1);
    let next = Registration {
        version: registration.version.next(),
        ..world.sample.registration(&client)
    };
    yes(
        store,
        &[Change::Replace(Record::Registration(next.clone()))],
    )
    .await;
    let again = [Change::Replace(Record::Registration(next.clone()))];
    assert_eq!(no(store, &again).await, (0, Why::Stale));
    let key = RecordKey::Client(client.id.clone());
    yes(store, &[Change::Remove(key, client.version)]).await;
    assert_eq!(store.registration(&client.id).await.expect("a read"), None);
    assert_eq!(store.registrations().await.expect("a read"), 0);
}

/// The longest unchanged first; not those of administrators, not guests, and in bounded steps.
pub async fn clients_that_nobody_uses_are_found(store: &Arc<dyn Store>) {
    let (mut world, token) = begun(store).await;
    let mut made = Vec::new();
    for (source, age) in [
        (ClientSource::Registered, 2),
        (ClientSource::Document, 3),
        (ClientSource::Registered, 3),
        (ClientSource::Admin, 3),
        (ClientSource::Registered, 1),
    ] {
        let client = Client {
            source,
            changed: NOW - Seconds(age),
            ..world.sample.client(&world.project)
        };
        yes(store, &[Change::Insert(Record::Client(client.clone()))]).await;
        made.push(client);
    }
    let guest = Registration {
        invited: Some(token.id),
        ..world.sample.registration(&made[2])
    };
    yes(store, &[Change::Insert(Record::Registration(guest))]).await;
    let found = store.unused_clients(NOW - Seconds(2), 10).await;
    assert_eq!(found.expect("a read"), [made[1].clone(), made[0].clone()]);
    let found = store.unused_clients(NOW - Seconds(2), 1).await;
    assert_eq!(found.expect("a read"), [made[1].clone()]);
}
