//! What a request says of an app, become values.

use carnet_core::rule::admin::client::{ClientPatch, NewClient};
use carnet_core::value::Seconds;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body::{Given, Read};
use super::client_proof::{self, CertificateName};
use super::client_view::{Authentication, Grant, Kind, Trust};
use super::problem::Problem;

/// An app to be made. What is absent is as the kind begins with: a web app has a secret and signs
/// people in with a code; what runs in a browser or on a device has no secret and PKCE; a daemon has a
/// secret and acts for itself.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateClient {
    /// What people call it: 1 to 100 bytes.
    #[schema(min_length = 1, max_length = 100, example = "Ledgerly")]
    title: String,
    /// Where it runs.
    kind: Kind,
    /// Its `client_id`, if it must be a certain one: 1 to 128 letters, digits and `._~-`, not digits
    /// alone. Absent: one is made that begins like the title.
    #[schema(max_length = 128)]
    id: Option<String>,
    /// How it proves itself.
    authentication: Option<Authentication>,
    /// Its public keys, for what it signs: a JWK Set (RFC 7517) of 10 keys at most. An RSA key is for RS256
    /// unless its `alg` says PS256.
    #[schema(value_type = Option<Object>)]
    jwks: Option<Map<String, Value>>,
    /// Where it keeps its public keys itself: https. Not beside `jwks`.
    #[schema(max_length = 2048)]
    jwks_uri: Option<String>,
    /// The name in its certificate, for `tls_client_auth`.
    certificate: Option<CertificateName>,
    /// What its ID tokens are signed with: RS256 or ES256.
    #[schema(default = "RS256", max_length = 16)]
    id_token_signed_response_alg: Option<String>,
    /// The only algorithm of the JWTs by which it proves itself. Absent: any that fits its keys or secrets.
    #[schema(max_length = 16)]
    token_endpoint_auth_signing_alg: Option<String>,
    /// Where the browser may be sent back to: https, http on this machine, or for native apps a scheme of
    /// their own. What is presented must be the same, letter by letter, but for the port on this machine.
    #[schema(max_items = 50)]
    redirect_uris: Option<Vec<String>>,
    /// Whose scripts may read our answers. Absent for an app in a browser: where its redirect URIs are.
    #[schema(max_items = 50)]
    origins: Option<Vec<String>>,
    /// The grants that it may use.
    #[schema(max_items = 10)]
    grants: Option<Vec<Grant>>,
    /// The scopes that it may ask for: those of APIs that its project may know of, and `openid`,
    /// `profile`, `email`, `offline_access`. Absent: `openid`, `email`, `profile`; for a daemon none.
    #[schema(max_items = 100)]
    scopes: Option<Vec<String>>,
    /// What it gets where it asks for none: within `scopes`.
    #[schema(max_items = 100)]
    default_scopes: Option<Vec<String>>,
    /// Whether the authorization code needs PKCE. It always does without a secret.
    #[schema(default = true)]
    require_pkce: Option<bool>,
    /// Whether its authorization requests must be pushed first (RFC 9126).
    #[schema(default = false)]
    require_par: Option<bool>,
    /// Whether its authorization requests must be signed (RFC 9101), with keys of `jwks` or `jwks_uri`.
    #[schema(default = false)]
    require_signed_request_object: Option<bool>,
    /// Whether its tokens must be bound to a key, by proofs of possession (DPoP).
    #[schema(default = false)]
    require_dpop: Option<bool>,
    /// Whether its tokens are bound to the certificate that it shows. Not together with `require_dpop`.
    #[schema(default = false)]
    tls_client_certificate_bound_access_tokens: Option<bool>,
    /// Whether each refresh replaces its refresh token, and one that was replaced ends everything when it comes
    /// again. Off only for an app that proves itself, or whose tokens are bound to a key: for programs that cannot
    /// keep a new one, as those with `authorized_user` files.
    #[schema(default = true)]
    refresh_token_rotation: Option<bool>,
    /// What it may exchange tokens for. Absent: nothing.
    exchange: Option<SetExchange>,
    /// What it may do that nobody should. Absent: nothing.
    legacy: Option<SetLegacy>,
    /// How long what it gets lives.
    lifetimes: Option<SetLifetimes>,
    /// Its home page: https.
    #[schema(max_length = 2048)]
    home: Option<String>,
    /// Its picture: https.
    #[schema(max_length = 2048)]
    logo: Option<String>,
    /// How it treats data: https.
    #[schema(max_length = 2048)]
    policy: Option<String>,
    /// Its terms of service: https.
    #[schema(max_length = 2048)]
    terms: Option<String>,
    /// Who answers for it: e-mail addresses.
    #[schema(max_items = 10)]
    contacts: Option<Vec<String>>,
    /// How well its users' organization knows it. `own` and `known` take the role admin of the organization.
    trust: Option<Trust>,
}

