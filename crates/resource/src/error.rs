//! A verifier cannot be made.

use std::fmt;
use std::sync::Arc;

/// Why there is no verifier: what was given does not fit together, or the issuer did not answer.
#[derive(Clone)]
pub struct Error(Arc<Kind>);

enum Kind {
    Argument(String),
    Client(carnet_client::Error),
}

impl Error {
    pub(crate) fn argument(because: impl Into<String>) -> Self {
        Self(Arc::new(Kind::Argument(because.into())))
    }

    /// Whether the same call may succeed later: the issuer did not answer.
    pub fn is_temporary(&self) -> bool {
        match &*self.0 {
            Kind::Argument(_) => false,
            Kind::Client(error) => error.is_temporary(),
        }
    }

    /// The cause in Carnet's catalogue, where it has one.
    pub fn crn(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Argument(_) => None,
            Kind::Client(error) => error.crn(),
        }
    }
}

impl From<carnet_client::Error> for Error {
    fn from(error: carnet_client::Error) -> Self {
        Self(Arc::new(Kind::Client(error)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Argument(because) => f.write_str(because),
            Kind::Client(error) => write!(f, "{error}"),
        }
    }
}

/// The same words as `Display`: `main` prints errors so.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Argument(_) => None,
            Kind::Client(error) => std::error::Error::source(error),
        }
    }
}
