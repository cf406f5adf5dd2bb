//! The token endpoint: what is asked, what is answered.
//!
//! RFC 6749 §3.2, §5.1 and §5.2. The `grant_type` decides which request it is, and each grant has a
//! type and a file of its own; a new grant adds one arm to [`TokenRequest`] and one file beside
//! this one.

mod authorization_code;
mod client_credentials;
pub(crate) mod code;
mod device_code;
mod error_response;
mod grant_type;
mod jwt_bearer;
mod password;
mod refresh_token;
mod response;
pub mod service_identity;
mod token_exchange;

use std::borrow::Cow;
use std::fmt;

pub use self::authorization_code::AuthorizationCodeRequest;
pub use self::client_credentials::ClientCredentialsRequest;
pub use self::code::TokenErrorCode;
pub use self::device_code::DeviceCodeRequest;
pub use self::error_response::ErrorResponse;
pub use self::grant_type::GrantType;
pub use self::jwt_bearer::JwtBearerRequest;
pub use self::password::PasswordRequest;
pub use self::refresh_token::RefreshTokenRequest;
pub use self::response::{
    AccessTokenResponse, IdTokenResponse, NotATokenResponse, TokenResponse, TokenType,
};
pub use self::service_identity::IdentityRequest;
pub use self::token_exchange::{TokenExchangeRequest, TokenTypeUri};
use crate::authorization_details::{AuthorizationDetails, AuthorizationDetailsError};
use crate::crn::Crn;
use crate::legal::Echo;
use crate::params::{MissingParameter, Params};
use crate::pkce::PkceError;
use crate::resource::ResourceError;
use crate::scope::{Scope, ScopeError};

