//! One check: what was looked at, what was found, and what to do about it.

use serde::Serialize;

/// How a check came out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    /// In order.
    Pass,
    /// Works, and will not for ever.
    Warn,
    /// Not in order.
    Fail,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Check {
    pub(super) grade: Grade,
    /// What was looked at, in a word.
    pub(super) about: String,
    /// What was found.
    pub(super) found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<String>,
}

impl Check {
    /// In order.
    pub(crate) fn pass(about: &str, found: impl Into<String>) -> Self {
        Self::new(Grade::Pass, about, found)
    }

    /// Works, and will not for ever.
    pub(crate) fn warn(about: &str, found: impl Into<String>) -> Self {
        Self::new(Grade::Warn, about, found)
    }

    /// Not in order.
    pub(crate) fn fail(about: &str, found: impl Into<String>) -> Self {
        Self::new(Grade::Fail, about, found)
    }

    fn new(grade: Grade, about: &str, found: impl Into<String>) -> Self {
        Self {
            grade,
            about: about.to_owned(),
            found: found.into(),
            why: None,
            fix: None,
        }
    }

    /// How it usually comes about.
    #[must_use]
    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// What to do.
    #[must_use]
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Whether it failed.
    pub(crate) fn is_failed(&self) -> bool {
        self.grade == Grade::Fail
    }
}
