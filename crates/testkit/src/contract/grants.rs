//! What people have let clients do, and what clients hold of them.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Authorization;
use carnet_core::record::Binding;
use carnet_core::record::Client;
use carnet_core::record::Consent;
use carnet_core::record::Ended;
use carnet_core::record::Obtained;
use carnet_core::record::RevokedToken;
use carnet_core::record::User;
use carnet_core::record::WhyEnded;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Refreshed;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::AuthorizationId;
use carnet_core::value::Seconds;
use carnet_core::value::SessionId;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

impl Sample {
    /// What a client holds of a person: for 90 days, 30 without a refresh.
    pub fn authorization(&mut self, client: &Client, user: &User) -> Authorization {
        Authorization {
            id: AuthorizationId::from_bytes(self.bytes()),
            client: client.id.clone(),
            user: user.id.clone(),
            scope: parsed("invoices.read openid"),
            details: None,
            audience: vec![parsed("https://api.acme.example/invoices")],
            obtained: Obtained::Code,
            authenticated: NOW - Seconds(30),
            session: None,
            binding: None,
            created: NOW,
            ends: NOW + Seconds::days(90),
            idle: Seconds::days(30),
            generation: 0,
            rotated: NOW,
            ended: None,
        }
    }

    /// A yes of a person to a client.
    pub fn consent(&mut self, client: &Client, user: &User) -> Consent {
        let scopes = ["invoices.read", "openid"];
        Consent {
            user: user.id.clone(),
            client: client.id.clone(),
            scopes: scopes.into_iter().map(|name| (parsed(name), NOW)).collect(),
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }
}

/// A world in which a client holds something of a person.
async fn held(store: &Arc<dyn Store>) -> (World, Client, Authorization) {
    let mut world = World::of(store).await;
    let client = world.sample.client(&world.project);
    let authorization = world.sample.authorization(&client, &world.user);
    let changes = [
        Change::Insert(Record::Client(client.clone())),
        Change::Insert(Record::Authorization(authorization.clone())),
    ];
    yes(store, &changes).await;
    (world, client, authorization)
}

async fn read(store: &Arc<dyn Store>, id: AuthorizationId) -> Option<Authorization> {
    store.authorization(id).await.expect("a read")
}

/// With and without what may be missing.
pub async fn an_authorization_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let (mut world, client, first) = held(store).await;
    assert_eq!(read(store, first.id).await, Some(first.clone()));
    let second = Authorization {
        session: Some(SessionId::from_bytes([7; 16])),
        binding: Some(Binding::Key("thumbprint".to_owned())),
        ended: Some(Ended {
            since: NOW,
            why: WhyEnded::Removed,
        }),
        ..world.sample.authorization(&client, &world.user)
    };
    let third = Authorization {
        binding: Some(Binding::Certificate("digest".to_owned())),
        details: Some(parsed(r#"[{"type":"payment","note":"\u0000é'"}]"#)),
        ..world.sample.authorization(&client, &world.user)
    };
    for row in [&second, &third] {
        yes(store, &[Change::Insert(Record::Authorization(row.clone()))]).await;
        assert_eq!(read(store, row.id).await.as_ref(), Some(row));
    }
    let page = Page::first(2);
    let some = store.authorizations_of(&world.user.id, &page).await;
    let some = some.expect("a read");
    let after = Page {
        after: some.next.clone(),
        ..page
    };
    let rest = store.authorizations_of(&world.user.id, &after).await;
    let mut all = some.items;
    all.extend(rest.expect("a read").items);
    let mut expected = vec![first, second, third];
    expected.sort_by_key(|row| row.id);
    assert_eq!(all, expected);
}

/// RFC 6749 4.1.2, D3 of `security.md`: the code's id can be redeemed by one of sixteen.
pub async fn one_of_sixteen_redemptions_of_a_code_wins(store: &Arc<dyn Store>) {
    let (mut world, client, _) = held(store).await;
    for _ in 0..4 {
        let row = world.sample.authorization(&client, &world.user);
        let redeem = |_| vec![Change::Insert(Record::Authorization(row.clone()))];
        assert_eq!(winners(&sixteen(store, redeem).await, Why::Taken), 1);
    }
}

/// RFC 9700 4.14.2: one of sixteen refreshes with the same token moves the generation.
pub async fn one_of_sixteen_refreshes_moves_the_generation(store: &Arc<dyn Store>) {
    let (_, _, row) = held(store).await;
    for generation in 0..3 {
        let refreshed = Refreshed {
            id: row.id,
            from: generation,
            to: generation + 1,
            at: NOW + Seconds(generation + 1),
        };
        let ends = sixteen(store, |_| vec![Change::Refreshed(refreshed)]).await;
        assert_eq!(winners(&ends, Why::Stale), 1);
        let now = read(store, row.id).await.expect("it is there");
        assert_eq!(
            (now.generation, now.rotated),
            (generation + 1, refreshed.at)
        );
    }
}

/// RFC 9700 4.14.2: where tokens do not rotate, each of sixteen refreshes keeps the authorization alive, and the
/// generation stays.
pub async fn sixteen_refreshes_without_rotation_keep_the_generation(store: &Arc<dyn Store>) {
    let (_, _, row) = held(store).await;
    let refreshed = Refreshed {
        id: row.id,
        from: 0,
        to: 0,
        at: NOW + Seconds(7),
    };
    let ends = sixteen(store, |_| vec![Change::Refreshed(refreshed)]).await;
    assert_eq!(winners(&ends, Why::Stale), 16);
    let now = read(store, row.id).await.expect("it is there");
    assert_eq!((now.generation, now.rotated), (0, refreshed.at));
}

/// D2 of `security.md`: what ended stays so, for the reason that came first, and its tokens with it.
pub async fn an_ended_authorization_stays_ended(store: &Arc<dyn Store>) {
    let (_, _, row) = held(store).await;
    let end = |since, why| Change::AuthorizationEnded {
        id: row.id,
        since,
        why,
        until: NOW + Seconds(3_600),
    };
    yes(store, &[end(NOW, WhyEnded::RefreshReplayed)]).await;
    yes(store, &[end(NOW + Seconds(5), WhyEnded::Revoked)]).await;
    let refreshed = Refreshed {
        id: row.id,
        from: 0,
        to: 1,
        at: NOW,
    };
    let refused = no(store, &[Change::Refreshed(refreshed)]).await;
    assert_eq!(refused, (0, Why::Stale));
    let ended = Ended {
        since: NOW,
        why: WhyEnded::RefreshReplayed,
    };
    let now = read(store, row.id).await.expect("it is there");
    assert_eq!(now.ended, Some(ended));
    let revoked = store.revoked_tokens(NOW, &Page::first(10)).await;
    let token = RevokedToken {
        id: row.id.as_token(),
        until: NOW + Seconds(3_600),
    };
    assert_eq!(revoked.expect("a read").items, [token]);
}

/// As its person removed it, at that very moment, and for no other end.
pub async fn what_a_person_removed_can_come_back(store: &Arc<dyn Store>) {
    let (_, _, row) = held(store).await;
    let end = |since, why| Change::AuthorizationEnded {
        id: row.id,
        since,
        why,
        until: NOW + Seconds(3_600),
    };
    let restore = |since| [Change::AuthorizationRestored(row.id, since)];
    let revoked = async || {
        let listing = store.revoked_tokens(NOW, &Page::first(10)).await;
        listing.expect("a read").items.len()
    };
    assert_eq!(no(store, &restore(NOW)).await, (0, Why::Stale));
    yes(store, &[end(NOW, WhyEnded::Removed)]).await;
    yes(store, &[end(NOW + Seconds(1), WhyEnded::Removed)]).await;
    let wrong = NOW + Seconds(1);
    assert_eq!(no(store, &restore(wrong)).await, (0, Why::Stale));
    assert_eq!(revoked().await, 1);
    yes(store, &restore(NOW)).await;
    assert_eq!(read(store, row.id).await.as_ref(), Some(&row));
    assert_eq!(revoked().await, 0);
    assert_eq!(no(store, &restore(NOW)).await, (0, Why::Stale));

    yes(store, &[end(NOW, WhyEnded::Removed)]).await;
    yes(store, &[end(NOW, WhyEnded::RefreshReplayed)]).await;
    assert_eq!(no(store, &restore(NOW)).await, (0, Why::Stale));
    let ended = read(store, row.id).await.and_then(|row| row.ended);
    let why = ended.map(|ended| ended.why);
    assert_eq!(why, Some(WhyEnded::RefreshReplayed));
    assert_eq!(revoked().await, 1);
}

/// An id that nobody has can be ended: a code may come back before it was ever redeemed.
pub async fn what_is_not_there_can_be_ended(store: &Arc<dyn Store>) {
    let (mut world, client, _) = held(store).await;
    let row = world.sample.authorization(&client, &world.user);
    let end = Change::AuthorizationEnded {
        id: row.id,
        since: NOW,
        why: WhyEnded::CodeReplayed,
        until: NOW + Seconds(60),
    };
    yes(store, &[end]).await;
    assert_eq!(read(store, row.id).await, None);
}

/// It belongs to a person and a client.
pub async fn an_authorization_goes_with_its_person_and_its_client(store: &Arc<dyn Store>) {
    let (mut world, client, first) = held(store).await;
    let mut orphan = world.sample.authorization(&client, &world.user);
    orphan.client = world.sample.client(&world.project).id;
    let refused = no(store, &[Change::Insert(Record::Authorization(orphan))]).await;
    assert_eq!(refused, (0, Why::Referenced));

    let other = world.sample.client(&world.project);
    let second = world.sample.authorization(&other, &world.user);
    let consent = world.sample.consent(&other, &world.user);
    let changes = [
        Change::Insert(Record::Client(other.clone())),
        Change::Insert(Record::Authorization(second.clone())),
        Change::Insert(Record::Consent(consent)),
        Change::Remove(RecordKey::Client(client.id), Version::FIRST),
    ];
    yes(store, &changes).await;
    assert_eq!(read(store, first.id).await, None);
    assert_eq!(read(store, second.id).await, Some(second.clone()));
    let user = RecordKey::User(world.user.id.clone());
    yes(store, &[Change::Remove(user, Version::FIRST)]).await;
    assert_eq!(read(store, second.id).await, None);
    let consent = store.consent(&world.user.id, &other.id).await;
    assert_eq!(consent.expect("a read"), None);
}

/// One for each pair; a writer that saw an older one loses.
pub async fn a_consent_is_written_once_for_each_version(store: &Arc<dyn Store>) {
    let (mut world, client, _) = held(store).await;
    let first = world.sample.consent(&client, &world.user);
    let insert = [Change::Insert(Record::Consent(first.clone()))];
    yes(store, &insert).await;
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let mut second = Consent {
        changed: NOW + Seconds(9),
        version: first.version.next(),
        ..first.clone()
    };
    let scope = "invoices.write".parse().expect("a scope");
    second.scopes.insert(scope, NOW + Seconds(9));
    let replace = [Change::Replace(Record::Consent(second.clone()))];
    assert_eq!(
        winners(&sixteen(store, |_| replace.to_vec()).await, Why::Stale),
        1
    );
    let read = store.consent(&world.user.id, &client.id).await;
    assert_eq!(read.expect("a read"), Some(second.clone()));
    let all = store.consents_of(&world.user.id, &Page::first(10)).await;
    assert_eq!(all.expect("a read").items, [second]);
    let key = RecordKey::Consent(world.user.id.clone(), client.id.clone());
    let stale = no(store, &[Change::Remove(key.clone(), Version::FIRST)]).await;
    assert_eq!(stale, (0, Why::Stale));
    yes(store, &[Change::Remove(key, Version::FIRST.next())]).await;
    let read = store.consent(&world.user.id, &client.id).await;
    assert_eq!(read.expect("a read"), None);
}

/// Not by a second.
pub async fn an_authorization_is_forgotten_when_it_has_ended(store: &Arc<dyn Store>) {
    let (_, _, row) = held(store).await;
    let before = store.forget_expired(row.ends - Seconds(1), 100).await;
    assert_eq!(before.expect("a store that works"), 0);
    let after = store.forget_expired(row.ends, 100).await;
    assert_eq!(after.expect("a store that works"), 1);
    assert_eq!(read(store, row.id).await, None);
}
