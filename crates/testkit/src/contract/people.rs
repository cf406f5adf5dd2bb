//! Users, groups and memberships.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Holder;
use carnet_core::record::Membership;
use carnet_core::record::Role;
use carnet_core::record::Territory;
use carnet_core::record::User;
use carnet_core::record::UserState;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::UserId;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

/// In each state, by id and by address.
pub async fn a_user_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let mut user = World::of(store).await.user;
    let suspended = UserState::Suspended {
        since: NOW,
        reason: parsed("left the company"),
    };
    for state in [suspended, UserState::Active] {
        user.state = state;
        user.name = parsed("Dana K.");
        user.version = user.version.next();
        yes(store, &[Change::Replace(Record::User(user.clone()))]).await;
        let found = store.user(&user.id).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&user));
        let found = store.user_by_email(&user.email).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&user));
    }
    let listed = store
        .users(user.organization, &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(listed.items, [user.clone()]);

    let stale = [Change::Replace(Record::User(user.clone()))];
    assert_eq!(no(store, &stale).await, (0, Why::Stale));
    let stale = [Change::Remove(
        RecordKey::User(user.id.clone()),
        Version::FIRST,
    )];
    assert_eq!(no(store, &stale).await, (0, Why::Stale));
}

/// Not while the person is there, and not when they are gone, whoever asks and however often: the `sub` of one
/// is never that of another (OpenID Connect Core 1.0 section 5.7). Their address may be given again.
pub async fn oidc_5_7_the_id_of_a_person_is_never_given_again(store: &Arc<dyn Store>) {
    let user = World::of(store).await.user;
    let insert = [Change::Insert(Record::User(user.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let remove = Change::Remove(RecordKey::User(user.id.clone()), user.version);
    yes(store, &[remove]).await;
    assert_eq!(store.user(&user.id).await.expect("a read"), None);
    for _ in 0..2 {
        assert_eq!(no(store, &insert).await, (0, Why::Taken));
    }
    assert_eq!(store.user(&user.id).await.expect("a read"), None);
    let next = User {
        id: UserId::mint(&mut Counting(90)),
        ..user
    };
    yes(store, &[Change::Insert(Record::User(next.clone()))]).await;
    let found = store.user_by_email(&next.email).await.expect("a read");
    assert_eq!(found, Some(next));
}

/// One user has an address; it is free when its user takes another.
pub async fn an_address_belongs_to_one_user(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        mut user,
        ..
    } = World::of(store).await;
    let mut other = sample.user(organization.id);
    other.email = user.email.clone();
    let insert = [Change::Insert(Record::User(other.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    assert_eq!(store.user(&other.id).await.expect("a read"), None);

    let before = user.email.clone();
    user.email = parsed("dana.elsewhere@acme.example");
    user.version = Version(2);
    yes(store, &[Change::Replace(Record::User(user.clone()))]).await;
    assert_eq!(store.user_by_email(&before).await.expect("a read"), None);
    yes(store, &insert).await;
    other.email = user.email.clone();
    other.version = Version(2);
    let replace = [Change::Replace(Record::User(other.clone()))];
    assert_eq!(no(store, &replace).await, (0, Why::Taken));

    let nowhere = sample.organization().id;
    let stray = sample.user(nowhere);
    let insert = [Change::Insert(Record::User(stray))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}

/// By id and by address.
pub async fn a_group_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let mut group = World::of(store).await.group;
    group.title = parsed("Accounting");
    group.version = Version(2);
    yes(store, &[Change::Replace(Record::Group(group.clone()))]).await;
    let found = store.group(group.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&group));
    let found = store.group_by_email(&group.email).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&group));
    let listed = store
        .groups(group.organization, &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(listed.items, [group.clone()]);
    let stale = [Change::Replace(Record::Group(group.clone()))];
    assert_eq!(no(store, &stale).await, (0, Why::Stale));
    yes(
        store,
        &[Change::Remove(RecordKey::Group(group.id), Version(2))],
    )
    .await;
    assert_eq!(store.group(group.id).await.expect("a read"), None);
}

/// A group's address is its own, as a user's is.
pub async fn an_address_belongs_to_one_group(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        group,
        ..
    } = World::of(store).await;
    let mut other = sample.group(organization.id);
    other.email = group.email.clone();
    let insert = [Change::Insert(Record::Group(other.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    other.email = parsed("others@acme.example");
    other.organization = sample.organization().id;
    let insert = [Change::Insert(Record::Group(other))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}

/// Nobody is in a group that is not, and nobody is in one twice.
pub async fn a_membership_needs_both_ends(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        group,
        ..
    } = World::of(store).await;
    let membership = |group, user| Membership {
        group,
        user,
        created: NOW,
    };
    let insert = |membership| [Change::Insert(Record::Membership(membership))];
    let good = membership(group.id, user.id.clone());
    let nowhere = membership(sample.group(organization.id).id, user.id.clone());
    let nobody = membership(group.id, sample.user(organization.id).id);
    assert_eq!(no(store, &insert(nowhere)).await, (0, Why::Referenced));
    assert_eq!(no(store, &insert(nobody)).await, (0, Why::Referenced));
    yes(store, &insert(good.clone())).await;
    assert_eq!(no(store, &insert(good.clone())).await, (0, Why::Taken));
    let replace = [Change::Replace(Record::Membership(good))];
    assert_eq!(no(store, &replace).await, (0, Why::Stale));

    let key = RecordKey::Membership(group.id, user.id);
    let remove = [Change::Remove(key, Version(77))];
    yes(store, &remove).await;
    assert_eq!(no(store, &remove).await, (0, Why::Stale));
}

/// From the group by user id, from the user all groups.
pub async fn members_and_groups_find_each_other(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        group,
        ..
    } = World::of(store).await;
    let others: Vec<_> = (0..4).map(|_| sample.user(organization.id)).collect();
    let second = sample.group(organization.id);
    let mut changes = vec![Change::Insert(Record::Group(second.clone()))];
    changes.extend(
        others
            .iter()
            .cloned()
            .map(|other| Change::Insert(Record::User(other))),
    );
    let mut memberships: Vec<_> = others
        .iter()
        .chain([&user])
        .map(|user| Membership {
            group: group.id,
            user: user.id.clone(),
            created: NOW,
        })
        .collect();
    changes.extend(
        memberships
            .iter()
            .cloned()
            .map(|row| Change::Insert(Record::Membership(row))),
    );
    changes.push(Change::Insert(Record::Membership(Membership {
        group: second.id,
        user: user.id.clone(),
        created: NOW,
    })));
    yes(store, &changes).await;

    memberships.sort_by(|one, other| one.user.cmp(&other.user));
    let listed = store
        .members(group.id, &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(listed.items, memberships);
    let mut groups = vec![group.id, second.id];
    groups.sort();
    assert_eq!(store.groups_of(&user.id).await.expect("a read"), groups);
}

/// A removed user is in no group and holds no role; a removed group has no members.
pub async fn who_goes_takes_memberships_and_roles_along(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        group,
        ..
    } = World::of(store).await;
    let other = sample.user(organization.id);
    let holder = Holder::User(user.id.clone());
    let binding = sample.binding(holder.clone(), Role::Owner, Territory::Installation);
    let membership = |user| Membership {
        group: group.id,
        user,
        created: NOW,
    };
    let changes = [
        Change::Insert(Record::User(other.clone())),
        Change::Insert(Record::Membership(membership(user.id.clone()))),
        Change::Insert(Record::Membership(membership(other.id.clone()))),
        Change::Insert(Record::RoleBinding(binding)),
    ];
    yes(store, &changes).await;

    let page = Page::first(10);
    yes(
        store,
        &[Change::Remove(
            RecordKey::User(user.id.clone()),
            Version::FIRST,
        )],
    )
    .await;
    let members = store.members(group.id, &page).await.expect("a read").items;
    assert_eq!(members, [membership(other.id.clone())]);
    let roles = store
        .role_bindings(Some(&holder), &page)
        .await
        .expect("a read");
    assert_eq!(roles.items, []);

    yes(
        store,
        &[Change::Remove(RecordKey::Group(group.id), Version::FIRST)],
    )
    .await;
    assert_eq!(store.groups_of(&other.id).await.expect("a read"), []);
    let found = store.user(&other.id).await.expect("a read");
    assert_eq!(found, Some(other), "a group's end is nobody's end");
}