/// How long what an app gets lives. What is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = SetClientLifetimes)]
#[expect(
    clippy::struct_field_names,
    reason = "the unit is part of their names on the wire"
)]
pub(crate) struct SetLifetimes {
    /// An access token, at most: its API may say less. An hour unless said otherwise.
    #[schema(minimum = 60, maximum = 43200)]
    access_token_seconds: Option<i64>,
    /// A refresh token that is not used. 30 days unless said otherwise.
    #[schema(minimum = 60, maximum = 31_536_000)]
    refresh_idle_seconds: Option<i64>,
    /// An authorization, however often it is refreshed. 90 days unless said otherwise.
    #[schema(minimum = 60, maximum = 157_680_000)]
    refresh_absolute_seconds: Option<i64>,
}

/// What an app may exchange tokens for (RFC 8693). What is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SetClientExchange)]
pub(crate) struct SetExchange {
    /// The identifiers of the APIs: all of them.
    #[schema(max_items = 50)]
    audiences: Option<Vec<String>>,
    /// Whether it may leave out who acts.
    impersonate: Option<bool>,
    /// The client that alone may act with the tokens that the app gets of people; null: whoever may by its
    /// own settings.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 128)]
    may_act: Given<String>,
}

/// What RFC 9700 and RFC 8252 forbid to whoever can do otherwise. What is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = SetClientLegacy)]
pub(crate) struct SetLegacy {
    /// Whether it may come with people's passwords (`grant_type=password`). Only an app with the trust `own`.
    password: Option<bool>,
    /// Whether tokens come to it through the browser (`response_type=token`, `id_token`, `id_token token`). Only
    /// an app of the kind `web` or `browser`, whose tokens are not bound to a key.
    implicit: Option<bool>,
    /// Whether people sign in for it inside other apps too, in web views (RFC 8252 section 8.12).
    embedded_user_agents: Option<bool>,
}

