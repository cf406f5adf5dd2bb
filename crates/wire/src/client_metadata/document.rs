//! A `client_id` that is the URL of its client's metadata.
//!
//! draft-ietf-oauth-client-id-metadata-document §3: https, with a path, without fragment, user or dot
//! segments. A redirect URI is held to all of that already, so the same rules are asked. http is for a
//! loopback host, where somebody builds an app; whether that is allowed is the server's to say.

use std::fmt;

use crate::redirect_uri::{RedirectUri, RedirectUriKind};

/// How long such a URL may be, in bytes.
const MAX_BYTES: usize = 512;

/// The URL of a document about a client.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DocumentId(Box<str>);

/// The text is not the URL of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADocumentId;

impl DocumentId {
    /// Whether a text claims to be a URL, and so cannot be another kind of `client_id`.
    pub fn claims(text: &str) -> bool {
        text.contains(':')
    }

    /// Reads the URL.
    pub fn parse(text: &str) -> Result<Self, NotADocumentId> {
        let uri = RedirectUri::parse(text).map_err(|_| NotADocumentId)?;
        let of_the_web = uri.kind() != RedirectUriKind::PrivateUse;
        let path = after_scheme(text).contains('/');
        if text.len() <= MAX_BYTES && of_the_web && path {
            Ok(Self(text.into()))
        } else {
            Err(NotADocumentId)
        }
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, without a port: what people are told about the app.
    pub fn host(&self) -> &str {
        let authority = after_scheme(&self.0).split('/').next().unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether it is on the machine of whoever builds the app.
    pub fn is_loopback(&self) -> bool {
        self.0.starts_with("http:")
    }
}

fn after_scheme(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| rest)
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({})", self.0)
    }
}

impl fmt::Display for NotADocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the https URL of a document, with a path and without fragment and user")
    }
}

impl std::error::Error for NotADocumentId {}
