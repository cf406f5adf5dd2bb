//! The token exchange grant: a token for a token.
//!
//! RFC 8693 §2.1. `subject_token` and its type must be there and must not be empty: whoever sends
//! none asks for nobody. `actor_token` and its type come together or not at all.

use std::borrow::Cow;
use std::fmt;

use super::{TokenRequestError, take_scope};
use crate::legal::Echo;
use crate::params::{MissingParameter, Params};
use crate::resource;
use crate::scope::Scope;

/// A request that exchanges a token.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenExchangeRequest<'a> {
    /// For which APIs the token shall be good (RFC 8707 §2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
    /// The same by name; at most eight.
    pub audience: Vec<Cow<'a, str>>,
    /// What is asked for.
    pub scope: Option<Scope>,
    /// Which kind of token is wanted.
    pub requested_token_type: Option<TokenTypeUri>,
    /// The token of the one for whom the new token speaks.
    pub subject_token: Cow<'a, str>,
    /// Its kind.
    pub subject_token_type: TokenTypeUri,
    /// The token of the one who acts, and its kind.
    pub actor_token: Option<(Cow<'a, str>, TokenTypeUri)>,
}

impl<'a> TokenExchangeRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        let subject_token = params.require("subject_token")?;
        if subject_token.trim().is_empty() {
            return Err(MissingParameter("subject_token").into());
        }
        let subject_token_type = take_type(params, "subject_token_type")?
            .ok_or(MissingParameter("subject_token_type"))?;
        Ok(Self {
            resource: resource::take(params)?,
            audience: params.take_all("audience"),
            scope: take_scope(params)?,
            requested_token_type: take_type(params, "requested_token_type")?,
            subject_token,
            subject_token_type,
            actor_token: take_actor(params)?,
        })
    }
}

/// Without the secrets.
impl fmt::Debug for TokenExchangeRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenExchangeRequest")
            .field("resource", &self.resource)
            .field("audience", &self.audience)
            .field("scope", &self.scope)
            .field("requested_token_type", &self.requested_token_type)
            .field("subject_token_type", &self.subject_token_type)
            .finish_non_exhaustive()
    }
}

pub(super) fn take_type(
    params: &mut Params<'_>,
    name: &'static str,
) -> Result<Option<TokenTypeUri>, TokenRequestError> {
    let known = |text: &str| {
        TokenTypeUri::parse(text)
            .ok_or_else(|| TokenRequestError::TokenTypeUnknown(name, Echo::of(text)))
    };
    params.take(name).map(|text| known(&text)).transpose()
}

fn take_actor<'a>(
    params: &mut Params<'a>,
) -> Result<Option<(Cow<'a, str>, TokenTypeUri)>, TokenRequestError> {
    let kind = take_type(params, "actor_token_type")?;
    match (params.take("actor_token"), kind) {
        (None, None) => Ok(None),
        (Some(token), Some(kind)) => Ok(Some((token, kind))),
        (Some(_), None) => Err(MissingParameter("actor_token_type").into()),
        (None, Some(_)) => Err(TokenRequestError::Alone("actor_token_type")),
    }
}

/// The kinds of tokens of RFC 8693 §3: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenTypeUri {
    /// An access token of this server.
    AccessToken,
    /// A refresh token of this server.
    RefreshToken,
    /// An ID token.
    IdToken,
    /// A SAML 1.1 assertion.
    Saml1,
    /// A SAML 2.0 assertion.
    Saml2,
    /// A JWT.
    Jwt,
}

impl TokenTypeUri {
    /// All of them, in the order of the RFC.
    pub const ALL: [Self; 6] = [
        Self::AccessToken,
        Self::RefreshToken,
        Self::IdToken,
        Self::Saml1,
        Self::Saml2,
        Self::Jwt,
    ];

    /// The URI.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "urn:ietf:params:oauth:token-type:access_token",
            Self::RefreshToken => "urn:ietf:params:oauth:token-type:refresh_token",
            Self::IdToken => "urn:ietf:params:oauth:token-type:id_token",
            Self::Saml1 => "urn:ietf:params:oauth:token-type:saml1",
            Self::Saml2 => "urn:ietf:params:oauth:token-type:saml2",
            Self::Jwt => "urn:ietf:params:oauth:token-type:jwt",
        }
    }

    /// The kind with this URI, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}

impl fmt::Display for TokenTypeUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
