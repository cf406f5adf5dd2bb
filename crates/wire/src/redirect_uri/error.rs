//! Why a URI cannot be registered: one rule each.

use std::fmt;

use super::MAX_BYTES;

/// Why this is not a redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RedirectUriError {
    /// More than [`MAX_BYTES`].
    TooLong,
    /// A character that no URI has: a space, a control character, one outside ASCII, a quote.
    Character,
    /// A backslash, which browsers take for a slash.
    Backslash,
    /// A `%` without two hexadecimal digits, or an encoded control character.
    PercentCode,
    /// A `*`: nothing is a pattern here.
    Wildcard,
    /// A fragment (RFC 6749 §3.1.2: "MUST NOT include a fragment component").
    Fragment,
    /// No scheme and a `/` behind it: not absolute.
    NotAbsolute,
    /// A scheme that is not https, http or one of an app's own with a dot (RFC 8252 §7.1).
    Scheme,
    /// A name or password before the host.
    UserInfo,
    /// No host, or not as programs write it.
    Host,
    /// A port that is none.
    Port,
    /// http to another machine.
    NotLoopback,
    /// A parameter in its query that our answer has too (RFC 6749 §4.1.2, RFC 9207 §2): which of two would be meant?
    AnswerParameter,
    /// A `.` or `..` segment, or a slash in disguise.
    DotSegment,
}

impl fmt::Display for RedirectUriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => return write!(f, "longer than {MAX_BYTES} bytes"),
            Self::Character => "has a character that no URI has",
            Self::Backslash => "has a backslash",
            Self::PercentCode => "has a percent code that stands for no character",
            Self::Wildcard => "has a wildcard; each URI is registered in full",
            Self::Fragment => "fragment not allowed",
            Self::NotAbsolute => "is not an absolute URI",
            Self::Scheme => {
                "must begin with https, with http and a loopback host, or with a scheme of the \
                 app's own that has a dot in it, such as com.example.app"
            }
            Self::UserInfo => "user information not allowed",
            Self::Host => "has no host as programs write it",
            Self::Port => "has a port that is no number from 1 to 65535",
            Self::NotLoopback => "http is for 127.0.0.1, [::1] and localhost; use https",
            Self::AnswerParameter => {
                "has a parameter in its query that an answer has: code, state, iss, error or their like"
            }
            Self::DotSegment => "has a segment . or .., or an encoded slash",
        })
    }
}

impl std::error::Error for RedirectUriError {}