/// The `grant_type` of RFC 7523 §2.1.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A request for a token, by its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenRequest<'a> {
    /// RFC 6749 §4.1.3: the code that a browser brought is redeemed.
    AuthorizationCode(AuthorizationCodeRequest<'a>),
    /// RFC 6749 §6: a new access token for an old authorization.
    RefreshToken(RefreshTokenRequest<'a>),
    /// RFC 6749 §4.4: the client asks for itself.
    ClientCredentials(ClientCredentialsRequest<'a>),
    /// RFC 6749 §4.3: a user's own password. Legacy.
    Password(PasswordRequest<'a>),
    /// RFC 7523 §2.1: a signed assertion is the grant. So is the token of a service identity, which comes under
    /// the names of [`service_identity`].
    JwtBearer(JwtBearerRequest<'a>),
    /// RFC 8628 §3.4: a device asks whether its user has answered.
    DeviceCode(DeviceCodeRequest<'a>),
    /// RFC 8693 §2.1: a token for a token.
    TokenExchange(TokenExchangeRequest<'a>),
}

impl<'a> TokenRequest<'a> {
    /// Reads the request; parameters that the grant does not know stay where they are (RFC 6749
    /// §3.2: "MUST ignore unrecognized request parameters"). A grant that the server does not offer
    /// is one that it does not know, whatever else was sent.
    ///
    /// `client_id` and what proves it are not taken here: see [`crate::client_authentication`],
    /// which is to be asked first.
    pub fn parse(
        params: &mut Params<'a>,
        offered: &[GrantType],
    ) -> Result<Self, TokenRequestError> {
        let sent = params
            .take("grant_type")
            .ok_or(TokenRequestError::GrantTypeMissing)?;
        if service_identity::is_sent(&sent, params) && offered.contains(&GrantType::JwtBearer) {
            return JwtBearerRequest::parse_identity(params).map(Self::JwtBearer);
        }
        let grant_type = GrantType::parse_sent(&sent, params)
            .filter(|grant_type| offered.contains(grant_type))
            .ok_or_else(|| TokenRequestError::GrantTypeUnknown(Echo::of(&sent)))?;
        match grant_type {
            GrantType::AuthorizationCode => {
                AuthorizationCodeRequest::parse(params).map(Self::AuthorizationCode)
            }
            GrantType::RefreshToken => RefreshTokenRequest::parse(params).map(Self::RefreshToken),
            GrantType::ClientCredentials => {
                ClientCredentialsRequest::parse(params).map(Self::ClientCredentials)
            }
            GrantType::Password => PasswordRequest::parse(params).map(Self::Password),
            GrantType::JwtBearer => JwtBearerRequest::parse(params).map(Self::JwtBearer),
            GrantType::DeviceCode => DeviceCodeRequest::parse(params).map(Self::DeviceCode),
            GrantType::TokenExchange => {
                TokenExchangeRequest::parse(params).map(Self::TokenExchange)
            }
        }
    }

    /// The APIs that it names by their addresses (RFC 8707 §2), where its grant knows that parameter; for a
    /// service identity its `audience`.
    pub fn resources_mut(&mut self) -> &mut [Cow<'a, str>] {
        match self {
            Self::AuthorizationCode(request) => &mut request.resource,
            Self::RefreshToken(request) => &mut request.resource,
            Self::ClientCredentials(request) => &mut request.resource,
            Self::TokenExchange(request) => &mut request.resource,
            Self::JwtBearer(JwtBearerRequest {
                identity: Some(identity),
                ..
            }) => &mut identity.audience,
            Self::Password(_) | Self::JwtBearer(_) | Self::DeviceCode(_) => &mut [],
        }
    }

    /// Which grant it is.
    pub fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode(_) => GrantType::AuthorizationCode,
            Self::RefreshToken(_) => GrantType::RefreshToken,
            Self::ClientCredentials(_) => GrantType::ClientCredentials,
            Self::Password(_) => GrantType::Password,
            Self::JwtBearer(_) => GrantType::JwtBearer,
            Self::DeviceCode(_) => GrantType::DeviceCode,
            Self::TokenExchange(_) => GrantType::TokenExchange,
        }
    }
}

/// The parameter `scope`, where it is sent.
fn take_scope(params: &mut Params<'_>) -> Result<Option<Scope>, TokenRequestError> {
    let scope = params.take("scope");
    Ok(scope.map(|text| Scope::parse(&text)).transpose()?)
}

/// The parameter `authorization_details`, where it is sent (RFC 9396 §6).
fn take_details(
    params: &mut Params<'_>,
) -> Result<Option<AuthorizationDetails>, TokenRequestError> {
    let sent = params.take("authorization_details");
    let details = sent.map(|text| AuthorizationDetails::parse(&text));
    details.transpose().map_err(TokenRequestError::Details)
}

/// Why this is not a request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenRequestError {
    /// There is no `grant_type`.
    GrantTypeMissing,
    /// The `grant_type` is not one of ours; what it was.
    GrantTypeUnknown(Echo),
    /// The grant needs a parameter that is not there.
    Missing(MissingParameter),
    /// A parameter came that makes sense only with another one: the first is senseless.
    Alone(&'static str),
    /// The `scope` is none.
    Scope(ScopeError),
    /// The `code_verifier` is none.
    CodeVerifier(PkceError),
    /// A `resource` is none.
    Resource(ResourceError),
    /// The `authorization_details` are none.
    Details(AuthorizationDetailsError),
    /// A token type of RFC 8693 §3 that is not registered; the parameter, and what it was.
    TokenTypeUnknown(&'static str, Echo),
}

impl TokenRequestError {
    /// What the client's program is told. Google calls a missing `grant_type` unsupported too
    /// (google-wire 2.4).
    pub fn code(&self) -> TokenErrorCode {
        match self {
            Self::GrantTypeMissing | Self::GrantTypeUnknown(_) => {
                TokenErrorCode::UnsupportedGrantType
            }
            Self::Missing(_)
            | Self::Alone(_)
            | Self::CodeVerifier(_)
            | Self::TokenTypeUnknown(..) => TokenErrorCode::InvalidRequest,
            Self::Scope(_) => TokenErrorCode::InvalidScope,
            Self::Resource(_) => TokenErrorCode::InvalidTarget,
            Self::Details(_) => TokenErrorCode::InvalidAuthorizationDetails,
        }
    }

    /// Which cause of the catalogue it is.
    pub fn crn(&self) -> Crn {
        match self {
            Self::GrantTypeMissing => Crn::GRANT_TYPE_MISSING,
            Self::GrantTypeUnknown(_) => Crn::GRANT_TYPE_UNKNOWN,
            Self::Missing(missing) => missing.crn(),
            Self::Alone(_) => Crn::TOKEN_TYPE_ALONE,
            Self::Scope(_) => Crn::SCOPE_MALFORMED,
            Self::CodeVerifier(_) => Crn::CODE_VERIFIER_MALFORMED,
            Self::Resource(_) => Crn::RESOURCE_MALFORMED,
            Self::Details(error) => error.crn(),
            Self::TokenTypeUnknown(..) => Crn::TOKEN_TYPE_UNKNOWN,
        }
    }
}

impl fmt::Display for TokenRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GrantTypeMissing => f.write_str(
                "grant_type is missing; the metadata of this server names those it knows",
            ),
            Self::GrantTypeUnknown(sent) => match GrantType::closest(sent.as_str()) {
                Some(closest) => {
                    write!(f, "grant_type '{sent}' is unknown. Closest: {closest}")
                }
                None => write!(
                    f,
                    "grant_type '{sent}' is unknown; the metadata of this server names those it \
                     knows"
                ),
            },
            Self::Alone(name) => write!(f, "{name} is sent without actor_token"),
            Self::Scope(error) => error.fmt(f),
            Self::CodeVerifier(error) => error.fmt(f),
            Self::Resource(error) => error.fmt(f),
            Self::Details(error) => error.fmt(f),
            Self::TokenTypeUnknown(name, sent) => {
                write!(f, "{name} '{sent}' is not a token type of RFC 8693")
            }
            Self::Missing(missing) => missing.fmt(f),
        }
    }
}

impl std::error::Error for TokenRequestError {}

impl From<MissingParameter> for TokenRequestError {
    fn from(missing: MissingParameter) -> Self {
        Self::Missing(missing)
    }
}

impl From<ScopeError> for TokenRequestError {
    fn from(error: ScopeError) -> Self {
        Self::Scope(error)
    }
}

impl From<PkceError> for TokenRequestError {
    fn from(error: PkceError) -> Self {
        Self::CodeVerifier(error)
    }
}

impl From<ResourceError> for TokenRequestError {
    fn from(error: ResourceError) -> Self {
        Self::Resource(error)
    }
}

#[cfg(test)]
mod tests;
