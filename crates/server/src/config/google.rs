//! `[google]`: Google's names, held on this machine ([`crate::captive`]).

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::Problems;
use crate::captive::names::Universe;
use crate::captive::proxy::Others;

/// Google's names. By default none of it is there.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Google {
    /// Where the names are served, over TLS. Nowhere: all else is off too.
    pub listen: Option<SocketAddr>,
    /// Where the proxy listens.
    pub proxy: Option<SocketAddr>,
    /// What the proxy does with other names.
    pub others: Others,
    /// A domain that has the same names.
    pub universe: Option<Universe>,
    /// Where the certificate authority is kept, if not where the server's data is.
    pub folder: Option<PathBuf>,
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    listen: Option<String>,
    proxy: Option<String>,
    reach: Reach,
    others: WrittenOthers,
    universe: Option<String>,
    folder: Option<PathBuf>,
}

/// Who can reach the listener and the proxy.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Reach {
    #[default]
    Loopback,
    Anywhere,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenOthers {
    #[default]
    Refuse,
    Tunnel,
}

impl TryFrom<Written> for Google {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut address =
            |key, text: Option<&str>| address(key, text, written.reach, &mut problems);
        let listen = address("google.listen", written.listen.as_deref());
        let proxy = address("google.proxy", written.proxy.as_deref());
        let others = match written.others {
            WrittenOthers::Refuse => Others::Refuse,
            WrittenOthers::Tunnel => Others::Tunnel,
        };
        if let Some(proxy) = proxy {
            if listen.is_none() {
                problems.add(
                    "google.proxy",
                    proxy,
                    "google.listen must say where the names are served that the proxy leads to",
                );
            }
            if others == Others::Tunnel && !proxy.ip().is_loopback() {
                problems.add(
                    "google.others",
                    "tunnel",
                    "it is for a proxy on a loopback address alone: another one would be open to everybody",
                );
            }
        }
        let universe = written.universe.as_deref().and_then(|text| {
            text.parse()
                .map_err(|reason| problems.add("google.universe", text, format!("{reason}")))
                .ok()
        });
        problems.or(Self {
            listen,
            proxy,
            others,
            universe,
            folder: written.folder,
        })
    }
}

fn address(
    key: &'static str,
    text: Option<&str>,
    reach: Reach,
    problems: &mut Problems,
) -> Option<SocketAddr> {
    let text = text.filter(|text| *text != "off")?;
    let Ok(address) = text.parse::<SocketAddr>() else {
        problems.add(
            key,
            text,
            "an address with a port is wanted, like 127.0.0.1:8443, or \"off\"",
        );
        return None;
    };
    if reach == Reach::Loopback && !address.ip().is_loopback() {
        problems.add(
            key,
            text,
            "it must be a loopback address, unless google.reach is anywhere",
        );
    }
    Some(address)
}
