//! What SQLite's errors mean to us.
//!
//! SQLite's own messages name tables and columns and never values, so they may be logged.

use carnet_core::store::Fault;
use carnet_core::store::Why;
use rusqlite::Error;
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// A constraint that says no, in the words of the port.
pub(super) fn why(error: &Error) -> Option<Why> {
    let Error::SqliteFailure(failure, _) = error else {
        return None;
    };
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => Some(Why::Taken),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Why::Referenced),
        _ => None,
    }
}

/// Whether it concerns the file or the machine, and not one statement.
pub(super) fn is_serious(error: &Error) -> bool {
    !matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::ParameterOutOfRange
        )
    )
}

/// Whether the content of the file is the trouble.
pub(super) fn is_damage(error: &Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

/// The same for callers. Locks, full disks and failing devices may pass.
pub(super) fn fault(error: Error) -> Fault {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::OutOfMemory
            | ErrorCode::ReadOnly
            | ErrorCode::OperationAborted
            | ErrorCode::OperationInterrupted
            | ErrorCode::FileLockingProtocolFailed,
        ) => Fault::temporary(error),
        _ => Fault::lasting(error),
    }
}
