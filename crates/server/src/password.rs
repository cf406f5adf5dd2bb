//! Passwords are hashed here, by a few threads that do nothing else.
//!
//! 1. A hash costs 16 ms of a core on purpose. There are as many threads as cores but one (one at
//!    least), or as many as are configured, each with its block of memory, which is made for the first
//!    hash and used again: what hashing
//!    takes is bounded, and no thread that serves requests ever hashes.
//! 2. Work waits in a short queue. What does not fit, or waits too long, is [`Busy`]: the caller is told
//!    to come back, and work that nobody waits for any more is not done. What fits the queue is hashed within
//!    the usual wait, by one thread that has its core.
//! 3. Where there is no such user, or the user has no password, a hash is computed all the same, with the
//!    default cost, so that the time tells nothing.
//! 4. A password that was right, but hashed another way or at another cost, is hashed anew. One that was
//!    wrong is hashed as well, to no use: right and wrong take the same time, and no refusal is faster
//!    than that of nobody. What an old hash costs itself comes on top, so a dear one (bcrypt with cost 12:
//!    0.2 s) tells a patient guesser that somebody was brought along who has not signed in since.
//!
//! Passwords are held in memory that is wiped when it is let go.

mod argon;
mod cost;
mod imported;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use argon2::Block;
use carnet_core::value::Entropy;
use carnet_core::value::PasswordHash;
use serde::Deserialize;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::entropy::SystemEntropy;

pub use cost::Cost;
pub use imported::NotSupported;
pub use imported::form;
pub use imported::import;

/// A password as somebody typed it.
pub type Typed = Zeroizing<String>;

/// How long a password may be, in bytes. Longer ones are not hashed: they are not right.
pub const LONGEST: usize = carnet_core::rule::password::LONGEST;

/// There is no thread for it in time. It may work a few seconds later.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("every thread that hashes passwords is busy")]
pub struct Busy;

/// Whether a password was right.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// It was.
    pub right: bool,
    /// It was, and this should be kept instead of the old hash.
    pub anew: Option<PasswordHash>,
}

/// How passwords are hashed, and how much of that happens at a time.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "crate::config::password::Written")]
pub struct Hashing {
    /// What a new hash costs.
    pub cost: Cost,
    /// How many threads hash; one at least.
    pub threads: usize,
    /// How many wait for a thread.
    pub queue: usize,
    /// How long one waits, its own hash included.
    pub wait: Duration,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            cost: Cost::default(),
            threads: thread::available_parallelism()
                .map_or(1, usize::from)
                .saturating_sub(1)
                .max(1),
            queue: 256,
            // A full queue is 4 s of hashing for one thread.
            wait: Duration::from_secs(5),
        }
    }
}

impl Hashing {
    /// The cheapest that can be, for tests that sign in often. Nothing for real people.
    #[must_use]
    pub fn cheapest() -> Self {
        Self {
            cost: Cost::cheapest(),
            threads: 1,
            ..Self::default()
        }
    }
}

/// The threads that hash, and the way to them. The threads end when it is dropped.
pub struct Passwords {
    queue: Arc<Queue>,
    hashing: Hashing,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    some: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    closed: bool,
}

enum Job {
    Hash(Typed, oneshot::Sender<Option<PasswordHash>>),
    Verify(Typed, Option<PasswordHash>, oneshot::Sender<Verified>),
}

impl Passwords {
    /// Starts the threads.
    #[must_use]
    pub fn start(hashing: Hashing) -> Self {
        let queue = Arc::new(Queue::default());
        for number in 1..=hashing.threads.max(1) {
            let queue = Arc::clone(&queue);
            let named = thread::Builder::new().name(format!("password-{number}"));
            let started = named.spawn(move || work(&queue, hashing.cost));
            if let Err(error) = started {
                tracing::error!(%error, "a thread for passwords could not be started");
            }
        }
        Self { queue, hashing }
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: Typed) -> Result<PasswordHash, Busy> {
        let (sender, answer) = oneshot::channel();
        self.put(Job::Hash(password, sender))?;
        self.wait(answer).await?.ok_or(Busy)
    }

    /// Verifies a password against what is kept of it, if anything is.
    pub async fn verify(
        &self,
        password: Typed,
        kept: Option<PasswordHash>,
    ) -> Result<Verified, Busy> {
        let (sender, answer) = oneshot::channel();
        self.put(Job::Verify(password, kept, sender))?;
        self.wait(answer).await
    }

    fn put(&self, job: Job) -> Result<(), Busy> {
        let mut waiting = self.queue.lock();
        if waiting.jobs.len() >= self.hashing.queue.max(1) {
            return Err(Busy);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.queue.some.notify_one();
        Ok(())
    }

    async fn wait<T>(&self, answer: oneshot::Receiver<T>) -> Result<T, Busy> {
        let answered = tokio::time::timeout(self.hashing.wait, answer).await;
        answered.map_err(|_| Busy)?.map_err(|_| Busy)
    }
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.some.notify_all();
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords")
            .field("hashing", &self.hashing)
            .finish_non_exhaustive()
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job that somebody waits for; none when it is time to end.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            while let Some(job) = waiting.jobs.pop_front() {
                if job.is_wanted() {
                    return Some(job);
                }
            }
            if waiting.closed {
                return None;
            }
            waiting = self
                .some
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Job {
    fn is_wanted(&self) -> bool {
        match self {
            Self::Hash(_, sender) => !sender.is_closed(),
            Self::Verify(_, _, sender) => !sender.is_closed(),
        }
    }
}

/// How far the threads that hash stand back: whoever only wants a token comes first at a core that both want. What is
/// left to them where others want all of each core is a twentieth of one: three sign-ins a second, and eight people who
/// come together are all in within [`Hashing::wait`]. Half as far, and tokens wait three times as long for them.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// On Linux that is of a thread; elsewhere it would be of the whole program.
#[cfg(target_os = "linux")]
fn stand_back() {
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "a thread for passwords could not stand back");
    }
}

#[cfg(not(target_os = "linux"))]
const fn stand_back() {}

/// What one of the threads does.
fn work(queue: &Queue, cost: Cost) {
    stand_back();
    // Made for the first job: a server that hashes nothing does not hold it.
    let mut memory = Vec::new();
    while let Some(job) = queue.next() {
        memory.resize_with(cost.blocks(), Block::default);
        // Who asked may have gone away meanwhile; then nobody wants to know.
        match job {
            Job::Hash(password, sender) => {
                let _gone = sender.send(hashed(&password, cost, &mut memory));
            }
            Job::Verify(password, kept, sender) => {
                let _gone = sender.send(verified(&password, kept.as_ref(), cost, &mut memory));
            }
        }
    }
}

fn hashed(password: &str, cost: Cost, memory: &mut [Block]) -> Option<PasswordHash> {
    let mut salt = [0; 16];
    SystemEntropy.fill(&mut salt);
    argon::hash(password, &salt, cost, memory)
}

fn verified(
    password: &str,
    kept: Option<&PasswordHash>,
    cost: Cost,
    memory: &mut [Block],
) -> Verified {
    let kept = kept.filter(|_| password.len() <= LONGEST);
    let right = kept.is_some_and(|kept| imported::holds(password, kept, memory) == Some(true));
    if kept.is_some_and(|kept| argon::is_at(kept, cost)) {
        return Verified { right, anew: None };
    }
    // As long as a hash of ours takes, whether anything comes of it or not.
    let anew = hashed(password.get(..LONGEST).unwrap_or(password), cost, memory);
    Verified {
        right,
        anew: anew.filter(|_| right),
    }
}

#[cfg(test)]
mod tests;
