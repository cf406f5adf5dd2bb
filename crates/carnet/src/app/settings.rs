//! The settings of an app, as options.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::keys;
use crate::duration::Span;
use crate::failure::Failure;
use crate::members::Members;

/// Settings. What is not given is as the kind begins with, or stays.
#[derive(Args, Debug)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// How it proves itself: none is a public app.
    #[arg(long, value_enum, value_name = "METHOD")]
    authentication: Option<Authentication>,
    /// The file with its public keys, for what it signs: a JWK Set, or PEM.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Where it keeps its public keys itself: https.
    #[arg(long, value_name = "URL", conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    /// The name in its certificate: `subject_dn`, `san_dns`, `san_uri`, `san_ip` or `san_email`, an equals sign,
    /// and the name. It is compared letter by letter.
    #[arg(long, value_name = "KIND=NAME", value_parser = certificate)]
    certificate_name: Option<Value>,
    /// What its ID tokens are signed with: RS256 or ES256.
    #[arg(long, value_name = "ALG")]
    id_token_alg: Option<String>,
    /// The only algorithm of the JWTs by which it proves itself.
    #[arg(long, value_name = "ALG")]
    assertion_alg: Option<String>,
    /// A grant that it may use; several with commas between, or by repeating this. All of them.
    #[arg(long, value_enum, value_name = "GRANT", value_delimiter = ',')]
    grant: Vec<Grant>,
    /// A scope that it may ask for; several with commas between, or by repeating this. All of them. [default for
    /// a new app of people: openid, email, profile]
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// A scope that it gets where it asks for none; several as with --scope.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    default_scope: Vec<String>,
    /// An origin whose scripts may read answers; several by repeating this. All of them.
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Whether the authorization code needs PKCE.
    #[arg(long, value_name = "YES")]
    require_pkce: Option<bool>,
    /// Whether its authorization requests must be pushed first (PAR).
    #[arg(long, value_name = "YES")]
    require_par: Option<bool>,
    /// Whether its authorization requests must be signed, with its public keys (--jwks or --jwks-uri).
    #[arg(long, value_name = "YES")]
    require_signed_request_object: Option<bool>,
    /// Whether its tokens must be bound to a key, by proofs of possession (DPoP).
    #[arg(long, value_name = "YES")]
    require_dpop: Option<bool>,
    /// Whether its tokens are bound to the certificate that it shows.
    #[arg(long, value_name = "YES")]
    certificate_bound: Option<bool>,
    /// Whether each refresh replaces its refresh token. Off for programs that cannot keep a new one, as those with
    /// Google's `authorized_user` files; never for an app that proves nothing.
    #[arg(long, value_name = "YES")]
    refresh_token_rotation: Option<bool>,
    /// The identifier of an API for which it may exchange tokens; several by repeating this. All of them.
    #[arg(long, value_name = "URI")]
    exchange_audience: Vec<String>,
    /// Whether it may leave out who acts when it exchanges a token.
    #[arg(long, value_name = "YES")]
    exchange_impersonate: Option<bool>,
    /// The client that alone may act with the tokens that it gets of people.
    #[arg(long, value_name = "CLIENT")]
    may_act: Option<String>,
    /// Whether it may come with people's passwords. It should not: for one's own apps that cannot use a browser yet.
    #[arg(long, value_name = "YES")]
    allow_password_grant: Option<bool>,
    /// Whether tokens come to it through the browser. They should not: for web apps that know nothing else.
    #[arg(long, value_name = "YES")]
    allow_implicit_grant: Option<bool>,
    /// Whether people sign in for it inside other apps, in web views. They should not: for apps that cannot open the
    /// browser yet.
    #[arg(long, value_name = "YES")]
    allow_embedded_user_agents: Option<bool>,
    /// How long an access token lives at most: 1m to 12h.
    #[arg(long, value_name = "SPAN")]
    access_token_lifetime: Option<Span>,
    /// How long a refresh token lives that is not used: 1m to 365d.
    #[arg(long, value_name = "SPAN")]
    refresh_idle_lifetime: Option<Span>,
    /// How long an authorization lives, however often it is refreshed: 1m to 1825d.
    #[arg(long, value_name = "SPAN")]
    refresh_lifetime: Option<Span>,
    /// Its home page.
    #[arg(long, value_name = "URL")]
    home: Option<String>,
    /// Its picture.
    #[arg(long, value_name = "URL")]
    logo: Option<String>,
    /// The page that says how it treats data.
    #[arg(long, value_name = "URL")]
    policy: Option<String>,
    /// Its terms of service.
    #[arg(long, value_name = "URL")]
    terms: Option<String>,
    /// The e-mail address of somebody who answers for it; several by repeating this. All of them.
    #[arg(long, value_name = "EMAIL")]
    contact: Vec<String>,
    /// How well its users' organization knows it: own apps need not ask people.
    #[arg(long, value_enum, value_name = "TRUST")]
    trust: Option<Trust>,
}

