//! Our own failures, as opposed to refusals: told to nobody but the log.

use std::error::Error;
use std::fmt;

/// Something of ours did not work. The caller of an endpoint sees a bare 500 or 503.
#[derive(Debug)]
pub struct Fault {
    temporary: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl Fault {
    /// It may work when tried again unchanged: the database is busy, away, or full.
    pub fn temporary(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            temporary: true,
            source: source.into(),
        }
    }

    /// It will not: a row that cannot be read, a key that cannot be opened.
    pub fn lasting(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            temporary: false,
            source: source.into(),
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        self.temporary
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
