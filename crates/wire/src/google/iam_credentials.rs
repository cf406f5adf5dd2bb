//! The messages of IAM Service Account Credentials (google-wire 5.1), as laxly as its callers write them (rule
//! 14): null is absent, unknown members are ignored, a truth may be a string, a form is taken where Java sends
//! one.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use crate::base64;
use crate::json;
use crate::params::Params;

/// The longest body that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// The most delegates and the most scopes that are read.
pub const MOST_ITEMS: usize = 100;

/// How long a token lives where nobody says how long, in seconds.
pub const DEFAULT_LIFETIME: i64 = 3_600;

/// What is before the name of an account.
const RESOURCE: &str = "projects/-/serviceAccounts/";

/// A request that is none: which member, and what is wrong with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotARequest {
    /// The member; empty where it is the body.
    pub field: &'static str,
    /// What is wrong.
    pub why: &'static str,
}

impl fmt::Display for NotARequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            write!(f, "the body is {}", self.why)
        } else {
            write!(f, "{}: {}", self.field, self.why)
        }
    }
}

impl std::error::Error for NotARequest {}

const fn wrong(field: &'static str, why: &'static str) -> NotARequest {
    NotARequest { field, why }
}

/// The whole seconds of a duration: `3600s`, `1200.0s` and bare numbers are read.
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    let seconds = text.strip_suffix('s').unwrap_or(text);
    let (whole, rest) = seconds.split_once('.').unwrap_or((seconds, ""));
    let digits = |text: &str| text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = Some(whole).filter(|whole| digits(whole) && digits(rest));
    whole.and_then(|whole| whole.parse().ok())
}

/// What the four methods share, and what each has: absent members are empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default)]
pub struct Request {
    delegates: Option<Vec<String>>,
    scope: Option<Vec<String>>,
    lifetime: Option<Lifetime>,
    audience: Option<String>,
    #[serde(rename = "includeEmail")]
    include_email: Option<Truth>,
    #[serde(rename = "organizationNumberIncluded")]
    organization_number: Option<Truth>,
    payload: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(untagged)]
enum Lifetime {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(untagged)]
enum Truth {
    Bool(bool),
    Text(String),
}

impl Truth {
    fn is_so(this: Option<&Self>, field: &'static str) -> Result<bool, NotARequest> {
        match this {
            None => Ok(false),
            Some(Self::Bool(truth)) => Ok(*truth),
            Some(Self::Text(text)) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" | "" => Ok(false),
                _ => Err(wrong(field, "neither true nor false")),
            },
        }
    }
}

impl Request {
    /// Reads a JSON object.
    pub fn from_json(body: &[u8]) -> Result<Self, NotARequest> {
        let request: Self =
            json::read(body).ok_or_else(|| wrong("", "not a JSON object of this method"))?;
        let longest = [&request.delegates, &request.scope]
            .into_iter()
            .flatten()
            .map(Vec::len)
            .max();
        if longest.is_some_and(|longest| longest > MOST_ITEMS) {
            return Err(wrong("", "one with a list of more than 100 items"));
        }
        Ok(request)
    }

    /// Reads a form, as Java sends it to another universe.
    pub fn from_form(body: &[u8]) -> Result<Self, NotARequest> {
        let mut params = Params::parse(body).map_err(|_| wrong("", "not a form"))?;
        let delegates = params
            .take_all("delegates")
            .into_iter()
            .map(Cow::into_owned);
        let delegates = Some(delegates.take(MOST_ITEMS).collect());
        let mut one = |name: &'static str| params.take(name).map(Cow::into_owned);
        Ok(Self {
            delegates,
            audience: one("audience"),
            include_email: one("includeEmail").map(Truth::Text),
            organization_number: one("organizationNumberIncluded").map(Truth::Text),
            ..Self::default()
        })
    }

    /// The accounts of the chain, without what is before their names.
    pub fn delegates(&self) -> Result<Vec<&str>, NotARequest> {
        let all = self.delegates.as_deref().unwrap_or_default();
        let name = |text: &'_ String| text.starts_with(RESOURCE);
        if !all.iter().all(name) {
            let why = "a delegate is written as projects/-/serviceAccounts/EMAIL";
            return Err(wrong("delegates", why));
        }
        let names = all.iter().filter_map(|text| text.strip_prefix(RESOURCE));
        Ok(names.collect())
    }

