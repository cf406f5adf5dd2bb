//! Where a request came from: the peer, or what a trusted proxy says.
//!
//! 1. The peer is believed for what it is: the other end of the connection.
//! 2. Only if the peer is a trusted proxy, `X-Forwarded-For` is read, from its right end, since each
//!    proxy appends the address that it saw. Addresses of trusted proxies are passed over; the first
//!    other one is the client. What stands to the left of it was written by the client itself.
//! 3. An entry that is no IP literal ends the walk: the last address that was believed is the client.
//! 4. `X-Forwarded-Proto` counts by its last value. Nothing else is read: not `Forwarded`, not
//!    `X-Real-IP`, no spelling with underscores, and never a forwarded host.

use std::net::IpAddr;
use std::net::SocketAddr;

use http::HeaderMap;
use http::HeaderName;

use super::cidr::Cidr;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How many entries of `X-Forwarded-For` are looked at.
const LONGEST_WALK: usize = 32;

/// The address of the client, once proxies that are trusted have been looked through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientAddress(pub IpAddr);

/// How the client reached us, or the proxy in front of us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Peer {
    /// Somebody with an address.
    Address(IpAddr),
    /// A process on this machine that may open our Unix socket.
    Local,
}

/// Who may say where a request came from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TrustedProxies(Vec<Cidr>);

impl TrustedProxies {
    /// Those in these ranges.
    #[must_use]
    pub fn new(ranges: Vec<Cidr>) -> Self {
        Self(ranges)
    }

    /// Whether there is none with an address.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what this peer says about others is believed.
    #[must_use]
    pub fn trust(&self, peer: Peer) -> bool {
        match peer {
            Peer::Address(address) => self.has(address),
            Peer::Local => true,
        }
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.has(address))
    }

    /// The client of a request whose peer is trusted.
    #[must_use]
    pub fn client(&self, peer: Peer, headers: &HeaderMap) -> Option<IpAddr> {
        let mut believed = match peer {
            Peer::Address(address) => Some(address.to_canonical()),
            Peer::Local => None,
        };
        let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
        let entries = lines
            .iter()
            .rev()
            .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        for entry in entries.take(LONGEST_WALK) {
            let Some(address) = literal(entry) else { break };
            believed = Some(address);
            if !self.has(address) {
                break;
            }
        }
        believed
    }
}

/// What a trusted proxy says about how it was reached.
#[must_use]
pub fn forwarded_scheme(headers: &HeaderMap) -> Option<Scheme> {
    let line = headers.get_all(FORWARDED_PROTO).iter().next_back()?;
    let last = line
        .as_bytes()
        .rsplit(|byte| *byte == b',')
        .next()?
        .trim_ascii();
    if last.eq_ignore_ascii_case(b"https") {
        Some(Scheme::Https)
    } else if last.eq_ignore_ascii_case(b"http") {
        Some(Scheme::Http)
    } else {
        None
    }
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn literal(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry.trim_ascii()).ok()?;
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|with| with.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;
