//! The parts of a URI, and whether it is one that may be registered.
//!
//! RFC 3986 §3. [`Parts::of`] cuts any text and judges nothing; [`check`] judges.

use url::Url;

use super::{MAX_BYTES, RedirectUriError};

/// A URI, cut at its separators. Each part is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// Before the first `:`.
    pub(super) scheme: &'a str,
    /// Before the `@` of the authority, where there is one.
    pub(super) user: Option<&'a str>,
    /// The host; `None` where no `//` stands behind the scheme.
    pub(super) host: Option<&'a str>,
    /// The port.
    pub(super) port: Option<&'a str>,
    /// From behind the authority to the query.
    pub(super) path: &'a str,
    /// Behind the `?`.
    pub(super) query: Option<&'a str>,
    /// Behind the `#`.
    pub(super) fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (text, fragment) = cut(text, '#');
        let (text, query) = cut(text, '?');
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let mut parts = Self {
            scheme,
            user: None,
            host: None,
            port: None,
            path: rest,
            query,
            fragment,
        };
        if let Some(rest) = rest.strip_prefix("//") {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
            parts.path = path;
            parts.read_authority(authority);
        }
        parts
    }

    fn read_authority(&mut self, authority: &'a str) {
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        self.user = user;
        // The colons of an IPv6 address stand inside brackets.
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (place, None),
        };
        (self.host, self.port) = (Some(host), port);
    }

    /// Whether the host is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.host.is_some_and(is_loopback)
    }
}

/// The three names of this machine (RFC 8252 §7.3 and §8.3).
pub(crate) fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// The rules, in the order of the header of [`super`].
pub(super) fn check(text: &str) -> Result<(), RedirectUriError> {
    if text.len() > MAX_BYTES {
        return Err(RedirectUriError::TooLong);
    }
    check_characters(text)?;
    let parts = Parts::of(text);
    if parts.fragment.is_some() {
        return Err(RedirectUriError::Fragment);
    }
    if parts.user.is_some() {
        return Err(RedirectUriError::UserInfo);
    }
    match parts.scheme {
        "" => return Err(RedirectUriError::NotAbsolute),
        "https" | "http" => {
            check_host(parts.host.ok_or(RedirectUriError::NotAbsolute)?)?;
        }
        scheme if is_private_use(scheme) => {
            if parts.host.is_none() && !parts.path.starts_with('/') {
                return Err(RedirectUriError::NotAbsolute);
            }
            // A port of no host: the URL Standard cannot read that.
            let nowhere = parts.host == Some("") && parts.port.is_some();
            if nowhere || parts.host.is_some_and(|host| !is_name(host)) {
                return Err(RedirectUriError::Host);
            }
        }
        _ => return Err(RedirectUriError::Scheme),
    }
    if parts.port.is_some_and(|port| !is_port(port)) {
        return Err(RedirectUriError::Port);
    }
    if parts.scheme == "http" && !parts.is_loopback() {
        return Err(RedirectUriError::NotLoopback);
    }
    let mut names = parts.query.unwrap_or_default().split('&');
    if names.any(|pair| ANSWERED.contains(&pair.split('=').next().unwrap_or(pair))) {
        return Err(RedirectUriError::AnswerParameter);
    }
    check_path(parts.path)
}

/// What an answer adds to the query.
const ANSWERED: [&str; 7] = [
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "response",
];

fn check_characters(text: &str) -> Result<(), RedirectUriError> {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => return Err(RedirectUriError::Backslash),
            b'*' => return Err(RedirectUriError::Wildcard),
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                match (digit(), digit()) {
                    // An encoded control character ends a header or a text somewhere.
                    (Some(0 | 1), Some(_)) | (Some(7), Some(15)) | (None, _) | (_, None) => {
                        return Err(RedirectUriError::PercentCode);
                    }
                    (Some(_), Some(_)) => {}
                }
            }
            // RFC 3986 §2.2 and §2.3: unreserved and reserved.
            _ if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()+,;=".contains(&byte) => {}
            _ => return Err(RedirectUriError::Character),
        }
    }
    Ok(())
}

/// RFC 8252 §7.1: the reverse of a domain name, so there is a dot. Lower case, as it is compared.
fn is_private_use(scheme: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'+'))
    };
    scheme.len() <= 255
        && scheme.contains('.')
        && scheme.split('.').all(label)
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
}

/// A host of letters, digits, hyphens and dots; empty behind a private-use scheme.
fn is_name(host: &str) -> bool {
    host.len() <= 253
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// The URL Standard must read the host as it is written: it takes `0x7f.1` for 127.0.0.1, and no
/// browser shall be cleverer than we are.
pub(crate) fn check_host(host: &str) -> Result<(), RedirectUriError> {
    let bracketed = host.starts_with('[') && host.ends_with(']');
    let plain = bracketed || (is_name(host) && host.split('.').all(|label| !label.is_empty()));
    let read = plain
        .then(|| Url::parse(&format!("https://{host}/")).ok())
        .flatten();
    match read.as_ref().and_then(Url::host_str) {
        Some(read) if read.eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(RedirectUriError::Host),
    }
}

/// A number from 1 to 65535 without leading zeros.
pub(crate) fn is_port(port: &str) -> bool {
    !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok()
}

/// No segment that a server would resolve, be it encoded, encoded twice, or with a parameter.
fn check_path(path: &str) -> Result<(), RedirectUriError> {
    let mut plain = path.to_ascii_lowercase();
    // Each round is shorter than the one before, so this ends.
    while plain.contains("%25") {
        plain = plain.replace("%25", "%");
    }
    let plain = plain.replace("%2e", ".");
    let disguised = plain.contains("%2f") || plain.contains("%5c") || plain.contains(['[', ']']);
    let dots = plain
        .split('/')
        .map(|segment| segment.split([';', '?']).next().unwrap_or_default())
        .any(|segment| matches!(segment, "." | ".."));
    if disguised || dots {
        Err(RedirectUriError::DotSegment)
    } else {
        Ok(())
    }
}
