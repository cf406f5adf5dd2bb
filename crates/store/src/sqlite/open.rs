//! Opening a file without believing it.
//!
//! 1. One process at a time: a second one would not hear what the first changes. A lock on a file
//!    beside the database says so; the system frees it when the process ends, however it ends.
//! 2. A missing file is built under another name, with every step of the schema, flushed, and only
//!    then given its name. So a file under that name is whole, and an empty or foreign one is damage
//!    (`CRN-8001`), never a reason to begin anew. A log without its file is damage too.
//! 3. The header must be SQLite's and ours, and a quick look through the pages must find nothing.
//!    The look is given one second: a large file must not delay a restart.
//! 4. A newer schema is refused (`CRN-8002`); missing steps are made in one transaction.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::OpenError;
use crate::migration;
use crate::migration::Applied;
use crate::migration::Migration;
use crate::migration::SQLITE;
use crate::missing::Missing;
use crate::sqlite::connection;
use crate::sqlite::trouble;

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How a file says that it is ours: `CRNT`.
const APPLICATION: i64 = 0x4352_4E54;

/// How long the look through the pages may take.
const LOOK: Duration = Duration::from_secs(1);

const STEPS_TABLE: &str = "CREATE TABLE IF NOT EXISTS carnet_migrations (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum BLOB NOT NULL
) STRICT";

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Keeps others out until the file is dropped.
pub(super) fn lock(path: &Path) -> Result<File, OpenError> {
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(beside(path, ".lock"))
        .map_err(OpenError::unreachable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(OpenError::in_use()),
        Err(fs::TryLockError::Error(error)) => Err(OpenError::unreachable(error)),
    }
}

/// Makes sure that there is a whole database of the newest schema.
pub(super) fn prepare(path: &Path, missing: Missing) -> Result<(), OpenError> {
    match fs::metadata(path) {
        Ok(_) => examine(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let log = fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len());
            match missing {
                _ if log > 0 => Err(OpenError::damaged("its log is there, but the file is not")),
                Missing::Create => create(path),
                Missing::Refuse => Err(OpenError::unreachable(error)),
            }
        }
        Err(error) => Err(OpenError::unreachable(error)),
    }
}

fn create(path: &Path) -> Result<(), OpenError> {
    let unnamed = beside(path, ".new");
    for ending in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(&unnamed, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(OpenError::unreachable(error));
            }
            _ => {}
        }
    }
    // Created by us for its permissions: it will hold (sealed) keys.
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&unnamed)
        .map_err(OpenError::unreachable)?;
    let mut connection = connection::writing(&unnamed, true).map_err(OpenError::unreachable)?;
    connection
        .pragma_update(None, "application_id", APPLICATION)
        .map_err(OpenError::unreachable)?;
    migrate(&mut connection)?;
    // Closing the only connection folds the log into the file, with a flush.
    connection
        .close()
        .map_err(|(_, error)| OpenError::unreachable(error))?;
    fs::rename(&unnamed, path).map_err(OpenError::unreachable)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(OpenError::unreachable)
}

fn examine(path: &Path) -> Result<(), OpenError> {
    begins_as_sqlite(path)?;
    let mut connection = connection::writing(path, false).map_err(unusable)?;
    is_ours(&connection)?;
    look(&connection)?;
    migrate(&mut connection)?;
    connection.close().map_err(|(_, error)| unusable(error))
}

pub(super) fn begins_as_sqlite(path: &Path) -> Result<(), OpenError> {
    let mut head = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Ok(()) if head == *MAGIC => Ok(()),
        Ok(()) => Err(OpenError::damaged("it is not a SQLite file")),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(OpenError::damaged("it is empty or cut off"))
        }
        Err(error) => Err(OpenError::unreachable(error)),
    }
}

pub(super) fn is_ours(connection: &Connection) -> Result<(), OpenError> {
    let application: i64 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(unusable)?;
    if application == APPLICATION {
        Ok(())
    } else {
        Err(OpenError::damaged("it is not a database of Carnet"))
    }
}

/// How many steps are still to be made, without making them.
pub(super) fn missing_steps(connection: &Connection) -> Result<usize, OpenError> {
    let applied = applied(connection).map_err(unusable)?;
    Ok(migration::missing(&applied)
        .map_err(OpenError::unfit)?
        .len())
}

pub(super) fn unusable(error: rusqlite::Error) -> OpenError {
    if trouble::is_damage(&error) {
        OpenError::damaged("SQLite cannot read it")
    } else {
        OpenError::unreachable(error)
    }
}

/// `PRAGMA quick_check`, for as long as [`LOOK`] allows.
pub(super) fn look(connection: &Connection) -> Result<(), OpenError> {
    let (done, timer) = mpsc::channel::<()>();
    let handle = connection.get_interrupt_handle();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if timer.recv_timeout(LOOK) == Err(mpsc::RecvTimeoutError::Timeout) {
                handle.interrupt();
            }
        });
        let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        drop(done);
        let found: String = match found {
            Ok(found) => found,
            Err(error) if is_interruption(&error) => return Ok(()),
            Err(error) => return Err(unusable(error)),
        };
        if found == "ok" {
            Ok(())
        } else {
            Err(OpenError::damaged(
                "a look through its pages found an error",
            ))
        }
    })
}

fn is_interruption(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted)
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let transaction = connection.transaction().map_err(unusable)?;
    transaction.execute_batch(STEPS_TABLE).map_err(unusable)?;
    let applied = applied(&transaction).map_err(unusable)?;
    for step in migration::missing(&applied).map_err(OpenError::unfit)? {
        make(&transaction, step).map_err(unusable)?;
    }
    transaction.commit().map_err(unusable)
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<Applied>> {
    let text = "SELECT number, checksum FROM carnet_migrations ORDER BY number";
    let mut statement = connection.prepare(text)?;
    let rows = statement.query_map([], |row| {
        Ok(Applied {
            number: row.get(0)?,
            checksum: row.get(1)?,
        })
    })?;
    rows.collect()
}

fn make(connection: &Connection, step: &Migration) -> rusqlite::Result<()> {
    tracing::info!(step = step.number, name = step.name, "the database grows");
    connection.execute_batch(&step.text(&SQLITE))?;
    connection.execute(
        "INSERT INTO carnet_migrations (number, name, checksum) VALUES (?1, ?2, ?3)",
        (step.number, step.name, step.checksum()),
    )?;
    connection.pragma_update(None, "user_version", step.number)
}
