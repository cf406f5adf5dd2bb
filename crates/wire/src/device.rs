//! A device that cannot show a page: what it asks, what it is answered, and the code that its user
//! types.
//!
//! RFC 8628 §3.1, §3.2 and §6.1; google-wire 4.6 for `verification_url`. How the device polls
//! stands in [`crate::token::DeviceCodeRequest`].

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::params::Params;
use crate::resource;
use crate::scope::Scope;
use crate::token::TokenRequestError;

/// The letters of a user code (RFC 8628 §6.1): no vowels, so that no word comes about, and none
/// that is taken for another one.
pub const USER_CODE_ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// How many letters a user code has.
pub const USER_CODE_LETTERS: usize = 8;

/// How much of what a user typed is looked at, in bytes.
const MAX_TYPED_BYTES: usize = 64;

/// A request for a device code. `client_id` belongs to [`crate::client_authentication`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceAuthorizationRequest<'a> {
    /// What is asked for; without it, what the client has by default.
    pub scope: Option<Scope>,
    /// For which APIs (RFC 8707 §2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
    /// Whether something was asked for in detail (RFC 9396 §3).
    pub in_detail: bool,
}

impl<'a> DeviceAuthorizationRequest<'a> {
    /// Reads the form.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        let scope = params.take("scope");
        Ok(Self {
            scope: scope.map(|text| Scope::parse(&text)).transpose()?,
            resource: resource::take(params)?,
            in_detail: params.take("authorization_details").is_some(),
        })
    }
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceAuthorizationResponse<'a> {
    /// What the device polls with.
    #[serde(borrow, deserialize_with = "json::cow")]
    pub device_code: Cow<'a, str>,
    /// What the user types.
    #[serde(deserialize_with = "json::cow")]
    pub user_code: Cow<'a, str>,
    /// Where.
    #[serde(deserialize_with = "json::cow")]
    pub verification_uri: Cow<'a, str>,
    /// The same under the name that Google's clients read.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub verification_url: Option<Cow<'a, str>>,
    /// Where, with the code in it, for a picture that a telephone reads.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub verification_uri_complete: Option<Cow<'a, str>>,
    /// For how many seconds both codes are good.
    pub expires_in: u64,
    /// How many seconds lie between two polls, at least; 5 where it is not said (RFC 8628 §3.2).
    #[serde(default = "usual_interval")]
    pub interval: u64,
}

const fn usual_interval() -> u64 {
    5
}

impl<'a> DeviceAuthorizationResponse<'a> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print(self, 512)
    }

    /// Reads what a server answered; `None` where it is not that.
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        json::read(body)
    }
}

/// Without the codes.
impl fmt::Debug for DeviceAuthorizationResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceAuthorizationResponse")
            .field("verification_uri", &self.verification_uri)
            .field("expires_in", &self.expires_in)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// The code that a user types: eight letters of [`USER_CODE_ALPHABET`], kept without the hyphen.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UserCode(Box<str>);

impl UserCode {
    /// Reads what a user typed, or what [`fmt::Display`] printed: in any case, with hyphens and
    /// spaces wherever (RFC 8628 §6.1).
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > MAX_TYPED_BYTES {
            return None;
        }
        let letters = typed.chars().filter(|character| {
            !matches!(
                character,
                ' ' | '-' | '\t' | '\u{a0}' | '\u{2010}'..='\u{2015}'
            )
        });
        let code: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
        let known = code
            .bytes()
            .all(|letter| USER_CODE_ALPHABET.contains(&letter));
        (known && code.len() == USER_CODE_LETTERS).then(|| Self(code.into_boxed_str()))
    }

    /// The code of random bytes: the first that are below 240 count, so that each letter is as
    /// likely as another. `None` where they are too few.
    pub fn of_random(bytes: &[u8]) -> Option<Self> {
        let even = bytes.iter().filter(|byte| **byte < 240);
        let letters = even.filter_map(|byte| {
            let at = usize::from(*byte) % USER_CODE_ALPHABET.len();
            USER_CODE_ALPHABET.get(at).copied().map(char::from)
        });
        Self::parse(&letters.take(USER_CODE_LETTERS).collect::<String>())
    }

    /// The eight letters, as they are compared and hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Two groups of four, as people read it: `WDJB-MJHT`.
impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_at_checked(USER_CODE_LETTERS / 2) {
            Some((first, second)) => write!(f, "{first}-{second}"),
            None => f.write_str(&self.0),
        }
    }
}

/// Without the code.
impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserCode").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
