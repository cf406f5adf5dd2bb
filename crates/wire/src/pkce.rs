//! The proof that whoever redeems a code is who asked for it.
//!
//! RFC 7636. The client makes up a *verifier*, sends its SHA-256 as the *challenge* with the
//! authorization request (§4.3), and the verifier itself with the token request (§4.5). This crate
//! does not hash, so the caller brings SHA-256 with it.
//!
//! The challenge of `plain` is the verifier: neither has a `Debug` that shows it.

use std::borrow::Cow;
use std::fmt;

use crate::base64;
use crate::legal::Echo;

/// RFC 7636 §4.1: "a minimum length of 43 characters and a maximum length of 128 characters".
const LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// How long the base64url text of a SHA-256 is.
const S256_CHARS: usize = 43;

/// How the challenge was made from the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChallengeMethod {
    /// Its SHA-256 in base64url.
    S256,
    /// The verifier itself.
    Plain,
}

impl ChallengeMethod {
    /// Both, the good one first.
    pub const ALL: [Self; 2] = [Self::S256, Self::Plain];

    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S256 => "S256",
            Self::Plain => "plain",
        }
    }

    /// The method of this name; names are case-sensitive.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}

impl fmt::Display for ChallengeMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The challenge of an authorization request.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeChallenge<'a> {
    text: Cow<'a, str>,
    method: ChallengeMethod,
}

impl<'a> CodeChallenge<'a> {
    /// Reads `code_challenge` and `code_challenge_method`; without a method it is plain (§4.3).
    pub fn parse(
        challenge: impl Into<Cow<'a, str>>,
        method: Option<&str>,
    ) -> Result<Self, PkceError> {
        let text = challenge.into();
        let method = match method {
            None => ChallengeMethod::Plain,
            Some(name) => ChallengeMethod::parse(name)
                .ok_or_else(|| PkceError::MethodUnknown(Echo::of(name)))?,
        };
        let well_formed = match method {
            ChallengeMethod::S256 => {
                text.len() == S256_CHARS
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            }
            ChallengeMethod::Plain => is_verifier(&text),
        };
        if well_formed {
            Ok(Self { text, method })
        } else {
            Err(PkceError::Challenge(method))
        }
    }

    /// The challenge's text. With [`ChallengeMethod::Plain`] it is a secret.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How it was made.
    pub fn method(&self) -> ChallengeMethod {
        self.method
    }

    /// The same, owning its text.
    pub fn into_owned(self) -> CodeChallenge<'static> {
        CodeChallenge {
            text: Cow::Owned(self.text.into_owned()),
            method: self.method,
        }
    }

    /// Whether the verifier is the one that this challenge was made from (§4.6). How long it takes
    /// does not depend on where the two differ.
    pub fn holds(
        &self,
        verifier: &CodeVerifier<'_>,
        sha256: impl FnOnce(&[u8]) -> [u8; 32],
    ) -> bool {
        match self.method {
            ChallengeMethod::S256 => same(&self.text, &verifier.s256(sha256)),
            ChallengeMethod::Plain => same(&self.text, &verifier.0),
        }
    }
}

/// Without the challenge.
impl fmt::Debug for CodeChallenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeChallenge")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The verifier of a token request.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeVerifier<'a>(Cow<'a, str>);

impl<'a> CodeVerifier<'a> {
    /// Reads `code_verifier`: 43 to 128 unreserved characters (§4.1).
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, PkceError> {
        let text = text.into();
        if is_verifier(&text) {
            Ok(Self(text))
        } else {
            Err(PkceError::Verifier)
        }
    }

    /// The verifier's text: a secret until the code is redeemed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The challenge that this verifier makes with S256 (§4.2): base64url without padding.
    pub fn s256(&self, sha256: impl FnOnce(&[u8]) -> [u8; 32]) -> String {
        base64::print_url(&sha256(self.0.as_bytes()))
    }
}

/// Without the verifier.
impl fmt::Debug for CodeVerifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeVerifier").finish_non_exhaustive()
    }
}

/// §4.1: `ALPHA / DIGIT / "-" / "." / "_" / "~"`.
fn is_verifier(text: &str) -> bool {
    LENGTHS.contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// Looks at every byte. (Lengths are no secret.)
fn same(ours: &str, theirs: &str) -> bool {
    let differing = ours
        .bytes()
        .zip(theirs.bytes())
        .fold(0, |found, (a, b)| found | (a ^ b));
    ours.len() == theirs.len() && std::hint::black_box(differing) == 0
}

/// Why this is neither a challenge nor a verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PkceError {
    /// The method is neither S256 nor plain; what it was.
    MethodUnknown(Echo),
    /// The challenge is not what the method makes.
    Challenge(ChallengeMethod),
    /// The verifier is too short, too long, or has other characters.
    Verifier,
    /// A `code_challenge_method` without a `code_challenge`.
    ChallengeMissing,
}

impl fmt::Display for PkceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MethodUnknown(sent) => {
                write!(f, "code_challenge_method '{sent}' is unknown; use S256")
            }
            Self::Challenge(ChallengeMethod::S256) => {
                f.write_str("code_challenge must be 43 characters of base64url without padding")
            }
            Self::Challenge(ChallengeMethod::Plain) => f.write_str(
                "code_challenge without code_challenge_method=S256 must be 43 to 128 letters, \
                 digits, and - . _ ~",
            ),
            Self::Verifier => {
                f.write_str("code_verifier must be 43 to 128 letters, digits, and - . _ ~")
            }
            Self::ChallengeMissing => {
                f.write_str("code_challenge_method is sent without code_challenge")
            }
        }
    }
}

impl std::error::Error for PkceError {}

#[cfg(test)]
mod tests;
