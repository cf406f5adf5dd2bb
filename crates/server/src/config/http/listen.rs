//! Where a server listens: an address and port, or a Unix socket.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a server listens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Listen {
    /// An address and a port; port 0 lets the system choose.
    Tcp(SocketAddr),
    /// A Unix socket. Who may connect is decided by the permissions of its directory, and whoever may
    /// is believed as a trusted proxy is.
    Unix(PathBuf),
}

/// The text does not say where to listen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "write an address with a port, like 0.0.0.0:8080 or [::]:8080, or unix:/run/carnet/http.sock"
)]
pub struct NotAListener;

impl Listen {
    /// Whether other machines reach it.
    #[must_use]
    pub fn is_for_others(&self) -> bool {
        matches!(self, Self::Tcp(address) if !address.ip().is_loopback())
    }
}

impl FromStr for Listen {
    type Err = NotAListener;

    fn from_str(text: &str) -> Result<Self, NotAListener> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(_) => Err(NotAListener),
            None => text.parse().map(Self::Tcp).map_err(|_| NotAListener),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