/// How an app proves itself.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Authentication {
    /// Not at all.
    None,
    /// With its secret in the header Authorization.
    ClientSecretBasic,
    /// With its secret in the form.
    ClientSecretPost,
    /// With a JWT under an HMAC with its secret.
    ClientSecretJwt,
    /// With a JWT that it signs with a key of its own (--jwks).
    PrivateKeyJwt,
    /// With a certificate for its name (--certificate-name).
    TlsClientAuth,
    /// With a certificate that has a key of its own (--jwks).
    SelfSignedTlsClientAuth,
}

/// A way to a token.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Grant {
    /// A person signs in and allows it.
    AuthorizationCode,
    /// What a person allowed goes on.
    RefreshToken,
    /// The app acts for itself.
    ClientCredentials,
    /// It gets a token for another one.
    TokenExchange,
    /// A device shows a code, and a person allows it with another one.
    DeviceCode,
}

/// How well an app is known.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Trust {
    /// One's own.
    Own,
    /// Somebody else's, and looked at.
    Known,
    /// Somebody else's.
    Unknown,
}

impl Settings {
    /// What was given, beside these members.
    pub(super) fn members(self, to: Members) -> Result<Members, Failure> {
        let keys = self.jwks.as_deref().map(keys::read).transpose()?;
        let lengths = Members::default()
            .maybe("access_token_seconds", seconds(self.access_token_lifetime))
            .maybe("refresh_idle_seconds", seconds(self.refresh_idle_lifetime))
            .maybe("refresh_absolute_seconds", seconds(self.refresh_lifetime));
        let lengths: Value = lengths.into();
        let said = lengths
            .as_object()
            .is_some_and(|lengths| !lengths.is_empty());
        let exchange = Members::default()
            .list("audiences", self.exchange_audience)
            .maybe("impersonate", self.exchange_impersonate)
            .maybe("may_act", self.may_act);
        let exchange: Value = exchange.into();
        let exchanges = exchange
            .as_object()
            .is_some_and(|exchange| !exchange.is_empty());
        let legacy = Members::default()
            .maybe("password", self.allow_password_grant)
            .maybe("implicit", self.allow_implicit_grant)
            .maybe("embedded_user_agents", self.allow_embedded_user_agents);
        let legacy: Value = legacy.into();
        let old = legacy.as_object().is_some_and(|legacy| !legacy.is_empty());
        let grants = self.grant.iter().map(word).collect();
        Ok(to
            .maybe("authentication", self.authentication.as_ref().map(word))
            .maybe("jwks", keys)
            .maybe("jwks_uri", self.jwks_uri)
            .maybe("certificate", self.certificate_name)
            .maybe("id_token_signed_response_alg", self.id_token_alg)
            .maybe("token_endpoint_auth_signing_alg", self.assertion_alg)
            .list("grants", grants)
            .list("scopes", self.scope)
            .list("default_scopes", self.default_scope)
            .list("origins", self.origin)
            .maybe("require_pkce", self.require_pkce)
            .maybe("require_par", self.require_par)
            .maybe(
                "require_signed_request_object",
                self.require_signed_request_object,
            )
            .maybe("require_dpop", self.require_dpop)
            .maybe(
                "tls_client_certificate_bound_access_tokens",
                self.certificate_bound,
            )
            .maybe("refresh_token_rotation", self.refresh_token_rotation)
            .maybe("exchange", exchanges.then_some(exchange))
            .maybe("legacy", old.then_some(legacy))
            .maybe("lifetimes", said.then_some(lengths))
            .maybe("home", self.home)
            .maybe("logo", self.logo)
            .maybe("policy", self.policy)
            .maybe("terms", self.terms)
            .list("contacts", self.contact)
            .maybe("trust", self.trust.as_ref().map(word)))
    }
}

/// The kind is held against the rules by the server, which names those that there are.
fn certificate(text: &str) -> Result<Value, String> {
    let (kind, name) = text.split_once('=').ok_or("no equals sign in it")?;
    Ok(json!({"kind": kind, "name": name}))
}

fn seconds(span: Option<Span>) -> Option<i64> {
    span.map(|span| span.0)
}

/// The word of the command line as the API writes it.
pub(super) fn word(value: &impl ValueEnum) -> String {
    let word = value.to_possible_value();
    word.map_or_else(String::new, |word| word.get_name().replace('-', "_"))
}
