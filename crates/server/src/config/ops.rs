//! `[ops]`: the second listener, for probes and metrics.

use std::net::Ipv4Addr;
use std::net::SocketAddr;

use serde::Deserialize;

use super::Problems;
use super::http::Listen;

/// The second listener. It has no TLS and no log-in: keep it where only operators reach it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Ops {
    /// Where it listens; nowhere if this is `"off"`.
    pub listen: Option<Listen>,
}

impl Default for Ops {
    fn default() -> Self {
        Self {
            listen: Some(Listen::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, 9090)))),
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    listen: Option<String>,
}

impl TryFrom<Written> for Ops {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let listen = match written.listen.as_deref() {
            None => Self::default().listen,
            Some("off") => None,
            Some(text) => match text.parse() {
                Ok(listen) => Some(listen),
                Err(reason) => {
                    problems.add("ops.listen", text, format!("{reason}, or \"off\""));
                    None
                }
            },
        };
        problems.or(Self { listen })
    }
}
