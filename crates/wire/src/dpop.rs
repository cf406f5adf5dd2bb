//! A proof that the caller holds a key: what it claims, and whether it is about this request.
//!
//! RFC 9449 §4.2 (claims) and §4.3 (checks). The signature is not looked at here, and neither is whether
//! the proof came before.
//!
//! `htu` is the address of the request without query and fragment. Both sides are brought into the
//! normal form of the URL Standard before they are compared (§4.3 step 9 asks for RFC 3986 §6.2.2
//! and §6.2.3): scheme and host in lower case, no default port, no dot segments, and no percent sign
//! before what needs none.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use url::Url;

use crate::crn::Crn;
use crate::json;

/// The header in which a proof comes (§4.1).
pub const HEADER: &str = "dpop";

/// The header in which a server says what the next proof must carry (§8.1).
pub const NONCE_HEADER: &str = "dpop-nonce";

/// How proofs may be signed, by every name that is read: what needs no luck with padding, and no secret
/// that two have.
pub const ALGORITHMS: [&str; 5] = ["ES256", "ES384", "EdDSA", "Ed25519", "PS256"];

/// How old a proof may be, and how far clocks may differ, in seconds (§11.1).
pub const WINDOW: i64 = 60;

/// The `typ` in the header of a proof (§4.2).
pub const TYPE: &str = "dpop+jwt";

/// How long `jti` and `nonce` may be, in bytes.
const MAX_WORD_BYTES: usize = 256;

/// How long an address may be, in bytes.
const MAX_URL_BYTES: usize = 4096;

/// What a proof claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DpopClaims<'a> {
    /// The name of the proof, which is used once.
    pub jti: Cow<'a, str>,
    /// The method of the request.
    pub htm: Cow<'a, str>,
    /// The address of the request.
    pub htu: Cow<'a, str>,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// The SHA-256 of the access token beside it, in base64url.
    pub ath: Option<Cow<'a, str>>,
    /// The nonce that the server gave.
    pub nonce: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow, deserialize_with = "json::cow")]
    jti: Cow<'a, str>,
    #[serde(borrow, deserialize_with = "json::cow")]
    htm: Cow<'a, str>,
    #[serde(borrow, deserialize_with = "json::cow")]
    htu: Cow<'a, str>,
    iat: i64,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    ath: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    nonce: Option<Cow<'a, str>>,
}

impl<'a> DpopClaims<'a> {
    /// Reads the payload of a proof.
    pub fn parse(payload: &'a [u8]) -> Result<Self, DpopClaimsError> {
        let read: Read<'a> = json::read(payload).ok_or(DpopClaimsError::NotJson)?;
        let word = |text: &str| !text.is_empty() && text.len() <= MAX_WORD_BYTES;
        if !word(&read.jti) {
            return Err(DpopClaimsError::OutOfBounds("jti"));
        }
        if read.nonce.as_deref().is_some_and(|nonce| !word(nonce)) {
            return Err(DpopClaimsError::OutOfBounds("nonce"));
        }
        if read.htu.len() > MAX_URL_BYTES {
            return Err(DpopClaimsError::OutOfBounds("htu"));
        }
        Ok(Self {
            jti: read.jti,
            htm: read.htm,
            htu: read.htu,
            iat: read.iat,
            ath: read.ath,
            nonce: read.nonce,
        })
    }

    /// Whether the proof is about this request. Methods are case-sensitive (RFC 9110 §9.1).
    pub fn is_about(&self, method: &str, address: &str) -> Result<(), DpopClaimsError> {
        if self.htm != method {
            return Err(DpopClaimsError::OtherMethod);
        }
        match (normal(&self.htu), normal(address)) {
            (Some(claimed), Some(address)) if claimed == address => Ok(()),
            _ => Err(DpopClaimsError::OtherAddress),
        }
    }

