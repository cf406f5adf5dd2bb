//! A signed request to Amazon's cloud, as somebody's credential: `GetCallerIdentity` of AWS STS, signed and not sent
//! (google-wire 6.3), and what AWS answers to it.
//!
//! 1. The subject token is JSON, percent-encoded or not: `url`, `method`, `headers` as a list of `key` and `value`.
//! 2. It is that one request and nothing else: `https`, a host of AWS STS ([`is_sts`]) without a port, no path, `Action`
//!    and `Version` as the whole query, no body. Whoever verifies it sends it, so nothing of it is free.
//! 3. The headers are of a closed list, each once. Their names are compared without regard to case: the libraries
//!    write them differently.
//! 4. The signature is AWS's version 4, of the region of the host. `host`, `x-amz-date` and a session's token are
//!    signed.
//! 5. `x-goog-cloud-target-resource` says for whom it is. Go signs it, Python and Node do not. Where it is not
//!    signed, nothing else is that could say that the request was made for somebody else.

use std::fmt;

use serde::Deserialize;

use crate::json;
use crate::legal::Echo;
use crate::params;

/// The longest subject token, decoded or not.
const LONGEST: usize = 16 * 1024;

/// The most headers.
const MOST_HEADERS: usize = 12;

/// The longest value of a header: the token of a session is the longest.
const LONGEST_VALUE: usize = 4_096;

/// The longest answer that is read.
pub const LONGEST_ANSWER: usize = 16 * 1024;

/// The whole query, in the canonical order.
pub const QUERY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// The header that says for whom the request is.
pub const TARGET: &str = "x-goog-cloud-target-resource";

/// The header with the time.
pub const DATE: &str = "x-amz-date";

/// The header with the token of a session.
pub const SESSION: &str = "x-amz-security-token";

const AUTHORIZATION: &str = "authorization";

/// What the signature covers at least.
const SIGNED: [&str; 2] = ["host", DATE];

/// The headers that may come.
const KNOWN: [&str; 7] = [
    AUTHORIZATION,
    "host",
    DATE,
    SESSION,
    TARGET,
    "accept",
    "content-type",
];

/// A request as it was signed. Nothing is known to be true of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// `POST` or `GET`.
    pub method: &'static str,
    /// The host, of AWS STS.
    pub host: String,
    /// The headers, by their names in lower case, as they came.
    pub headers: Vec<(&'static str, String)>,
    /// Who signed, and how.
    pub signature: Signature,
}

/// The header `Authorization`, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// The id of the key.
    pub key: String,
    /// The day, `20261126`.
    pub day: String,
    /// The region, which is the host's.
    pub region: String,
    /// The names of the headers that are signed, sorted.
    pub signed: Vec<&'static str>,
    /// The signature, in lower-case hexadecimal digits.
    pub hex: String,
}

/// Why a text is not such a request: in words, of the characters that an answer may carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSigned(String);

impl fmt::Display for NotSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotSigned {}

fn no<T>(why: impl Into<String>) -> Result<T, NotSigned> {
    Err(NotSigned(why.into()))
}

#[derive(Deserialize)]
struct Written {
    url: String,
    method: String,
    headers: Vec<WrittenHeader>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct WrittenHeader {
    key: String,
    value: String,
}

impl SignedRequest {
    /// Reads a subject token.
    pub fn parse(text: &str) -> Result<Self, NotSigned> {
        if text.len() > LONGEST {
            return no(format!("it is longer than {LONGEST} bytes"));
        }
        let text = text.trim();
        let decoded = if text.starts_with('%') {
            params::decode_value(text)
        } else {
            Some(text.into())
        };
        let written: Option<Written> = decoded.and_then(|text| json::read(text.as_bytes()));
        let Some(written) = written else {
            return no("it is no JSON with url, method and headers");
        };
        let method = match written.method.as_str() {
            "POST" => "POST",
            "GET" => "GET",
            _ => return no("its method is neither POST nor GET"),
        };
        if written.body.is_some_and(|body| !body.is_empty()) {
            return no("it has a body");
        }
        let host = host(&written.url)?.to_owned();
        let headers = headers(written.headers)?;
        let Some(authorization) = find(&headers, AUTHORIZATION) else {
            return no("it has no header Authorization");
        };
        let signature = Signature::parse(authorization)?;
        let request = Self {
            method,
            host,
            headers,
            signature,
        };
        request.sound()?;
        Ok(request)
    }

