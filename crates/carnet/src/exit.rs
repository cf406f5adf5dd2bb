//! How a command ends (`carnet help exit-codes`). Scripts can tell "bad" from "broken".

use std::process::ExitCode;

/// The codes with which a command ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It worked.
    Success = 0,
    /// It did not work; the reason stands on standard error, with a code.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// There is no such thing, or this caller may not see it.
    NotFound = 3,
    /// There is nothing to sign in with, or it is no longer good.
    SignIn = 4,
    /// The caller is known, and may not do this.
    NotPermitted = 5,
    /// It exists already, it was changed meanwhile, or its state does not allow this.
    Conflict = 6,
    /// No answer came. Trying again is sensible.
    NotReachable = 7,
    /// Everything worked, and a check found something wrong.
    ChecksFailed = 8,
    /// Somebody pressed Ctrl-C.
    Stopped = 130,
}

impl Exit {
    /// What it says of a failure that gave no reason of its own.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Usage => "the command line says too little, or something that it may not",
            Self::NotFound => "there is no such thing, or it is hidden from this caller",
            Self::SignIn => "there is nothing to sign in with, or it is no longer good",
            Self::NotPermitted => "the caller is known, and may not do this",
            Self::Conflict => "it exists already, or its state does not allow this",
            Self::NotReachable => "no answer came in time; trying again is sensible",
            Self::ChecksFailed => "everything worked, and what was looked at is not in order",
            Self::Success | Self::Failed | Self::Stopped => "it was tried and did not work",
        }
    }

    /// What a status of the server means for a script.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            401 => Self::SignIn,
            403 => Self::NotPermitted,
            404 => Self::NotFound,
            409 | 412 | 428 => Self::Conflict,
            408 | 429 | 502 | 503 | 504 => Self::NotReachable,
            _ => Self::Failed,
        }
    }

    /// The code of the catalogue's number.
    pub(crate) fn of_number(number: u8) -> Self {
        match number {
            2 => Self::Usage,
            3 => Self::NotFound,
            4 => Self::SignIn,
            5 => Self::NotPermitted,
            6 => Self::Conflict,
            7 => Self::NotReachable,
            8 => Self::ChecksFailed,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
