//! A file as it is, without a change to it or to anything beside it.
//!
//! 1. Where a log stands beside the file, a server has it open (or was killed): the file is read as
//!    its readers read it. Where none does, it is read as a file that does not change, since SQLite
//!    would otherwise make a log for it.
//! 2. The header, the pages and the steps are looked at as at a start, and nothing is brought up to
//!    date.

use std::path::Path;
use std::sync::Arc;

use carnet_core::store::Fault;
use carnet_core::store::Watcher;

use crate::engine::Engine;
use crate::engine::Work;
use crate::engine::Written;
use crate::error::OpenError;
use crate::row::Decode;
use crate::sqlite::connection;
use crate::sqlite::open;
use crate::sqlite::reader::Readers;
use crate::statement::Question;

/// A file that is only read.
pub(crate) struct SqliteLook(Readers);

impl SqliteLook {
    /// Opens it, and counts the steps that it misses.
    pub(crate) fn open(path: &Path) -> Result<(Self, usize), OpenError> {
        open::begins_as_sqlite(path)?;
        let reading = if open::beside(path, "-wal").exists() {
            connection::reading
        } else {
            connection::looking
        };
        let connection = reading(path).map_err(open::unusable)?;
        open::is_ours(&connection)?;
        open::look(&connection)?;
        let missing = open::missing_steps(&connection)?;
        Ok((Self(Readers::start(|| reading(path))?), missing))
    }
}

impl Engine for SqliteLook {
    async fn read<T: Send + 'static>(
        &self,
        question: Question,
        decode: Decode<T>,
    ) -> Result<Vec<T>, Fault> {
        self.0.read(question, decode).await
    }

    async fn write(&self, _: Work) -> Result<Written, Fault> {
        Err(Fault::lasting("the store was opened for a look"))
    }

    fn watch(&self, _: Arc<dyn Watcher>) {}
}
