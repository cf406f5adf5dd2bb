//! One door for both engines.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use carnet_core::store::Store;

use crate::error::OpenError;
use crate::missing::Missing;
use crate::port::Sql;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::sqlite::SqliteLook;

/// How to open a store.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What to do where there is no file yet. PostgreSQL's tables are always made where missing.
    pub missing: Missing,
    /// How many connections to PostgreSQL at most, besides the one that listens.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            missing: Missing::Create,
            connections: 16,
        }
    }
}

/// Opens the store that the URL names: `sqlite:PATH` or `postgres://…`.
pub async fn open(url: &str, options: Options) -> Result<Arc<dyn Store>, OpenError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = sqlite_path(path)?;
        let opened = tokio::task::spawn_blocking(move || Sqlite::open(&path, options.missing));
        let engine = opened.await.map_err(OpenError::unreachable)??;
        return Ok(Arc::new(Sql(engine)));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let engine = Postgres::open(url, options.connections).await?;
        return Ok(Arc::new(Sql(engine)));
    }
    Err(OpenError::url(
        "it begins neither with sqlite: nor with postgres://",
    ))
}

/// A store as it is found, which cannot be written through this.
pub struct Found {
    /// Answers questions, and refuses every commit. Questions are sensible only where no step is
    /// missing.
    pub store: Arc<dyn Store>,
    /// How many steps of the schema the next start will make; a database without any is empty.
    pub missing_steps: usize,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found")
            .field("missing_steps", &self.missing_steps)
            .finish_non_exhaustive()
    }
}

/// Opens the store that the URL names, for a look: nothing is made, locked or changed, and a server
/// may be running on it.
pub async fn look(url: &str) -> Result<Found, OpenError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = sqlite_path(path)?;
        let opened = tokio::task::spawn_blocking(move || SqliteLook::open(&path));
        let (engine, missing_steps) = opened.await.map_err(OpenError::unreachable)??;
        return Ok(Found {
            store: Arc::new(Sql(engine)),
            missing_steps,
        });
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let (engine, missing_steps) = Postgres::look(url).await?;
        return Ok(Found {
            store: Arc::new(Sql(engine)),
            missing_steps,
        });
    }
    Err(OpenError::url(
        "it begins neither with sqlite: nor with postgres://",
    ))
}

/// `sqlite:relative`, `sqlite:/absolute`, and `sqlite:///absolute`, as others write it.
fn sqlite_path(path: &str) -> Result<PathBuf, OpenError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains(['?', '\0']) {
        return Err(OpenError::url(
            "sqlite: needs a path, and takes no parameters",
        ));
    }
    Ok(Path::new(path).to_owned())
}
