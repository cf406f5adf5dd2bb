//! The cached store: what is found again, and what a change takes away at once.

use std::sync::Arc;

use carnet_core::record::AccountState;
use carnet_core::record::IssuerOwner;
use carnet_core::record::KeyState;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::TrustedIssuer;
use carnet_core::record::UserState;
use carnet_core::store::Change;
use carnet_core::store::Known;
use carnet_core::store::Memory;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Snapshots;
use carnet_core::store::Store;
use carnet_core::value::Counting;
use carnet_core::value::UserId;
use carnet_core::value::Version;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_testkit::contract::sample::NOW;
use carnet_testkit::contract::sample::World;
use carnet_testkit::contract::sample::yes;
use carnet_testkit::contract::trusted_issuer::issuer_of;

use super::Cached;

async fn world() -> (Arc<dyn Store>, Cached, World, ServiceAccountKey) {
    let store: Arc<dyn Store> = Arc::new(Memory::new());
    let mut world = World::of(&store).await;
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let key = ServiceAccountKey {
        algorithm: pair.algorithm(),
        public_key: pair.public_key().to_spki_der(),
        ..world.sample.key(&world.account)
    };
    yes(
        &store,
        &[Change::Insert(Record::ServiceAccountKey(key.clone()))],
    )
    .await;
    let cached = Cached::new(Arc::clone(&store));
    (store, cached, world, key)
}

#[tokio::test]
async fn an_account_is_found_by_both_names_and_peeked_then() {
    let (_store, cached, world, key) = world().await;
    let (id, email) = (
        world.account.unique_id.as_str(),
        world.account.email.as_str(),
    );
    assert!(matches!(cached.peek_account(id), Known::NotYet));
    assert!(matches!(cached.peek_account(email), Known::NotYet));
    let by_email = cached.account(email).await.unwrap().unwrap();
    assert_eq!(by_email.keys.len(), 1);
    assert_eq!(*by_email.keys[0].record, key);
    let by_id = cached.account(id).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&by_email, &by_id), "one copy serves both names");
    for name in [id, email] {
        let Known::Yes(peeked) = cached.peek_account(name) else {
            panic!("it was read just now");
        };
        assert!(Arc::ptr_eq(&peeked, &by_id));
    }
}

#[tokio::test]
async fn a_disabled_key_stops_at_once_under_both_names() {
    let (store, cached, world, mut key) = world().await;
    let names = [
        world.account.unique_id.to_string(),
        world.account.email.to_string(),
    ];
    for name in &names {
        cached.account(name).await.unwrap().unwrap();
    }
    key.state = KeyState::Disabled {
        since: NOW,
        reason: carnet_core::record::DisableReason::Exposed,
        note: "found".parse().unwrap(),
    };
    key.version = Version(2);
    yes(
        &store,
        &[Change::Replace(Record::ServiceAccountKey(key.clone()))],
    )
    .await;
    for name in &names {
        assert!(matches!(cached.peek_account(name), Known::NotYet));
    }
    for name in &names {
        let found = cached.account(name).await.unwrap().unwrap();
        assert_eq!(found.keys[0].record.state, key.state);
    }
    let gone = RecordKey::ServiceAccountKey(key.id, key.account);
    yes(&store, &[Change::Remove(gone, Version(2))]).await;
    for name in &names {
        assert!(cached.account(name).await.unwrap().unwrap().keys.is_empty());
    }
}

