//! By what one thing two URIs differ, in words for the owner.
//!
//! ux 4.4 (CRN-1203): whoever set up the client sees at once that a slash is missing. The caller is
//! never told: it would learn what is registered.

use std::fmt;

use super::parts::Parts;

/// The one thing by which a presented URI is not the registered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Difference {
    /// A slash at the end of the path.
    TrailingSlash,
    /// http for https, or the like.
    Scheme,
    /// The port.
    Port,
    /// Upper and lower case.
    Case,
    /// Percent codes for the same characters.
    Encoding,
    /// `localhost` for `127.0.0.1` or `[::1]`, or the other way round.
    LoopbackName,
    /// The host.
    Host,
    /// The path.
    Path,
    /// The query.
    Query,
    /// A fragment.
    Fragment,
}

impl Difference {
    /// A word for it, which records may keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TrailingSlash => "trailing_slash",
            Self::Scheme => "scheme",
            Self::Port => "port",
            Self::Case => "case",
            Self::Encoding => "encoding",
            Self::LoopbackName => "loopback_name",
            Self::Host => "host",
            Self::Path => "path",
            Self::Query => "query",
            Self::Fragment => "fragment",
        }
    }

    /// Two texts that are not the same.
    pub(super) fn between(registered: &str, presented: &str) -> Option<Self> {
        let (ours, theirs) = (Parts::of(registered), Parts::of(presented));
        if theirs.user.is_some() {
            // That is no slip of the pen.
            return None;
        }
        if registered.eq_ignore_ascii_case(presented) {
            return Some(Self::Case);
        }
        if decoded(registered) == decoded(presented) {
            return Some(Self::Encoding);
        }
        let loopback = ours.is_loopback() && theirs.is_loopback();
        let differing = [
            (ours.scheme != theirs.scheme, Self::Scheme),
            (ours.host != theirs.host, host(loopback)),
            (ours.port != theirs.port && !loopback, Self::Port),
            (ours.path != theirs.path, path(ours.path, theirs.path)),
            (ours.query != theirs.query, Self::Query),
            (ours.fragment != theirs.fragment, Self::Fragment),
        ];
        let mut found = differing
            .into_iter()
            .filter_map(|(differs, what)| differs.then_some(what));
        let first = found.next();
        first.filter(|_| found.next().is_none())
    }
}

fn host(loopback: bool) -> Difference {
    if loopback {
        Difference::LoopbackName
    } else {
        Difference::Host
    }
}

fn path(ours: &str, theirs: &str) -> Difference {
    let slash = ours.strip_suffix('/') == Some(theirs) || theirs.strip_suffix('/') == Some(ours);
    if slash {
        Difference::TrailingSlash
    } else {
        Difference::Path
    }
}

/// The bytes that the text stands for; a broken code stands for itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = match (first, behind) {
            (b'%', [high, low, behind @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let value = digit(high)
                    .zip(digit(low))
                    .map(|(high, low)| high * 16 + low);
                value
                    .and_then(|value| u8::try_from(value).ok())
                    .map(|byte| (byte, behind))
            }
            _ => None,
        };
        let (byte, behind) = code.unwrap_or((*first, behind));
        bytes.push(byte);
        rest = behind;
    }
    bytes
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TrailingSlash => "differs by a trailing slash",
            Self::Scheme => "differs in the scheme",
            Self::Port => "differs in the port",
            Self::Case => "differs in upper and lower case",
            Self::Encoding => "differs in percent encoding",
            Self::LoopbackName => "differs in the name of the loopback host: 127.0.0.1, [::1] and localhost are three hosts",
            Self::Host => "differs in the host",
            Self::Path => "differs in the path",
            Self::Query => "differs in the query",
            Self::Fragment => "differs by a fragment",
        })
    }
}
