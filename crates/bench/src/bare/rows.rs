//! One row on disk for each token, as the plainest server would keep it: SQLite with `synchronous=FULL`, one thread that
//! writes what has come meanwhile in one transaction, an answer after it.

use std::path::Path;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::thread;

use carnet_jose::entropy;
use rusqlite::Connection;
use tokio::sync::oneshot;

type Job = oneshot::Sender<()>;

/// The way to the thread.
pub(super) struct Rows {
    jobs: Sender<Job>,
}

impl Rows {
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS rows (id BLOB PRIMARY KEY, ends INTEGER NOT NULL, said TEXT NOT NULL) STRICT;
             CREATE INDEX IF NOT EXISTS rows_by_end ON rows (ends);",
        )?;
        let (jobs, queue) = mpsc::channel();
        thread::spawn(move || serve(&connection, &queue));
        Ok(Self { jobs })
    }

    /// Keeps a row; comes back when it is on disk.
    pub(super) async fn keep(&self) -> Option<()> {
        let (done, answer) = oneshot::channel();
        self.jobs.send(done).ok()?;
        answer.await.ok()
    }
}

fn serve(connection: &Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let group: Vec<_> = std::iter::once(first).chain(queue.try_iter()).collect();
        // Who waits for a row that was not kept is not answered.
        if written(connection, group.len()).is_ok() {
            for job in group {
                let _ = job.send(());
            }
        }
    }
}

fn written(connection: &Connection, rows: usize) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    for _ in 0..rows {
        let id: [u8; 32] = entropy::random().map_err(|_| rusqlite::Error::InvalidQuery)?;
        transaction
            .prepare_cached("INSERT INTO rows (id, ends, said) VALUES (?1, ?2, ?3)")?
            .execute((id.as_slice(), 4_000_000_000_i64, "bench-keeps"))?;
    }
    transaction.commit()
}
