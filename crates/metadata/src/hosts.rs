//! By which names the server may be called.
//!
//! A page in a browser can have its own name point to this machine (DNS rebinding) and then read what the machine
//! answers. Such a request carries the page's name in `Host`; so only names that nobody else can own are taken, and
//! those that whoever starts the server adds.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use http::header;
use http::request::Parts;

/// Google's names for it.
const NAMES: [&str; 4] = [
    "metadata.google.internal",
    "metadata.goog",
    "metadata",
    "localhost",
];

const LINK_LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254));
const UNIQUE_LOCAL: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254));

/// The names and addresses under which the server answers: Google's, loopback, and more.
#[derive(Clone, Debug, Default)]
pub struct Hosts(BTreeSet<String>);

impl Hosts {
    /// These too: names without a port, or addresses.
    #[must_use]
    pub fn with(mut self, names: impl IntoIterator<Item = String>) -> Self {
        let plain = |name: String| plain(&name).to_ascii_lowercase();
        self.0.extend(names.into_iter().map(plain));
        self
    }

    /// Whether a request came by one of them. A request that does not say by which name it came is no request of a
    /// library.
    pub(crate) fn admit(&self, head: &Parts) -> bool {
        let mut lines = head.headers.get_all(header::HOST).iter();
        let named = match (lines.next(), lines.next()) {
            (Some(only), None) => only.to_str().ok(),
            (None, None) => head.uri.authority().map(http::uri::Authority::as_str),
            _ => None,
        };
        named
            .and_then(without_port)
            .is_some_and(|host| self.knows(host))
    }

    fn knows(&self, host: &str) -> bool {
        let host = plain(host).to_ascii_lowercase();
        if NAMES.contains(&host.as_str()) || self.0.contains(&host) {
            return true;
        }
        let address = host.parse::<IpAddr>();
        address.is_ok_and(|address| {
            address.is_loopback() || address == LINK_LOCAL || address == UNIQUE_LOCAL
        })
    }
}

/// Without the brackets of an IPv6 address or the dot that ends a full name.
fn plain(host: &str) -> &str {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or_else(|| host.strip_suffix('.').unwrap_or(host))
}

/// What stands before the port. `None` where there is no name, or no port after the colon.
fn without_port(authority: &str) -> Option<&str> {
    let after = if authority.starts_with('[') {
        authority.find(']')?.checked_add(1)?
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at_checked(after)?;
    let port = |rest: &str| {
        rest.strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    (!host.is_empty() && (rest.is_empty() || port(rest))).then_some(host)
}

#[cfg(test)]
mod tests;
