//! The IAM Credentials API: tokens of a service account for whoever may stand in for it.
//!
//! google-wire 5.1. `generateAccessToken` and `generateIdToken`, each with a chain of delegates: every
//! account of the chain may create tokens for the next, and the last one for the target.

use std::borrow::Cow;

use carnet_wire::google::ApiError;
use carnet_wire::token::ErrorResponse;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::header::ACCEPT;
use http::header::AUTHORIZATION;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::Serialize;
use serde_json::json;
use url::Url;

use crate::adc::calendar;
use crate::adc::members::secure_url;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Refused;
use crate::retry::retry_after;
use crate::token::Token;
use crate::token::TokenKind;

/// How long a token lives unless it is said, in seconds.
pub(crate) const LIFETIME: u64 = 3600;
/// The longest lifetime, which an organization has to allow.
pub(crate) const LONGEST_LIFETIME: u64 = 43_200;

const ACCESS: &str = ":generateAccessToken";
const IDENTITY: &str = ":generateIdToken";

/// A service account to stand in for, and how.
#[derive(Clone, Debug)]
pub struct Impersonation {
    email: String,
    delegates: Vec<String>,
    lifetime: u64,
    root: Option<String>,
}

impl Impersonation {
    /// The account's address, or its number.
    pub fn of(email: &str) -> Self {
        Self {
            email: email.to_owned(),
            delegates: Vec::new(),
            lifetime: LIFETIME,
            root: None,
        }
    }

    /// By way of these accounts: the credential may create tokens for the first, each for the next,
    /// and the last for the account itself.
    #[must_use]
    pub fn by_way_of(mut self, delegates: &[&str]) -> Self {
        self.delegates = delegates.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// How long its tokens live: 3600 seconds unless said, at most 43200 where the organization
    /// allows it.
    #[must_use]
    pub fn living(mut self, seconds: u64) -> Self {
        self.lifetime = seconds.clamp(1, LONGEST_LIFETIME);
        self
    }

    /// At another address than Google's, such as `https://auth.example`.
    #[must_use]
    pub fn at(mut self, root: &str) -> Self {
        self.root = Some(root.trim_end_matches('/').to_owned());
        self
    }

    /// Where the account stands. `google` is the address of the API in the credential's universe.
    pub(crate) fn target(&self, google: &str) -> Result<Target, Error> {
        let root = self.root.as_deref().unwrap_or(google);
        let account = crate::adc::sigv4::percent_encoded(&self.email, "@");
        let url = format!("{root}/v1/projects/-/serviceAccounts/{account}{ACCESS}");
        let url = secure_url(&url).map_err(|because| {
            Error::argument(format!("the API for impersonation: {because}: {root}"))
        })?;
        Target::new(url, self.delegates.clone(), self.lifetime)
            .ok_or_else(|| Error::argument("the account to impersonate has no name"))
    }
}

/// A service account at the API.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    url: Url,
    email: String,
    delegates: Vec<String>,
    lifetime: u64,
}

impl Target {
    /// Reads the address of `generateAccessToken`; nothing where it is none.
    pub(crate) fn new(url: Url, delegates: Vec<String>, lifetime: u64) -> Option<Self> {
        let (_, last) = url.path().rsplit_once('/')?;
        let email = last.strip_suffix(ACCESS)?.replace("%40", "@");
        (!email.is_empty()).then_some(())?;
        let full = |name: String| {
            if name.contains('/') {
                name
            } else {
                format!("projects/-/serviceAccounts/{name}")
            }
        };
        Some(Self {
            email,
            url,
            delegates: delegates.into_iter().map(full).collect(),
            lifetime,
        })
    }

    pub(crate) fn email(&self) -> &str {
        &self.email
    }

    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Asks for an access token.
    pub(crate) fn access_request(
        &self,
        scope: &str,
        bearer: &Token,
    ) -> Result<Request<Vec<u8>>, Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            delegates: &'a [String],
            scope: Vec<&'a str>,
            lifetime: String,
        }
        let body = Body {
            delegates: &self.delegates,
            scope: scope.split_whitespace().collect(),
            lifetime: format!("{}s", self.lifetime),
        };
        // Strings always serialise.
        json_request(
            self.url.as_str(),
            serde_json::to_vec(&body).unwrap_or_default(),
            Some(bearer),
        )
    }

    /// Judges the answer.
    pub(crate) fn access(&self, response: &Response<Vec<u8>>) -> Result<Token, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            access_token: String,
            expire_time: String,
        }
        let url = self.url.as_str();
        let body: Body = read(response, url)?;
        let expires = calendar::rfc3339(&body.expire_time)
            .ok_or_else(|| Error::answer(url, "expireTime is no time"))?;
        Token::new(&body.access_token, TokenKind::Access, expires)
            .ok_or_else(|| Error::answer(url, "accessToken cannot be sent in a header"))
    }

    /// Where ID tokens are asked for.
    fn identity_url(&self) -> String {
        let access = self.url.as_str();
        let root = access.strip_suffix(ACCESS).unwrap_or(access);
        format!("{root}{IDENTITY}")
    }

    /// Asks for an ID token with the account's address in it.
    pub(crate) fn identity_request(
        &self,
        audience: &str,
        bearer: &Token,
    ) -> Result<Request<Vec<u8>>, Error> {
        let body = json!({
            "audience": audience,
            "delegates": self.delegates,
            "includeEmail": true,
        });
        json_request(
            &self.identity_url(),
            body.to_string().into_bytes(),
            Some(bearer),
        )
    }

    /// Judges the answer.
    pub(crate) fn identity(&self, response: &Response<Vec<u8>>, now: i64) -> Result<Token, Error> {
        #[derive(Deserialize)]
        struct Body {
            token: String,
        }
        let url = self.identity_url();
        let body: Body = read(response, &url)?;
        Token::id(&body.token, now)
            .ok_or_else(|| Error::answer(&url, "token cannot be sent in a header"))
    }
}

/// A request with a body of JSON, as Google's APIs take it.
pub(crate) fn json_request(
    url: &str,
    body: Vec<u8>,
    bearer: Option<&Token>,
) -> Result<Request<Vec<u8>>, Error> {
    let mut request = Request::post(url)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(bearer) = bearer {
        request = request.header(AUTHORIZATION, bearer.authorization());
    }
    request
        .body(body)
        .map_err(|cause| Error::argument(format!("{url} cannot be asked: {cause}")))
}

fn read<T: for<'de> Deserialize<'de>>(response: &Response<Vec<u8>>, url: &str) -> Result<T, Error> {
    if !response.status().is_success() {
        return Err(refusal(response, url));
    }
    serde_json::from_slice(response.body())
        .map_err(|_| Error::answer(url, "it is not the JSON that this method answers"))
}

/// What an answer of a Google API that is no success means (google-wire 5.4).
pub(crate) fn refusal(response: &Response<Vec<u8>>, url: &str) -> Error {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let Some((message, name)) = ApiError::message_of(response.body()) else {
        return crate::jwt_bearer::refusal(response, url);
    };
    let mut answer = ErrorResponse::new(name.map_or("UNKNOWN", |name| name.as_str()));
    answer.error_description = Some(message);
    // Carnet says the cause in `details`; other servers have none.
    let body = String::from_utf8_lossy(response.body());
    answer.error_uri = body.contains("CRN-").then(|| Cow::Owned(body.into_owned()));
    Error::new(Kind::Refused(Refused::new(status, &answer, retry_after)))
}
