//! Connections, and the settings that each must have.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

use carnet_jose::digest;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;

use crate::statements;

/// How long a connection waits for another's lock. There is one writer, so only the folding of the
/// log into the file, a backup, or an operator's own shell is ever waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// At how many pages (16 MiB) the log is folded into the file. A page that changes often is written into the file once
/// for each fold, however often it was in the log.
const LOG_PAGES: i64 = 4_000;

/// The log is cut back to this size when it was folded into the file.
const LOG_LIMIT: i64 = 64 * 1024 * 1024;

/// For the writer. `create` only for a file that is still under its temporary name.
pub(super) fn writing(path: &Path, create: bool) -> rusqlite::Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit is on the disk when it is answered: a revocation must outlive a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("carnet_hash_after", 2, flags, |call| {
        let mut input = call.get_raw(0).as_blob()?.to_vec();
        input.extend(call.get_raw(1).as_blob()?);
        Ok(digest::sha256(&input).to_vec())
    })?;
    Ok(connection)
}

/// For a look at a file that nobody has open: nothing is made beside it.
pub(super) fn looking(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.push_str("?immutable=1");
    let connection = Connection::open_with_flags(uri, flags)?;
    settle(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// For a reader. It cannot write, whatever statement it is given.
pub(super) fn reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // A plan does not depend on the values that are bound. Else a statement is made anew each time a value changes that may matter
    // to its plan, which costs more than to run it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Room for every statement, and for the few that begin and end transactions.
    connection.set_prepared_statement_cache_capacity(statements::all().count() + 8);
    Ok(())
}
