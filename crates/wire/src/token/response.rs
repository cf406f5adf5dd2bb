//! The success of the token endpoint.
//!
//! RFC 6749 §5.1; google-wire 2.3. There are two successes: an access token with what
//! comes beside it, or (where an assertion asked with `target_audience`) an ID token and nothing
//! else. `expires_in` is
//! a JSON integer: Java and Go fail on a string. As a reader we are milder and take digits in a
//! string too.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};

use crate::authorization_details::AuthorizationDetails;
use crate::json;

/// A success.
#[derive(Clone, PartialEq, Eq)]
pub enum TokenResponse<'a> {
    /// An access token.
    AccessToken(AccessTokenResponse<'a>),
    /// An ID token and nothing else.
    IdToken(IdTokenResponse<'a>),
}

/// `{"access_token":…,"expires_in":…,"token_type":"Bearer"}`, and `scope` where it is told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AccessTokenResponse<'a> {
    /// The token.
    pub access_token: Cow<'a, str>,
    /// For how many seconds it is good. RFC 6749 §5.1 lets a server leave it out; Carnet never
    /// does.
    pub expires_in: Option<u64>,
    /// How it is to be shown.
    pub token_type: TokenType,
    /// What it is good for, where the server says so.
    pub scope: Option<Cow<'a, str>>,
    /// With what a new one can be had (RFC 6749 §6).
    pub refresh_token: Option<Cow<'a, str>>,
    /// Who the user is (OpenID Connect Core §3.1.3.3).
    pub id_token: Option<Cow<'a, str>>,
    /// Which kind of token `access_token` is, after an exchange (RFC 8693 §2.2.1).
    pub issued_token_type: Option<Cow<'a, str>>,
    /// What was granted in detail (RFC 9396 §7).
    pub authorization_details: Option<AuthorizationDetails>,
}

/// How a token is to be shown: a closed list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenType {
    /// RFC 6750: whoever holds it may use it.
    #[default]
    Bearer,
    /// RFC 9449: with a proof of the key.
    Dpop,
    /// RFC 8693 §2.2.1: it is not an access token, so it is not shown at all.
    NotApplicable,
}

impl TokenType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bearer, Self::Dpop, Self::NotApplicable];

    /// The type as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
            Self::NotApplicable => "N_A",
        }
    }

    /// The type that is written so, in any case (RFC 6749 §5.1).
    pub fn parse(text: &str) -> Option<Self> {
        let same = |known: &Self| known.as_str().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(same)
    }
}

/// `{"id_token":…}`.
#[derive(Clone, PartialEq, Eq)]
pub struct IdTokenResponse<'a> {
    /// The token.
    pub id_token: Cow<'a, str>,
}

/// How long a success is beside its token and scope, at most.
const ROOM: usize = 96;

impl<'a> TokenResponse<'a> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::AccessToken(response) => response.to_bytes(),
            Self::IdToken(response) => response.to_bytes(),
        }
    }

    /// Reads what a server answered. Where it gave both tokens (OpenID Connect does), this is the
    /// access token.
    pub fn parse(body: &'a [u8]) -> Result<Self, NotATokenResponse> {
        let read: Read<'a> = json::read(body).ok_or(NotATokenResponse::NotJson)?;
        match (non_empty(read.access_token), non_empty(read.id_token)) {
            (Some(access_token), id_token) => {
                let token_type = match read.token_type {
                    None => TokenType::Bearer,
                    Some(kind) => TokenType::parse(&kind).ok_or(NotATokenResponse::OtherType)?,
                };
                Ok(Self::AccessToken(AccessTokenResponse {
                    access_token,
                    expires_in: read.expires_in,
                    token_type,
                    scope: read.scope,
                    refresh_token: non_empty(read.refresh_token),
                    id_token,
                    issued_token_type: read.issued_token_type,
                    authorization_details: read.authorization_details,
                }))
            }
            (None, Some(id_token)) => Ok(Self::IdToken(IdTokenResponse { id_token })),
            (None, None) => Err(NotATokenResponse::NoToken),
        }
    }
}

