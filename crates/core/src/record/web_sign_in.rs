//! How people of a workforce sign in at a provider in their browsers (google-wire 6.2, 6.4): as which client this server
//! is known to the issuer, and what it asks there.
//!
//! The secret is sealed for one provider, issuer and client: where one of them changes, it must be given anew, so that it
//! never goes to a server that its owner did not mean.

use std::fmt;

use carnet_wire::scope::Scope;

use super::OidcProvider;
use crate::value::AllowedAudience;

/// Sign-in in the browser.
#[derive(Clone, Eq, PartialEq)]
pub struct WebSignIn {
    /// What this server is called at the issuer; the `aud` of its ID tokens.
    pub client_id: AllowedAudience,
    /// What it proves itself with there, sealed.
    pub client_secret: Option<Vec<u8>>,
    /// What the browser brings back.
    pub response: WebResponse,
    /// What is believed.
    pub claims: WebClaims,
    /// What is asked for beside `openid`: [`WebSignIn::MOST_SCOPES`] at most.
    pub scopes: Scope,
}

/// What the browser brings back from the issuer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WebResponse {
    /// A code, for which this server gets the ID token (OpenID Connect Core 1.0 section 3.1).
    Code,
    /// The ID token, in a form (OpenID Connect Core 1.0 section 3.2, OAuth 2.0 Form Post Response Mode).
    IdToken,
}

/// What of the issuer's words is believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WebClaims {
    /// What the ID token says.
    IdToken,
    /// What the ID token says, and over it what the userinfo endpoint says (OpenID Connect Core 1.0 section 5.3).
    UserInfo,
}

impl WebSignIn {
    /// The most scopes that are asked for beside `openid`.
    pub const MOST_SCOPES: usize = 10;

    /// Takes over the secret of what was before, where none was given and it is the same client of the same issuer.
    pub fn keep_secret(after: &mut OidcProvider, before: &OidcProvider) {
        let same_issuer = after.issuer == before.issuer;
        if let (Some(after), Some(before)) = (&mut after.web, &before.web)
            && after.client_secret.is_none()
            && same_issuer
            && after.client_id == before.client_id
        {
            after.client_secret.clone_from(&before.client_secret);
        }
    }
}

impl WebResponse {
    /// Its name: `code` or `id_token`, as `response_type` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::IdToken => "id_token",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Code, Self::IdToken]
            .into_iter()
            .find(|one| one.as_str() == name)
    }
}

impl WebClaims {
    /// Its name: `id_token` or `userinfo`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::UserInfo => "userinfo",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::IdToken, Self::UserInfo]
            .into_iter()
            .find(|one| one.as_str() == name)
    }
}

impl fmt::Debug for WebSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSignIn")
            .field("client_id", &self.client_id)
            .field("response", &self.response)
            .field("claims", &self.claims)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