    /// The scope of an access token: at least one.
    pub fn scope(&self) -> Result<&[String], NotARequest> {
        match self.scope.as_deref() {
            None | Some([]) => Err(wrong("scope", "at least one is needed")),
            Some(scope) if scope.iter().any(String::is_empty) => {
                Err(wrong("scope", "one is empty"))
            }
            Some(scope) => Ok(scope),
        }
    }

    /// For how many seconds, above zero. `3600s`, `1200.0s` and bare numbers are read.
    pub fn lifetime(&self) -> Result<i64, NotARequest> {
        let text = match &self.lifetime {
            None => return Ok(DEFAULT_LIFETIME),
            Some(Lifetime::Text(text)) => Cow::Borrowed(text.as_str()),
            Some(Lifetime::Number(number)) => Cow::Owned(number.to_string()),
        };
        seconds(&text)
            .filter(|seconds| *seconds > 0)
            .ok_or_else(|| wrong("lifetime", "not a number of seconds such as 3600s"))
    }

    /// For whom an ID token is.
    pub fn audience(&self) -> Result<&str, NotARequest> {
        let audience = self.audience.as_deref().filter(|text| !text.is_empty());
        audience.ok_or_else(|| wrong("audience", "it is needed"))
    }

    /// Whether an ID token tells the e-mail.
    pub fn include_email(&self) -> Result<bool, NotARequest> {
        Truth::is_so(self.include_email.as_ref(), "includeEmail")
    }

    /// Whether an ID token tells the organization.
    pub fn organization_number(&self) -> Result<bool, NotARequest> {
        let truth = self.organization_number.as_ref();
        Truth::is_so(truth, "organizationNumberIncluded")
    }

    /// The bytes that are to be signed: base64 of either alphabet.
    pub fn blob(&self) -> Result<Vec<u8>, NotARequest> {
        let text = self.payload.as_deref();
        let text = text.ok_or_else(|| wrong("payload", "it is needed"))?;
        base64::read(&text.replace('-', "+").replace('_', "/"))
            .ok_or_else(|| wrong("payload", "not base64"))
    }

    /// The claims that are to be signed, as a text.
    pub fn claims(&self) -> Result<&str, NotARequest> {
        let text = self.payload.as_deref();
        text.ok_or_else(|| wrong("payload", "it is needed"))
    }
}

/// `generateAccessToken` answers.
#[derive(Debug, Serialize)]
pub struct AccessToken<'a> {
    /// The token.
    #[serde(rename = "accessToken")]
    pub access_token: &'a str,
    /// When it ends: exactly `YYYY-MM-DDTHH:MM:SSZ` (rule 12).
    #[serde(rename = "expireTime")]
    pub expire_time: &'a str,
}

/// `generateIdToken` answers.
#[derive(Debug, Serialize)]
pub struct IdToken<'a> {
    /// The token.
    pub token: &'a str,
}

/// `signBlob` answers.
#[derive(Debug, Serialize)]
pub struct SignedBlob<'a> {
    #[serde(rename = "keyId")]
    key_id: &'a str,
    #[serde(rename = "signedBlob")]
    signed_blob: String,
}

impl<'a> SignedBlob<'a> {
    /// The signature by this key.
    #[must_use]
    pub fn new(key_id: &'a str, signature: &[u8]) -> Self {
        Self {
            key_id,
            signed_blob: base64::print(signature),
        }
    }
}

/// `signJwt` answers.
#[derive(Debug, Serialize)]
pub struct SignedJwt<'a> {
    /// The key that signed.
    #[serde(rename = "keyId")]
    pub key_id: &'a str,
    /// The JWT.
    #[serde(rename = "signedJwt")]
    pub signed_jwt: &'a str,
}

/// `allowedLocations` answers: no location is excluded (google-wire 5.2).
#[derive(Debug, Serialize)]
pub struct AllowedLocations {
    locations: [&'static str; 1],
    #[serde(rename = "encodedLocations")]
    encoded: &'static str,
}

impl AllowedLocations {
    /// Everywhere.
    pub const EVERYWHERE: Self = Self {
        locations: ["global"],
        encoded: "0x0",
    };
}

/// The bytes of an answer.
pub fn to_bytes(answer: &impl Serialize) -> Vec<u8> {
    json::print(answer, 512)
}

#[cfg(test)]
mod tests;
