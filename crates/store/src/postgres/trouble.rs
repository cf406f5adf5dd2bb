//! What PostgreSQL's errors mean to us.
//!
//! A server's message may quote values (and its detail always does), so only the SQLSTATE and the
//! name of the statement are kept.

use std::error::Error as _;
use std::fmt;

use carnet_core::store::Fault;
use carnet_core::store::Why;
use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::error::OpenError;
use crate::statement::NO_ROW;
use crate::statement::Step;

/// A constraint or a guard that says no, in the words of the port.
pub(super) fn why(error: &Error, step: &Step) -> Option<Why> {
    let code = error.code()?;
    if *code == SqlState::UNIQUE_VIOLATION {
        Some(Why::Taken)
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        Some(Why::Referenced)
    } else if code.code() == NO_ROW {
        step.no_row
    } else {
        None
    }
}

/// Whether two transactions were in each other's way, so that the same one may succeed now.
pub(super) fn is_clash(error: &Error) -> bool {
    let clash = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    error.code().is_some_and(|code| clash.contains(code))
}

/// Whether the server ended the session: then it undid what the session had begun.
pub(super) fn is_ended(error: &Error) -> bool {
    let ended = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
    ];
    error.code().is_some_and(|code| ended.contains(code))
}

/// A statement that could not be executed.
#[derive(Debug)]
struct Failed {
    statement: &'static str,
    cause: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.statement, self.cause)
    }
}

impl std::error::Error for Failed {}

fn cause(error: &Error) -> String {
    match error.code() {
        Some(code) => format!("SQLSTATE {}", code.code()),
        // What is left is about connections: its own words and the system's.
        None if error.is_closed() => "the connection was closed".to_owned(),
        None => match error.source() {
            Some(source) => source.to_string(),
            None => error.to_string(),
        },
    }
}

/// The same for callers. What may pass: connections (08), read-only (25), clashes (40), resources
/// (53), locks (55), an operator who stepped in (57), the system (58).
pub(super) fn fault(error: &Error, statement: &'static str) -> Fault {
    let failed = Failed {
        statement,
        cause: cause(error),
    };
    let class = error
        .code()
        .map(|code| code.code().get(..2).unwrap_or_default());
    match class {
        None | Some("08" | "25" | "40" | "53" | "55" | "57" | "58") => Fault::temporary(failed),
        Some(_) => Fault::lasting(failed),
    }
}

/// No connection could be had in time.
pub(super) fn no_connection(error: PoolError) -> Fault {
    match error {
        PoolError::Backend(error) => fault(&error, "connect"),
        other => Fault::temporary(other.to_string()),
    }
}

/// The same at the start, where an operator reads what the server says about the connection itself.
pub(super) fn unreachable(error: PoolError) -> OpenError {
    match error {
        PoolError::Backend(error) => refused(&error),
        other => OpenError::unreachable(other.to_string()),
    }
}

/// See [`unreachable`].
pub(super) fn refused(error: &Error) -> OpenError {
    let said = error.as_db_error().map(|said| said.message().to_owned());
    OpenError::unreachable(said.unwrap_or_else(|| cause(error)))
}
