//! Role bindings.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AccountState;
use carnet_core::record::Holder;
use carnet_core::record::ProjectState;
use carnet_core::record::Role;
use carnet_core::record::RoleBinding;
use carnet_core::record::Territory;
use carnet_core::record::User;
use carnet_core::record::UserState;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

/// Each holder, each role, each territory.
pub async fn a_role_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        account,
        user,
        ..
    } = World::of(store).await;
    let holders = [
        Holder::ServiceAccount(account.unique_id),
        Holder::User(user.id),
    ];
    let territories = [
        Territory::Installation,
        Territory::Organization(organization.id),
        Territory::Project(project.id),
    ];
    let mut all = Vec::new();
    for holder in &holders {
        for role in [Role::Viewer, Role::Auditor, Role::Admin, Role::Owner] {
            for territory in &territories {
                all.push(sample.binding(holder.clone(), role, territory.clone()));
            }
        }
    }
    let inserts: Vec<_> = all
        .iter()
        .cloned()
        .map(|row| Change::Insert(Record::RoleBinding(row)))
        .collect();
    yes(store, &inserts).await;
    all.sort_by_key(|row| row.id);
    let page = Page::first(100);
    let found = store
        .role_bindings(None, &page)
        .await
        .expect("a read")
        .items;
    assert_eq!(found, all);
    for holder in &holders {
        let found = store
            .role_bindings(Some(holder), &page)
            .await
            .expect("a read")
            .items;
        let its: Vec<_> = all
            .iter()
            .filter(|row| row.holder == *holder)
            .cloned()
            .collect();
        assert_eq!(found, its);
    }
    for row in &all {
        let found = store.role_binding(row.id).await.expect("a read");
        assert_eq!(found.as_ref(), Some(row));
    }
}

/// Holder, role and territory together.
pub async fn a_role_is_held_once(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        account,
        ..
    } = World::of(store).await;
    let holder = Holder::ServiceAccount(account.unique_id);
    let first = sample.binding(holder.clone(), Role::Owner, Territory::Installation);
    let insert = |row| [Change::Insert(Record::RoleBinding(row))];
    yes(store, &insert(first.clone())).await;
    assert_eq!(no(store, &insert(first.clone())).await, (0, Why::Taken));
    let second = sample.binding(holder, Role::Owner, Territory::Installation);
    assert_eq!(no(store, &insert(second.clone())).await, (0, Why::Taken));
    let remove = [Change::Remove(RecordKey::RoleBinding(first.id), Version(9))];
    yes(store, &remove).await;
    assert_eq!(no(store, &remove).await, (0, Why::Stale));
    yes(store, &insert(second)).await;
}

/// An id that is given to somebody later must find no role waiting.
pub async fn a_role_needs_its_holder_and_its_territory(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        account,
        ..
    } = World::of(store).await;
    let nobody = [
        Holder::ServiceAccount(sample.account(&project).unique_id),
        Holder::User(sample.user(organization.id).id),
    ];
    for holder in nobody {
        let row = sample.binding(holder, Role::Owner, Territory::Installation);
        let insert = [Change::Insert(Record::RoleBinding(row))];
        assert_eq!(no(store, &insert).await, (0, Why::Referenced));
    }
    let nowhere = [
        Territory::Organization(sample.organization().id),
        Territory::Project(sample.project(None).id),
    ];
    for territory in nowhere {
        let holder = Holder::ServiceAccount(account.unique_id.clone());
        let row = sample.binding(holder, Role::Owner, territory);
        let insert = [Change::Insert(Record::RoleBinding(row))];
        assert_eq!(no(store, &insert).await, (0, Why::Referenced));
    }
}

/// A project's id may be chosen again.
pub async fn a_role_goes_with_its_territory(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        account,
        ..
    } = World::of(store).await;
    let (organization, project) = (sample.organization(), sample.project(None));
    let holder = Holder::ServiceAccount(account.unique_id);
    let inside = [
        sample.binding(
            holder.clone(),
            Role::Owner,
            Territory::Organization(organization.id),
        ),
        sample.binding(
            holder.clone(),
            Role::Owner,
            Territory::Project(project.id.clone()),
        ),
    ];
    let everywhere = sample.binding(holder.clone(), Role::Viewer, Territory::Installation);
    let mut changes = vec![
        Change::Insert(Record::Organization(organization.clone())),
        Change::Insert(Record::Project(project.clone())),
        Change::Insert(Record::RoleBinding(everywhere.clone())),
    ];
    changes.extend(inside.map(|row| Change::Insert(Record::RoleBinding(row))));
    yes(store, &changes).await;
    let removes = [
        Change::Remove(RecordKey::Organization(organization.id), Version::FIRST),
        Change::Remove(RecordKey::Project(project.id), Version::FIRST),
    ];
    yes(store, &removes).await;
    let page = Page::first(10);
    let left = store
        .role_bindings(Some(&holder), &page)
        .await
        .expect("a read");
    assert_eq!(left.items, [everywhere]);
}