#[tokio::test]
async fn that_there_is_none_is_forgotten_when_there_is_one() {
    let (store, cached, mut world, _) = world().await;
    let other = world.sample.account(&world.project);
    let names = [other.unique_id.to_string(), other.email.to_string()];
    for name in &names {
        assert!(cached.account(name).await.unwrap().is_none());
        assert!(matches!(cached.peek_account(name), Known::No));
    }
    yes(&store, &[Change::Insert(Record::ServiceAccount(other))]).await;
    for name in &names {
        assert!(cached.account(name).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn an_email_that_is_given_anew_names_the_new_account() {
    let (store, cached, mut world, _) = world().await;
    let email = world.account.email.clone();
    cached.account(email.as_str()).await.unwrap().unwrap();
    let mut second = world.sample.account(&world.project);
    second.email = email.clone();
    let mut first = world.account;
    first.state = AccountState::Deleted {
        since: NOW,
        disabled: None,
    };
    first.version = Version(2);
    yes(
        &store,
        &[Change::Replace(Record::ServiceAccount(first.clone()))],
    )
    .await;
    let found = cached.account(email.as_str()).await.unwrap().unwrap();
    assert_eq!(found.account, first);
    yes(
        &store,
        &[Change::Insert(Record::ServiceAccount(second.clone()))],
    )
    .await;
    let found = cached.account(email.as_str()).await.unwrap().unwrap();
    assert_eq!(found.account, second);
}

#[tokio::test]
async fn nonsense_is_nobody_and_is_not_remembered() {
    let (_store, cached, ..) = world().await;
    let long = "9".repeat(100_000);
    for issuer in ["", "x", "a@b", "@", "12", "\0", &long] {
        assert!(cached.account(issuer).await.unwrap().is_none());
        assert!(matches!(cached.peek_account(issuer), Known::NotYet));
    }
}

#[tokio::test]
async fn a_project_follows_itself_and_its_organizations_policies() {
    let (store, cached, mut world, _) = world().await;
    let id = world.project.id.clone();
    let policies = async || {
        cached
            .project_facts(&id)
            .await
            .unwrap()
            .unwrap()
            .policies
            .len()
    };
    assert_eq!(policies().await, 0);
    let mut policy = world.sample.policy(world.organization.id);
    yes(&store, &[Change::Insert(Record::Policy(policy.clone()))]).await;
    assert_eq!(policies().await, 1);
    policy.enabled = false;
    policy.version = Version(2);
    yes(&store, &[Change::Replace(Record::Policy(policy))]).await;
    assert_eq!(policies().await, 0);
    let mut project = world.project;
    project.organization = None;
    project.version = Version(2);
    yes(&store, &[Change::Replace(Record::Project(project.clone()))]).await;
    let found = cached.project_facts(&id).await.unwrap().unwrap();
    assert_eq!(found.project, project);
}

#[tokio::test]
async fn the_catalog_follows_apis_and_the_projects_they_are_in() {
    let (store, cached, mut world, _) = world().await;
    let api = world.sample.api(&world.project, &["invoices.read"]);
    assert!(
        cached
            .catalog()
            .await
            .unwrap()
            .scope("invoices.read")
            .is_none()
    );
    yes(&store, &[Change::Insert(Record::Api(api))]).await;
    let owner = async || {
        let catalog = cached.catalog().await.unwrap();
        catalog.scope("invoices.read").unwrap().organization
    };
    assert_eq!(owner().await, Some(world.organization.id));
    let mut project = world.project;
    project.organization = None;
    project.version = Version(2);
    yes(&store, &[Change::Replace(Record::Project(project))]).await;
    assert_eq!(owner().await, None);
}

#[tokio::test]
async fn delegations_domains_and_people_follow_what_is_written() {
    let (store, cached, mut world, _) = world().await;
    let client = world.account.unique_id.clone();
    let domain = world.sample.domain(world.organization.id);
    let email = world.user.email.clone();
    assert!(cached.delegations_for(&client).await.unwrap().is_empty());
    assert!(cached.domain_owner(&domain.name).await.unwrap().is_none());
    assert!(
        cached
            .person(&email)
            .await
            .unwrap()
            .unwrap()
            .groups
            .is_empty()
    );

    let membership = carnet_core::record::Membership {
        group: world.group.id,
        user: world.user.id.clone(),
        created: NOW,
    };
    let delegation = world
        .sample
        .delegation(world.organization.id, &world.account);
    let changes = [
        Change::Insert(Record::Delegation(delegation.clone())),
        Change::Insert(Record::Domain(domain.clone())),
        Change::Insert(Record::Membership(membership)),
    ];
    yes(&store, &changes).await;
    assert_eq!(cached.delegations_for(&client).await.unwrap().len(), 1);
    let owner = cached.domain_owner(&domain.name).await.unwrap().unwrap();
    assert_eq!(owner.organization, world.organization);
    assert_eq!(
        cached.person(&email).await.unwrap().unwrap().groups,
        [world.group.id]
    );

    let gone = RecordKey::Delegation(delegation.id, client.clone());
    yes(&store, &[Change::Remove(gone, Version::FIRST)]).await;
    assert!(cached.delegations_for(&client).await.unwrap().is_empty());
}

#[tokio::test]
async fn lesson_22_a_user_is_read_anew_after_whatever_changes_people() {
    let (store, cached, world, _) = world().await;
    let mut user = world.user.clone();
    let read = async || cached.user(&user.id).await.unwrap();
    let first = read().await.unwrap();
    assert_eq!(first.state, UserState::Active);
    assert!(Arc::ptr_eq(&first, &read().await.unwrap()), "one copy");
    let stranger = UserId::mint(&mut Counting(77));
    assert_eq!(cached.user(&stranger).await.unwrap(), None);

    let mut suspended = user.clone();
    suspended.state = UserState::Suspended {
        since: NOW,
        reason: "left".parse().unwrap(),
    };
    suspended.version = suspended.version.next();
    let changes = [Change::Replace(Record::User(suspended.clone()))];
    yes(&store, &changes).await;
    assert_eq!(*read().await.unwrap(), suspended);

    user.id = stranger.clone();
    user.email = "new@acme.example".parse().unwrap();
    yes(&store, &[Change::Insert(Record::User(user))]).await;
    assert!(cached.user(&stranger).await.unwrap().is_some());

    let gone = RecordKey::User(suspended.id.clone());
    yes(&store, &[Change::Remove(gone, suspended.version)]).await;
    assert_eq!(cached.user(&suspended.id).await.unwrap(), None);
}

#[tokio::test]
async fn the_origins_of_all_clients_follow_each_of_them() {
    let (store, cached, mut world, _) = world().await;
    let origin = "https://board.example".parse().unwrap();
    let known = async || cached.is_origin_of_any(&origin).await.unwrap();
    assert!(!known().await);
    let mut client = world.sample.client(&world.project);
    client.origins = vec![origin.clone()];
    let made = Change::Insert(Record::Client(client.clone()));
    yes(&store, &[made]).await;
    assert!(known().await);
    let gone = RecordKey::Client(client.id);
    yes(&store, &[Change::Remove(gone, client.version)]).await;
    assert!(!known().await);
}

#[tokio::test]
async fn lesson_22_a_trusted_issuer_is_found_by_its_name_until_any_of_them_changes() {
    let (store, cached, world, _key) = world().await;
    let owner = IssuerOwner::Organization(world.organization.id);
    let mut trust = issuer_of(owner.clone(), 1);
    let name = trust.issuer.clone();
    let named = async || cached.trusted_issuer_named(&name, None).await.unwrap();
    let row = |trust: &TrustedIssuer| Record::TrustedIssuer(trust.clone());
    assert!(named().await.is_none());
    yes(&store, &[Change::Insert(row(&trust))]).await;
    let found = named().await.unwrap();
    assert_eq!(*found, trust);
    let by_id = cached.trusted_issuer(trust.id).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&found, &by_id), "one copy serves both names");
    let audience = "urn:acme".parse().unwrap();
    let other = cached.trusted_issuer_named(&name, Some(&audience)).await;
    assert!(other.unwrap().is_none());
    trust.disabled = true;
    trust.version = trust.version.next();
    yes(&store, &[Change::Replace(row(&trust))]).await;
    assert!(named().await.unwrap().disabled);
    let key = RecordKey::TrustedIssuer(trust.id);
    yes(&store, &[Change::Remove(key, trust.version)]).await;
    assert!(named().await.is_none());
    let mut next = issuer_of(owner, 2);
    next.issuer = name.clone();
    yes(&store, &[Change::Insert(row(&next))]).await;
    assert_eq!(named().await.unwrap().id, next.id);
}
