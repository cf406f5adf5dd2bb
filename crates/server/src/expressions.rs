//! The expressions of providers are compiled here, and those of bindings before they are saved: on a thread of their
//! own. Those of providers are kept.
//!
//! 1. What an administrator writes is compiled when it is saved, and a provider is not saved with an expression that is
//!    wrong. One thread does it, one text after the other. It starts with the first expression that comes: a server
//!    without providers has none.
//! 2. A few wait for it. What does not fit, or waits too long, is [`Busy`]: the caller is told to come back, and what
//!    nobody waits for any more is not compiled.
//! 3. What was compiled is kept by the provider's name and version, within a bound of memory; a token that comes later
//!    finds it, and after a restart it is compiled once more.
//! 4. Evaluating is not done here. It costs little, and how much at most is known
//!    ([`carnet_core::rule::federation::mapping`]).
//!
//! The compiler needs little time and little stack, whatever the text. The thread is there so that this need not be
//! believed: should it be wrong, no request that has nothing to do with it waits or falls.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use carnet_core::record::WorkloadProvider;
use carnet_core::rule::federation::mapping::Circumstances;
use carnet_core::rule::federation::mapping::Faulty;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_core::rule::federation::mapping::check_availability;
use carnet_core::rule::federation::mapping::check_binding;
use carnet_core::value::ProviderName;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use tokio::sync::mpsc;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::Sender;
use tokio::sync::oneshot;

/// How many wait for the thread.
const QUEUE: usize = 64;

/// How long one waits, its own turn included.
const WAIT: Duration = Duration::from_secs(2);

/// The stack of the thread. What is not used of it takes no memory.
const STACK: usize = 16 * 1024 * 1024;

/// How many bytes of expressions are kept compiled. Where more are in use, all are compiled again.
const KEPT: usize = 512 * 1024;

/// The thread did not come to it in time. It may a few seconds later.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expressions could not be compiled in time")]
pub struct Busy;

/// Why a provider's expressions cannot be evaluated.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotReady {
    /// It may work a few seconds later.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// What was saved is wrong: it was saved by another version of this program.
    #[error(transparent)]
    Faulty(#[from] Faulty),
}

/// Compiles expressions, and keeps those of providers.
#[derive(Default)]
pub struct Expressions {
    jobs: OnceLock<Sender<Job>>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    mappings: HashMap<ProviderName, (Version, Arc<Mapping>)>,
    length: usize,
}

enum Job {
    Mapping {
        texts: BTreeMap<String, String>,
        condition: Option<String>,
        answer: oneshot::Sender<Result<Mapping, Faulty>>,
    },
    Availability {
        texts: Vec<String>,
        answer: oneshot::Sender<Result<(), Faulty>>,
    },
    Bindings {
        texts: Vec<String>,
        now: UnixTime,
        account: String,
        answer: oneshot::Sender<Result<(), Faulty>>,
    },
}

impl Expressions {
    /// Compiles what somebody wants to save.
    pub async fn compile(
        &self,
        texts: BTreeMap<String, String>,
        condition: Option<String>,
    ) -> Result<Result<Mapping, Faulty>, Busy> {
        self.ask(|answer| Job::Mapping {
            texts,
            condition,
            answer,
        })
        .await
    }

    /// Whether all of these can be conditions of an access boundary.
    pub async fn check(&self, texts: Vec<String>) -> Result<Result<(), Faulty>, Busy> {
        self.ask(|answer| Job::Availability { texts, answer }).await
    }

    /// Whether all of these can be conditions of bindings on the account of this name.
    pub async fn check_bindings(
        &self,
        texts: Vec<String>,
        (account, now): (String, UnixTime),
    ) -> Result<Result<(), Faulty>, Busy> {
        self.ask(|answer| Job::Bindings {
            texts,
            now,
            account,
            answer,
        })
        .await
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, Busy> {
        let (answer, answered) = oneshot::channel();
        let jobs = self.jobs.get_or_init(start);
        jobs.try_send(job(answer)).map_err(|_| Busy)?;
        let answered = tokio::time::timeout(WAIT, answered).await;
        answered.map_err(|_| Busy)?.map_err(|_| Busy)
    }

    /// The expressions of a provider, compiled now or earlier.
    pub async fn of(&self, provider: &WorkloadProvider) -> Result<Arc<Mapping>, NotReady> {
        if let Some(kept) = self.kept().find(provider) {
            return Ok(kept);
        }
        let (texts, condition) = (provider.mapping.clone(), provider.condition.clone());
        let compiled = Arc::new(self.compile(texts, condition).await??);
        self.kept().keep(provider, &compiled);
        Ok(compiled)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&self, provider: &WorkloadProvider) -> Option<Arc<Mapping>> {
        let (version, mapping) = self.mappings.get(&provider.name)?;
        (*version == provider.version).then(|| Arc::clone(mapping))
    }

    fn keep(&mut self, provider: &WorkloadProvider, mapping: &Arc<Mapping>) {
        let length = mapping.length();
        if self.length + length > KEPT {
            *self = Self::default();
        }
        let (name, version) = (provider.name.clone(), provider.version);
        let before = self.mappings.insert(name, (version, Arc::clone(mapping)));
        let before = before.map_or(0, |(_, before)| before.length());
        self.length = (self.length + length).saturating_sub(before);
    }
}

impl fmt::Debug for Expressions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expressions")
            .field("kept", &self.kept().mappings.len())
            .finish_non_exhaustive()
    }
}

/// Starts the thread. It ends when nobody can send it anything any more.
fn start() -> Sender<Job> {
    let (sender, jobs) = mpsc::channel(QUEUE);
    let named = thread::Builder::new().name("expressions".to_owned());
    let started = named.stack_size(STACK).spawn(move || work(jobs));
    if let Err(error) = started {
        tracing::error!(%error, "the thread for expressions could not be started");
    }
    sender
}

fn work(mut jobs: Receiver<Job>) {
    while let Some(job) = jobs.blocking_recv() {
        match job {
            Job::Mapping {
                texts,
                condition,
                answer,
            } => done(answer, || Mapping::compile(&texts, condition.as_deref())),
            Job::Availability { texts, answer } => done(answer, || {
                texts.iter().try_for_each(|text| check_availability(text))
            }),
            Job::Bindings {
                texts,
                now,
                account,
                answer,
            } => done(answer, || {
                let check = |text: &String| check_binding(text, Circumstances::of(now, &account));
                texts.iter().try_for_each(check)
            }),
        }
    }
}

fn done<T>(answer: oneshot::Sender<T>, work: impl FnOnce() -> T) {
    if answer.is_closed() {
        return;
    }
    if let Ok(outcome) = catch_unwind(AssertUnwindSafe(work)) {
        // Nobody may wait for it any more.
        drop(answer.send(outcome));
    } else {
        tracing::error!("an expression made its compiler fail; it was not taken");
    }
}

#[cfg(test)]
mod tests;
