//! Policies.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::PolicyRule;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Version;

use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

/// Each kind of rule, in force and not.
pub async fn a_policy_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        account,
        ..
    } = World::of(store).await;
    let mut policy = sample.policy(organization.id);
    yes(store, &[Change::Insert(Record::Policy(policy.clone()))]).await;
    let except = vec![account.unique_id];
    let rules = [
        PolicyRule::BlockScopes {
            scopes: parsed("admin.write admin.read"),
            except: except.clone(),
        },
        PolicyRule::BlockScopes {
            scopes: parsed("admin.write"),
            except: vec![],
        },
        PolicyRule::OwnClientsOnly {
            except: except.clone(),
        },
        PolicyRule::ExtendLifetime { accounts: except },
    ];
    for rule in rules {
        policy.rule = rule;
        policy.enabled = !policy.enabled;
        policy.version = policy.version.next();
        yes(store, &[Change::Replace(Record::Policy(policy.clone()))]).await;
        let found = store.policy(policy.id).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&policy));
    }
    let page = Page::first(10);
    let listed = store
        .policies(organization.id, &page)
        .await
        .expect("a read");
    assert_eq!(listed.items, [policy]);
}

/// As for every record with a version.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let mut policy = sample.policy(organization.id);
    let insert = [Change::Insert(Record::Policy(policy.clone()))];
    yes(store, &insert).await;
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let key = RecordKey::Policy(policy.id, organization.id);
    for version in [Version(1), Version(3)] {
        policy.version = version;
        let replace = [Change::Replace(Record::Policy(policy.clone()))];
        assert_eq!(no(store, &replace).await, (0, Why::Stale));
        assert_eq!(
            no(store, &[Change::Remove(key.clone(), Version(2))]).await,
            (0, Why::Stale)
        );
    }
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    assert_eq!(store.policy(policy.id).await.expect("a read"), None);
}

/// Whose rule would it be else?
pub async fn a_policy_needs_its_organization(store: &Arc<dyn Store>) {
    let World { mut sample, .. } = World::of(store).await;
    let nowhere = sample.organization().id;
    let policy = sample.policy(nowhere);
    let insert = [Change::Insert(Record::Policy(policy))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
}
