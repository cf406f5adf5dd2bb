//! The answer of a gate: whether what it stands for holds.

/// What a gate says.
pub(crate) enum Judged {
    /// Nothing was found.
    Passed,
    /// These were found.
    Failed(Vec<String>),
    /// Nothing could be judged, and why.
    Skipped(String),
}

impl Judged {
    /// A pass, if nothing was found.
    pub(crate) fn of(findings: Vec<String>) -> Self {
        if findings.is_empty() {
            Self::Passed
        } else {
            Self::Failed(findings)
        }
    }
}
