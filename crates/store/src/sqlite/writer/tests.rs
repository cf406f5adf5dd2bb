//! One writer for many commits: who loses, loses alone.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::Why;
use carnet_testkit::contract::sample::Sample;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::Answer;
use super::Desk;
use super::Job;
use crate::engine::Work;
use crate::engine::Written;
use crate::missing::Missing;
use crate::sqlite::connection;
use crate::sqlite::open;
use crate::steps;
use crate::watchers::Watchers;

#[derive(Default)]
struct Notes(Mutex<Vec<Topic>>);

impl Watcher for Notes {
    fn changed(&self, topic: &Topic) {
        self.0.lock().unwrap().push(topic.clone());
    }
}

struct Bench {
    desk: Desk,
    notes: Arc<Notes>,
    sample: Sample,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("carnet.db");
        open::prepare(&path, Missing::Create).unwrap();
        let connection = Some(connection::writing(&path, false).unwrap());
        let (watchers, notes) = (Arc::new(Watchers::default()), Arc::new(Notes::default()));
        watchers.add(Arc::clone(&notes) as Arc<dyn Watcher>);
        let desk = Desk {
            path,
            connection,
            watchers,
        };
        Self {
            desk,
            notes,
            sample: Sample::new(),
            _folder: folder,
        }
    }

    fn group(&mut self, commits: &[Vec<Change>]) -> Vec<Answer> {
        let (jobs, answers): (Vec<_>, Vec<_>) = commits
            .iter()
            .map(|changes| {
                let (reply, answer) = oneshot::channel();
                let steps = steps::of(changes).unwrap_or_else(|_| unreachable!("it has steps"));
                let topics = changes.iter().flat_map(Change::topics).collect();
                (
                    Job {
                        work: Work { steps, topics },
                        reply,
                    },
                    answer,
                )
            })
            .unzip();
        self.desk.write(jobs);
        answers
            .into_iter()
            .map(|mut answer| answer.try_recv().unwrap())
            .collect()
    }

    fn told(&self) -> Vec<Topic> {
        std::mem::take(&mut *self.notes.0.lock().unwrap())
    }

    /// A row of so many bytes.
    fn key(&mut self, bytes: usize) -> Change {
        let mut key = self.sample.signing_key();
        key.sealed = vec![7; bytes];
        Change::Insert(Record::SigningKey(key))
    }

    fn limit_pages(&self, extra: i64) {
        let connection = self.desk.connection.as_ref().unwrap();
        let pages: i64 = connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        let _: i64 = connection
            .query_row(
                &format!("PRAGMA max_page_count = {}", pages + extra),
                [],
                |row| row.get(0),
            )
            .unwrap();
    }
}

#[test]
fn a_loser_is_undone_alone() {
    let mut bench = Bench::new();
    let (first, second, third) = (bench.key(10), bench.key(10), bench.key(10));
    let answers = bench.group(&[
        vec![first.clone()],
        vec![second.clone(), first.clone()],
        vec![second, third],
    ]);
    assert!(matches!(answers[0], Ok(Written::Yes(1))));
    assert!(matches!(answers[1], Ok(Written::No(1, Why::Taken))));
    assert!(
        matches!(answers[2], Ok(Written::Yes(1))),
        "the second one's row was not kept"
    );
    assert_eq!(
        bench.told(),
        vec![Topic::SigningKeys; 3],
        "one, and two of the third commit"
    );
}

#[test]
fn a_statement_that_cannot_be_is_one_commits_own_fault() {
    let mut bench = Bench::new();
    let good = bench.key(10);
    // A row that no STRICT column takes: a broken program, not a broken disk.
    let (reply, mut answer) = oneshot::channel();
    let mut steps = steps::of(&[bench.key(10)]).unwrap_or_else(|_| unreachable!());
    steps[0].params[9] = crate::statement::Param::Text("no number".to_owned());
    let work = Work {
        steps,
        topics: Vec::new(),
    };
    let broken = Job { work, reply };
    let (reply, mut other) = oneshot::channel();
    let steps = steps::of(&[good]).unwrap_or_else(|_| unreachable!());
    let fine = Job {
        work: Work {
            steps,
            topics: Vec::new(),
        },
        reply,
    };
    bench.desk.write(vec![broken, fine]);
    assert!(!answer.try_recv().unwrap().unwrap_err().is_temporary());
    assert!(matches!(other.try_recv().unwrap(), Ok(Written::Yes(1))));
}

#[test]
fn a_full_disk_fails_everyone_for_now_and_nothing_is_kept() {
    let mut bench = Bench::new();
    bench.limit_pages(2);
    let (small, large) = (bench.key(10), bench.key(100_000));
    let answers = bench.group(&[vec![small.clone()], vec![large.clone()]]);
    for answer in answers {
        assert!(answer.unwrap_err().is_temporary());
    }
    assert_eq!(
        bench.told(),
        vec![Topic::SigningKeys; 2],
        "copies are dropped where there is doubt"
    );
    // There is room again, since the limit went with the connection.
    assert!(bench.desk.connection.is_none());
    let answers = bench.group(&[vec![small], vec![large]]);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(Written::Yes(1))))
    );
}

#[test]
fn a_file_that_cannot_be_opened_again_refuses_until_it_can() {
    let mut bench = Bench::new();
    let key = bench.key(10);
    let whole = bench.desk.path.clone();
    bench.desk.connection = None;
    bench.desk.path = whole.join("nowhere");
    let answers = bench.group(&[vec![key.clone()]]);
    assert!(
        answers
            .into_iter()
            .all(|answer| answer.unwrap_err().is_temporary())
    );
    bench.desk.path = whole;
    let answers = bench.group(&[vec![key]]);
    assert!(matches!(answers[0], Ok(Written::Yes(1))));
}

#[test]
fn the_chain_is_hashed_as_the_core_hashes_it() {
    let mut bench = Bench::new();
    let draft = bench.sample.draft();
    bench.group(&[vec![Change::Audited(draft.clone())]]);
    let connection = bench.desk.connection.as_ref().unwrap();
    let head: [u8; 32] = connection
        .query_row("SELECT hash FROM audit_head", [], |row| row.get(0))
        .unwrap();
    assert_eq!(head, draft.hash_after(&[0; 32]));
}
