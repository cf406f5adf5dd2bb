//! The change feed. What other nodes do is told too; that is tested where there are several.

#![expect(clippy::missing_panics_doc, reason = "a contract fails by panicking")]

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_core::record::AccountPolicy;
use carnet_core::record::Holder;
use carnet_core::record::KeyUse;
use carnet_core::record::Membership;
use carnet_core::record::RevokedToken;
use carnet_core::record::Role;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::Territory;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::TokenId;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::yes;

/// Writes down what it is told.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Vec<Topic>>);

impl Watcher for Notes {
    fn changed(&self, topic: &Topic) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(topic.clone());
    }
}

impl Notes {
    /// What was told since the last time, each once and in the order of their lines.
    pub fn read(&self) -> Vec<Topic> {
        let mut topics =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        topics.sort_by_key(ToString::to_string);
        topics.dedup();
        topics
    }
}

async fn tells(store: &Arc<dyn Store>, notes: &Notes, change: Change, topics: &[Topic]) {
    yes(store, std::slice::from_ref(&change)).await;
    let mut topics = topics.to_vec();
    topics.sort_by_key(ToString::to_string);
    assert_eq!(notes.read(), topics, "for {change:?}");
}

/// Whatever is inserted.
pub async fn a_watcher_hears_of_each_kind_of_insert(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        account,
        user,
        group,
    } = World::of(store).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let id = account.unique_id.clone();
    let membership = Membership {
        group: group.id,
        user: user.id.clone(),
        created: NOW,
    };
    let whole = |account: &ServiceAccount| {
        Topic::Account(account.unique_id.clone(), account.email.to_string())
    };
    let of_account = Topic::Account(id.clone(), String::new());
    let of_organization = Topic::Organization(organization.id);
    let other = sample.account(&project);
    let policy = sample.policy(organization.id);
    let delegation = sample.delegation(organization.id, &account);
    let binding = sample.binding(Holder::User(user.id), Role::Owner, Territory::Installation);
    let inserts = [
        (Record::ServiceAccount(other.clone()), whole(&other)),
        (
            Record::Domain(sample.domain(organization.id)),
            Topic::People,
        ),
        (Record::User(sample.user(organization.id)), Topic::People),
        (Record::Group(sample.group(organization.id)), Topic::People),
        (Record::Membership(membership), Topic::People),
        (Record::Api(sample.api(&project, &["one"])), Topic::Apis),
        (Record::ServiceAccountKey(sample.key(&account)), of_account),
        (Record::Delegation(delegation), Topic::Delegations(id)),
        (Record::Policy(policy), of_organization),
        (
            Record::AccountPolicy(AccountPolicy::empty(account.unique_id.clone(), NOW)),
            Topic::AccountPolicy(account.unique_id.clone()),
        ),
        (Record::RoleBinding(binding), Topic::Roles),
        (Record::SigningKey(sample.signing_key()), Topic::SigningKeys),
    ];
    for (record, topic) in inserts {
        tells(store, &notes, Change::Insert(record), &[topic]).await;
    }
}

/// A secret is its client's; what goes tells too.
pub async fn a_watcher_hears_of_clients_and_their_secrets(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let client = sample.client(&project);
    let secret = sample.secret(&client);
    let topic = [Topic::Client(client.id.clone())];
    let key = RecordKey::ClientSecret(secret.id, client.id.clone());
    let changes = [
        Change::Insert(Record::Client(client.clone())),
        Change::Insert(Record::ClientSecret(secret)),
        Change::Remove(key, Version::FIRST),
        Change::Remove(RecordKey::Client(client.id), Version::FIRST),
    ];
    for change in changes {
        tells(store, &notes, change, &topic).await;
    }
}

fn used(key: &ServiceAccountKey) -> KeyUse {
    KeyUse {
        key: key.id.clone(),
        account: key.account.clone(),
        last: NOW,
        address: String::new(),
        count: 1,
    }
}

/// Whatever is replaced or removed, and what goes along; and nothing of what nobody copies.
pub async fn a_watcher_hears_what_goes_along(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        mut account,
        user,
        ..
    } = World::of(store).await;
    let key = sample.key(&account);
    let planted = Change::Insert(Record::ServiceAccountKey(key.clone()));
    yes(store, &[planted]).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let id = account.unique_id.clone();
    let whole = Topic::Account(id.clone(), account.email.to_string());
    let token = RevokedToken {
        id: TokenId::mint(NOW, &mut Counting(0)),
        until: NOW,
    };
    account.version = Version(2);
    let revoked = Topic::Revoked(token.id, token.until);
    let key_goes = RecordKey::ServiceAccountKey(key.id.clone(), id.clone());
    let account_goes = RecordKey::ServiceAccount(id.clone(), account.email.to_string());
    let project_goes = RecordKey::Project(project.id.clone());
    let cases = [
        (
            Change::Replace(Record::ServiceAccount(account)),
            vec![whole.clone()],
        ),
        (Change::KeyUsed(used(&key)), vec![]),
        (Change::Audited(sample.draft()), vec![]),
        (Change::AssertionSpent(sample.spent(NOW)), vec![]),
        (Change::TokenRevoked(token), vec![revoked]),
        (
            Change::Remove(key_goes, Version::FIRST),
            vec![Topic::Account(id.clone(), String::new())],
        ),
        (
            Change::Remove(RecordKey::User(user.id), Version::FIRST),
            vec![Topic::People, Topic::Roles],
        ),
        (
            Change::Remove(account_goes, Version(2)),
            vec![
                whole,
                Topic::Delegations(id.clone()),
                Topic::AccountPolicy(id),
                Topic::Roles,
            ],
        ),
        (
            Change::Remove(project_goes, Version::FIRST),
            vec![Topic::Project(project.id), Topic::Roles],
        ),
    ];
    for (change, topics) in cases {
        tells(store, &notes, change, &topics).await;
    }
}

/// So that whoever gets the answer never sees an old copy.
pub async fn a_watcher_hears_before_the_writer_does(store: &Arc<dyn Store>) {
    let World { mut sample, .. } = World::of(store).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    for _ in 0..50 {
        let key = sample.signing_key();
        tells(
            store,
            &notes,
            Change::Insert(Record::SigningKey(key)),
            &[Topic::SigningKeys],
        )
        .await;
    }
}

/// Nothing changed.
pub async fn a_commit_that_fails_is_not_told(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let changes = [
        Change::Insert(Record::SigningKey(sample.signing_key())),
        Change::Insert(Record::Organization(organization)),
    ];
    assert_eq!(no(store, &changes).await, (1, Why::Taken));
    assert_eq!(notes.read(), []);
}
