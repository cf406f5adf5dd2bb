//! An OAuth client: an app that asks for tokens (RFC 6749 section 2), and its secrets.
//!
//! A service account is a client too, but one that proves itself with keys: it has a record of its
//! own ([`ServiceAccount`](crate::record::ServiceAccount)).

use std::collections::BTreeSet;

use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::scope::Scope;

use crate::record::ClientAlgorithms;
use crate::record::Credentials;
use crate::value::ApiIdentifier;
use crate::value::ClientId;
use crate::value::Description;
use crate::value::Email;
use crate::value::ProjectId;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::SecretId;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;
use crate::value::WebPage;

/// An app that asks for tokens.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own, which an RFC names"
)]
pub struct Client {
    /// Its `client_id` (RFC 6749 section 2.2). Never given to another client while it exists.
    pub id: ClientId,
    /// Where it belongs.
    pub project: ProjectId,
    /// What people call it.
    pub title: Title,
    /// Where it runs.
    pub kind: ClientKind,
    /// The one way in which it proves itself; no other works.
    pub authentication: ClientAuthentication,
    /// By what it does so, beside secrets.
    pub credentials: Credentials,
    /// With which algorithms, and by which it is answered.
    pub algorithms: ClientAlgorithms,
    /// Where the browser may be sent back to (RFC 6749 section 3.1.2).
    pub redirect_uris: Vec<RedirectUri>,
    /// The origins whose scripts may read our answers (the Fetch Standard's CORS protocol).
    pub origins: Vec<Origin>,
    /// The grants that it may use.
    pub grants: BTreeSet<GrantType>,
    /// The scopes that it may ask for.
    pub scopes: Scope,
    /// What it gets where it asks for none (RFC 6749 section 3.3); within `scopes`.
    pub default_scopes: Scope,
    /// Whether the authorization code needs PKCE (RFC 7636); always true for a public client.
    pub require_pkce: bool,
    /// Whether an authorization request must be pushed first (RFC 9126 section 6).
    pub require_par: bool,
    /// Whether an authorization request must be signed (RFC 9101 section 10.5).
    pub require_signed_request_object: bool,
    /// What it may exchange tokens for (RFC 8693).
    pub exchange: Exchange,
    /// What it may do that nobody should.
    pub legacy: Legacy,
    /// Whether its tokens must be bound to a key (RFC 9449 section 5.2).
    pub require_dpop: bool,
    /// Whether its tokens are bound to its certificate (RFC 8705 section 3.4,
    /// `tls_client_certificate_bound_access_tokens`).
    pub certificate_bound: bool,
    /// Whether each refresh replaces its refresh token (RFC 9700 section 4.14.2). Only what proves itself, or
    /// whose tokens are bound to a key, may do without.
    pub refresh_token_rotation: bool,
    /// How long what it gets lives.
    pub lifetimes: Lifetimes,
    /// What people read about it.
    pub about: About,
    /// How well its users' organization knows it.
    pub trust: Trust,
    /// How it came to be here.
    pub source: ClientSource,
    /// Whether it gets tokens.
    pub state: ClientState,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// What RFC 9700 and RFC 8252 forbid to whoever can do otherwise: off, and switched on for a client that cannot yet.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Legacy {
    /// Whether it may come with people's passwords (RFC 6749 section 4.3). For one's own apps only.
    pub password: bool,
    /// Whether tokens come to it through the browser (RFC 6749 section 4.2).
    pub implicit: bool,
    /// Whether people sign in for it in embedded user agents (RFC 8252 section 8.12), as far as those say what
    /// they are.
    pub embedded_user_agents: bool,
}

/// What a client may exchange tokens for (RFC 8693). By default nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Exchange {
    /// For which APIs, by their identifiers.
    pub audiences: Vec<ApiIdentifier>,
    /// Whether it may leave out who acts. Otherwise it must say so each time.
    pub impersonate: bool,
    /// Who may act with the tokens that it gets of people: the claim `may_act` (section 4.4). Where
    /// nobody is named, everybody may whose own settings allow it.
    pub may_act: Option<ClientId>,
}

/// How long what a client gets lives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lifetimes {
    /// An access token, at most: the API may say less.
    pub access_token: Seconds,
    /// A refresh token that is not used.
    pub refresh_idle: Seconds,
    /// An authorization, however often it is refreshed.
    pub refresh_absolute: Seconds,
}

impl Default for Lifetimes {
    /// An hour, 30 days, 90 days.
    fn default() -> Self {
        Self {
            access_token: Seconds(3_600),
            refresh_idle: Seconds::days(30),
            refresh_absolute: Seconds::days(90),
        }
    }
}

/// What people read about an app before they let it do something (RFC 7591 section 2).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct About {
    /// Its home page (`client_uri`).
    pub home: Option<WebPage>,
    /// Its picture (`logo_uri`).
    pub logo: Option<WebPage>,
    /// How it treats data (`policy_uri`).
    pub policy: Option<WebPage>,
    /// Its terms of service (`tos_uri`).
    pub terms: Option<WebPage>,
    /// Who answers for it (`contacts`).
    pub contacts: Vec<Email>,
}

