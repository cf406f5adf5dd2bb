//! What only a real server can show. Each test has a schema of its own; without a server each says
//! that it was skipped.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use carnet_core::record::IssuerOwner;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::store::Snapshots as _;
use carnet_core::store::Store;
use carnet_core::store::Tenants;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::Why;
use carnet_core::value::Version;
use carnet_testkit::contract::sample::NOW;
use carnet_testkit::contract::sample::Sample;
use carnet_testkit::contract::sample::World;
use carnet_testkit::contract::sample::yes;
use carnet_testkit::contract::trusted_issuer::issuer_of;
use carnet_testkit::postgres::Schema;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::Postgres;
use super::feed::NOTIFY;
use crate::cache::Cached;
use crate::migration;
use crate::open::look;
use crate::port::Sql;
use crate::statements;

async fn node(schema: &Schema) -> Sql<Postgres> {
    Sql(Postgres::open(&schema.url(), 4).await.unwrap())
}

async fn shared(schema: &Schema) -> Arc<dyn Store> {
    Arc::new(node(schema).await)
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    drop(node(&schema).await);
    let client = schema.client().await;
    client.prepare(NOTIFY).await.unwrap();
    for statement in statements::all() {
        let text = statement.postgres();
        if let Err(error) = client.prepare(text).await {
            panic!("{}: {:?}", statement.name(), error.as_db_error());
        }
        if !text.trim_start().starts_with("SELECT")
            && let Err(error) = client.prepare(statement.postgres_guarded()).await
        {
            panic!("{}, guarded: {:?}", statement.name(), error.as_db_error());
        }
    }
}

