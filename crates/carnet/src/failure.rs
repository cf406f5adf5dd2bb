//! Why a command failed, always in the same four lines: what happened, why, what to do, where to
//! read more.
//!
//! The words of why and of what to do come from the catalogue of `carnet-wire` where there is a
//! code; they are the same as on the page `/e/CRN-nnnn`.

use std::fmt;

use carnet_wire::crn::{Answer, Crn};

use crate::exit::Exit;

/// A command that failed.
#[derive(Debug)]
pub(crate) struct Failure(Box<Parts>);

#[derive(Debug)]
struct Parts {
    exit: Exit,
    code: Option<Crn>,
    what: String,
    more: Vec<String>,
    why: Option<String>,
    fix: Option<String>,
    see: Option<String>,
    trace: Option<String>,
}

impl Failure {
    /// A failure without a code: the command line was wrong, mostly.
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            exit,
            code: None,
            what: what.into(),
            more: Vec::new(),
            why: None,
            fix: None,
            see: None,
            trace: None,
        }))
    }

    /// A wrong command line.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// A cause of the catalogue, with what was measured.
    pub(crate) fn of(code: Crn, what: impl Into<String>) -> Self {
        let mut failure = Self::new(exit(code), what);
        failure.0.code = Some(code);
        failure
    }

    /// Ends with this code instead.
    #[must_use]
    pub(crate) fn exit_with(mut self, exit: Exit) -> Self {
        self.0.exit = exit;
        self
    }

    /// Why, instead of what the catalogue says.
    #[must_use]
    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.0.why = Some(why.into());
        self
    }

    /// What to do, instead of what the catalogue says.
    #[must_use]
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.0.fix = Some(fix.into());
        self
    }

    /// Where to read more.
    #[must_use]
    pub(crate) fn see(mut self, see: impl Into<String>) -> Self {
        self.0.see = Some(see.into());
        self
    }

    /// The name of the request in the server's log.
    #[must_use]
    pub(crate) fn traced(mut self, trace: Option<String>) -> Self {
        self.0.trace = trace;
        self
    }

    /// One more line under the first, for a list of faults.
    #[must_use]
    pub(crate) fn also(mut self, line: impl Into<String>) -> Self {
        self.0.more.push(line.into());
        self
    }

    /// Says first of whom it speaks, where a command works on many.
    #[must_use]
    pub(crate) fn of_whom(mut self, whom: &str) -> Self {
        self.0.what = format!("{whom}: {}", self.0.what);
        self
    }

    /// With another failure of the same command, as lines under this one.
    #[must_use]
    pub(crate) fn and(mut self, other: Self) -> Self {
        let Parts {
            code, what, more, ..
        } = *other.0;
        let code = code.map(|code| format!("[{code}] ")).unwrap_or_default();
        self.0.more.push(format!("{code}{what}"));
        self.0.more.extend(more);
        self
    }

    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        self.0.exit
    }
}

/// The exit code of a cause: that of the command line, or what its status means.
fn exit(code: Crn) -> Exit {
    match code.answer() {
        Answer::CommandLine { exit } => Exit::of_number(exit),
        _ => code.status().map_or(Exit::Failed, Exit::of_status),
    }
}

/// The likeliest thing to do, with its example where that is one line.
fn first_fix(code: Crn) -> Option<String> {
    let fix = code.entry().fixes.first()?;
    let action = fix.action.trim_end_matches('.');
    Some(match fix.snippets {
        [only] if !only.code.contains('\n') => format!("{action}: {}", only.code),
        _ => format!("{action}."),
    })
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        match parts.code {
            Some(code) => write!(f, "error[{code}]: {}", parts.what)?,
            None => write!(f, "error: {}", parts.what)?,
        }
        for line in &parts.more {
            write!(f, "\n  {line}")?;
        }
        let entry = parts.code.map(Crn::entry);
        let why = parts.why.as_deref().or(entry.map(|entry| entry.meaning));
        let why = why.unwrap_or_else(|| parts.exit.meaning());
        write!(f, "\n  why: {why}")?;
        let fix = parts.fix.clone().or_else(|| parts.code.and_then(first_fix));
        let fix = fix.unwrap_or_else(|| "carnet help COMMAND shows what it takes".to_owned());
        write!(f, "\n  fix: {fix}")?;
        let see = parts.see.clone().unwrap_or_else(|| match parts.code {
            Some(code) => format!("carnet explain {code}"),
            None => "carnet help exit-codes".to_owned(),
        });
        write!(f, "\n  see: {see}")?;
        if let Some(trace) = &parts.trace {
            write!(f, "   trace {trace}   (carnet explain {trace})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// What the sandbox and the server say.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Exit::Failed, format!("{error:#}"))
    }
}

#[cfg(test)]
mod tests;
