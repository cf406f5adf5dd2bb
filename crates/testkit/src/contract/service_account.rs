//! Service accounts.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AccountState;
use carnet_core::record::Disabled;
use carnet_core::record::Holder;
use carnet_core::record::KeyUse;
use carnet_core::record::Role;
use carnet_core::record::ServiceAccount;
use carnet_core::record::Territory;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

fn deleted(account: &ServiceAccount, after: i64) -> ServiceAccount {
    let since = NOW + Seconds(after);
    ServiceAccount {
        state: AccountState::Deleted {
            since,
            disabled: None,
        },
        version: account.version.next(),
        ..account.clone()
    }
}

/// In each state, by unique id, by e-mail and in the list of its project.
pub async fn an_account_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let mut account = World::of(store).await.account;
    let states = [
        AccountState::Active,
        AccountState::Disabled {
            since: NOW,
            reason: parsed("seen in a public repository"),
        },
        AccountState::Deleted {
            since: NOW + Seconds(1),
            disabled: None,
        },
        AccountState::Deleted {
            since: NOW + Seconds(2),
            disabled: Some(Disabled {
                since: NOW + Seconds(1),
                reason: parsed("seen in a public repository"),
            }),
        },
        AccountState::Active,
    ];
    for state in states {
        account.state = state;
        account.title = parsed("Robot II");
        account.version = account.version.next();
        yes(
            store,
            &[Change::Replace(Record::ServiceAccount(account.clone()))],
        )
        .await;
        let found = store
            .service_account(&account.unique_id)
            .await
            .expect("a read");
        assert_eq!(found.as_ref(), Some(&account));
        let found = store
            .service_account_by_email(&account.email)
            .await
            .expect("a read");
        assert_eq!(found.as_ref(), Some(&account));
        let page = Page::first(10);
        let listed = store
            .service_accounts(&account.project, &page)
            .await
            .expect("a read");
        assert_eq!(listed.items, [account.clone()]);
    }
}

/// Not while the account is there, deleted or not.
pub async fn a_unique_id_is_never_given_again(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        account,
        ..
    } = World::of(store).await;
    let mut other = sample.account(&project);
    other.unique_id = account.unique_id.clone();
    let insert = [Change::Insert(Record::ServiceAccount(other))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    yes(
        store,
        &[Change::Replace(Record::ServiceAccount(deleted(
            &account, 0,
        )))],
    )
    .await;
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
}

/// A new account may have a deleted one's; then the deleted one cannot come back.
pub async fn an_email_belongs_to_one_living_account(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        account,
        ..
    } = World::of(store).await;
    let mut second = sample.account(&project);
    second.email = account.email.clone();
    second.account_id = account.account_id.clone();
    let insert = [Change::Insert(Record::ServiceAccount(second.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));

    let mut first = deleted(&account, 0);
    yes(
        store,
        &[Change::Replace(Record::ServiceAccount(first.clone()))],
    )
    .await;
    yes(store, &insert).await;
    first.state = AccountState::Active;
    first.version = first.version.next();
    let back = [Change::Replace(Record::ServiceAccount(first.clone()))];
    assert_eq!(no(store, &back).await, (0, Why::Taken));
    let changes = [
        Change::Replace(Record::ServiceAccount(deleted(&second, 5))),
        Change::Replace(Record::ServiceAccount(first)),
    ];
    yes(store, &changes).await;
}

/// Google's libraries name an account by its e-mail.
pub async fn an_email_finds_the_living_else_the_last_that_was_deleted(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        account: first,
        ..
    } = World::of(store).await;
    let mut next = || ServiceAccount {
        email: first.email.clone(),
        ..sample.account(&project)
    };
    let (second, third) = (next(), next());
    let found = async || {
        store
            .service_account_by_email(&first.email)
            .await
            .expect("a read")
    };
    let (first_gone, second_gone) = (deleted(&first, 20), deleted(&second, 10));
    yes(
        store,
        &[
            Change::Replace(Record::ServiceAccount(first_gone.clone())),
            Change::Insert(Record::ServiceAccount(second.clone())),
        ],
    )
    .await;
    assert_eq!(found().await, Some(second));
    yes(
        store,
        &[Change::Replace(Record::ServiceAccount(second_gone))],
    )
    .await;
    assert_eq!(found().await, Some(first_gone));
    yes(
        store,
        &[Change::Insert(Record::ServiceAccount(third.clone()))],
    )
    .await;
    assert_eq!(found().await, Some(third));
}

