//! Something that is wrong in the configuration.

use std::fmt;

use carnet_wire::crn::Crn;

use super::one_line::on_one_line;
use super::setting::Origin;

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Which cause of the catalogue it is.
    pub(crate) code: Crn,
    /// What is wrong, with the key and the value.
    pub(crate) what: String,
    /// Where it was written.
    pub(crate) origin: Option<Origin>,
    /// What to do.
    pub(crate) fix: Option<String>,
}

impl Fault {
    /// Something is wrong.
    pub(crate) fn new(code: Crn, what: impl Into<String>) -> Self {
        Self {
            code,
            what: on_one_line(&what.into()),
            origin: None,
            fix: None,
        }
    }

    /// It was written there.
    #[must_use]
    pub(crate) fn at(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// What to do.
    #[must_use]
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.what)?;
        if let Some(origin) = &self.origin {
            write!(f, "   ({origin})")?;
        }
        if let Some(fix) = &self.fix {
            write!(f, "   fix: {fix}")?;
        }
        Ok(())
    }
}