    /// A header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Whether a header is signed.
    #[must_use]
    pub fn is_signed(&self, name: &str) -> bool {
        self.signature.signed.contains(&name)
    }

    /// The form of it that is signed, with the digest of an empty body at its end.
    #[must_use]
    pub fn canonical(&self, nothing: &str) -> String {
        let mut lines = String::new();
        for name in &self.signature.signed {
            let value = self.header(name).unwrap_or_default();
            let words: Vec<_> = value.split_ascii_whitespace().collect();
            lines.push_str(name);
            lines.push(':');
            lines.push_str(&words.join(" "));
            lines.push('\n');
        }
        let names = self.signature.signed.join(";");
        [self.method, "/", QUERY, &lines, &names, nothing].join("\n")
    }

    /// What is asked of its parts together.
    fn sound(&self) -> Result<(), NotSigned> {
        let Some(named) = self.header("host") else {
            return no("it has no header host");
        };
        if named != self.host {
            return no("its header host names another host than its url");
        }
        let region = region(&self.host).unwrap_or_default();
        if self.signature.region != region {
            return no("it is signed for another region than its host's");
        }
        if SIGNED.iter().any(|name| !self.is_signed(name)) {
            return no("host and x-amz-date are not both signed");
        }
        let missing = |name: &&&str| self.header(name).is_none();
        if let Some(name) = self.signature.signed.iter().find(missing) {
            return no(format!("it signs {name}, which is not there"));
        }
        if self.header(SESSION).is_some() && !self.is_signed(SESSION) {
            return no("the token of its session is not signed");
        }
        let date = self.header(DATE).unwrap_or_default();
        let day = date.split_once('T').map(|(day, _)| day);
        if day != Some(self.signature.day.as_str()) {
            return no("it is signed for another day than x-amz-date");
        }
        Ok(())
    }
}

/// Without its signature and the token of a session.
impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("key", &self.signature.key)
            .finish_non_exhaustive()
    }
}

/// Without itself.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Signature {
    fn parse(text: &str) -> Result<Self, NotSigned> {
        let Some(rest) = text.strip_prefix("AWS4-HMAC-SHA256 ") else {
            return no("its Authorization is not AWS4-HMAC-SHA256");
        };
        let (mut credential, mut signed, mut hex) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=').unwrap_or_default();
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed,
                "Signature" => &mut hex,
                _ => return no("its Authorization has another part than the three"),
            };
            if place.replace(value).is_some() {
                return no("its Authorization has a part twice");
            }
        }
        let (Some(credential), Some(signed), Some(hex)) = (credential, signed, hex) else {
            return no("its Authorization has not all three parts");
        };
        let scope: Vec<&str> = credential.split('/').collect();
        let [key, day, region, "sts", "aws4_request"] = scope.as_slice() else {
            return no("its Credential is not for the service sts");
        };
        let plain = |text: &str, most: usize| {
            let fits = (1..=most).contains(&text.len());
            fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if !plain(key, 128) || day.len() != 8 || !plain(day, 8) {
            return no("its Credential has no key or no day");
        }
        if hex.len() != 64 || !hex.bytes().all(lower) {
            return no("its Signature is not 64 hexadecimal digits");
        }
        Ok(Self {
            key: (*key).to_owned(),
            day: (*day).to_owned(),
            region: (*region).to_owned(),
            signed: names(signed)?,
            hex: hex.to_owned(),
        })
    }
}

/// The names of the signed headers, sorted, each once.
fn names(text: &str) -> Result<Vec<&'static str>, NotSigned> {
    let mut names: Vec<&'static str> = Vec::new();
    for name in text.split(';').take(MOST_HEADERS) {
        let Some(known) = KNOWN.into_iter().find(|known| *known == name) else {
            let name = Echo::of(name);
            return no(format!(
                "it signs the header '{name}', so it was made for somebody else"
            ));
        };
        if names.last().is_some_and(|last| *last >= known) {
            return no("the names of its signed headers are not sorted");
        }
        names.push(known);
    }
    Ok(names)
}

