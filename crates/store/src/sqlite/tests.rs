//! A store in a file: damage, a full disk, and what survives a restart.

use std::fs;
use std::fs::OpenOptions;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::store::Tenants;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_testkit::contract::sample::Sample;
use carnet_testkit::contract::sample::World;
use rusqlite::Connection;
use tempfile::TempDir;

use super::Sqlite;
use super::SqliteLook;
use super::connection;
use crate::missing::Missing;
use crate::port::Sql;
use crate::statements;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("carnet.db");
    (folder, path)
}

fn opened(path: &Path) -> Sql<Sqlite> {
    Sql(Sqlite::open(path, Missing::Refuse).unwrap())
}

fn refusal(path: &Path) -> String {
    let error = Sqlite::open(path, Missing::Create)
        .err()
        .expect("a refusal");
    format!(
        "{} {error}",
        error.crn().map(|crn| crn.to_string()).unwrap_or_default()
    )
}

/// A file with a world in it, closed.
async fn inhabited(path: &Path) -> World {
    let engine = Sqlite::open(path, Missing::Create).unwrap();
    let store: Arc<dyn Store> = Arc::new(Sql(engine));
    World::of(&store).await
}

#[test]
fn every_statement_can_be_prepared() {
    let (_folder, path) = folder();
    drop(Sqlite::open(&path, Missing::Create).unwrap());
    let connection = connection::writing(&path, false).unwrap();
    for statement in statements::all() {
        if let Err(error) = connection.prepare(statement.sqlite()) {
            panic!("{}: {error}", statement.name());
        }
    }
}

