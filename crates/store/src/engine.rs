//! What SQLite and PostgreSQL each have to do; everything above is written once.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use carnet_core::store::Fault;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::Why;

use crate::row::Decode;
use crate::row::Unreadable;
use crate::statement::Question;
use crate::statement::Step;

/// A database.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Rows, each decoded where it was read.
    fn read<T: Send + 'static>(
        &self,
        question: Question,
        decode: Decode<T>,
    ) -> impl Future<Output = Result<Vec<T>, Fault>> + Send;

    /// All steps in one transaction, or none. Once it has begun it runs to its end, even where
    /// nobody waits for the answer any more; and whoever may have written something tells the
    /// topics, whatever the answer is.
    fn write(&self, work: Work) -> impl Future<Output = Result<Written, Fault>> + Send;

    /// See [`carnet_core::store::Store::watch`].
    fn watch(&self, watcher: Arc<dyn Watcher>);
}

/// A transaction to be made.
pub(crate) struct Work {
    pub(crate) steps: Vec<Step>,
    pub(crate) topics: Vec<Topic>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Written {
    /// It is durable; its last step touched so many rows.
    Yes(u64),
    /// It was not made: the change at this place did not fit.
    No(usize, Why),
}

/// A row could not be read.
#[derive(Debug)]
pub(crate) struct BadRow {
    statement: &'static str,
    column: usize,
}

impl BadRow {
    pub(crate) fn fault(statement: &'static str, bad: Unreadable) -> Fault {
        let column = bad.column;
        Fault::lasting(Self { statement, column })
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "column {} of {} cannot be read",
            self.column, self.statement
        )
    }
}

impl std::error::Error for BadRow {}