fn headers(written: Vec<WrittenHeader>) -> Result<Vec<(&'static str, String)>, NotSigned> {
    if written.len() > MOST_HEADERS {
        return no(format!("it has more than {MOST_HEADERS} headers"));
    }
    let mut headers: Vec<(&'static str, String)> = Vec::with_capacity(written.len());
    for WrittenHeader { key, value } in written {
        let known = KNOWN
            .into_iter()
            .find(|known| key.eq_ignore_ascii_case(known));
        let Some(known) = known else {
            let key = Echo::of(&key);
            return no(format!(
                "it has the header '{key}', which is none of the list"
            ));
        };
        let visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if value.len() > LONGEST_VALUE || !value.bytes().all(visible) {
            return no(format!("its header {known} is too long, or no plain text"));
        }
        if find(&headers, known).is_some() {
            return no(format!("it has the header {known} twice"));
        }
        headers.push((known, value));
    }
    Ok(headers)
}

fn find<'h>(headers: &'h [(&'static str, String)], name: &str) -> Option<&'h str> {
    let mut all = headers.iter();
    all.find(|(known, _)| *known == name)
        .map(|(_, value)| value.as_str())
}

/// The host of the URL, which is otherwise as it must be.
fn host(url: &str) -> Result<&str, NotSigned> {
    let Some(rest) = url.strip_prefix("https://") else {
        return no("its url is not https");
    };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = place.strip_suffix('/').unwrap_or(place);
    if region(host).is_none() {
        return no("its host is not sts.amazonaws.com or sts.REGION.amazonaws.com");
    }
    let mut asked: Vec<&str> = query.split('&').collect();
    asked.sort_unstable();
    if asked.join("&") != QUERY {
        return no(format!("its query is not {QUERY}"));
    }
    Ok(host)
}

/// Whether a host is one of AWS STS.
#[must_use]
pub fn is_sts(host: &str) -> bool {
    region(host).is_some()
}

/// For which region a host signs. A region is `eu-west-1` or `us-gov-west-1`: what else stands below amazonaws.com may be
/// anybody's, as `sts.s3-us-west-2.amazonaws.com` is the bucket `sts`.
fn region(host: &str) -> Option<&str> {
    let rest = host.strip_prefix("sts.")?;
    if rest == "amazonaws.com" {
        return Some("us-east-1");
    }
    let region = rest.strip_suffix(".amazonaws.com")?;
    let parts: Vec<&str> = region.splitn(6, '-').collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return None;
    };
    let word = |text: &str| {
        (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let number = (1..=2).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_digit());
    let named = (1..=3).contains(&middle.len()) && middle.iter().all(|part| word(part));
    (first.len() == 2 && word(first) && named && number).then_some(region)
}

/// Who AWS says that signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account: twelve digits.
    pub account: String,
    /// The name of the user or of the session of a role.
    pub arn: String,
    /// The unique id.
    pub user: String,
}

impl Caller {
    /// Somebody, if the three fit together: the ARN is of this account, and of IAM or STS.
    #[must_use]
    pub fn of(account: &str, arn: &str, user: &str) -> Option<Self> {
        let digits = account.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", "aws" | "aws-us-gov", "iam" | "sts", "", owner, rest] = parts.as_slice() else {
            return None;
        };
        let plain = |text: &str| {
            let visible = |byte: u8| byte.is_ascii_graphic() && !b"<>&\"".contains(&byte);
            (1..=2_048).contains(&text.len()) && text.bytes().all(visible)
        };
        let fits = account.len() == 12 && digits && *owner == account;
        (fits && plain(rest) && plain(arn) && plain(user)).then(|| Self {
            account: account.to_owned(),
            arn: arn.to_owned(),
            user: user.to_owned(),
        })
    }

    /// Reads AWS's answer: three elements of XML, each once, with plain text in it. It is no reader of XML: what is
    /// not written as AWS writes it is not read.
    #[must_use]
    pub fn parse(answer: &[u8]) -> Option<Self> {
        if answer.len() > LONGEST_ANSWER {
            return None;
        }
        let answer = str::from_utf8(answer).ok()?;
        if answer.contains("<!") || !answer.contains("<GetCallerIdentityResult>") {
            return None;
        }
        let (account, arn) = (element(answer, "Account")?, element(answer, "Arn")?);
        Self::of(account, arn, element(answer, "UserId")?)
    }
}

fn element<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let (_, rest) = answer.split_once(&open)?;
    let (text, behind) = rest.split_once(&close)?;
    let alone = !text.contains('<') && !behind.contains(&open);
    alone.then(|| text.trim())
}

#[cfg(test)]
mod tests;
