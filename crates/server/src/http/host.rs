//! The name under which a request came.
//!
//! It is compared, and told to people who came by another name than the issuer's. Links, tokens and
//! mails never carry it: they are made from the configuration.
//!
//! 1. HTTP/1.1 requires exactly one `Host` (RFC 9112 section 3.2); HTTP/2 has `:authority` instead.
//! 2. What is no `host[:port]` is refused: 400.
//! 3. A listener may be for some hosts alone ([`Hosts`]). Others are told that they are misdirected (421, RFC
//!    9110 section 15.5.20), and endpoints know that the name was one of those ([`Awaited`]).

use std::fmt;

use http::HeaderMap;
use http::Request;
use http::Uri;
use http::Version;
use http::header;
use http::uri::Authority;

/// The request does not say properly for whom it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the Host header is missing, repeated, or no name of a host")]
pub struct BadHost;

/// The hosts that a listener is for.
pub trait Hosts: fmt::Debug + Send + Sync {
    /// Whether this host, without its port, is one of them.
    fn answer_to(&self, host: &str) -> bool;
}

/// A request came under a name that its listener is for.
#[derive(Clone, Copy, Debug)]
pub struct Awaited;

/// The host that a request names, without its port.
pub fn named<B>(request: &Request<B>) -> Option<&str> {
    let authority = match request.uri().authority() {
        Some(authority) => authority.as_str(),
        None => request.headers().get(header::HOST)?.to_str().ok()?,
    };
    if authority.ends_with(']') {
        return Some(authority);
    }
    Some(
        authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host),
    )
}

/// The longest name that is looked at: 253 for the name, and a port.
const LONGEST: usize = 260;

/// Whether a request says properly for whom it is. Costs a look into the headers and no allocation.
pub fn check<B>(request: &Request<B>) -> Result<(), BadHost> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let (first, second) = (lines.next(), lines.next());
    if second.is_some() || (first.is_none() && request.version() == Version::HTTP_11) {
        return Err(BadHost);
    }
    let sane = first.is_none_or(|line| {
        let line = line.as_bytes();
        line.len() <= LONGEST && line.iter().all(|byte| is_of_a_host(*byte))
    });
    if sane { Ok(()) } else { Err(BadHost) }
}

/// Letters, digits, and what stands in names, ports and IPv6 literals. No `@`, no `/`.
fn is_of_a_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']' | b'%')
}

/// What a request came as, beside what we are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CameAs {
    /// The name that the issuer has.
    Us,
    /// Another one: for a page that explains it, and for nothing else.
    Another(String),
    /// It did not say.
    Unnamed,
}

/// Compares the name under which a request came with the issuer's authority (`auth.acme.example`, or
/// `localhost:8080`). Letters count without their case; a port that its scheme implies does not count.
#[must_use]
pub fn came_as(uri: &Uri, headers: &HeaderMap, ours: &str) -> CameAs {
    let named = match uri.authority() {
        Some(authority) => Some(authority.clone()),
        None => headers
            .get(header::HOST)
            .and_then(|line| Authority::try_from(line.as_bytes()).ok()),
    };
    let Some(named) = named else {
        return CameAs::Unnamed;
    };
    if without_usual_port(named.as_str()).eq_ignore_ascii_case(without_usual_port(ours)) {
        CameAs::Us
    } else {
        CameAs::Another(named.as_str().chars().take(LONGEST).collect())
    }
}

fn without_usual_port(authority: &str) -> &str {
    authority
        .strip_suffix(":443")
        .or_else(|| authority.strip_suffix(":80"))
        .unwrap_or(authority)
}

#[cfg(test)]
mod tests;
