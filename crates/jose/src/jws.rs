//! JWS compact serialisation (RFC 7515 §3.1, §7.1), read with suspicion.
//!
//! The order is the defence:
//!
//! 1. The text is measured, and its dots counted, before anything is decoded or allocated: a flood
//!    of dots or a megabyte of base64 costs a scan of 16 KiB at most.
//! 2. Each segment has its own bound and is decoded once.
//! 3. The header is read with bounded depth and no repeated member (§4). An unknown algorithm, a
//!    `crit` (§4.1.11: this crate understands none) or `b64: false` (RFC 7797) ends the matter.
//!    Keys or addresses in a header (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
//! 4. What came of this, [`Unverified`], gives away what is needed to find a key, and nothing else
//!    by a name that could be mistaken.
//! 5. [`Unverified::verify`] compares the header's algorithm with the key's and checks the
//!    signature over the text exactly as it was received. Only then there is a [`Verified`], and
//!    with it claims.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    alg::{Algorithm, UnknownAlgorithm},
    base64url::{self, Padding},
    json::{self, NotJson},
    public_key::PublicKey,
};

/// How much is looked at, and how strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest token in characters.
    pub total: usize,
    /// Whether segments may carry `=` padding.
    pub padding: Padding,
}

impl Limits {
    /// 16 KiB, no padding.
    pub const STRICT: Self = Self {
        total: 16 * 1024,
        padding: Padding::Strict,
    };
    /// 16 KiB, padding as some Google clients write it.
    pub const LENIENT: Self = Self {
        total: 16 * 1024,
        padding: Padding::Lenient,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::STRICT
    }
}

/// The most bytes of a decoded header.
const LONGEST_HEADER: usize = 4096;
/// The most bytes of a signature: RSA-4096.
const LONGEST_SIGNATURE: usize = 512;
/// The most bytes of a `kid`, `typ` or `cty`.
const LONGEST_NAME: usize = 256;

/// The members of a JOSE header that this crate reads (RFC 7515 §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// `alg`. Only ever compared with the key's.
    pub algorithm: Algorithm,
    /// `kid`: a hint, and attacker's text until the signature holds. At most 256 bytes.
    pub key_id: Option<String>,
    /// `typ`, as it stands there. At most 256 bytes. See [`crate::jwt::is_typ`].
    pub typ: Option<String>,
}

/// A token that was taken apart, and of which nothing is known to be true.
#[derive(Clone, Debug)]
pub struct Unverified<'a> {
    signing_input: &'a str,
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    pub fn parse(token: &'a str, limits: Limits) -> Result<Self, TokenRefused> {
        let pieces = Pieces::parse(token, limits)?;
        Ok(Self {
            header: Header::read(&pieces)?,
            signing_input: pieces.signing_input,
            payload: pieces.payload,
            signature: pieces.signature,
        })
    }

    /// The header. Good for finding a key; nothing in it is true yet.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload **before** the signature was checked: only to read which issuer's, account's or
    /// client's keys to fetch. Every other use is a hole.
    pub fn claims_unverified_for_lookup(&self) -> &[u8] {
        &self.payload
    }

    /// Checks the signature with a key. The header's algorithm must be the key's.
    pub fn verify(&self, key: &PublicKey) -> Result<Verified<'_>, TokenRefused> {
        if self.header.algorithm != key.algorithm() {
            return Err(TokenRefused::KeyAlgorithm {
                key: key.algorithm(),
                header: self.header.algorithm,
            });
        }
        key.verify(self.signing_input.as_bytes(), &self.signature)
            .map_err(|_| TokenRefused::Signature)?;
        Ok(Verified {
            header: &self.header,
            payload: &self.payload,
        })
    }
}

/// A token whose signature holds. There is no other way to get one than [`Unverified::verify`].
#[derive(Clone, Copy, Debug)]
pub struct Verified<'a> {
    header: &'a Header,
    payload: &'a [u8],
}

impl<'a> Verified<'a> {
    /// The header, now known to be the signer's.
    pub fn header(&self) -> &'a Header {
        self.header
    }

    /// The payload.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The payload as a type of the caller's. Depth is bounded, and a field that the type names may
    /// not repeat; for members that it does not name (`#[serde(flatten)]`), use
    /// [`Verified::claims_object`].
    pub fn claims<T: Deserialize<'a>>(&self) -> Result<T, NotJson> {
        json::typed(self.payload, json::CLAIMS_DEPTH)
    }

    /// The payload as an object in which no member stands twice, at any level.
    pub fn claims_object(&self) -> Result<Map<String, Value>, NotJson> {
        json::object(self.payload, json::CLAIMS_DEPTH)
    }
}

