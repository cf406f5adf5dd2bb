//! `POST /v1/token` of the Security Token Service: a credential of somebody else for a token of ours.
//!
//! google-wire 6.1, RFC 8693 §2.1.
//!
//! 1. It comes as a form with the names of RFC 8693, or as JSON with Google's names (`grantType`). In JSON
//!    unknown members do not count, and null is nothing.
//! 2. `audience` is one: the whole name of a provider.
//! 3. `options` is JSON in a string. Python percent-encodes it before it is encoded for the form, so where it
//!    begins with a percent code it is decoded once more. What an option asks for that is not known here is
//!    left alone, but for the two that would make a token weaker: those are told ([`Options`]). No member stands in it
//!    twice.
//! 4. White space around `subject_token` is not part of it: files end in a line end.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::crn::Crn;
use crate::json;
use crate::json::Once;
use crate::legal::Echo;
use crate::params::{self, MissingParameter, Params};
use crate::scope::Scope;
use crate::token::TokenRequestError;

/// The one grant (RFC 8693 §2.1).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The one kind of token that is given.
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The longest `options`, decoded.
const LONGEST_OPTIONS: usize = 16 * 1024;

/// A request to exchange somebody else's credential.
#[derive(Clone, PartialEq, Eq)]
pub struct StsRequest<'a> {
    /// For which provider it is. Not sent where a token of ours is to be made weaker.
    pub audience: Option<Cow<'a, str>>,
    /// What is asked for.
    pub scope: Option<Scope>,
    /// The credential, without white space around it.
    pub subject_token: Cow<'a, str>,
    /// Its kind.
    pub subject_token_type: SubjectTokenType,
    /// What else is asked for.
    pub options: Options,
}

/// The kinds of credentials: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectTokenType {
    /// A JWT of an issuer elsewhere.
    Jwt,
    /// An ID token of an issuer elsewhere; taken as a JWT.
    IdToken,
    /// A SAML 2.0 assertion.
    Saml2,
    /// A client certificate, with the chain that leads to it.
    Mtls,
    /// A token of ours, to be made weaker.
    AccessToken,
    /// A signed request to AWS.
    Aws4Request,
}

impl SubjectTokenType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Jwt,
        Self::IdToken,
        Self::Saml2,
        Self::Mtls,
        Self::AccessToken,
        Self::Aws4Request,
    ];

    /// The URI.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "urn:ietf:params:oauth:token-type:jwt",
            Self::IdToken => "urn:ietf:params:oauth:token-type:id_token",
            Self::Saml2 => "urn:ietf:params:oauth:token-type:saml2",
            Self::Mtls => "urn:ietf:params:oauth:token-type:mtls",
            Self::AccessToken => ACCESS_TOKEN,
            Self::Aws4Request => "urn:ietf:params:aws:token-type:aws4_request",
        }
    }

    /// The kind with this URI, if it is one of them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}

/// What `options` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The project that a person of a workforce pool works for.
    pub user_project: Option<String>,
    /// The token shall be good for less: `accessBoundary`, as it came.
    pub access_boundary: Option<Value>,
    /// The token shall be bound to a certificate: `bindCertFingerprint`.
    pub bind_cert_fingerprint: Option<String>,
}

/// Why this is not such a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSts {
    /// As at the token endpoint.
    Token(TokenRequestError),
    /// The body is not JSON with texts in it.
    NotJson,
    /// `audience` came more than once.
    SeveralAudiences,
    /// `subject_token_type` is none of the list; what it was.
    SubjectTokenType(Echo),
    /// `requested_token_type` is another than an access token; what it was.
    RequestedTokenType(Echo),
    /// `options` is not JSON with an object in it.
    Options,
}

impl NotSts {
    /// Which cause of the catalogue it is.
    #[must_use]
    pub fn crn(&self) -> Crn {
        match self {
            Self::Token(error) => error.crn(),
            Self::NotJson => Crn::STS_BODY,
            Self::SeveralAudiences => Crn::STS_AUDIENCE,
            Self::SubjectTokenType(_) | Self::RequestedTokenType(_) => Crn::STS_TOKEN_TYPE,
            Self::Options => Crn::STS_OPTIONS,
        }
    }
}

impl fmt::Display for NotSts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::NotJson => f.write_str("the body is not a JSON object with texts in it"),
            Self::SeveralAudiences => f.write_str("audience came more than once"),
            Self::SubjectTokenType(sent) => {
                write!(f, "subject_token_type '{sent}' is none that is exchanged")
            }
            Self::RequestedTokenType(sent) => write!(
                f,
                "requested_token_type is '{sent}'; only an access token is given"
            ),
            Self::Options => f.write_str("options is not a JSON object in a text"),
        }
    }
}

impl std::error::Error for NotSts {}

