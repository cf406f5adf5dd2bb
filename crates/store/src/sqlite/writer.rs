//! The one writer.
//!
//! 1. It takes what is queued, up to [`GROUP`], into one transaction. Where there are several, each has a
//!    savepoint of its own, so that one that does not fit is undone alone.
//! 2. `COMMIT` flushes once for all of them. Only then is anybody told or answered; those who lost
//!    as well, since they may have lost against one that was not durable yet.
//! 3. When the transaction itself fails (a full disk, a failing device), everyone in it is answered
//!    with a temporary fault. After a failed `COMMIT` nobody knows what is on the disk: copies are
//!    dropped, and the connection is closed. The next commit opens it anew and first folds the log
//!    into the file, since after a failed flush the log cannot be trusted to reach the disk by
//!    itself. Until that works, every commit is refused.
//! 4. The queue is bounded: who comes when it is full is told at once.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::thread::JoinHandle;

use carnet_core::store::Fault;
use rusqlite::Connection;
use rusqlite::ErrorCode;
use rusqlite::params_from_iter;
use tokio::sync::oneshot;

use crate::engine::Work;
use crate::engine::Written;
use crate::error::OpenError;
use crate::sqlite::connection;
use crate::sqlite::trouble;
use crate::statement::Step;
use crate::watchers::Watchers;

/// How many commits share a flush at most.
const GROUP: usize = 128;

/// How many commits may wait.
const QUEUE: usize = 1_024;

type Answer = Result<Written, Fault>;

struct Job {
    work: Work,
    reply: oneshot::Sender<Answer>,
}

pub(super) struct Writer {
    // Dropped before the thread is joined, which is what ends it.
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(path: &Path, watchers: Arc<Watchers>) -> Result<Self, OpenError> {
        let connection = connection::writing(path, false).map_err(OpenError::unreachable)?;
        let desk = Desk {
            path: path.to_owned(),
            connection: Some(connection),
            watchers,
        };
        let (queue, jobs) = mpsc::sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("carnet-writer".to_owned())
            .spawn(move || desk.serve(&jobs))
            .map_err(OpenError::unreachable)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(super) async fn write(&self, work: Work) -> Answer {
        let (reply, answer) = oneshot::channel();
        let gone = || Fault::temporary("the store is closing");
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue
            .try_send(Job { work, reply })
            .map_err(|error| match error {
                mpsc::TrySendError::Full(_) => Fault::temporary("too many commits are waiting"),
                mpsc::TrySendError::Disconnected(_) => gone(),
            })?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing left to close.
            let _ = thread.join();
        }
    }
}

struct Desk {
    path: PathBuf,
    connection: Option<Connection>,
    watchers: Arc<Watchers>,
}

impl Desk {
    fn serve(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut group = vec![first];
            // Whoever is about to write as well and waits for this core comes first, and shares the flush. Where nobody waits
            // for the core, this costs nothing.
            thread::yield_now();
            while group.len() < GROUP
                && let Ok(next) = jobs.try_recv()
            {
                group.push(next);
            }
            self.write(group);
        }
    }

    fn write(&mut self, group: Vec<Job>) {
        let answers = self.transaction(&group).unwrap_or_else(|trouble| {
            tracing::error!(%trouble, commits = group.len(), "a transaction failed");
            let failed = || Err(Fault::temporary(Failed(trouble.to_string())));
            group.iter().map(|_| failed()).collect()
        });
        for (job, answer) in group.iter().zip(&answers) {
            if !matches!(answer, Ok(Written::No(..))) {
                self.watchers.tell(&job.work.topics);
            }
        }
        for (job, answer) in group.into_iter().zip(answers) {
            // Who does not wait any more will read it.
            let _ = job.reply.send(answer);
        }
    }

    fn transaction(&mut self, group: &[Job]) -> rusqlite::Result<Vec<Answer>> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => reopen(&self.path)?,
        };
        let answers = whole(&connection, group);
        // Any failure but a lock that was not free leaves doubt. Closing undoes what was begun.
        let keep = match &answers {
            Ok(_) => true,
            Err(error) => {
                error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && connection.is_autocommit()
            }
        };
        if keep {
            self.connection = Some(connection);
        }
        answers
    }
}

/// After a failure whose extent nobody knows.
fn reopen(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connection::writing(path, false)?;
    let busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        return Err(rusqlite::Error::SqliteFailure(code, None));
    }
    Ok(connection)
}

fn whole(connection: &Connection, group: &[Job]) -> rusqlite::Result<Vec<Answer>> {
    run(connection, "BEGIN IMMEDIATE")?;
    let answers = match group {
        [only] => vec![by_itself(connection, &only.work.steps)?],
        several => several
            .iter()
            .map(|job| alone(connection, &job.work.steps))
            .collect::<rusqlite::Result<_>>()?,
    };
    if !connection.is_autocommit() {
        run(connection, "COMMIT")?;
    }
    Ok(answers)
}

/// One commit that shares the transaction with nobody: it needs no savepoint.
fn by_itself(connection: &Connection, steps: &[Step]) -> rusqlite::Result<Answer> {
    let answer = answer(connection, steps)?;
    if !matches!(answer, Ok(Written::Yes(_))) {
        run(connection, "ROLLBACK")?;
    }
    Ok(answer)
}

/// One commit, undone by itself where it does not fit.
fn alone(connection: &Connection, steps: &[Step]) -> rusqlite::Result<Answer> {
    run(connection, "SAVEPOINT alone")?;
    let answer = answer(connection, steps)?;
    if !matches!(answer, Ok(Written::Yes(_))) {
        run(connection, "ROLLBACK TO alone")?;
    }
    run(connection, "RELEASE alone")?;
    Ok(answer)
}

/// What came of it; or that the transaction is in doubt.
fn answer(connection: &Connection, steps: &[Step]) -> rusqlite::Result<Answer> {
    match all(connection, steps) {
        Ok(written) => Ok(Ok(written)),
        Err(error) if trouble::is_serious(&error) || connection.is_autocommit() => Err(error),
        Err(error) => Ok(Err(trouble::fault(error))),
    }
}

fn all(connection: &Connection, steps: &[Step]) -> rusqlite::Result<Written> {
    let mut touched = 0;
    for step in steps {
        let done = one(connection, step);
        touched = match (done, step.no_row) {
            (Ok(0), Some(why)) => return Ok(Written::No(step.change, why)),
            (Ok(rows), _) => rows,
            (Err(error), _) => match trouble::why(&error) {
                Some(why) => return Ok(Written::No(step.change, why)),
                None => return Err(error),
            },
        };
    }
    Ok(Written::Yes(touched))
}

fn one(connection: &Connection, step: &Step) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(step.statement.sqlite())?;
    let mut rows = statement.query(params_from_iter(&step.params))?;
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(connection.changes())
}

fn run(connection: &Connection, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(text)?.execute([]).map(|_| ())
}

/// A transaction was not made.
#[derive(Debug)]
struct Failed(String);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the database did not commit: {}", self.0)
    }
}

impl std::error::Error for Failed {}

#[cfg(test)]
mod tests;
