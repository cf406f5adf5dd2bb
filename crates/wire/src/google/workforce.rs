//! People of a workforce sign in in their browsers for Google's command line: `GET /authorize` on `auth.cloud.google`, and
//! `POST /v1/oauthtoken` of the Security Token Service (google-wire 6.2).
//!
//! The first is an authorization request (RFC 6749 section 4.1.1) with PKCE and one parameter more, `provider_name`; what
//! else Google's own server takes there (`access_type`, `prompt`, `token_usage`) has nothing to say here. The second is
//! two grants of RFC 6749, sections 4.1.3 and 6.

use std::borrow::Cow;
use std::fmt;

use crate::authorize::MAX_STATE_BYTES;
use crate::crn::Crn;
use crate::params::{MissingParameter, Params};
use crate::pkce::CodeVerifier;
use crate::scope::{Scope, ScopeError};

/// How long a name of a provider may be, in bytes; the longest that there are have 130.
const MAX_NAME_BYTES: usize = 256;

/// Who asks, and where the browser is to be sent back to: what is looked at before anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAddressee<'a> {
    /// The program.
    pub client_id: Cow<'a, str>,
    /// Where the browser is to be sent back to.
    pub redirect_uri: Cow<'a, str>,
    /// The program's own word; nothing where it is too long to come back.
    pub state: Option<Cow<'a, str>>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRequest<'a> {
    /// The name of the provider.
    pub provider_name: Cow<'a, str>,
    /// What for.
    pub scope: Option<Scope>,
    /// PKCE, S256.
    pub code_challenge: Cow<'a, str>,
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// A parameter is missing.
    Missing(MissingParameter),
    /// Another `response_type` than `code`.
    ResponseType,
    /// No `code_challenge`.
    NoChallenge,
    /// Another way to make the challenge.
    ChallengeMethod,
    /// `scope` is none.
    Scope(ScopeError),
    /// A parameter is too long.
    TooLong(&'static str),
}

impl std::error::Error for SignInError {}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(missing) => write!(f, "{missing}"),
            Self::ResponseType => f.write_str("response_type must be code"),
            Self::NoChallenge => f.write_str("code_challenge is missing"),
            Self::ChallengeMethod => f.write_str("code_challenge_method must be S256"),
            Self::Scope(error) => write!(f, "scope: {error}"),
            Self::TooLong(name) => write!(f, "{name} is too long"),
        }
    }
}

impl From<MissingParameter> for SignInError {
    fn from(error: MissingParameter) -> Self {
        Self::Missing(error)
    }
}

impl From<ScopeError> for SignInError {
    fn from(error: ScopeError) -> Self {
        Self::Scope(error)
    }
}

impl SignInError {
    /// Its cause.
    pub const fn crn(&self) -> Crn {
        match self {
            Self::Missing(_) | Self::TooLong(_) => Crn::AUTHORIZE_PARAMETER,
            Self::ResponseType => Crn::RESPONSE_TYPE,
            Self::NoChallenge => Crn::PKCE_MISSING,
            Self::ChallengeMethod => Crn::CODE_CHALLENGE_MALFORMED,
            Self::Scope(_) => Crn::SCOPE_MALFORMED,
        }
    }
}

impl<'a> SignInAddressee<'a> {
    /// Takes these parameters out. A state that is too long stays, and is a fault of the rest.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, MissingParameter> {
        let state = params.clone().take("state");
        let carried = state.is_some_and(|state| state.len() <= MAX_STATE_BYTES);
        Ok(Self {
            client_id: params.require("client_id")?,
            redirect_uri: params.require("redirect_uri")?,
            state: carried.then(|| params.take("state")).flatten(),
        })
    }
}

impl<'a> SignInRequest<'a> {
    /// Reads what [`SignInAddressee::parse`] left.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, SignInError> {
        if params.sent("state") {
            return Err(SignInError::TooLong("state"));
        }
        if params.require("response_type")? != "code" {
            return Err(SignInError::ResponseType);
        }
        let code_challenge = params
            .take("code_challenge")
            .ok_or(SignInError::NoChallenge)?;
        if params.take("code_challenge_method").as_deref() != Some("S256") {
            return Err(SignInError::ChallengeMethod);
        }
        let provider_name = params.require("provider_name")?;
        if provider_name.len() > MAX_NAME_BYTES {
            return Err(SignInError::TooLong("provider_name"));
        }
        let scope = params.take("scope");
        Ok(Self {
            provider_name,
            scope: scope.map(|text| Scope::parse(&text)).transpose()?,
            code_challenge,
        })
    }
}

/// A request for tokens.
#[derive(Clone)]
pub enum OauthTokenRequest<'a> {
    /// For a code (RFC 6749 section 4.1.3).
    Code {
        /// The code.
        code: Cow<'a, str>,
        /// Where the browser was sent back to.
        redirect_uri: Option<Cow<'a, str>>,
        /// PKCE.
        code_verifier: Option<CodeVerifier<'a>>,
    },
    /// For a refresh token (RFC 6749 section 6).
    Refresh {
        /// The refresh token.
        refresh_token: Cow<'a, str>,
    },
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OauthTokenError {
    /// A parameter is missing.
    Missing(MissingParameter),
    /// There is no `grant_type`.
    NoGrantType,
    /// It is neither of the two.
    GrantType,
    /// `code_verifier` is none (RFC 7636 section 4.1).
    Verifier,
}

impl std::error::Error for OauthTokenError {}

impl fmt::Display for OauthTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(missing) => write!(f, "{missing}"),
            Self::NoGrantType => f.write_str("grant_type is missing"),
            Self::GrantType => {
                f.write_str("grant_type must be authorization_code or refresh_token here")
            }
            Self::Verifier => f.write_str("code_verifier has 43 to 128 letters, digits and -._~"),
        }
    }
}

impl From<MissingParameter> for OauthTokenError {
    fn from(error: MissingParameter) -> Self {
        Self::Missing(error)
    }
}

impl OauthTokenError {
    /// Its cause.
    pub const fn crn(&self) -> Crn {
        match self {
            Self::Missing(_) => Crn::PARAMETER_MISSING,
            Self::NoGrantType => Crn::GRANT_TYPE_MISSING,
            Self::GrantType => Crn::GRANT_TYPE_UNKNOWN,
            Self::Verifier => Crn::PKCE_MISMATCH,
        }
    }
}

impl<'a> OauthTokenRequest<'a> {
    /// Reads a form. Who asks was taken out of it.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, OauthTokenError> {
        let grant_type = params
            .take("grant_type")
            .ok_or(OauthTokenError::NoGrantType)?;
        match grant_type.as_ref() {
            "authorization_code" => {
                let verifier = params.take("code_verifier");
                let verifier = verifier.map(CodeVerifier::parse).transpose();
                Ok(Self::Code {
                    code: params.require("code")?,
                    redirect_uri: params.take("redirect_uri"),
                    code_verifier: verifier.map_err(|_| OauthTokenError::Verifier)?,
                })
            }
            "refresh_token" => Ok(Self::Refresh {
                refresh_token: params.require("refresh_token")?,
            }),
            _ => Err(OauthTokenError::GrantType),
        }
    }
}

#[cfg(test)]
mod tests;
