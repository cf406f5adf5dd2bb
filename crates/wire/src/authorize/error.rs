//! Why this is not an authorization request.

use std::fmt;

use super::AuthorizeErrorCode;
use crate::authorization_details::AuthorizationDetailsError;
use crate::crn::Crn;
use crate::legal::Echo;
use crate::params::MissingParameter;
use crate::pkce::PkceError;
use crate::resource::ResourceError;
use crate::scope::ScopeError;

/// Why this is not an authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationRequestError {
    /// A parameter that is not there.
    Missing(MissingParameter),
    /// A response type that no text knows; what it was.
    ResponseType(Echo),
    /// A response mode that no text knows; what it was.
    ResponseMode(Echo),
    /// A token would travel in a query (Multiple Response Types §3).
    TokenInQuery,
    /// The `scope` is none.
    Scope(ScopeError),
    /// The challenge is none.
    Pkce(PkceError),
    /// A `prompt` that is unknown, or `none` with another; what it was.
    Prompt(Echo),
    /// A `resource` is none.
    Resource(ResourceError),
    /// The `authorization_details` are none.
    Details(AuthorizationDetailsError),
    /// Another parameter that is not what its text says; its name.
    Malformed(&'static str),
    /// A parameter that is longer than anything honest; its name.
    TooLong(&'static str),
}

impl AuthorizationRequestError {
    /// What the client's program is told.
    pub fn code(&self) -> AuthorizeErrorCode {
        match self {
            Self::ResponseType(_) => AuthorizeErrorCode::UnsupportedResponseType,
            Self::Scope(_) => AuthorizeErrorCode::InvalidScope,
            Self::Resource(_) => AuthorizeErrorCode::InvalidTarget,
            Self::Details(_) => AuthorizeErrorCode::InvalidAuthorizationDetails,
            Self::Missing(_)
            | Self::ResponseMode(_)
            | Self::TokenInQuery
            | Self::Pkce(_)
            | Self::Prompt(_)
            | Self::Malformed(_)
            | Self::TooLong(_) => AuthorizeErrorCode::InvalidRequest,
        }
    }

    /// Which cause of the catalogue it is.
    pub fn crn(&self) -> Crn {
        match self {
            Self::Missing(missing) => missing.crn(),
            Self::ResponseType(_) => Crn::RESPONSE_TYPE,
            Self::ResponseMode(_) | Self::TokenInQuery => Crn::RESPONSE_MODE,
            Self::Scope(_) => Crn::SCOPE_MALFORMED,
            Self::Pkce(_) => Crn::CODE_CHALLENGE_MALFORMED,
            Self::Prompt(_) => Crn::PROMPT,
            Self::Resource(_) => Crn::RESOURCE_MALFORMED,
            Self::Details(error) => error.crn(),
            Self::Malformed(_) => Crn::AUTHORIZE_PARAMETER,
            Self::TooLong(_) => Crn::FORM_OUT_OF_BOUNDS,
        }
    }
}

impl fmt::Display for AuthorizationRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(missing) => missing.fmt(f),
            Self::ResponseType(sent) => write!(f, "response_type '{sent}' is unknown; use code"),
            Self::ResponseMode(sent) => write!(
                f,
                "response_mode '{sent}' is unknown; use query, fragment or form_post"
            ),
            Self::TokenInQuery => {
                f.write_str("response_mode query is not for tokens; use fragment or form_post")
            }
            Self::Scope(error) => error.fmt(f),
            Self::Pkce(error) => error.fmt(f),
            Self::Prompt(sent) => write!(
                f,
                "prompt '{sent}' is not none alone or some of login, consent and select_account"
            ),
            Self::Resource(error) => error.fmt(f),
            Self::Details(error) => error.fmt(f),
            Self::Malformed(name) => write!(f, "{name} is malformed"),
            Self::TooLong(name) => write!(f, "{name} is too long"),
        }
    }
}

impl std::error::Error for AuthorizationRequestError {}

impl From<MissingParameter> for AuthorizationRequestError {
    fn from(missing: MissingParameter) -> Self {
        Self::Missing(missing)
    }
}

impl From<ScopeError> for AuthorizationRequestError {
    fn from(error: ScopeError) -> Self {
        Self::Scope(error)
    }
}

impl From<PkceError> for AuthorizationRequestError {
    fn from(error: PkceError) -> Self {
        Self::Pkce(error)
    }
}

impl From<ResourceError> for AuthorizationRequestError {
    fn from(error: ResourceError) -> Self {
        Self::Resource(error)
    }
}

impl From<AuthorizationDetailsError> for AuthorizationRequestError {
    fn from(error: AuthorizationDetailsError) -> Self {
        Self::Details(error)
    }
}