impl<E: Into<TokenRequestError>> From<E> for NotSts {
    fn from(error: E) -> Self {
        Self::Token(error.into())
    }
}

/// The same parameters, whichever way they came.
struct Sent<'a> {
    grant_type: Option<Cow<'a, str>>,
    audience: Option<Cow<'a, str>>,
    scope: Option<Cow<'a, str>>,
    requested_token_type: Option<Cow<'a, str>>,
    subject_token: Option<Cow<'a, str>>,
    subject_token_type: Option<Cow<'a, str>>,
    options: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Json {
    grant_type: Option<String>,
    audience: Option<String>,
    scope: Option<String>,
    requested_token_type: Option<String>,
    subject_token: Option<String>,
    subject_token_type: Option<String>,
    options: Option<Once>,
}

impl<'a> StsRequest<'a> {
    /// Reads a form. Who the client is stays in it.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, NotSts> {
        let mut audience = params.take_all("audience");
        if audience.len() > 1 {
            return Err(NotSts::SeveralAudiences);
        }
        let options = params.take("options").map(|text| text.into_owned().into());
        Self::read(Sent {
            grant_type: params.take("grant_type"),
            audience: audience.pop(),
            scope: params.take("scope"),
            requested_token_type: params.take("requested_token_type"),
            subject_token: params.take("subject_token"),
            subject_token_type: params.take("subject_token_type"),
            options,
        })
    }

    /// Reads JSON, at most as long as a form may be.
    pub fn parse_json(body: &[u8]) -> Result<StsRequest<'static>, NotSts> {
        if body.len() > params::MAX_BYTES {
            return Err(NotSts::NotJson);
        }
        let sent: Json = json::read(body).ok_or(NotSts::NotJson)?;
        let own = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Cow::Owned);
        StsRequest::read(Sent {
            grant_type: own(sent.grant_type),
            audience: own(sent.audience),
            scope: own(sent.scope),
            requested_token_type: own(sent.requested_token_type),
            subject_token: own(sent.subject_token),
            subject_token_type: own(sent.subject_token_type),
            options: sent.options.map(|Once(options)| options),
        })
    }

    fn read(sent: Sent<'a>) -> Result<Self, NotSts> {
        match sent.grant_type.as_deref() {
            None => return Err(TokenRequestError::GrantTypeMissing.into()),
            Some(GRANT_TYPE) => {}
            Some(other) => return Err(TokenRequestError::GrantTypeUnknown(Echo::of(other)).into()),
        }
        let requested = sent.requested_token_type.as_deref();
        if let Some(other) = requested.filter(|requested| *requested != ACCESS_TOKEN) {
            return Err(NotSts::RequestedTokenType(Echo::of(other)));
        }
        let kind = sent.subject_token_type;
        let kind = kind.ok_or(MissingParameter("subject_token_type"))?;
        let scope = sent.scope.map(|text| Scope::parse(&text)).transpose()?;
        let subject_token = trimmed(sent.subject_token.unwrap_or_default());
        if subject_token.is_empty() {
            return Err(MissingParameter("subject_token").into());
        }
        Ok(Self {
            audience: sent.audience,
            scope,
            subject_token,
            subject_token_type: SubjectTokenType::parse(&kind)
                .ok_or_else(|| NotSts::SubjectTokenType(Echo::of(&kind)))?,
            options: sent.options.map(options).transpose()?.unwrap_or_default(),
        })
    }
}

/// Without the credential.
impl fmt::Debug for StsRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StsRequest")
            .field("audience", &self.audience)
            .field("scope", &self.scope)
            .field("subject_token_type", &self.subject_token_type)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn options(sent: Value) -> Result<Options, NotSts> {
    let members = match sent {
        Value::Null => return Ok(Options::default()),
        Value::Object(members) => members,
        Value::String(text) => written(&text)?,
        _ => return Err(NotSts::Options),
    };
    let text = |name: &str| match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(NotSts::Options),
    };
    let boundary = members.get("accessBoundary").filter(|one| !one.is_null());
    Ok(Options {
        user_project: text("userProject")?,
        access_boundary: boundary.cloned(),
        bind_cert_fingerprint: text("bindCertFingerprint")?,
    })
}

/// An object in a text that may be encoded once more.
fn written(text: &str) -> Result<serde_json::Map<String, Value>, NotSts> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(serde_json::Map::new());
    }
    let decoded = if text.starts_with('%') {
        params::decode_value(text).ok_or(NotSts::Options)?
    } else {
        Cow::Borrowed(text)
    };
    if decoded.len() > LONGEST_OPTIONS {
        return Err(NotSts::Options);
    }
    match json::read::<Once>(decoded.as_bytes()) {
        Some(Once(Value::Object(members))) => Ok(members),
        _ => Err(NotSts::Options),
    }
}

#[cfg(test)]
mod tests;
