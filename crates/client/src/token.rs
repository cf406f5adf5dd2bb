//! A token as a program holds it: it can be sent and never printed.

use std::fmt;
use std::sync::Arc;

use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_jose::json;
use carnet_jose::jwt::LenientDate;
use carnet_wire::bearer::is_b64token;
use carnet_wire::token::TokenType;
use http::HeaderValue;
use serde::Deserialize;

/// How long a token counts as good where nobody says how long it is: short, as a guess must be.
const UNSAID_LIFETIME: i64 = 300;

/// A text that is worth something to a thief. It has no `Display`, and its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Takes a text that came from elsewhere: a file, a keychain, an environment variable.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself. Where it goes from here is the caller's care.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Opens an API (RFC 6749 §1.4).
    Access,
    /// Tells one audience who calls (OpenID Connect Core §2).
    Id,
    /// Opens an API without a token endpoint: the account signed it itself (google-wire 3).
    SelfSigned,
}

/// A token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    value: Secret,
    authorization: HeaderValue,
    kind: TokenKind,
    expires: i64,
    scope: Option<Box<str>>,
}

impl Token {
    /// An access token that was kept somewhere, and when it ends, in seconds since 1970. `None` where
    /// the text could not be sent as a bearer token (RFC 6750 §2.1).
    pub fn kept(text: &str, expires: i64) -> Option<Self> {
        Self::new(text, TokenKind::Access, expires)
    }

    /// A token that is good until a time; `None` where the text could not be sent as one.
    pub(crate) fn new(text: &str, kind: TokenKind, expires: i64) -> Option<Self> {
        Self::sent_as(TokenType::Bearer, text, kind, expires)
    }

    fn sent_as(scheme: TokenType, text: &str, kind: TokenKind, expires: i64) -> Option<Self> {
        let mut authorization = is_b64token(text)
            .then(|| HeaderValue::try_from(format!("{} {text}", scheme.as_str())))?
            .ok()?;
        authorization.set_sensitive(true);
        Some(Self {
            value: Secret::new(text),
            authorization,
            kind,
            expires,
            scope: None,
        })
    }

    /// An access token as the endpoint gives it, with its lifetime in seconds.
    pub(crate) fn access(text: &str, lifetime: Option<u64>, now: i64) -> Option<Self> {
        let lifetime = lifetime.map_or(UNSAID_LIFETIME, |seconds| {
            i64::try_from(seconds).unwrap_or(i64::MAX)
        });
        Self::new(text, TokenKind::Access, now.saturating_add(lifetime))
    }

    /// The same token, to be shown together with a proof of its key (RFC 9449 §7.1).
    pub(crate) fn bound(self) -> Option<Self> {
        let text = self.value.reveal();
        let bound = Self::sent_as(TokenType::Dpop, text, self.kind, self.expires)?;
        Some(bound.with_scope(self.scope()))
    }

    /// An ID token. When it ends stands within; it is only read to know how long to keep it.
    pub(crate) fn id(text: &str, now: i64) -> Option<Self> {
        let expires = expiry(text).unwrap_or_else(|| now.saturating_add(UNSAID_LIFETIME));
        Self::new(text, TokenKind::Id, expires)
    }

    /// The same token with the scope that the server granted.
    pub(crate) fn with_scope(self, scope: Option<&str>) -> Self {
        Self {
            scope: scope.map(Into::into),
            ..self
        }
    }

    /// The text.
    pub fn value(&self) -> &Secret {
        &self.value
    }

    /// The value of the header `Authorization`, marked as sensitive: `Bearer …`, or `DPoP …` where
    /// the token is bound to a key.
    pub fn authorization(&self) -> HeaderValue {
        self.authorization.clone()
    }

    /// What it is for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// Until when it is good, in seconds since 1970 by this machine's clock.
    pub fn expires(&self) -> i64 {
        self.expires
    }

    /// What the server granted, where it said so.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

fn expiry(jwt: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Claims {
        exp: LenientDate,
    }
    let unverified = Unverified::parse(jwt, Limits::STRICT).ok()?;
    let claims = unverified.claims_unverified_for_lookup();
    let claims: Claims = json::typed(claims, json::CLAIMS_DEPTH).ok()?;
    Some(claims.exp.0)
}

/// Without the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("value", &self.value)
            .field("kind", &self.kind)
            .field("expires", &self.expires)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