impl Header {
    fn read(pieces: &Pieces<'_>) -> Result<Self, TokenRefused> {
        let algorithm = pieces.name("alg")?.ok_or(TokenRefused::Member("alg"))?;
        Ok(Self {
            algorithm: algorithm.parse()?,
            key_id: pieces.name("kid")?.map(str::to_owned),
            typ: pieces.name("typ")?.map(str::to_owned),
        })
    }
}

/// A token in its three pieces, decoded once, before its algorithm is looked at.
pub(crate) struct Pieces<'a> {
    pub(crate) signing_input: &'a str,
    header: Map<String, Value>,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Pieces<'a> {
    /// Takes a token apart. What its header asks for beyond this crate ends the matter.
    pub(crate) fn parse(token: &'a str, limits: Limits) -> Result<Self, TokenRefused> {
        let (signing_input, [header, payload, signature]) = split(token, limits.total)?;
        let decode = |segment: &str, name, limit| {
            base64url::decode(segment, limits.padding, limit)
                .map_err(|_| TokenRefused::Encoding(name))
        };
        let header = decode(header, Segment::Header, LONGEST_HEADER)?;
        let members = json::object(&header, json::HEADER_DEPTH).map_err(TokenRefused::Header)?;
        if members.contains_key("crit") {
            return Err(TokenRefused::Critical); // RFC 7515 §4.1.11
        }
        if members
            .get("b64")
            .is_some_and(|b64| *b64 != Value::Bool(true))
        {
            return Err(TokenRefused::Critical); // RFC 7797 §6: it would have to be in `crit`
        }
        Ok(Self {
            signing_input,
            header: members,
            payload: decode(payload, Segment::Payload, limits.total)?,
            signature: decode(signature, Segment::Signature, LONGEST_SIGNATURE)?,
        })
    }

    /// A member of the header that is a name.
    pub(crate) fn name(&self, name: &'static str) -> Result<Option<&str>, TokenRefused> {
        match self.header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= LONGEST_NAME => Ok(Some(text)),
            Some(_) => Err(TokenRefused::Member(name)),
        }
    }
}

/// Finds the two dots and the signing input, without allocating.
fn split(token: &str, longest: usize) -> Result<(&str, [&str; 3]), TokenRefused> {
    if token.len() > longest {
        return Err(TokenRefused::TooLong(longest));
    }
    let (signing_input, signature) = token
        .rsplit_once('.')
        .ok_or(TokenRefused::NotThreeSegments)?;
    let (header, payload) = signing_input
        .split_once('.')
        .ok_or(TokenRefused::NotThreeSegments)?;
    if payload.contains('.') {
        return Err(TokenRefused::NotThreeSegments);
    }
    Ok((signing_input, [header, payload, signature]))
}

/// A segment of the compact serialisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The JOSE header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Why a token was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// Longer than the limit.
    #[error("the token is longer than {0} characters")]
    TooLong(usize),
    /// Not header, payload and signature.
    #[error("the token does not consist of three segments with dots between them")]
    NotThreeSegments,
    /// A segment is not base64url or is too long.
    #[error("the {0} of the token is not base64url, or too long")]
    Encoding(Segment),
    /// The header is not a JSON object within bounds.
    #[error("the header of the token: {0}")]
    Header(NotJson),
    /// A header member is missing, of the wrong type or too long.
    #[error("the header member '{0}' is missing or malformed")]
    Member(&'static str),
    /// `crit` or `b64` ask for an extension.
    #[error("the header of the token asks for an extension that is not supported")]
    Critical,
    /// `alg` is not on the list; `none` is not.
    #[error(transparent)]
    Algorithm(#[from] UnknownAlgorithm),
    /// `alg` is not the key's.
    #[error("the token says {header}, but the key is for {key}")]
    KeyAlgorithm {
        /// What the key is bound to.
        key: Algorithm,
        /// What the header says.
        header: Algorithm,
    },
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
}

#[cfg(test)]
mod tests;
