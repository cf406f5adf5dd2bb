//! One at a time, and those who waited share what came of it.
//!
//! 1. Whoever comes first does the work; the others wait for their turn.
//! 2. Whoever gets a turn and sees that the work was finished while it waited takes that outcome,
//!    be it good or bad. So a hundred callers make one request, also where it fails.
//! 3. A failure is told to those who waited and to nobody else: the next caller tries anew.
//! 4. Where the one at work is dropped (its future is cancelled), the next in line begins anew.

use std::future::Future;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::error::Error;

/// A piece of work that is never done twice at the same time.
#[derive(Debug)]
pub(crate) struct Flight<T> {
    turn: tokio::sync::Mutex<()>,
    last: Mutex<Last<T>>,
}

#[derive(Debug)]
struct Last<T> {
    /// How many times the work was finished.
    finished: u64,
    outcome: Option<Result<T, Error>>,
}

impl<T: Clone> Flight<T> {
    pub(crate) fn new() -> Self {
        Self {
            turn: tokio::sync::Mutex::new(()),
            last: Mutex::new(Last {
                finished: 0,
                outcome: None,
            }),
        }
    }

    /// Does the work, or waits for whoever is at it.
    pub(crate) async fn join(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let seen = self.lock().finished;
        let _turn = self.turn.lock().await;
        if let Some(outcome) = self.finished_since(seen) {
            return outcome;
        }
        self.finish(work.await)
    }

    /// Does the work, unless somebody is at it.
    pub(crate) async fn lead(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Option<Result<T, Error>> {
        let _turn = self.turn.try_lock().ok()?;
        Some(self.finish(work.await))
    }

    fn finished_since(&self, seen: u64) -> Option<Result<T, Error>> {
        let last = self.lock();
        (last.finished > seen).then(|| last.outcome.clone())?
    }

    fn finish(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        let mut last = self.lock();
        last.finished += 1;
        last.outcome = Some(outcome.clone());
        outcome
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Last<T>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