/// As for every record with a version.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let mut account = World::of(store).await.account;
    let key = RecordKey::ServiceAccount(account.unique_id.clone(), account.email.to_string());
    for version in [Version(1), Version(3)] {
        account.version = version;
        let replace = [Change::Replace(Record::ServiceAccount(account.clone()))];
        assert_eq!(no(store, &replace).await, (0, Why::Stale));
        let remove = [Change::Remove(key.clone(), Version(2))];
        assert_eq!(no(store, &remove).await, (0, Why::Stale));
    }
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    let found = store
        .service_account_by_email(&account.email)
        .await
        .expect("a read");
    assert_eq!(found, None);
}

/// Keys, uses, delegations and roles; nothing of anybody else.
pub async fn an_account_takes_all_that_hangs_on_it_along(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        account,
        ..
    } = World::of(store).await;
    let other = sample.account(&project);
    let mut changes = vec![Change::Insert(Record::ServiceAccount(other.clone()))];
    let mut keys = Vec::new();
    for one in [&account, &other] {
        let key = sample.key(one);
        let holder = Holder::ServiceAccount(one.unique_id.clone());
        let binding = sample.binding(holder, Role::Viewer, Territory::Installation);
        let delegation = sample.delegation(organization.id, one);
        changes.push(Change::Insert(Record::ServiceAccountKey(key.clone())));
        changes.push(Change::Insert(Record::RoleBinding(binding)));
        changes.push(Change::Insert(Record::Delegation(delegation)));
        changes.push(Change::KeyUsed(KeyUse {
            key: key.id.clone(),
            account: one.unique_id.clone(),
            last: NOW,
            address: "192.0.2.1".to_owned(),
            count: 1,
        }));
        keys.push(key);
    }
    yes(store, &changes).await;
    let key = RecordKey::ServiceAccount(account.unique_id.clone(), account.email.to_string());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;

    for (one, left) in [(&account, 0), (&other, 1)] {
        let id = &one.unique_id;
        let holder = Holder::ServiceAccount(id.clone());
        let page = Page::first(10);
        assert_eq!(
            store.service_account_keys(id).await.expect("a read").len(),
            left
        );
        assert_eq!(store.key_uses(id).await.expect("a read").len(), left);
        assert_eq!(store.delegations_of(id).await.expect("a read").len(), left);
        let roles = store
            .role_bindings(Some(&holder), &page)
            .await
            .expect("a read");
        assert_eq!(roles.items.len(), left);
    }
    let gone = keys.first().expect("a key");
    assert_eq!(
        store.service_account_key(&gone.id).await.expect("a read"),
        None
    );
}

/// It cannot be anywhere else.
pub async fn an_account_needs_its_project(store: &Arc<dyn Store>) {
    let World { mut sample, .. } = World::of(store).await;
    let elsewhere = sample.project(None);
    let account = sample.account(&elsewhere);
    let insert = [Change::Insert(Record::ServiceAccount(account))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}

/// Bounded, and nothing that is not deleted.
pub async fn those_deleted_until_a_moment_come_the_earliest_first(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        account,
        ..
    } = World::of(store).await;
    let until = async |after, most| {
        let moment = NOW + Seconds(after);
        let found = store.service_accounts_deleted_until(moment, most);
        found.await.expect("a read")
    };
    assert_eq!(until(1_000, 10).await, []);
    let mut gone = vec![deleted(&account, 30)];
    let mut changes = vec![Change::Replace(Record::ServiceAccount(gone[0].clone()))];
    for after in [20, 10] {
        let other = sample.account(&project);
        let other_gone = deleted(&other, after);
        changes.push(Change::Insert(Record::ServiceAccount(other)));
        changes.push(Change::Replace(Record::ServiceAccount(other_gone.clone())));
        gone.push(other_gone);
    }
    yes(store, &changes).await;
    gone.reverse();
    assert_eq!(until(9, 10).await, []);
    assert_eq!(until(20, 10).await, gone[..2]);
    assert_eq!(until(1_000, 10).await, gone);
    assert_eq!(until(1_000, 1).await, gone[..1]);
}

/// An account that was purged is nobody's predecessor: only its e-mail may be had again.
pub async fn a_unique_id_outlives_its_account(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        account,
        ..
    } = World::of(store).await;
    let key = RecordKey::ServiceAccount(account.unique_id.clone(), account.email.to_string());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    let again = [Change::Insert(Record::ServiceAccount(account.clone()))];
    assert_eq!(no(store, &again).await, (0, Why::Taken));
    let successor = ServiceAccount {
        email: account.email.clone(),
        ..sample.account(&project)
    };
    let insert = [Change::Insert(Record::ServiceAccount(successor))];
    yes(store, &insert).await;
}
