//! The members of a credential file, read strictly: what is there must be of its type, and an error
//! names the member by its whole path.
//!
//! 1. `null` and the empty text count as absent, as Google's libraries write both.
//! 2. An address is https. Plain http is for what cannot be overheard: this machine, and where a
//!    credential comes from also the link-local addresses at which clouds answer their own machines.
//! 3. A file is not trusted to be small, shallow or well-meaning: it may come from a ticket.

use std::ops::RangeInclusive;

use carnet_jose::json;
use serde_json::Map;
use serde_json::Value;
use url::Host;
use url::Url;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::error::Kind;
use crate::token::Secret;

/// How large a credential file may be, in bytes.
const LARGEST: usize = 64 * 1024;
/// How deep: a source of an impersonated account may itself be external, and its format has members.
const DEEPEST: u8 = 12;
/// How many texts a list may have.
const LONGEST_LIST: usize = 20;

/// The members of an object.
pub(crate) struct Members {
    /// The path to the object, with a dot at its end, or nothing.
    within: String,
    object: Map<String, Value>,
}

impl Members {
    /// Reads a file's bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let whole = |because: String| {
            let member = "the file".to_owned();
            Error::new(Kind::Credential { member, because })
        };
        if bytes.len() > LARGEST {
            return Err(whole(format!("it is larger than {LARGEST} bytes")));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let object = json::object(bytes, DEEPEST)
            .map_err(|fault| whole(format!("it is no JSON object: {fault}")))?;
        Ok(Self {
            within: String::new(),
            object,
        })
    }

    /// The object as a file.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // What was JSON is JSON.
        Zeroizing::new(serde_json::to_vec(&self.object).unwrap_or_default())
    }

    /// An error about a member.
    pub(crate) fn fault(&self, name: &str, because: impl Into<String>) -> Error {
        Error::new(Kind::Credential {
            member: format!("{}{name}", self.within),
            because: because.into(),
        })
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) if !text.contains(char::is_control) => Ok(Some(text.clone())),
            Some(Value::String(_)) => Err(self.fault(name, "it has a control character in it")),
            Some(_) => Err(self.fault(name, "it is not a string")),
        }
    }

    /// A text that must be there.
    pub(crate) fn needed(&self, name: &str) -> Result<String, Error> {
        self.text(name)?
            .ok_or_else(|| self.fault(name, "it is missing"))
    }

    /// A text with lines in it that nobody may see.
    pub(crate) fn needed_secret(&self, name: &str) -> Result<Secret, Error> {
        match self.value(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(Secret::new(text)),
            Some(Value::String(_)) | None => Err(self.fault(name, "it is missing")),
            Some(_) => Err(self.fault(name, "it is not a string")),
        }
    }

    /// A text that nobody may see.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<Secret>, Error> {
        Ok(self.text(name)?.as_deref().map(Secret::new))
    }

    /// An address to which secrets may be sent.
    pub(crate) fn url(&self, name: &str) -> Result<Option<Url>, Error> {
        let fault = |because| self.fault(name, because);
        let url = self.text(name)?.map(|text| secure_url(&text));
        url.transpose().map_err(fault)
    }

    /// An address from which a credential comes, so it may also be that of the cloud's own host.
    pub(crate) fn local_url(&self, name: &str) -> Result<Option<Url>, Error> {
        let fault = |because| self.fault(name, because);
        let url = self.text(name)?.map(|text| {
            let url = plain_url(&text)?;
            if is_link_local(&url) {
                return Ok(url);
            }
            secure(url)
        });
        url.transpose().map_err(fault)
    }

    /// The members of a member.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, Error> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self {
                within: format!("{}{name}.", self.within),
                object: object.clone(),
            })),
            Some(_) => Err(self.fault(name, "it is not an object")),
        }
    }

    /// A whole number between two others.
    pub(crate) fn number(
        &self,
        name: &str,
        allowed: RangeInclusive<u64>,
    ) -> Result<Option<u64>, Error> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let number = value.as_u64().filter(|number| allowed.contains(number));
        let (least, most) = allowed.into_inner();
        number
            .map(Some)
            .ok_or_else(|| self.fault(name, format!("it is not a number from {least} to {most}")))
    }

    /// Yes or no; absent is no.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.fault(name, "it is neither true nor false")),
        }
    }

    /// A list of texts; absent is empty.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        let texts = match self.value(name) {
            None => Some(Vec::new()),
            Some(Value::Array(items)) if items.len() <= LONGEST_LIST => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        let because = format!("it is not a list of at most {LONGEST_LIST} strings");
        texts.ok_or_else(|| self.fault(name, because))
    }

    /// The names and texts of an object of texts, such as headers.
    pub(crate) fn pairs(&self) -> Result<Vec<(String, String)>, Error> {
        let pair = |(name, value): (&String, &Value)| match value.as_str() {
            Some(text) => Ok((name.clone(), text.to_owned())),
            None => Err(self.fault(name, "it is not a string")),
        };
        self.object.iter().map(pair).collect()
    }
}

/// An address that is https, or this machine.
pub(crate) fn secure_url(text: &str) -> Result<Url, &'static str> {
    secure(plain_url(text)?)
}

fn secure(url: Url) -> Result<Url, &'static str> {
    if url.scheme() == "https" || is_loopback(&url) {
        Ok(url)
    } else {
        Err("it is not an https address (plain http is for this machine alone)")
    }
}

fn plain_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "it is not an address")?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return Err("it is not an https address");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a user name or password in it is not used");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Where clouds tell their machines who they are: Google and Azure and AWS share the IPv4 address.
fn is_link_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "metadata.google.internal",
        Some(Host::Ipv4(address)) => address.is_link_local(),
        Some(Host::Ipv6(address)) => address.segments() == [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254],
        None => false,
    }
}