/// Where an app runs, which says whether it can keep a secret (RFC 8252, RFC 6749 section 2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientKind {
    /// On a server of its own, with users in front of it.
    Web,
    /// In a browser alone: no secret is safe there.
    Browser,
    /// On somebody's computer or telephone.
    Native,
    /// On a device without a browser.
    Device,
    /// On a server, without users: it acts for itself.
    Daemon,
}

/// How a client proves itself at the token endpoint (RFC 6749 section 2.3; the names are those of
/// OpenID Connect Core 1.0 section 9).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientAuthentication {
    /// `none`: it says its `client_id` and proves nothing. A public client.
    None,
    /// `client_secret_basic`: its secret, in the header `Authorization`.
    SecretBasic,
    /// `client_secret_post`: its secret, in the form.
    SecretPost,
    /// `client_secret_jwt`: a JWT under an HMAC with its secret (OpenID Connect Core 1.0 section 9).
    SecretJwt,
    /// `private_key_jwt`: a JWT under a key of its own (RFC 7523 section 2.2).
    PrivateKeyJwt,
    /// `tls_client_auth`: a certificate for its name, by somebody whom we trust (RFC 8705 section 2.1).
    TlsClientAuth,
    /// `self_signed_tls_client_auth`: a certificate with a key of its own (RFC 8705 section 2.2).
    SelfSignedTls,
}

impl ClientAuthentication {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::SecretBasic,
        Self::SecretPost,
        Self::SecretJwt,
        Self::PrivateKeyJwt,
        Self::TlsClientAuth,
        Self::SelfSignedTls,
        Self::None,
    ];

    /// As metadata writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
            Self::SecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTls => "self_signed_tls_client_auth",
        }
    }

    /// Whether secrets are of use to it.
    #[must_use]
    pub const fn takes_secrets(self) -> bool {
        match self {
            Self::None | Self::PrivateKeyJwt | Self::TlsClientAuth | Self::SelfSignedTls => false,
            Self::SecretBasic | Self::SecretPost | Self::SecretJwt => true,
        }
    }

    /// Whether we must know the text of its secrets, and not only their digests.
    #[must_use]
    pub const fn needs_the_text(self) -> bool {
        matches!(self, Self::SecretJwt)
    }

    /// Whether it rests on the client's keys.
    #[must_use]
    pub const fn takes_keys(self) -> bool {
        matches!(self, Self::PrivateKeyJwt | Self::SelfSignedTls)
    }

    /// Whether it rests on a certificate.
    #[must_use]
    pub const fn takes_a_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTls)
    }
}

/// A way to a token.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum GrantType {
    /// RFC 6749 section 4.1.
    AuthorizationCode,
    /// RFC 6749 section 6.
    RefreshToken,
    /// RFC 6749 section 4.4.
    ClientCredentials,
    /// RFC 8693.
    TokenExchange,
    /// RFC 8628 section 3.4.
    DeviceCode,
}

impl GrantType {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
        Self::TokenExchange,
        Self::DeviceCode,
    ];

    /// As `grant_type` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }
}

/// How well an app is known to those whose data it asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trust {
    /// One's own: people need not be asked.
    Own,
    /// Somebody else's, and looked at.
    Known,
    /// Somebody else's.
    Unknown,
}

/// How a client came to be here.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ClientSource {
    /// An administrator made it.
    #[default]
    Admin,
    /// It registered itself (RFC 7591).
    Registered,
    /// Its id is the URL of a document that says what it is
    /// (draft-ietf-oauth-client-id-metadata-document).
    Document,
}

/// Whether a client works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ClientState {
    /// As usual.
    Active,
    /// Gets no token, and the tokens it has are refused until it is enabled.
    Disabled {
        /// Since when.
        since: UnixTime,
        /// Why, for administrators.
        reason: Description,
    },
}

/// A secret of a client. Two at most, so that one can be rolled while the other works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientSecret {
    /// Its name, which is no secret.
    pub id: SecretId,
    /// Whose it is.
    pub client: ClientId,
    /// The SHA-256 of the text, which is shown once.
    pub digest: SecretDigest,
    /// The text, sealed with the key-encryption key: only for `client_secret_jwt`, which cannot be verified
    /// without it.
    pub sealed: Option<Vec<u8>>,
    /// The last four characters of the text, to tell one from the other.
    pub ends_in: String,
    /// When it was made.
    pub created: UnixTime,
    /// From when on it is worth nothing, if ever.
    pub expires: Option<UnixTime>,
    /// How often it was written.
    pub version: Version,
}

impl ClientSecret {
    /// Whether it works at this time.
    #[must_use]
    pub fn lives(&self, now: UnixTime) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

/// The last use of a client's secret, and how often it was used since the last batch. Collected in
/// memory and written in batches, as [`KeyUse`](crate::record::KeyUse) is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecretUse {
    /// The secret.
    pub secret: SecretId,
    /// Its client.
    pub client: ClientId,
    /// When last.
    pub last: UnixTime,
    /// From which address last, in text form.
    pub address: String,
    /// How often: in a change the number to add, in a reading the sum.
    pub count: i64,
}
