//! The environment, as Application Default Credentials read it.
//!
//! It is an edge like the clock: the variables of the process, read when they are needed, or those
//! that a test says. Nothing else in this crate reads them.

use std::env::VarError;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Tells a variable.
type Variable = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// Where variables come from.
#[derive(Clone)]
pub(crate) struct Environment(Arc<Variable>);

impl Environment {
    /// The process's own.
    pub(crate) fn process() -> Self {
        Self(Arc::new(variable))
    }

    /// What a test says.
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), OsString::from(value));
        let pairs: std::collections::HashMap<_, _> = pairs.iter().map(owned).collect();
        Self(Arc::new(move |name| pairs.get(name).cloned()))
    }

    /// A variable, set to anything.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        (self.0)(name)
    }

    /// A variable that is set to a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = self.variable(name)?.into_string().ok()?;
        (!value.is_empty()).then_some(value)
    }

    /// A variable that names a file.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.variable(name)?;
        (!value.is_empty()).then(|| PathBuf::from(value))
    }

    /// Whether a variable is set to this text and nothing else.
    pub(crate) fn says(&self, name: &str, text: &str) -> bool {
        self.variable(name).is_some_and(|value| value == text)
    }
}

/// Without the values: there are secrets among them.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment(..)")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the client reads the environment, and only on request"
)]
pub(super) fn variable(name: &str) -> Option<OsString> {
    match std::env::var(name) {
        Ok(value) => Some(value.into()),
        Err(VarError::NotUnicode(value)) => Some(value),
        Err(VarError::NotPresent) => None,
    }
}