/// Changes to an app. What is absent stays; its id and kind stay.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchClient {
    /// What people call it: 1 to 100 bytes.
    #[schema(min_length = 1, max_length = 100)]
    title: Option<String>,
    /// How it proves itself. Its secrets are deleted before it becomes public.
    authentication: Option<Authentication>,
    /// Its public keys: all of them, as a JWK Set; null: none.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    jwks: Given<Map<String, Value>>,
    /// Where it keeps its public keys itself; null: nowhere. The one takes the place of the other.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    jwks_uri: Given<String>,
    /// The name in its certificate; null: none.
    #[serde(default)]
    #[schema(value_type = Option<CertificateName>)]
    certificate: Given<CertificateName>,
    /// What its ID tokens are signed with: RS256 or ES256.
    #[schema(max_length = 16)]
    id_token_signed_response_alg: Option<String>,
    /// The only algorithm of the JWTs by which it proves itself; null: any that fits.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 16)]
    token_endpoint_auth_signing_alg: Given<String>,
    /// Where the browser may be sent back to: all of them.
    #[schema(max_items = 50)]
    redirect_uris: Option<Vec<String>>,
    /// Whose scripts may read our answers: all of them.
    #[schema(max_items = 50)]
    origins: Option<Vec<String>>,
    /// The grants that it may use: all of them.
    #[schema(max_items = 10)]
    grants: Option<Vec<Grant>>,
    /// The scopes that it may ask for: all of them.
    #[schema(max_items = 100)]
    scopes: Option<Vec<String>>,
    /// What it gets where it asks for none: all of them.
    #[schema(max_items = 100)]
    default_scopes: Option<Vec<String>>,
    /// Whether the authorization code needs PKCE.
    require_pkce: Option<bool>,
    /// Whether its authorization requests must be pushed first (RFC 9126).
    require_par: Option<bool>,
    /// Whether its authorization requests must be signed (RFC 9101), with keys of `jwks` or `jwks_uri`.
    require_signed_request_object: Option<bool>,
    /// Whether its tokens must be bound to a key, by proofs of possession (DPoP).
    require_dpop: Option<bool>,
    /// Whether its tokens are bound to the certificate that it shows. Not together with `require_dpop`.
    tls_client_certificate_bound_access_tokens: Option<bool>,
    /// Whether each refresh replaces its refresh token, and one that was replaced ends everything when it comes
    /// again. Off only for an app that proves itself, or whose tokens are bound to a key: for programs that cannot
    /// keep a new one, as those with `authorized_user` files.
    refresh_token_rotation: Option<bool>,
    /// What it may exchange tokens for.
    exchange: Option<SetExchange>,
    /// What it may do that nobody should.
    legacy: Option<SetLegacy>,
    /// How long what it gets lives.
    lifetimes: Option<SetLifetimes>,
    /// Its home page; null: none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    home: Given<String>,
    /// Its picture; null: none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    logo: Given<String>,
    /// How it treats data; null: nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    policy: Given<String>,
    /// Its terms of service; null: none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    terms: Given<String>,
    /// Who answers for it: all of them.
    #[schema(max_items = 10)]
    contacts: Option<Vec<String>>,
    /// How well its users' organization knows it.
    trust: Option<Trust>,
}

impl CreateClient {
    /// The app to be made, or everything that is wrong with it.
    pub(crate) fn values(self) -> Result<NewClient, Problem> {
        let mut read = Read::default();
        let id = read.maybe("/id", self.id.as_deref());
        let kind = self.kind.into();
        let given = |page: Option<String>| page.map_or(Given::Stays, Given::Is);
        let same = PatchClient {
            title: Some(self.title),
            authentication: self.authentication,
            jwks: self.jwks.map_or(Given::Stays, Given::Is),
            jwks_uri: self.jwks_uri.map_or(Given::Stays, Given::Is),
            certificate: self.certificate.map_or(Given::Stays, Given::Is),
            id_token_signed_response_alg: self.id_token_signed_response_alg,
            token_endpoint_auth_signing_alg: given(self.token_endpoint_auth_signing_alg),
            redirect_uris: self.redirect_uris,
            origins: self.origins,
            grants: self.grants,
            scopes: self.scopes,
            default_scopes: self.default_scopes,
            require_pkce: self.require_pkce,
            require_par: self.require_par,
            require_signed_request_object: self.require_signed_request_object,
            require_dpop: self.require_dpop,
            tls_client_certificate_bound_access_tokens: self
                .tls_client_certificate_bound_access_tokens,
            refresh_token_rotation: self.refresh_token_rotation,
            exchange: self.exchange,
            legacy: self.legacy,
            lifetimes: self.lifetimes,
            home: given(self.home),
            logo: given(self.logo),
            policy: given(self.policy),
            terms: given(self.terms),
            contacts: self.contacts,
            trust: self.trust,
        };
        let settings = same.read(&mut read);
        read.finish(Some(NewClient { id, kind, settings }))
    }
}