/// It has no version: it is removed and made anew.
pub async fn a_role_cannot_be_replaced(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        account,
        ..
    } = World::of(store).await;
    let holder = Holder::ServiceAccount(account.unique_id);
    let mut row = sample.binding(holder, Role::Viewer, Territory::Installation);
    yes(store, &[Change::Insert(Record::RoleBinding(row.clone()))]).await;
    row.role = Role::Owner;
    let replace = [Change::Replace(Record::RoleBinding(row))];
    assert_eq!(no(store, &replace).await, (0, Why::Stale));
}

fn owner(sample: &mut Sample, holder: Holder) -> RoleBinding {
    sample.binding(holder, Role::Owner, Territory::Installation)
}

/// An active user, or an active account of an active project; looked at when all else is made.
pub async fn an_owner_who_can_act_remains(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        mut account,
        user,
        ..
    } = World::of(store).await;
    let insert = |row: &RoleBinding| Change::Insert(Record::RoleBinding(row.clone()));
    let remove = |row: &RoleBinding| Change::Remove(RecordKey::RoleBinding(row.id), Version::FIRST);
    let admin = sample.binding(
        Holder::User(user.id.clone()),
        Role::Admin,
        Territory::Installation,
    );
    yes(store, &[insert(&admin)]).await;
    let nobody = [Change::OwnerRemains];
    assert_eq!(no(store, &nobody).await, (0, Why::LastOwner));

    let robot = owner(
        &mut sample,
        Holder::ServiceAccount(account.unique_id.clone()),
    );
    // The change that makes it true may stand after the one that expects it.
    yes(store, &[Change::OwnerRemains, insert(&robot)]).await;
    let mut suspended = project.clone();
    suspended.version = project.version.next();
    suspended.state = ProjectState::Suspended { since: NOW };
    let suspend = [
        Change::Replace(Record::Project(suspended)),
        Change::OwnerRemains,
    ];
    assert_eq!(no(store, &suspend).await, (1, Why::LastOwner));
    account.version = account.version.next();
    account.state = AccountState::Disabled {
        since: NOW,
        reason: parsed(""),
    };
    let disable = [
        Change::Replace(Record::ServiceAccount(account)),
        Change::OwnerRemains,
    ];
    assert_eq!(no(store, &disable).await, (1, Why::LastOwner));
    assert_eq!(
        no(store, &[remove(&robot), Change::OwnerRemains]).await,
        (1, Why::LastOwner)
    );

    let person = owner(&mut sample, Holder::User(user.id.clone()));
    yes(store, &[insert(&person)]).await;
    yes(store, &disable).await;
    the_last_person_stays(store, user).await;
}

/// Nobody but them can act any more.
async fn the_last_person_stays(store: &Arc<dyn Store>, user: User) {
    let mut gone = user.clone();
    gone.version = user.version.next();
    gone.state = UserState::Suspended {
        since: NOW,
        reason: parsed(""),
    };
    let suspend = [Change::Replace(Record::User(gone)), Change::OwnerRemains];
    assert_eq!(no(store, &suspend).await, (1, Why::LastOwner));
    let delete = [
        Change::Remove(RecordKey::User(user.id), Version::FIRST),
        Change::OwnerRemains,
    ];
    assert_eq!(no(store, &delete).await, (1, Why::LastOwner));
}

/// Sixteen owners go at once, and each expects that another stays: fifteen go.
pub async fn two_owners_cannot_take_each_other_away(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let mut rows = Vec::new();
    let mut changes = Vec::new();
    for _ in 0..16 {
        let user = sample.user(organization.id);
        let row = owner(&mut sample, Holder::User(user.id.clone()));
        changes.push(Change::Insert(Record::User(user.clone())));
        changes.push(Change::Insert(Record::RoleBinding(row.clone())));
        rows.push((user, row));
    }
    yes(store, &changes).await;
    let mut audits: Vec<_> = (0..16).map(|_| sample.draft()).collect();
    let going: Vec<Vec<Change>> = rows
        .into_iter()
        .enumerate()
        .map(|(place, (user, row))| {
            // By the role or with the person: it is the same.
            let goes = if place % 2 == 0 {
                Change::Remove(RecordKey::RoleBinding(row.id), Version::FIRST)
            } else {
                Change::Remove(RecordKey::User(user.id), Version::FIRST)
            };
            let audit = audits.pop().expect("a draft");
            vec![Change::OwnerRemains, goes, Change::Audited(audit)]
        })
        .collect();
    let ends = sixteen(store, |place| going.get(place).expect("a commit").clone()).await;
    assert_eq!(winners(&ends, Why::LastOwner), 15);
    let left = store.role_bindings(None, &Page::first(100)).await;
    assert_eq!(left.expect("a read").items.len(), 1);
}
