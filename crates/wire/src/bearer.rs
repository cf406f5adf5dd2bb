//! The bearer token in a request, and the challenge in the answer.
//!
//! RFC 6750 §2.1 (`Authorization: Bearer …`), §3 (`WWW-Authenticate: Bearer …`) and §3.1 (codes);
//! RFC 9110 §11 for the grammar of challenges; RFC 9728 §5.1 for `resource_metadata`; google-wire
//! 3.4 for what Google's libraries look for: a challenge that begins with `Bearer` and holds
//! `error="invalid_token"` makes them fetch a new token. A token that is bound to a key is shown in the
//! same way under another scheme (RFC 9449 §7.1).

mod challenge;
pub(crate) mod code;

use std::fmt;

pub use self::challenge::Challenge;
pub use self::code::BearerErrorCode;
use crate::crn::Crn;

/// How long a bearer token may be, in bytes. A header is not longer anyway.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// How a token is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// RFC 6750: it is enough to hold it.
    #[default]
    Bearer,
    /// RFC 9449 §7.1: with a proof of the key to which it is bound.
    Dpop,
}

impl Scheme {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}

/// Takes the token out of the value of an `Authorization` header of the scheme Bearer.
pub fn parse_authorization(header: &str) -> Result<&str, NotBearer> {
    match parse_shown(header)? {
        (Scheme::Bearer, token) => Ok(token),
        (Scheme::Dpop, _) => Err(NotBearer::OtherScheme),
    }
}

/// Takes the token out of the value of an `Authorization` header, whichever way it is shown.
///
/// The scheme is case-insensitive and ends in spaces (RFC 9110 §11.4); the token is a `b64token`, or
/// what RFC 9449 §7.1 calls `token68`, which is the same.
pub fn parse_shown(header: &str) -> Result<(Scheme, &str), NotBearer> {
    let header = header.trim_matches([' ', '\t']);
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    let known = [Scheme::Bearer, Scheme::Dpop];
    let known = known
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known.as_str()));
    let scheme = known.ok_or(NotBearer::OtherScheme)?;
    let token = token.trim_start_matches(' ');
    if token.len() > MAX_TOKEN_BYTES {
        Err(NotBearer::TooLong)
    } else if is_b64token(token) {
        Ok((scheme, token))
    } else {
        Err(NotBearer::NotAToken)
    }
}

/// RFC 6750 §2.1: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
pub fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let good = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
    };
    // Without an early end, so that the compiler looks at many bytes at once: tokens are long and good.
    !body.is_empty() && body.bytes().fold(true, |so_far, byte| so_far & good(byte))
}

/// Why the header holds no bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotBearer {
    /// It is of another scheme.
    OtherScheme,
    /// It is longer than [`MAX_TOKEN_BYTES`].
    TooLong,
    /// What follows the scheme is not a `b64token`.
    NotAToken,
}

impl NotBearer {
    /// Which cause of the catalogue it is.
    pub fn crn(self) -> Crn {
        match self {
            Self::OtherScheme => Crn::TOKEN_MISSING,
            Self::TooLong | Self::NotAToken => Crn::TOKEN_MALFORMED,
        }
    }
}

impl fmt::Display for NotBearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherScheme => {
                f.write_str("the Authorization header is not of the scheme Bearer or DPoP")
            }
            Self::TooLong => write!(f, "the bearer token is longer than {MAX_TOKEN_BYTES} bytes"),
            Self::NotAToken => f.write_str("what follows the scheme is not a token"),
        }
    }
}

impl std::error::Error for NotBearer {}

#[cfg(test)]
mod tests;
