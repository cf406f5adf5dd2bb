//! Reading, without keeping anybody from working.
//!
//! A point read costs about 4 µs, a hand-over to another thread and back 40 to 100 µs. So a point
//! read is done on the spot, on a connection that nobody else uses at that moment. Lists, which may
//! take milliseconds, are done by reader threads, and so are point reads when all connections for
//! them are taken.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::thread::JoinHandle;

use carnet_core::store::Fault;
use rusqlite::Connection;
use rusqlite::params_from_iter;
use tokio::sync::oneshot;

use crate::engine::BadRow;
use crate::error::OpenError;
use crate::row::Decode;
use crate::row::Fields;
use crate::sqlite::trouble;
use crate::statement::Question;
use crate::statement::Size;

/// Threads for lists.
const THREADS: usize = 2;

/// How many lists may wait for a thread.
const QUEUE: usize = 256;

type Job = Box<dyn FnOnce(&Connection) + Send>;

pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    // Dropped before the threads are joined, which is what ends them.
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts them on connections that are opened so.
    pub(super) fn start(
        open: impl Fn() -> rusqlite::Result<Connection>,
    ) -> Result<Self, OpenError> {
        let open = || open().map_err(OpenError::unreachable);
        let spots = thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 16));
        let idle = (0..spots).map(|_| open()).collect::<Result<_, _>>()?;
        let (queue, jobs) = mpsc::sync_channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::with_capacity(THREADS);
        for _ in 0..THREADS {
            let connection = open()?;
            let jobs = Arc::clone(&jobs);
            let thread = thread::Builder::new()
                .name("carnet-reader".to_owned())
                .spawn(move || serve(&connection, &jobs))
                .map_err(OpenError::unreachable)?;
            threads.push(thread);
        }
        Ok(Self {
            idle: Mutex::new(idle),
            queue: Some(queue),
            threads,
        })
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        question: Question,
        decode: Decode<T>,
    ) -> Result<Vec<T>, Fault> {
        let spot = match question.size {
            Size::Point => self.idle().pop(),
            Size::List => None,
        };
        match spot {
            Some(connection) => {
                let rows = rows(&connection, &question, decode);
                self.idle().push(connection);
                rows
            }
            None => self
                .hand_over(question, decode)?
                .await
                .map_err(|_| gone())?,
        }
    }

    fn hand_over<T: Send + 'static>(
        &self,
        question: Question,
        decode: Decode<T>,
    ) -> Result<oneshot::Receiver<Result<Vec<T>, Fault>>, Fault> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody may be waiting any more: then the question is not worth asking.
            if !reply.is_closed() {
                let _ = reply.send(rows(connection, &question, decode));
            }
        });
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue
            .try_send(job)
            .map_err(|_| Fault::temporary("too many lists are being read"))?;
        Ok(answer)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.take();
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing left to close.
            let _ = thread.join();
        }
    }
}

fn gone() -> Fault {
    Fault::temporary("the store is closing")
}

fn serve(connection: &Connection, jobs: &Mutex<Receiver<Job>>) {
    loop {
        // One idle thread waits inside the lock, the other for the lock: either way one wakes up.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(connection),
            Err(mpsc::RecvError) => return,
        }
    }
}

fn rows<T>(
    connection: &Connection,
    question: &Question,
    decode: Decode<T>,
) -> Result<Vec<T>, Fault> {
    let name = question.statement.name();
    let mut statement = connection
        .prepare_cached(question.statement.sqlite())
        .map_err(trouble::fault)?;
    let mut rows = statement
        .query(params_from_iter(&question.params))
        .map_err(trouble::fault)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(trouble::fault)? {
        let record = decode(&mut Fields::of(row)).map_err(|bad| BadRow::fault(name, bad))?;
        found.push(record);
    }
    Ok(found)
}