#[tokio::test]
async fn every_parameter_has_a_type_that_is_ours() {
    use tokio_postgres::types::Type;
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    drop(node(&schema).await);
    let client = schema.client().await;
    for statement in statements::all() {
        let prepared = client.prepare(statement.postgres()).await.unwrap();
        for kind in prepared.params() {
            let ours = matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA);
            assert!(ours, "{} takes a {kind}", statement.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_build_one_schema() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let schema = Arc::new(schema);
    let nodes: Vec<_> = (0..4)
        .map(|_| {
            let schema = Arc::clone(&schema);
            tokio::spawn(async move { node(&schema).await.check().await })
        })
        .collect();
    for node in nodes {
        node.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_database_from_the_future_is_refused() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    drop(node(&schema).await);
    let client = schema.client().await;
    let step = "INSERT INTO carnet_migrations (number, name, checksum) VALUES (99, 'x', '\\x00')";
    client.execute(step, &[]).await.unwrap();
    let error = Postgres::open(&schema.url(), 4).await.err().unwrap();
    assert_eq!(error.crn(), Some(carnet_wire::crn::Crn::SCHEMA_NEWER));
}

#[tokio::test]
async fn the_chain_is_hashed_as_the_core_hashes_it() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let store = shared(&schema).await;
    let draft = Sample::new().draft();
    yes(&store, &[Change::Audited(draft.clone())]).await;
    let client = schema.client().await;
    let head: Vec<u8> = client
        .query_one("SELECT hash FROM audit_head", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(head, draft.hash_after(&[0; 32]));
}

#[tokio::test]
async fn a_server_that_answers_before_it_has_written_is_corrected() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let url = format!("{}%20-c%20synchronous_commit%3Doff", schema.url());
    let store = Postgres::open(&url, 4).await.unwrap();
    let client = store.shared.pool.get().await.unwrap();
    let row = client
        .query_one("SHOW synchronous_commit", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, String>(0), "on");
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_not_ready() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    drop(node(&schema).await);
    let store = node(&schema).await;
    store.check().await.unwrap();
    let client = store.0.shared.pool.get().await.unwrap();
    client
        .batch_execute("SET default_transaction_read_only = on")
        .await
        .unwrap();
    drop(client);
    let fault = store.check().await.unwrap_err();
    assert!(fault.is_temporary());
    assert!(fault.to_string().contains("SQLSTATE 25006"), "{fault}");
}

#[tokio::test]
async fn a_fault_does_not_tell_what_was_in_a_row() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let store = node(&schema).await;
    let client = schema.client().await;
    client
        .batch_execute("ALTER TABLE organizations ADD CHECK (title <> 'Acme 1')")
        .await
        .unwrap();
    let row = Sample::new().organization();
    let fault = store
        .commit(&[Change::Insert(Record::Organization(row))])
        .await
        .unwrap_err();
    assert!(!fault.is_temporary());
    let said = format!("{fault} {fault:?}");
    assert!(
        said.contains("organization::INSERT") && said.contains("23514"),
        "{said}"
    );
    assert!(!said.contains("Acme"), "{said}");
}

/// Writes down what it is told, and wakes whoever waits for it.
#[derive(Default)]
struct Notes {
    told: Mutex<Vec<Topic>>,
    news: Notify,
}

impl Watcher for Notes {
    fn changed(&self, topic: &Topic) {
        self.told.lock().unwrap().push(topic.clone());
        self.news.notify_one();
    }
}

impl Notes {
    fn of(store: &dyn Store) -> Arc<Self> {
        let notes = Arc::new(Self::default());
        store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
        notes
    }

    async fn hears(&self, topic: &Topic, within: Duration) {
        let heard = timeout(within, async {
            while !self.told.lock().unwrap().contains(topic) {
                self.news.notified().await;
            }
        });
        heard
            .await
            .unwrap_or_else(|_| panic!("{topic} was not heard"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_changes_the_other_hears_within_a_second() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let (one, two) = (shared(&schema).await, shared(&schema).await);
    let (at_one, at_two) = (Notes::of(&*one), Notes::of(&*two));
    let World {
        mut sample,
        account,
        ..
    } = World::of(&one).await;
    let topic = Topic::Account(account.unique_id.clone(), account.email.to_string());
    at_two.hears(&topic, Duration::from_secs(1)).await;

    // What two says comes behind what one said itself.
    let key = Change::Insert(Record::SigningKey(sample.signing_key()));
    yes(&two, &[key]).await;
    at_one
        .hears(&Topic::SigningKeys, Duration::from_secs(1))
        .await;
    let told = at_one.told.lock().unwrap().clone();
    let own = told.iter().filter(|told| **told == topic).count();
    assert_eq!(own, 1, "one's own is heard once, at once");
}

/// RFC 7523 section 3: once, wherever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_spent_is_spent_at_the_other_and_a_trust_that_it_wrote_is_known_there() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let (here, there) = (shared(&schema).await, shared(&schema).await);
    let mut world = World::of(&here).await;
    let spent = Change::AssertionSpent(world.sample.spent(NOW));
    yes(&here, std::slice::from_ref(&spent)).await;
    let ended = there.commit(std::slice::from_ref(&spent)).await.unwrap();
    assert_eq!(ended, Committed::No(0, Why::Taken));

    let cached = Cached::new(Arc::clone(&there));
    let ear = Notes::of(&*there);
    let mut trust = issuer_of(IssuerOwner::Organization(world.organization.id), 1);
    let name = trust.issuer.clone();
    assert!(
        cached
            .trusted_issuer_named(&name, None)
            .await
            .unwrap()
            .is_none()
    );
    let row = Record::TrustedIssuer(trust.clone());
    yes(&here, &[Change::Insert(row)]).await;
    let topic = Topic::TrustedIssuer(trust.id);
    ear.hears(&topic, Duration::from_secs(5)).await;
    let found = cached.trusted_issuer_named(&name, None).await.unwrap();
    assert_eq!(found.as_deref(), Some(&trust));
    trust.disabled = true;
    trust.version = trust.version.next();
    let row = Record::TrustedIssuer(trust.clone());
    let ear = Notes::of(&*there);
    yes(&here, &[Change::Replace(row)]).await;
    ear.hears(&topic, Duration::from_secs(5)).await;
    let found = cached.trusted_issuer_named(&name, None).await.unwrap();
    assert!(found.unwrap().disabled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_topics_reach_the_other_node() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let (one, two) = (shared(&schema).await, shared(&schema).await);
    let World {
        mut sample,
        project,
        ..
    } = World::of(&one).await;
    let notes = Notes::of(&*two);
    let accounts: Vec<_> = (0..300).map(|_| sample.account(&project)).collect();
    let inserts: Vec<_> = accounts
        .iter()
        .cloned()
        .map(|row| Change::Insert(Record::ServiceAccount(row)))
        .collect();
    yes(&one, &inserts).await;
    for account in accounts {
        let topic = Topic::Account(account.unique_id, account.email.to_string());
        notes.hears(&topic, Duration::from_secs(1)).await;
    }
}

/// Ends every connection of the store, as a restart or a fail-over does.
async fn cut(schema: &Schema, which: &str) -> i64 {
    let client = schema.client().await;
    let text = format!(
        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND application_name = $1 AND {which}) cut"
    );
    client
        .query_one(&text, &[&name(schema)])
        .await
        .unwrap()
        .get(0)
}

fn name(schema: &Schema) -> String {
    // The schema's name is the end of its URL.
    schema
        .url()
        .rsplit("%3D")
        .next()
        .unwrap_or_default()
        .to_owned()
}

async fn named(schema: &Schema) -> Arc<dyn Store> {
    let url = format!("{}&application_name={}", schema.url(), name(schema));
    Arc::new(Sql(Postgres::open(&url, 4).await.unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_breaks_drops_every_copy_and_mends_itself() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let (store, other) = (named(&schema).await, shared(&schema).await);
    let notes = Notes::of(&*store);
    assert_eq!(cut(&schema, "query LIKE 'LISTEN%'").await, 1);
    notes
        .hears(&Topic::Everything, Duration::from_secs(3))
        .await;
    // Mended when the other node is heard again.
    let mut sample = Sample::new();
    let heard = timeout(Duration::from_secs(5), async {
        loop {
            let key = Change::Insert(Record::SigningKey(sample.signing_key()));
            yes(&other, &[key]).await;
            let news = timeout(Duration::from_millis(100), notes.news.notified());
            let _ = news.await;
            if notes.told.lock().unwrap().contains(&Topic::SigningKeys) {
                break;
            }
        }
    });
    heard.await.expect("the feed mends itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_were_cut_are_made_anew() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let store = named(&schema).await;
    let World {
        mut sample,
        organization,
        ..
    } = World::of(&store).await;
    for _ in 0..5 {
        assert!(cut(&schema, "true").await > 0);
        let found = store
            .organization(organization.id)
            .await
            .expect("reads are asked again");
        assert_eq!(found.as_ref(), Some(&organization));
        assert!(cut(&schema, "true").await > 0);
        let row = sample.organization();
        let insert = [Change::Insert(Record::Organization(row.clone()))];
        // The end may be unknown; then it must not be called a success, and asking again tells.
        match store.commit(&insert).await {
            Ok(committed) => assert_eq!(committed, Committed::Yes),
            Err(fault) => {
                assert!(fault.is_temporary());
                continue;
            }
        }
        assert_eq!(store.organization(row.id).await.unwrap(), Some(row));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_in_each_others_way_both_get_through() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let store = shared(&schema).await;
    let World { mut sample, .. } = World::of(&store).await;
    let (mut one, mut two) = (sample.organization(), sample.organization());
    let inserts = [one.clone(), two.clone()].map(|row| Change::Insert(Record::Organization(row)));
    yes(&store, &inserts).await;
    let mut version = Version::FIRST;
    for _ in 0..20 {
        version = version.next();
        (one.version, two.version) = (version, version);
        let replace = |row: &_| Change::Replace(Record::Organization(Clone::clone(row)));
        let (there, back) = (
            [replace(&one), replace(&two)],
            [replace(&two), replace(&one)],
        );
        let (first, second) = tokio::join!(store.commit(&there), store.commit(&back));
        let ends = [first.unwrap(), second.unwrap()];
        let made = ends.iter().filter(|end| **end == Committed::Yes).count();
        assert_eq!(made, 1, "{ends:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_nobody_waits_for_is_made_and_told() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let store = shared(&schema).await;
    let notes = Notes::of(&*store);
    let mut sample = Sample::new();
    for _ in 0..20 {
        notes.told.lock().unwrap().clear();
        let row = sample.organization();
        let changes = [Change::Insert(Record::Organization(row.clone()))];
        let mut commit = store.commit(&changes);
        let polled = std::future::poll_fn(|context| {
            std::task::Poll::Ready(commit.as_mut().poll(context).is_pending())
        });
        polled.await;
        drop(commit);
        notes
            .hears(&Topic::Organization(row.id), Duration::from_secs(2))
            .await;
        assert_eq!(store.organization(row.id).await.unwrap(), Some(row));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_before_a_busy_database_is_turned_away_at_once() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let store = Arc::new(node(&schema).await);
    let held: Vec<_> = (0..4).map(|_| store.0.shared.pool.get()).collect();
    let mut holders = Vec::new();
    for client in held {
        holders.push(client.await.unwrap());
    }
    let id = Sample::new().organization().id;
    let crowd: Vec<_> = (0..1_200)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.organization(id).await })
        })
        .collect();
    while crowd.iter().filter(|one| one.is_finished()).count() < 1_200 - 1_024 - 2 {
        tokio::task::yield_now().await;
    }
    drop(holders);
    let mut turned_away = 0;
    for one in crowd {
        match one.await.unwrap() {
            Ok(found) => assert_eq!(found, None),
            Err(fault) => {
                assert!(fault.is_temporary());
                turned_away += 1;
            }
        }
    }
    assert!((100..=180).contains(&turned_away), "{turned_away}");
}

#[tokio::test]
async fn a_look_counts_the_missing_steps_reads_and_changes_nothing() {
    let Some(schema) = Schema::fresh().await else {
        return;
    };
    let client = schema.client().await;
    let found = look(&schema.url()).await.unwrap();
    assert_eq!(found.missing_steps, migration::ALL.len());
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()";
    let made: i64 = client.query_one(tables, &[]).await.unwrap().get(0);
    assert_eq!(made, 0, "a look makes no table");

    // While a server has it open.
    let store = shared(&schema).await;
    let mut world = World::of(&store).await;
    let found = look(&schema.url()).await.unwrap();
    assert_eq!(found.missing_steps, 0);
    let seen = found.store.organization(world.organization.id).await;
    assert_eq!(seen.unwrap(), Some(world.organization));
    let other = world.sample.organization();
    let insert = [Change::Insert(Record::Organization(other.clone()))];
    let refused = found.store.commit(&insert).await.unwrap_err();
    assert!(!refused.is_temporary(), "{refused}");
    assert_eq!(store.organization(other.id).await.unwrap(), None);

    // As it was before the last step; and as a newer Carnet leaves it.
    let forget = "DELETE FROM carnet_migrations WHERE number = $1";
    let last = migration::ALL.last().unwrap().number;
    assert_eq!(client.execute(forget, &[&last]).await.unwrap(), 1);
    assert_eq!(look(&schema.url()).await.unwrap().missing_steps, 1);
    let newer = "INSERT INTO carnet_migrations VALUES ($1, 'x', ''), ($2, 'y', '')";
    client.execute(newer, &[&last, &(last + 1)]).await.unwrap();
    look(&schema.url()).await.unwrap_err();
}