impl AccessTokenResponse<'_> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // RFC 6749 section 3.3: a scope has at least one name, so none is told of nothing.
        let scope = self.scope.as_deref().filter(|scope| !scope.is_empty());
        let optional = [
            scope,
            self.refresh_token.as_deref(),
            self.id_token.as_deref(),
            self.issued_token_type.as_deref(),
        ];
        let optional: usize = optional.iter().flatten().map(|text| text.len() + 24).sum();
        let room = ROOM + self.access_token.len() + optional;
        let mut bytes = Vec::with_capacity(room);
        bytes.extend_from_slice(br#"{"access_token":"#);
        json::push_string(&mut bytes, &self.access_token);
        if let Some(seconds) = self.expires_in {
            bytes.extend_from_slice(br#","expires_in":"#);
            bytes.extend_from_slice(seconds.to_string().as_bytes());
        }
        bytes.extend_from_slice(br#","token_type":""#);
        bytes.extend_from_slice(self.token_type.as_str().as_bytes());
        bytes.push(b'"');
        push_member(&mut bytes, br#","scope":"#, scope);
        push_member(
            &mut bytes,
            br#","refresh_token":"#,
            self.refresh_token.as_deref(),
        );
        push_member(&mut bytes, br#","id_token":"#, self.id_token.as_deref());
        push_member(
            &mut bytes,
            br#","issued_token_type":"#,
            self.issued_token_type.as_deref(),
        );
        if let Some(details) = &self.authorization_details {
            bytes.extend_from_slice(br#","authorization_details":"#);
            bytes.append(&mut json::print(details, 256));
        }
        bytes.push(b'}');
        bytes
    }
}

impl IdTokenResponse<'_> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(ROOM + self.id_token.len());
        bytes.extend_from_slice(br#"{"id_token":"#);
        json::push_string(&mut bytes, &self.id_token);
        bytes.push(b'}');
        bytes
    }
}

fn push_member(bytes: &mut Vec<u8>, name: &[u8], value: Option<&str>) {
    if let Some(value) = value {
        bytes.extend_from_slice(name);
        json::push_string(bytes, value);
    }
}

/// Every member that some server sends.
#[derive(Deserialize)]
struct Read<'a> {
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    access_token: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    id_token: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    token_type: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    scope: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "json::optional_cow")]
    issued_token_type: Option<Cow<'a, str>>,
    #[serde(default)]
    authorization_details: Option<AuthorizationDetails>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
}

fn non_empty(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.is_empty())
}

/// An integer, or its digits in a string.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u64),
        Text(String),
    }
    match Option::<Written>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(seconds)) => Ok(Some(seconds)),
        Some(Written::Text(digits)) => digits
            .parse()
            .map(Some)
            .map_err(|_| D::Error::invalid_value(Unexpected::Str(&digits), &"digits")),
    }
}

/// Why this is not the success of a token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATokenResponse {
    /// It is not a JSON object with these members.
    NotJson,
    /// It holds neither an access token nor an ID token.
    NoToken,
    /// The token is of a type that is not ours, so we would not know how to show it (RFC 6749 §7.1).
    OtherType,
}

impl fmt::Display for NotATokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the answer of the token endpoint is not the JSON of a token",
            Self::NoToken => "the answer of the token endpoint holds no token",
            Self::OtherType => "the token is of an unknown type",
        })
    }
}

impl std::error::Error for NotATokenResponse {}

/// Without the token.
impl fmt::Debug for TokenResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessToken(response) => response.fmt(f),
            Self::IdToken(response) => response.fmt(f),
        }
    }
}

/// Without the token.
impl fmt::Debug for AccessTokenResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokenResponse")
            .field("expires_in", &self.expires_in)
            .field("token_type", &self.token_type)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// Without the token.
impl fmt::Debug for IdTokenResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenResponse").finish_non_exhaustive()
    }
}