#[test]
fn a_commit_is_on_the_disk_when_it_is_answered() {
    let (_folder, path) = folder();
    drop(Sqlite::open(&path, Missing::Create).unwrap());
    let writer = connection::writing(&path, false).unwrap();
    let pragma = |name| {
        writer
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(pragma("synchronous"), 2, "FULL");
    assert_eq!(pragma("foreign_keys"), 1);
    assert_eq!(pragma("trusted_schema"), 0);
    let mode: String = writer
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_reader_cannot_write() {
    let (_folder, path) = folder();
    drop(Sqlite::open(&path, Missing::Create).unwrap());
    let reader = connection::reading(&path).unwrap();
    assert!(reader.execute("DELETE FROM setup_links", []).is_err());
}

#[tokio::test]
async fn what_was_committed_is_there_after_closing_and_opening() {
    let (_folder, path) = folder();
    let world = inhabited(&path).await;
    for _ in 0..3 {
        let store = opened(&path);
        let found = store.organization(world.organization.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&world.organization));
    }
    assert!(
        !path.with_extension("db-wal").exists(),
        "the log was folded into the file"
    );
}

#[tokio::test]
async fn a_second_process_is_kept_out() {
    let (_folder, path) = folder();
    inhabited(&path).await;
    let first = opened(&path);
    assert_eq!(
        refusal(&path),
        "CRN-8004 another Carnet is using the database"
    );
    drop(first);
    opened(&path);
}

#[test]
fn a_missing_file_is_made_only_where_that_is_wanted() {
    let (_folder, path) = folder();
    assert!(Sqlite::open(&path, Missing::Refuse).is_err());
    assert!(!path.exists());
    drop(Sqlite::open(&path, Missing::Create).unwrap());
    assert!(path.exists());
}

#[test]
fn a_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    let _store = Sqlite::open(&path, Missing::Create).unwrap();
    for ending in ["", "-wal", ".lock"] {
        let file = super::open::beside(&path, ending);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn what_a_crash_left_half_made_is_made_anew() {
    let (_folder, path) = folder();
    fs::write(super::open::beside(&path, ".new"), b"half a").unwrap();
    fs::write(super::open::beside(&path, ".new-wal"), b"database").unwrap();
    drop(Sqlite::open(&path, Missing::Create).unwrap());
    opened(&path);
}

#[tokio::test]
async fn damage_is_refused_and_nothing_is_touched() {
    let (_folder, path) = folder();
    inhabited(&path).await;
    let whole = fs::read(&path).unwrap();
    let mut garbled = whole.clone();
    for byte in garbled.iter_mut().skip(4_096 + 8).step_by(97) {
        *byte ^= 0x5A;
    }
    let mut headless = whole.clone();
    headless[..16].copy_from_slice(b"not a database!!");
    let cases: [(&str, Vec<u8>); 5] = [
        ("empty", Vec::new()),
        ("cut in the header", whole[..10].to_vec()),
        ("cut in the middle", whole[..whole.len() / 2].to_vec()),
        ("without its header", headless),
        ("with other bytes in its pages", garbled),
    ];
    for (name, bytes) in cases {
        fs::write(&path, &bytes).unwrap();
        let said = refusal(&path);
        assert!(
            said.starts_with("CRN-8001 the database is damaged"),
            "{name}: {said}"
        );
        assert_eq!(
            fs::read(&path).unwrap(),
            bytes,
            "{name}: nothing was changed"
        );
    }
    fs::write(&path, &whole).unwrap();
    opened(&path);
}

#[tokio::test]
async fn a_log_without_its_file_is_no_new_beginning() {
    let (_folder, path) = folder();
    inhabited(&path).await;
    fs::remove_file(&path).unwrap();
    fs::write(super::open::beside(&path, "-wal"), b"the last commits").unwrap();
    let said = refusal(&path);
    assert!(said.starts_with("CRN-8001"), "{said}");
    assert!(!path.exists());
}

#[test]
fn somebody_elses_database_is_refused() {
    let (_folder, path) = folder();
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .unwrap();
    drop(other);
    let said = refusal(&path);
    assert!(said.contains("it is not a database of Carnet"), "{said}");
}

#[tokio::test]
async fn a_database_from_the_future_is_refused() {
    let (_folder, path) = folder();
    inhabited(&path).await;
    let future = Connection::open(&path).unwrap();
    let step = "INSERT INTO carnet_migrations (number, name, checksum) VALUES (99, 'x', x'00')";
    future.execute(step, []).unwrap();
    drop(future);
    let said = refusal(&path);
    assert!(
        said.starts_with("CRN-8002 the database was written by a newer Carnet"),
        "{said}"
    );
}

#[tokio::test]
async fn a_byte_that_flips_later_is_a_fault_and_no_answer() {
    let (_folder, path) = folder();
    let world = inhabited(&path).await;
    let store = opened(&path);
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    let length = fs::metadata(&path).unwrap().len();
    for page in 1..length / 4_096 {
        file.seek(SeekFrom::Start(page * 4_096)).unwrap();
        file.write_all(&[0xEE; 64]).unwrap();
    }
    let read = store.project(&world.project.id).await;
    assert!(!read.unwrap_err().is_temporary());
}

/// Writes down what it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<Topic>>);

impl Watcher for Notes {
    fn changed(&self, topic: &Topic) {
        self.0.lock().unwrap().push(topic.clone());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_says_so_and_loses_nothing() {
    let (_folder, path) = folder();
    inhabited(&path).await;
    let store = Arc::new(opened(&path));
    // Somebody holds the database: the writer waits, and the queue fills.
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut sample = Sample::new();
    let rows: Vec<_> = (0..1_600).map(|_| sample.signing_key()).collect();
    let commits: Vec<_> = rows
        .iter()
        .map(|row| {
            let (store, row) = (Arc::clone(&store), row.clone());
            tokio::spawn(async move {
                store
                    .commit(&[Change::Insert(Record::SigningKey(row))])
                    .await
            })
        })
        .collect();
    // Those that find no place are answered while the others still wait.
    let waiting = |commits: &[tokio::task::JoinHandle<_>]| {
        commits
            .iter()
            .filter(|commit| !commit.is_finished())
            .count()
    };
    while waiting(&commits) > 1_024 + 128 {
        tokio::task::yield_now().await;
    }
    holder.execute_batch("ROLLBACK").unwrap();
    let (mut made, mut refused) = (0, 0);
    for commit in commits {
        match commit.await.unwrap() {
            Ok(committed) => {
                assert_eq!(committed, Committed::Yes);
                made += 1;
            }
            Err(fault) => {
                assert!(fault.is_temporary());
                refused += 1;
            }
        }
    }
    let kept = carnet_core::store::Ledger::signing_keys(&*store)
        .await
        .unwrap()
        .len();
    assert_eq!(kept, made);
    assert!(refused >= 1_600 - 1_024 - 128, "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_nobody_waits_for_is_made_and_told() {
    let (_folder, path) = folder();
    inhabited(&path).await;
    let store = opened(&path);
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut sample = Sample::new();
    let row = sample.signing_key();
    let changes = [Change::Insert(Record::SigningKey(row))];
    let mut commit = store.commit(&changes);
    // Polled once, which sends it; then its caller goes away.
    let polled = std::future::poll_fn(|context| {
        std::task::Poll::Ready(commit.as_mut().poll(context).is_pending())
    });
    assert!(polled.await);
    drop(commit);
    holder.execute_batch("ROLLBACK").unwrap();
    // The next one is answered after it.
    let next = [Change::Insert(Record::SigningKey(sample.signing_key()))];
    assert_eq!(store.commit(&next).await.unwrap(), Committed::Yes);
    assert_eq!(
        *notes.0.lock().unwrap(),
        [Topic::SigningKeys, Topic::SigningKeys]
    );
    let kept = carnet_core::store::Ledger::signing_keys(&store)
        .await
        .unwrap();
    assert_eq!(kept.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_does_not_hold_up_others() {
    let (_folder, path) = folder();
    let world = inhabited(&path).await;
    let store = Arc::new(opened(&path));
    let mut lists = Vec::new();
    for _ in 0..64 {
        let store = Arc::clone(&store);
        lists.push(tokio::spawn(async move {
            store
                .organizations(&Page::first(1_000))
                .await
                .unwrap()
                .items
                .len()
        }));
    }
    for _ in 0..64 {
        assert!(
            store
                .organization(world.organization.id)
                .await
                .unwrap()
                .is_some()
        );
    }
    for list in lists {
        assert_eq!(list.await.unwrap(), 1);
    }
}

/// Nothing else could run beside it on a runtime with one thread, its timers included.
#[tokio::test]
async fn who_reads_without_end_lets_others_have_their_turn() {
    let (_folder, path) = folder();
    let world = inhabited(&path).await;
    let store = opened(&path);
    let (sender, mut receiver) = tokio::sync::oneshot::channel();
    tokio::spawn(async move { sender.send(()) });
    let mut reads = 0;
    while receiver.try_recv().is_err() {
        store.organization(world.organization.id).await.unwrap();
        reads += 1;
        assert!(reads < 100_000, "nobody else had a turn");
    }
}

/// What stands in the folder of the file.
fn beside(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_look_changes_nothing_and_sees_what_a_server_commits() {
    let (_folder, path) = folder();
    assert!(SqliteLook::open(&path).is_err(), "nothing is made");
    assert!(beside(&path).is_empty());
    let world = inhabited(&path).await;
    let before = beside(&path);
    let (look, missing) = SqliteLook::open(&path).unwrap();
    assert_eq!(missing, 0);
    let look = Sql(look);
    assert!(
        look.organization(world.organization.id)
            .await
            .unwrap()
            .is_some()
    );
    let again = look
        .commit(&[Change::Insert(Record::Project(world.project.clone()))])
        .await;
    assert!(again.is_err(), "a look writes nothing");
    drop(look);
    assert_eq!(beside(&path), before);

    let server = opened(&path);
    let (look, _) = SqliteLook::open(&path).unwrap();
    let found = Sql(look).organization(world.organization.id).await.unwrap();
    assert!(found.is_some(), "a server that runs is no hindrance");
    drop(server);
}
