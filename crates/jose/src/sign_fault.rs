//! What went wrong where a private key was at work.

/// A key could not be made, written or used. It is our fault or our key store's, never the
/// client's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signing: {because}")]
pub struct SignFault {
    because: String,
}

impl SignFault {
    /// Says why; for the log, so without secrets.
    pub fn new(because: impl Into<String>) -> Self {
        Self {
            because: because.into(),
        }
    }
}
