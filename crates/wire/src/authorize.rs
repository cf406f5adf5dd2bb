//! The authorization endpoint: what a browser brings, and what it carries back.
//!
//! RFC 6749 §4.1.1 and §4.2.1, OpenID Connect Core §3.1.2.1, with PKCE (RFC 7636 §4.3), resource
//! indicators (RFC 8707 §2), rich authorization requests (RFC 9396 §3), `DPoP` (RFC 9449 §10) and
//! pushed requests (RFC 9126 §4).
//!
//! A request is read in two steps, because a fault in the first may never redirect (RFC 6749
//! §4.1.2.1):
//!
//! 1. [`Addressee::parse`] reads who asks and where the browser shall go. Both are held against
//!    what is registered before anything else is looked at.
//! 2. [`AuthorizationRequest::parse`] reads the rest. A fault here goes back to the client, with
//!    the `state` and in the mode that [`Addressee`] kept.

mod choice;
pub(crate) mod code;
mod error;
mod response;

use std::borrow::Cow;
use std::fmt;

pub use self::choice::{Prompt, ResponseMode, ResponseType};
pub use self::code::AuthorizeErrorCode;
pub use self::error::AuthorizationRequestError;
pub use self::response::{AuthorizationResponse, Delivery};
use crate::authorization_details::AuthorizationDetails;
use crate::legal::Echo;
use crate::params::{MissingParameter, Params};
use crate::pkce::{CodeChallenge, PkceError};
use crate::resource;
use crate::scope::Scope;

/// How long a short parameter may be, in bytes: `nonce`, `login_hint` and their like.
const MAX_WORD_BYTES: usize = 1024;

/// How long `state` may be, in bytes. It comes back in a URL.
pub const MAX_STATE_BYTES: usize = 4096;

/// How long `claims`, `authorization_details` and tokens may be, in bytes.
const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Who asks, and where the browser is to be sent back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee<'a> {
    /// The client.
    pub client_id: Cow<'a, str>,
    /// The redirect URI as it was sent. It is to be compared, not parsed.
    pub redirect_uri: Option<Cow<'a, str>>,
    /// The client's own word, which every answer carries.
    pub state: Option<Cow<'a, str>>,
    /// A request that was pushed (RFC 9126 §4) or lies elsewhere (RFC 9101 §5.2).
    pub request_uri: Option<Cow<'a, str>>,
    /// How a fault is answered: as the request says where that can be read, else in the query.
    pub error_mode: ResponseMode,
}

impl<'a> Addressee<'a> {
    /// Takes these parameters out. A `state` that is too long stays: no answer could carry it, and it is a
    /// fault of the rest.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, MissingParameter> {
        let peek = |name| params.clone().take(name);
        let asked = peek("response_mode").and_then(|mode| ResponseMode::parse(&mode));
        let usual = peek("response_type").and_then(|kind| ResponseType::parse(&kind));
        let usual = usual.map_or(ResponseMode::Query, ResponseType::default_mode);
        let carried = peek("state").is_some_and(|state| state.len() <= MAX_STATE_BYTES);
        Ok(Self {
            client_id: params.require("client_id")?,
            redirect_uri: params.take("redirect_uri"),
            state: carried.then(|| params.take("state")).flatten(),
            request_uri: params.take("request_uri"),
            error_mode: asked.unwrap_or(usual),
        })
    }
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationRequest<'a> {
    /// What shall come back.
    pub response_type: ResponseType,
    /// How; the default of the response type where the request does not say.
    pub response_mode: ResponseMode,
    /// What is asked for; without it, what the client has by default.
    pub scope: Option<Scope>,
    /// PKCE.
    pub code_challenge: Option<CodeChallenge<'a>>,
    /// The word that the ID token repeats.
    pub nonce: Option<Cow<'a, str>>,
    /// What the user shall be asked again.
    pub prompt: Prompt,
    /// How many seconds ago the user may have signed in.
    pub max_age: Option<u32>,
    /// Who the user probably is.
    pub login_hint: Option<Cow<'a, str>>,
    /// An ID token of the user, as it came.
    pub id_token_hint: Option<Cow<'a, str>>,
    /// The languages that the user reads, the best first.
    pub ui_locales: Option<Cow<'a, str>>,
    /// The ways of signing in that are wanted, the best first.
    pub acr_values: Option<Cow<'a, str>>,
    /// The claims that are wanted: JSON, as it came (OpenID Connect Core §5.5).
    pub claims: Option<Cow<'a, str>>,
    /// For which APIs (RFC 8707 §2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
    /// What is asked for in detail (RFC 9396 §2).
    pub authorization_details: Option<AuthorizationDetails>,
    /// The thumbprint of the key to which the code is bound (RFC 9449 §10).
    pub dpop_jkt: Option<Cow<'a, str>>,
    /// A request object (RFC 9101 §5.1), as it came.
    pub request: Option<Cow<'a, str>>,
}

