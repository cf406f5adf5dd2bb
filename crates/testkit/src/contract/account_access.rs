//! Who may do what with a service account, and the keys that we hold for it.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::record::BindingCondition;
use carnet_core::record::ServiceAccount;
use carnet_core::record::SystemKey;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::KeyId;
use carnet_core::value::Member;
use carnet_core::value::Seconds;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::yes;

fn policy(of: &ServiceAccount, members: Vec<Member>) -> AccountPolicy {
    let mut policy = AccountPolicy::empty(of.unique_id.clone(), NOW);
    policy.bindings.push(AccountBinding {
        role: AccountRole::TokenCreator,
        condition: None,
        members,
    });
    policy
}

fn system_key(of: &ServiceAccount, generation: i64, chance: u64) -> SystemKey {
    SystemKey {
        id: KeyId::mint(&mut Counting(chance)),
        account: of.unique_id.clone(),
        generation,
        public_key: vec![1, 2],
        certificate: vec![3],
        sealed: vec![4, 5, 6],
        created: NOW,
        signs_from: NOW + Seconds(1),
        signs_until: NOW + Seconds(2),
        published_until: NOW + Seconds(3),
    }
}

/// Whatever can stand in a binding.
pub async fn an_account_policy_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let id = &world.account.unique_id;
    assert_eq!(store.account_policy(id).await.expect("a read"), None);
    let pool = "projects/412345678901/locations/global/workloadIdentityPools/ci-pool";
    let texts = [
        format!("principal://iam.googleapis.com/{pool}/subject/it's \"me\""),
        format!("principalSet://iam.googleapis.com/{pool}/attribute.branch/refs/heads/ü"),
    ];
    let mut members: Vec<Member> = vec![
        Member::ServiceAccount(id.clone()),
        Member::User(world.user.id.clone()),
        Member::Group(world.group.id),
        Member::Domain("acme.example".parse().expect("a domain")),
    ];
    members.extend(texts.iter().map(|text| text.parse().expect("a member")));
    let mut written = policy(&world.account, members);
    written.bindings.push(AccountBinding {
        role: AccountRole::TokenCreator,
        condition: Some(BindingCondition {
            expression: "request.time < timestamp(\"2027-01-01T00:00:00Z\")".to_owned(),
            title: "until the new year".to_owned(),
            description: String::new(),
        }),
        members: vec![Member::User(world.user.id.clone())],
    });
    yes(
        store,
        &[Change::Insert(Record::AccountPolicy(written.clone()))],
    )
    .await;
    let found = store.account_policy(id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&written));
    written.bindings.clear();
    written.changed = NOW + Seconds(9);
    written.version = written.version.next();
    yes(
        store,
        &[Change::Replace(Record::AccountPolicy(written.clone()))],
    )
    .await;
    let found = store.account_policy(id).await.expect("a read");
    assert_eq!(found, Some(written));
}

/// The version is the `etag`: who read an older one has to read again.
pub async fn one_of_sixteen_account_policies_stands(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let mut next = policy(&world.account, Vec::new());
    let insert = Change::Insert(Record::AccountPolicy(next.clone()));
    let nobody = Change::Replace(Record::AccountPolicy(next.clone()));
    assert_eq!(no(store, &[nobody]).await, (0, Why::Stale));
    yes(store, std::slice::from_ref(&insert)).await;
    assert_eq!(no(store, &[insert]).await, (0, Why::Taken));
    next.version = next.version.next();
    let mut racers = Vec::new();
    for _ in 0..16 {
        let (store, next) = (Arc::clone(store), next.clone());
        racers.push(tokio::spawn(async move {
            let change = [Change::Replace(Record::AccountPolicy(next))];
            store.commit(&change).await.expect("a store that works")
        }));
    }
    let mut won = 0;
    for racer in racers {
        match racer.await.expect("a racer") {
            Committed::Yes => won += 1,
            lost @ Committed::No(..) => assert_eq!(lost, Committed::No(0, Why::Stale)),
        }
    }
    assert_eq!(won, 1);
}

/// Of several that are made at the same time one is kept.
pub async fn an_account_has_one_system_key_of_each_generation(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let (first, second) = (
        system_key(&world.account, 1, 7),
        system_key(&world.account, 2, 1_000_000),
    );
    for key in [&second, &first] {
        yes(store, &[Change::Insert(Record::SystemKey(key.clone()))]).await;
    }
    let id = &world.account.unique_id;
    let found = store.system_keys(id).await.expect("a read");
    assert_eq!(found, [first.clone(), second], "the oldest comes first");
    let rival = system_key(&world.account, 2, 2_000_000);
    let same_id = SystemKey {
        generation: 3,
        ..first.clone()
    };
    for key in [rival, same_id] {
        let insert = [Change::Insert(Record::SystemKey(key))];
        assert_eq!(no(store, &insert).await, (0, Why::Taken));
    }
    let replace = [Change::Replace(Record::SystemKey(first))];
    assert_eq!(no(store, &replace).await, (0, Why::Stale));
}

/// Until then it verifies what it signed.
pub async fn a_system_key_is_forgotten_when_it_is_no_longer_published(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let key = system_key(&world.account, 1, 7);
    let until = key.published_until;
    yes(store, &[Change::Insert(Record::SystemKey(key))]).await;
    let id = &world.account.unique_id;
    for (now, gone, left) in [(until - Seconds(1), 0, 1), (until, 1, 0)] {
        let forgotten = store.forget_expired(now, 10).await.expect("a store");
        assert_eq!(forgotten, gone);
        assert_eq!(store.system_keys(id).await.expect("a read").len(), left);
    }
}

/// Neither is without its account.
pub async fn what_an_account_permits_goes_with_it(store: &Arc<dyn Store>) {
    let mut world = World::of(store).await;
    let nobody = world.sample.account(&world.project);
    for record in [
        Record::AccountPolicy(policy(&nobody, Vec::new())),
        Record::SystemKey(system_key(&nobody, 1, 7)),
    ] {
        let insert = [Change::Insert(record)];
        assert_eq!(no(store, &insert).await, (0, Why::Referenced));
    }
    let account = &world.account;
    yes(
        store,
        &[
            Change::Insert(Record::AccountPolicy(policy(account, Vec::new()))),
            Change::Insert(Record::SystemKey(system_key(account, 1, 7))),
        ],
    )
    .await;
    let key = RecordKey::ServiceAccount(account.unique_id.clone(), account.email.to_string());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    let id = &account.unique_id;
    assert_eq!(store.account_policy(id).await.expect("a read"), None);
    assert_eq!(store.system_keys(id).await.expect("a read"), []);
}
