//! Tokens and secrets in their text form: `crn_at_` + base64url + six characters of checksum.
//!
//! The prefix lets secret scanners (and people) recognise what leaked, and keeps a code from being
//! taken for a refresh token. The checksum is CRC-32 over everything before it, in base 62 as
//! GitHub's tokens have it: a scanner can tell a real token from a look-alike offline, and a token
//! that was cut off or mistyped is refused before any key or database is touched. It is no
//! protection against forgery; the seal or the stored digest is.

use crate::{
    base64url::{self, Padding},
    digest,
};

/// What kind of secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Prefixed {
    /// `crn_at_`: an opaque access token.
    AccessToken,
    /// `crn_cs_`: a client secret.
    ClientSecret,
    /// `crn_rt_`: a refresh token.
    RefreshToken,
    /// `crn_ac_`: an authorization code.
    AuthorizationCode,
    /// `crn_dc_`: a device code.
    DeviceCode,
    /// `crn_pat_`: a personal or administrative access token.
    PersonalAccessToken,
    /// `crn_se_`: the secret of a session, in a cookie.
    Session,
    /// `crn_pr_`: the reference of a pushed authorization request.
    PushedRequest,
    /// `crn_ia_`: an initial access token, with which clients register (RFC 7591 section 3).
    InitialAccess,
    /// `crn_ra_`: a registration access token, with which a client changes itself (RFC 7592).
    RegistrationAccess,
}

/// Characters of the checksum: 62^6 is more than 2^32.
const CHECKSUM: usize = 6;
/// The most bytes behind a prefix.
const LONGEST: usize = 4096;

impl Prefixed {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::AccessToken,
        Self::ClientSecret,
        Self::RefreshToken,
        Self::AuthorizationCode,
        Self::DeviceCode,
        Self::PersonalAccessToken,
        Self::Session,
        Self::PushedRequest,
        Self::InitialAccess,
        Self::RegistrationAccess,
    ];

    /// The prefix, with its last underscore.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "crn_at_",
            Self::ClientSecret => "crn_cs_",
            Self::RefreshToken => "crn_rt_",
            Self::AuthorizationCode => "crn_ac_",
            Self::DeviceCode => "crn_dc_",
            Self::PersonalAccessToken => "crn_pat_",
            Self::Session => "crn_se_",
            Self::PushedRequest => "crn_pr_",
            Self::InitialAccess => "crn_ia_",
            Self::RegistrationAccess => "crn_ra_",
        }
    }

    /// Writes the text form.
    pub fn encode(self, bytes: &[u8]) -> String {
        let prefix = self.prefix();
        let mut text =
            String::with_capacity(prefix.len() + base64url::encoded_len(bytes.len()) + CHECKSUM);
        text.push_str(prefix);
        base64url::encode_onto(bytes, &mut text);
        let checksum = base62(digest::crc32(text.as_bytes()));
        text.extend(checksum);
        text
    }

    /// Reads the text form of this kind. Anything else is not a token: another prefix, a cut-off
    /// end, one wrong character.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, NotAToken> {
        let body = text.strip_prefix(self.prefix()).ok_or(NotAToken)?;
        let body_len = body.len().checked_sub(CHECKSUM).ok_or(NotAToken)?;
        if body_len > base64url::encoded_len(LONGEST) {
            return Err(NotAToken);
        }
        let (covered, checksum) = text
            .split_at_checked(self.prefix().len() + body_len)
            .ok_or(NotAToken)?;
        if !checksum
            .chars()
            .eq(base62(digest::crc32(covered.as_bytes())))
        {
            return Err(NotAToken);
        }
        let body = body.get(..body_len).ok_or(NotAToken)?;
        base64url::decode(body, Padding::Strict, LONGEST).map_err(|_| NotAToken)
    }

    /// Which kind a text claims to be by its prefix.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| text.starts_with(kind.prefix()))
    }
}

/// Base 62 with leading zeros, the most significant digit first.
fn base62(mut number: u32) -> [char; CHECKSUM] {
    let mut digits = ['0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        let value = u8::try_from(number % 62).unwrap_or_default();
        *digit = char::from(match value {
            0..10 => b'0' + value,
            10..36 => b'A' + (value - 10),
            _ => b'a' + (value - 36),
        });
        number /= 62;
    }
    digits
}

/// The text is not a token of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token of this kind")]
pub struct NotAToken;

#[cfg(test)]
mod tests;
