//! The head of a CONNECT request: `CONNECT host:port HTTP/1.1`, lines that mean nothing to us, an empty line.
//!
//! Strict where it matters: one kind of line end, a target in its one form (RFC 9112 section 3.2.3), nothing that
//! another reader could take for something else. What the lines say is not believed: the target is the target.

/// The longest head, in bytes.
pub(super) const LONGEST: usize = 8 * 1024;

/// The most lines behind the first.
const MOST_LINES: usize = 64;

/// The longest name of a host.
const LONGEST_HOST: usize = 253;

const END: &[u8] = b"\r\n\r\n";

/// How long the head is, if it has come to its end. `before`: so many bytes were looked at already.
pub(super) fn end(read: &[u8], before: usize) -> Option<usize> {
    let from = before.saturating_sub(END.len() - 1);
    let tail = read.get(from..)?;
    let found = tail.windows(END.len()).position(|window| window == END)?;
    Some(from + found + END.len())
}

/// Where a CONNECT wants to go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Target<'h> {
    /// A name, or an address (an IPv6 one without its brackets).
    pub(super) host: &'h str,
    /// The port, never 0.
    pub(super) port: u16,
}

impl<'h> Target<'h> {
    /// The target of a whole head.
    pub(super) fn of(head: &'h [u8]) -> Option<Self> {
        let text = str::from_utf8(head.strip_suffix(END)?).ok()?;
        let mut lines = text.split("\r\n");
        let first = lines.next()?;
        let mut others = 0;
        for line in lines {
            others += 1;
            if others > MOST_LINES || !is_field(line) {
                return None;
            }
        }
        let target = first.strip_prefix("CONNECT ")?;
        let target = target
            .strip_suffix(" HTTP/1.1")
            .or_else(|| target.strip_suffix(" HTTP/1.0"))?;
        Self::parse(target)
    }

    fn parse(target: &'h str) -> Option<Self> {
        let (host, port) = target.rsplit_once(':')?;
        let digits = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
        let port = port.parse().ok().filter(|port| digits && *port != 0)?;
        let host = match host.strip_prefix('[') {
            Some(address) => {
                let address = address.strip_suffix(']')?;
                address.parse::<std::net::Ipv6Addr>().ok()?;
                address
            }
            None => Some(host).filter(|host| is_name(host))?,
        };
        Some(Self { host, port })
    }
}

/// A name or an IPv4 address.
fn is_name(host: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=LONGEST_HOST).contains(&host.len()) && host.bytes().all(sound)
}

/// `name: value`, without control characters and without a space before the colon (RFC 9112 section 5).
fn is_field(line: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    line.split_once(':').is_some_and(|(name, value)| {
        !name.is_empty()
            && name.bytes().all(token)
            && value
                .bytes()
                .all(|byte| byte == b'\t' || !byte.is_ascii_control())
    })
}

#[cfg(test)]
mod tests;
