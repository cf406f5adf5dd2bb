//! Google's older way to ask what a token is, in all its forms.
//!
//! google-wire 4.2. The current form prints every value as a string; the form of v1 and v2 has
//! other names, a number and a truth. Everybody who holds the token may ask, so nothing is told
//! that the token does not already say.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::bearer::BearerErrorCode;
use crate::google_text;
use crate::json;
use crate::params::Params;
use crate::token::ErrorResponse;

/// Which token is asked about.
#[derive(Clone, PartialEq, Eq)]
pub enum TokenInfoRequest<'a> {
    /// `access_token=…`.
    AccessToken(Cow<'a, str>),
    /// `id_token=…`.
    IdToken(Cow<'a, str>),
}

impl<'a> TokenInfoRequest<'a> {
    /// Reads the query or form. `None` where it has no token: Node shows it in the header
    /// `Authorization` then.
    pub fn parse(params: &mut Params<'a>) -> Option<Self> {
        params
            .take("access_token")
            .map(Self::AccessToken)
            .or_else(|| params.take("id_token").map(Self::IdToken))
    }
}

/// Without the token.
impl fmt::Debug for TokenInfoRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessToken(_) => "AccessToken(..)",
            Self::IdToken(_) => "IdToken(..)",
        })
    }
}

/// The refusal, whatever is wrong with the token. Its status is 400.
pub fn refusal() -> ErrorResponse<'static> {
    ErrorResponse::new(BearerErrorCode::InvalidToken).describe(google_text::INVALID_VALUE)
}

/// Whether the client keeps access while the user is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessType {
    /// Only while the user is there. A service account's tokens are of this kind.
    Online,
    /// Also while the user is away.
    Offline,
}

/// The answer about an access token: all values are strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessTokenInfo<'a> {
    /// The client that got it; for a service account its unique id.
    pub azp: Cow<'a, str>,
    /// The same (Google's access tokens have no other audience).
    pub aud: Cow<'a, str>,
    /// The subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<Cow<'a, str>>,
    /// What it allows.
    pub scope: Cow<'a, str>,
    /// Until when, in seconds since 1970.
    #[serde(serialize_with = "json::as_text")]
    pub exp: i64,
    /// For how many seconds more.
    #[serde(serialize_with = "json::as_text")]
    pub expires_in: u64,
    /// The address and whether it is verified, where the scope tells it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub email: Option<VerifiedEmail<'a>>,
    /// Whether the client keeps access.
    pub access_type: AccessType,
}

impl AccessTokenInfo<'_> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print(self, 512)
    }

    /// The bytes of the form of v1 and v2.
    pub fn to_older_bytes(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Older<'a> {
            issued_to: &'a str,
            audience: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            user_id: Option<&'a str>,
            scope: &'a str,
            expires_in: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            email: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            verified_email: Option<bool>,
            access_type: AccessType,
        }
        let older = Older {
            issued_to: &self.azp,
            audience: &self.aud,
            user_id: self.sub.as_deref(),
            scope: &self.scope,
            expires_in: self.expires_in,
            email: self.email.as_ref().map(|email| email.email.as_ref()),
            verified_email: self.email.as_ref().map(|email| email.email_verified),
            access_type: self.access_type,
        };
        json::print(&older, 512)
    }
}

/// An e-mail address and what we know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifiedEmail<'a> {
    /// The address.
    pub email: Cow<'a, str>,
    /// Whether it is verified.
    #[serde(serialize_with = "json::as_text")]
    pub email_verified: bool,
}

/// The answer about an ID token: its claims and its header, all values as strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdTokenInfo<'a> {
    /// The issuer.
    pub iss: Cow<'a, str>,
    /// The client that got it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azp: Option<Cow<'a, str>>,
    /// For whom it is.
    pub aud: Cow<'a, str>,
    /// The subject.
    pub sub: Cow<'a, str>,
    /// The address and whether it is verified.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub email: Option<VerifiedEmail<'a>>,
    /// When it was issued.
    #[serde(serialize_with = "json::as_text")]
    pub iat: i64,
    /// Until when it is good.
    #[serde(serialize_with = "json::as_text")]
    pub exp: i64,
    /// The algorithm.
    pub alg: Cow<'a, str>,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<Cow<'a, str>>,
    /// `JWT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<Cow<'a, str>>,
}

impl IdTokenInfo<'_> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::print(self, 512)
    }
}

#[cfg(test)]
mod tests;