impl<'a> AuthorizationRequest<'a> {
    /// Reads what [`Addressee::parse`] left.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, AuthorizationRequestError> {
        // RFC 6749 section 4.1.2: a yes without the state that was sent would be no answer.
        take(params, "state", MAX_STATE_BYTES)?;
        let kind = params.require("response_type")?;
        let response_type = ResponseType::parse(&kind)
            .ok_or_else(|| AuthorizationRequestError::ResponseType(Echo::of(&kind)))?;
        let scope = params.take("scope");
        Ok(Self {
            response_type,
            response_mode: take_mode(params, response_type)?,
            scope: scope.map(|text| Scope::parse(&text)).transpose()?,
            code_challenge: take_challenge(params)?,
            nonce: take(params, "nonce", MAX_WORD_BYTES)?,
            prompt: take_prompt(params)?,
            max_age: take_max_age(params)?,
            login_hint: take(params, "login_hint", MAX_WORD_BYTES)?,
            id_token_hint: take(params, "id_token_hint", MAX_TEXT_BYTES)?,
            ui_locales: take(params, "ui_locales", MAX_WORD_BYTES)?,
            acr_values: take(params, "acr_values", MAX_WORD_BYTES)?,
            claims: take(params, "claims", MAX_TEXT_BYTES)?,
            resource: resource::take(params)?,
            authorization_details: take_details(params)?,
            dpop_jkt: take_thumbprint(params)?,
            request: take(params, "request", MAX_TEXT_BYTES)?,
        })
    }
}

fn take<'a>(
    params: &mut Params<'a>,
    name: &'static str,
    most: usize,
) -> Result<Option<Cow<'a, str>>, AuthorizationRequestError> {
    match params.take(name) {
        Some(value) if value.len() > most => Err(AuthorizationRequestError::TooLong(name)),
        value => Ok(value),
    }
}

fn take_details(
    params: &mut Params<'_>,
) -> Result<Option<AuthorizationDetails>, AuthorizationRequestError> {
    let sent = take(params, "authorization_details", MAX_TEXT_BYTES)?;
    let details = sent.map(|text| AuthorizationDetails::parse(&text));
    Ok(details.transpose()?)
}

/// Multiple Response Types §3: "query encoding MUST NOT be used" for tokens.
fn take_mode(
    params: &mut Params<'_>,
    response_type: ResponseType,
) -> Result<ResponseMode, AuthorizationRequestError> {
    let usual = response_type.default_mode();
    let Some(sent) = params.take("response_mode") else {
        return Ok(usual);
    };
    match ResponseMode::parse(&sent) {
        Some(ResponseMode::Query) if usual == ResponseMode::Fragment => {
            Err(AuthorizationRequestError::TokenInQuery)
        }
        Some(mode) => Ok(mode),
        None => Err(AuthorizationRequestError::ResponseMode(Echo::of(&sent))),
    }
}

fn take_challenge<'a>(
    params: &mut Params<'a>,
) -> Result<Option<CodeChallenge<'a>>, AuthorizationRequestError> {
    let method = params.take("code_challenge_method");
    match params.take("code_challenge") {
        Some(challenge) => Ok(Some(CodeChallenge::parse(challenge, method.as_deref())?)),
        None if method.is_some() => Err(PkceError::ChallengeMissing.into()),
        None => Ok(None),
    }
}

fn take_prompt(params: &mut Params<'_>) -> Result<Prompt, AuthorizationRequestError> {
    let Some(sent) = params.take("prompt") else {
        return Ok(Prompt::default());
    };
    Prompt::parse(&sent).ok_or_else(|| AuthorizationRequestError::Prompt(Echo::of(&sent)))
}

fn take_max_age(params: &mut Params<'_>) -> Result<Option<u32>, AuthorizationRequestError> {
    let Some(sent) = params.take("max_age") else {
        return Ok(None);
    };
    let digits = sent.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = digits.then(|| sent.parse().ok()).flatten();
    seconds
        .map(Some)
        .ok_or(AuthorizationRequestError::Malformed("max_age"))
}

/// RFC 7638 §3 with SHA-256: 43 characters of base64url.
fn take_thumbprint<'a>(
    params: &mut Params<'a>,
) -> Result<Option<Cow<'a, str>>, AuthorizationRequestError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    match params.take("dpop_jkt") {
        Some(text) if text.len() != 43 || !text.bytes().all(plain) => {
            Err(AuthorizationRequestError::Malformed("dpop_jkt"))
        }
        thumbprint => Ok(thumbprint),
    }
}

/// Without hints and tokens: they name people.
impl fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("response_type", &self.response_type)
            .field("response_mode", &self.response_mode)
            .field("scope", &self.scope)
            .field("prompt", &self.prompt)
            .field("max_age", &self.max_age)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
