//! A proof that the caller holds a key: what it claims, and whether it is about this request.
//!
//! RFC 9449 §4.2 (claims) and §4.3 (checks). The signature is not looked at here.
//!
//! `htu` is the address of the request without query and fragment. Both sides are brought into the
//! normal form of the URL Standard before they are compared (§4.3 step 9 asks for RFC 3986 §6.2.2
//! and §6.2.3): scheme and host in lower case, no default port, no dot segments.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use url::Url;

use crate::json;

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
    Some(url)
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
}

impl fmt::Display for DpopClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the proof must claim jti, htm, htu and iat in seconds"),
            Self::OutOfBounds(name) => write!(f, "{name} is empty or too long"),
            Self::OtherMethod => f.write_str("htm is not the method of this request"),
            Self::OtherAddress => f.write_str("htu is not the address of this request"),
        }
    }
}

impl std::error::Error for DpopClaimsError {}

#[cfg(test)]
mod tests;
