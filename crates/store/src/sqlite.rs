//! SQLite: one file, one writer, readers beside it.
//!
//! 1. Opening checks before it trusts: the lock, the header, the steps it was built in, a quick
//!    look through the pages ([`open`]). A missing file is created whole or not at all; a damaged
//!    one is refused and never replaced.
//! 2. All writes go through one thread, which makes many of them durable with one `fsync`
//!    ([`writer`]).
//! 3. A read of a few rows takes microseconds and is done where it is asked, which is cheaper than
//!    any hand-over to another thread; a list is read on a thread of its own ([`reader`]).
//! 4. What changed is told by the writer, after it is durable and before anybody is answered.

mod connection;
mod look;
mod open;
mod reader;
#[cfg(test)]
mod tests;
mod trouble;
mod value;
mod writer;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use carnet_core::store::Fault;
use carnet_core::store::Watcher;

use crate::engine::Engine;
use crate::engine::Work;
use crate::engine::Written;
use crate::error::OpenError;
use crate::missing::Missing;
use crate::row::Decode;
use crate::sqlite::reader::Readers;
use crate::sqlite::writer::Writer;
use crate::statement::Question;
use crate::watchers::Watchers;

pub(crate) use look::SqliteLook;

/// An open file. The order of the fields is the order in which they go: the writer is the last to
/// close the file and so folds its log into it; then the lock is free.
pub(crate) struct Sqlite {
    readers: Readers,
    writer: Writer,
    watchers: Arc<Watchers>,
    _lock: File,
}

impl Sqlite {
    /// Opens the file. Blocks for as long as that takes: a fraction of a second.
    pub(crate) fn open(path: &Path, missing: Missing) -> Result<Self, OpenError> {
        let lock = open::lock(path)?;
        open::prepare(path, missing)?;
        let watchers = Arc::new(Watchers::default());
        let writer = Writer::start(path, Arc::clone(&watchers))?;
        let readers = Readers::start(|| connection::reading(path))?;
        Ok(Self {
            readers,
            writer,
            watchers,
            _lock: lock,
        })
    }
}

impl Engine for Sqlite {
    async fn read<T: Send + 'static>(
        &self,
        question: Question,
        decode: Decode<T>,
    ) -> Result<Vec<T>, Fault> {
        // A task that reads and reads must let others have their turn, as it would on a network.
        tokio::task::coop::consume_budget().await;
        self.readers.read(question, decode).await
    }

    async fn write(&self, work: Work) -> Result<Written, Fault> {
        self.writer.write(work).await
    }

    fn watch(&self, watcher: Arc<dyn Watcher>) {
        self.watchers.add(watcher);
    }
}
