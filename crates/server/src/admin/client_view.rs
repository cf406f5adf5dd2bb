//! An app as the admin API shows it, and the words for its settings.

use carnet_core::record::{self, SecretUse};
use carnet_core::value::{UnixTime, WebPage};
use carnet_jose::JwkSet;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::client_proof::CertificateName;
use super::etag;
use super::key_view::LastUsed;

/// An app: an OAuth client.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are members of a JSON document"
)]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Client {
    /// Its `client_id`.
    #[schema(example = "ledgerly-web-k3v2qa")]
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What people call it.
    pub title: String,
    /// Where it runs.
    pub kind: Kind,
    /// How it proves itself; no other way works.
    pub authentication: Authentication,
    /// Its public keys: a JWK Set (RFC 7517).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub jwks: Option<JwkSet>,
    /// Where its public keys are, if it keeps them itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub jwks_uri: Option<String>,
    /// The name in its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub certificate: Option<CertificateName>,
    /// What its ID tokens are signed with.
    pub id_token_signed_response_alg: String,
    /// The only algorithm of the JWTs by which it proves itself; absent: any that fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// Where the browser may be sent back to, letter by letter.
    pub redirect_uris: Vec<String>,
    /// Whose scripts may read our answers.
    pub origins: Vec<String>,
    /// The grants that it may use.
    pub grants: Vec<Grant>,
    /// The scopes that it may ask for.
    pub scopes: Vec<String>,
    /// What it gets where it asks for none.
    pub default_scopes: Vec<String>,
    /// Whether the authorization code needs PKCE.
    pub require_pkce: bool,
    /// Whether its authorization requests must be pushed first.
    pub require_par: bool,
    /// Whether its authorization requests must be signed.
    pub require_signed_request_object: bool,
    /// Whether its tokens must be bound to a key, by proofs of possession (DPoP).
    pub require_dpop: bool,
    /// Whether its tokens are bound to the certificate that it shows.
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether each refresh replaces its refresh token.
    pub refresh_token_rotation: bool,
    /// What it may exchange tokens for.
    pub exchange: Exchange,
    /// What it may do that nobody should; absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub legacy: Option<Legacy>,
    /// How long what it gets lives.
    pub lifetimes: Lifetimes,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// How it treats data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Its terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// Who answers for it.
    pub contacts: Vec<String>,
    /// How well its users' organization knows it.
    pub trust: Trust,
    /// Whether it gets tokens.
    pub state: ClientState,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// What an app may do that RFC 9700 and RFC 8252 forbid to whoever can do otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientLegacy)]
pub(crate) struct Legacy {
    /// Whether it may come with people's passwords.
    pub password: bool,
    /// Whether tokens come to it through the browser.
    pub implicit: bool,
    /// Whether people sign in for it inside other apps too, in web views.
    pub embedded_user_agents: bool,
    /// What to think of it.
    pub warning: String,
}

/// Where an app runs.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClientKind)]
pub(crate) enum Kind {
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

/// How an app proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClientAuthentication)]
pub(crate) enum Authentication {
    /// Not at all: a public app.
    None,
    /// With its secret in the header `Authorization`.
    ClientSecretBasic,
    /// With its secret in the form.
    ClientSecretPost,
    /// With a JWT under an HMAC with its secret.
    ClientSecretJwt,
    /// With a JWT that it signs with a key of its own.
    PrivateKeyJwt,
    /// With a certificate for its name, by somebody whom the server trusts.
    TlsClientAuth,
    /// With a certificate that has a key of its own.
    SelfSignedTlsClientAuth,
}

/// A way to a token.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrantType)]
pub(crate) enum Grant {
    /// A person signs in and allows it.
    AuthorizationCode,
    /// What a person allowed goes on.
    RefreshToken,
    /// The app acts for itself.
    ClientCredentials,
    /// The app gets a token for another one, for the APIs that `exchange` names.
    TokenExchange,
    /// A device shows a code, and a person allows it with another one.
    DeviceCode,
}

/// How well an app is known to those whose data it asks for.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClientTrust)]
pub(crate) enum Trust {
    /// One's own: people need not be asked.
    Own,
    /// Somebody else's, and looked at.
    Known,
    /// Somebody else's.
    Unknown,
}

/// What an app may exchange tokens for (RFC 8693).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientExchange)]
pub(crate) struct Exchange {
    /// The identifiers of the APIs for which it gets tokens by exchange.
    pub audiences: Vec<String>,
    /// Whether it may leave out who acts.
    pub impersonate: bool,
    /// The client that alone may act with the tokens that the app gets of people. Absent: whoever may by its
    /// own settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_act: Option<String>,
}

/// How long what an app gets lives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientLifetimes)]
#[expect(
    clippy::struct_field_names,
    reason = "the unit is part of their names on the wire"
)]
pub(crate) struct Lifetimes {
    /// An access token, at most: its API may say less.
    pub access_token_seconds: i64,
    /// A refresh token that is not used.
    pub refresh_idle_seconds: i64,
    /// An authorization, however often it is refreshed.
    pub refresh_absolute_seconds: i64,
}