    /// Whether the proof was made a moment ago.
    pub fn is_fresh(&self, now: i64) -> Result<(), DpopClaimsError> {
        let age = now.saturating_sub(self.iat);
        if age > WINDOW {
            Err(DpopClaimsError::Old(age))
        } else if age < -WINDOW {
            Err(DpopClaimsError::Future(age.saturating_neg()))
        } else {
            Ok(())
        }
    }

    /// Whether the proof is about the access token beside it, by that token's SHA-256 in base64url.
    pub fn is_beside(&self, digest: &str) -> Result<(), DpopClaimsError> {
        match self.ath.as_deref() {
            Some(ath) if ath == digest => Ok(()),
            Some(_) => Err(DpopClaimsError::OtherToken),
            None => Err(DpopClaimsError::NoToken),
        }
    }
}

/// The address in its normal form, without query and fragment; `None` where it is none, or names a
/// user. The URL Standard forgives spaces, line ends and backslashes, which no URI has (RFC 3986 §2).
fn normal(address: &str) -> Option<Url> {
    let written = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    if !address.bytes().all(written) {
        return None;
    }
    let mut url = Url::parse(address).ok()?;
    let web = matches!(url.scheme(), "https" | "http");
    let named = !url.username().is_empty() || url.password().is_some();
    if !web || named {
        return None;
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = unescaped(url.path());
    url.set_path(&path);
    Some(url)
}

/// RFC 3986 §6.2.2.1 and §6.2.2.2: what is never reserved stands for itself, and hexadecimal digits are
/// large.
fn unescaped(path: &str) -> String {
    let mut parts = path.split('%');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..2)
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        let (Some(code), Some(byte)) = (code, byte) else {
            written.push('%');
            written.push_str(part);
            continue;
        };
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            written.push('%');
            written.push_str(&code.to_ascii_uppercase());
        }
        written.push_str(part.get(2..).unwrap_or_default());
    }
    written
}

/// Why the claims do not prove anything about this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DpopClaimsError {
    /// The payload is not a JSON object with `jti`, `htm`, `htu` and a whole `iat`.
    NotJson,
    /// A claim is empty or too long; its name.
    OutOfBounds(&'static str),
    /// `htm` is another method.
    OtherMethod,
    /// `htu` is another address.
    OtherAddress,
    /// It was made so many seconds ago.
    Old(i64),
    /// It will have been made in so many seconds.
    Future(i64),
    /// `ath` is of another token.
    OtherToken,
    /// There is no `ath`, and there is a token.
    NoToken,
}

impl DpopClaimsError {
    /// Which cause of the catalogue it is.
    pub const fn crn(self) -> Crn {
        match self {
            Self::NotJson | Self::OutOfBounds(_) => Crn::DPOP_PROOF_MALFORMED,
            Self::OtherMethod | Self::OtherAddress => Crn::DPOP_PROOF_OF_ANOTHER_REQUEST,
            Self::Old(_) | Self::Future(_) => Crn::DPOP_PROOF_TIME,
            Self::OtherToken | Self::NoToken => Crn::DPOP_PROOF_OF_ANOTHER_TOKEN,
        }
    }
}

impl fmt::Display for DpopClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the proof must claim jti, htm, htu and iat in seconds"),
            Self::OutOfBounds(name) => write!(f, "{name} is empty or too long"),
            Self::OtherMethod => f.write_str("htm is not the method of this request"),
            Self::OtherAddress => f.write_str("htu is not the address of this request"),
            Self::Old(age) => write!(f, "iat is {age} s ago; a proof is good for {WINDOW} s"),
            Self::Future(ahead) => write!(f, "iat is {ahead} s in the future"),
            Self::OtherToken => f.write_str("ath is not the SHA-256 of this access token"),
            Self::NoToken => f.write_str("ath is missing; it is the SHA-256 of the access token"),
        }
    }
}

impl std::error::Error for DpopClaimsError {}

#[cfg(test)]
mod tests;