impl PatchClient {
    /// The changes, or everything that is wrong with them.
    pub(crate) fn values(self) -> Result<ClientPatch, Problem> {
        let mut read = Read::default();
        let patch = self.read(&mut read);
        read.finish(Some(patch))
    }

    fn read(self, read: &mut Read) -> ClientPatch {
        let lengths = self.lifetimes.unwrap_or_default();
        let exchange = self.exchange.unwrap_or_default();
        let legacy = self.legacy.unwrap_or_default();
        ClientPatch {
            title: read.maybe("/title", self.title.as_deref()),
            authentication: self.authentication.map(Into::into),
            keys: client_proof::keys(read, self.jwks, self.jwks_uri),
            certificate: client_proof::certificate(read, self.certificate),
            id_token_algorithm: read.maybe(
                "/id_token_signed_response_alg",
                self.id_token_signed_response_alg.as_deref(),
            ),
            assertion_algorithm: given(
                read,
                "/token_endpoint_auth_signing_alg",
                self.token_endpoint_auth_signing_alg,
            ),
            redirect_uris: list(read, "/redirect_uris", self.redirect_uris),
            origins: list(read, "/origins", self.origins),
            grants: self
                .grants
                .map(|grants| grants.into_iter().map(Into::into).collect()),
            scopes: scope(read, "/scopes", self.scopes),
            default_scopes: scope(read, "/default_scopes", self.default_scopes),
            require_pkce: self.require_pkce,
            require_par: self.require_par,
            require_signed_request_object: self.require_signed_request_object,
            require_dpop: self.require_dpop,
            certificate_bound: self.tls_client_certificate_bound_access_tokens,
            refresh_token_rotation: self.refresh_token_rotation,
            exchange_audiences: list(read, "/exchange/audiences", exchange.audiences),
            exchange_impersonate: exchange.impersonate,
            may_act: given(read, "/exchange/may_act", exchange.may_act),
            password: legacy.password,
            implicit: legacy.implicit,
            embedded_user_agents: legacy.embedded_user_agents,
            access_token: lengths.access_token_seconds.map(Seconds),
            refresh_idle: lengths.refresh_idle_seconds.map(Seconds),
            refresh_absolute: lengths.refresh_absolute_seconds.map(Seconds),
            home: given(read, "/home", self.home),
            logo: given(read, "/logo", self.logo),
            policy: given(read, "/policy", self.policy),
            terms: given(read, "/terms", self.terms),
            contacts: list(read, "/contacts", self.contacts),
            trust: self.trust.map(Into::into),
        }
    }
}

/// Each text of a list as a value.
fn list<T: std::str::FromStr>(
    read: &mut Read,
    pointer: &str,
    texts: Option<Vec<String>>,
) -> Option<Vec<T>>
where
    T::Err: std::fmt::Display,
{
    let values = texts?.into_iter().enumerate();
    Some(
        values
            .filter_map(|(place, text)| match text.parse() {
                Ok(value) => Some(value),
                Err(error) => {
                    let sent = Echo::of(&text);
                    read.wrong(format!("{pointer}/{place}"), format!("{sent}: {error}."));
                    None
                }
            })
            .collect(),
    )
}

fn scope(read: &mut Read, pointer: &str, tokens: Option<Vec<String>>) -> Option<Scope> {
    let tokens = tokens?;
    match Scope::from_tokens(tokens.iter().map(String::as_str)) {
        Ok(scope) => Some(scope),
        Err(error) => {
            read.wrong(pointer, format!("{error}."));
            None
        }
    }
}

#[expect(
    clippy::option_option,
    reason = "absent, taken away, and given are three things (RFC 7396)"
)]
fn given<T: std::str::FromStr>(
    read: &mut Read,
    pointer: &str,
    text: Given<String>,
) -> Option<Option<T>>
where
    T::Err: std::fmt::Display,
{
    match text {
        Given::Stays => None,
        Given::Goes => Some(None),
        Given::Is(text) => read.one(pointer, &text).map(Some),
    }
}