/// Whether an app works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientState {
    /// `active` or `disabled`.
    pub state: ClientStateName,
    /// Since when, if disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Why, if disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The states of an app.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientStateName {
    /// As usual.
    Active,
    /// Gets no token, and the tokens it has are refused until it is enabled.
    Disabled,
}

/// A secret of an app, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientSecret {
    /// Its name, which is no secret.
    pub id: String,
    /// Whose it is.
    pub client: String,
    /// The last four characters of its text, to tell one from the other.
    #[schema(example = "9f2c")]
    pub ends_in: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// From when on it is worth nothing. Absent: it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires: Option<String>,
    /// Whether it works: `live` or `expired`.
    pub state: SecretState,
    /// When it was last used. Absent: never. Uses appear within seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<LastUsed>,
    /// Its ETag.
    pub etag: String,
}

/// Whether a secret works.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecretState {
    /// It works.
    Live,
    /// It is worth nothing any more.
    Expired,
}

/// A secret that was just made, with its text.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedSecret {
    /// The secret.
    pub secret: ClientSecret,
    /// Its text. This is the only copy.
    #[serde(serialize_with = "revealed")]
    #[schema(value_type = String, example = "crn_cs_...")]
    pub client_secret: Zeroizing<String>,
    /// The secret whose place it takes, which works on until it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub old: Option<ClientSecret>,
}

/// A secret as it is shown once.
pub(super) fn revealed<S: Serializer>(
    secret: &Zeroizing<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret)
}

impl ClientSecret {
    /// A secret with its last use, found among those of its app.
    pub(crate) fn of(secret: record::ClientSecret, uses: &[SecretUse], now: UnixTime) -> Self {
        let last_use = uses.iter().find(|last| last.secret == secret.id);
        Self {
            id: secret.id.to_string(),
            client: secret.client.to_string(),
            state: if secret.lives(now) {
                SecretState::Live
            } else {
                SecretState::Expired
            },
            ends_in: secret.ends_in,
            created: secret.created.rfc3339(),
            expires: secret.expires.map(UnixTime::rfc3339),
            last_used: last_use.map(|last| LastUsed {
                at: last.last.rfc3339(),
                address: last.address.clone(),
                count: last.count,
            }),
            etag: etag::of(secret.version),
        }
    }
}

impl From<record::Client> for Client {
    fn from(client: record::Client) -> Self {
        let page = |page: Option<WebPage>| page.map(|page| page.to_string());
        let keys = client.credentials.keys.as_ref();
        Self {
            id: client.id.to_string(),
            project: client.project.to_string(),
            title: client.title.to_string(),
            kind: client.kind.into(),
            authentication: client.authentication.into(),
            jwks: keys.and_then(|keys| keys.inline().cloned()),
            jwks_uri: keys.and_then(|keys| keys.elsewhere().map(WebPage::to_string)),
            certificate: client
                .credentials
                .certificate
                .as_ref()
                .map(CertificateName::of),
            id_token_signed_response_alg: client.algorithms.id_token.as_str().to_owned(),
            token_endpoint_auth_signing_alg: client
                .algorithms
                .assertion
                .map(|assertion| assertion.as_str().to_owned()),
            redirect_uris: texts(&client.redirect_uris),
            origins: texts(&client.origins),
            grants: client.grants.into_iter().map(Grant::from).collect(),
            scopes: client.scopes.iter().map(str::to_owned).collect(),
            default_scopes: client.default_scopes.iter().map(str::to_owned).collect(),
            require_pkce: client.require_pkce,
            require_par: client.require_par,
            require_signed_request_object: client.require_signed_request_object,
            require_dpop: client.require_dpop,
            tls_client_certificate_bound_access_tokens: client.certificate_bound,
            refresh_token_rotation: client.refresh_token_rotation,
            exchange: Exchange {
                audiences: texts(&client.exchange.audiences),
                impersonate: client.exchange.impersonate,
                may_act: client.exchange.may_act.map(|id| id.to_string()),
            },
            legacy: legacy(client.legacy),
            lifetimes: Lifetimes {
                access_token_seconds: client.lifetimes.access_token.0,
                refresh_idle_seconds: client.lifetimes.refresh_idle.0,
                refresh_absolute_seconds: client.lifetimes.refresh_absolute.0,
            },
            home: page(client.about.home),
            logo: page(client.about.logo),
            policy: page(client.about.policy),
            terms: page(client.about.terms),
            contacts: texts(&client.about.contacts),
            trust: client.trust.into(),
            state: client.state.into(),
            created: client.created.rfc3339(),
            changed: client.changed.rfc3339(),
            etag: etag::of(client.version),
        }
    }
}

