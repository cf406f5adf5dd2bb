//! Something that is wrong in the configuration.

use std::fmt;

use carnet_wire::crn::Crn;

use super::source::Origin;

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

/// The text with its control characters written out: it stands on one line of a terminal.
pub(super) fn on_one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_debug());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// The beginning of a text of somebody's.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((place, _)) => format!("{}...", text.get(..place).unwrap_or_default()),
        None => text.to_owned(),
    }
}