const PASSWORD: &str = "The app sees people's passwords, and no second factor can protect them. \
                        RFC 9700 forbids this grant: move the app to authorization_code with PKCE.";
const IMPLICIT: &str = "Tokens stand in the address of the app's page, where history, scripts and other sites may \
                        get them. RFC 9700 says not to use this grant: move the app to authorization_code with PKCE.";
const EMBEDDED: &str = "People sign in for the app where another app can read what they type. RFC 8252 forbids it: \
                        move the app to the browser of the system.";

fn legacy(legacy: record::Legacy) -> Option<Legacy> {
    let record::Legacy {
        password,
        implicit,
        embedded_user_agents,
    } = legacy;
    let warnings = [
        (password, PASSWORD),
        (implicit, IMPLICIT),
        (embedded_user_agents, EMBEDDED),
    ];
    let warnings = warnings.into_iter().filter(|(on, _)| *on);
    let warnings: Vec<_> = warnings.map(|(_, warning)| warning).collect();
    (!warnings.is_empty()).then(|| Legacy {
        password,
        implicit,
        embedded_user_agents,
        warning: warnings.join(" "),
    })
}

fn texts<T: ToString>(items: &[T]) -> Vec<String> {
    items.iter().map(T::to_string).collect()
}

impl From<record::ClientState> for ClientState {
    fn from(state: record::ClientState) -> Self {
        match state {
            record::ClientState::Active => Self {
                state: ClientStateName::Active,
                since: None,
                reason: None,
            },
            record::ClientState::Disabled { since, reason } => Self {
                state: ClientStateName::Disabled,
                since: Some(since.rfc3339()),
                reason: Some(reason.to_string()),
            },
        }
    }
}

macro_rules! same_words {
    ($ours:ident, $theirs:path, $($our:ident = $their:ident),+) => {
        impl From<$theirs> for $ours {
            fn from(word: $theirs) -> Self {
                match word {
                    $(<$theirs>::$their => Self::$our),+
                }
            }
        }

        impl From<$ours> for $theirs {
            fn from(word: $ours) -> Self {
                match word {
                    $($ours::$our => Self::$their),+
                }
            }
        }
    };
}

same_words!(
    Kind,
    record::ClientKind,
    Web = Web,
    Browser = Browser,
    Native = Native,
    Device = Device,
    Daemon = Daemon
);
same_words!(
    Authentication,
    record::ClientAuthentication,
    None = None,
    ClientSecretBasic = SecretBasic,
    ClientSecretPost = SecretPost,
    ClientSecretJwt = SecretJwt,
    PrivateKeyJwt = PrivateKeyJwt,
    TlsClientAuth = TlsClientAuth,
    SelfSignedTlsClientAuth = SelfSignedTls
);
same_words!(
    Grant,
    record::GrantType,
    AuthorizationCode = AuthorizationCode,
    RefreshToken = RefreshToken,
    ClientCredentials = ClientCredentials,
    TokenExchange = TokenExchange,
    DeviceCode = DeviceCode
);
same_words!(
    Trust,
    record::Trust,
    Own = Own,
    Known = Known,
    Unknown = Unknown
);
