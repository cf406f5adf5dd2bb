//! What must hold of an app as a whole, however it came to be so.
//!
//! RFC 6749 section 2.1 and 3.1.2, RFC 8252, RFC 9700 section 2. All faults are told at once, each at
//! its member.

use std::collections::BTreeSet;

use carnet_wire::redirect_uri::RedirectUriKind;
use carnet_wire::scope::Scope;

use super::Around;
use crate::record::Trust;
use crate::record::{
    AssertionAlgorithm, Client, ClientAuthentication, ClientKind, ClientSecret, GrantType,
};
use crate::rule::admin::api::{LONGEST, SHORTEST};
use crate::rule::admin::decision::all_right;
use crate::rule::admin::{No, Wrong, scope};
use crate::rule::authorize::STANDARD_SCOPES;
use crate::rule::scopes;
use crate::value::{ApiIdentifier, Seconds};

/// How many redirect URIs an app may have.
pub const MOST_REDIRECT_URIS: usize = 50;

/// How many origins an app may have.
pub const MOST_ORIGINS: usize = 50;

/// For how many APIs an app may exchange tokens.
pub const MOST_EXCHANGE_AUDIENCES: usize = 50;

/// How many people may answer for an app.
pub const MOST_CONTACTS: usize = 10;

/// The longest that a refresh token may live unused.
pub const LONGEST_IDLE: Seconds = Seconds::days(365);

/// The longest that an authorization may live.
pub const LONGEST_ABSOLUTE: Seconds = Seconds::days(1_825);

/// For so many unknown scopes the closest is looked for.
const SUGGESTIONS: usize = 10;

/// Holds the app, with the secrets that it has, against the rules.
pub(in crate::rule) fn check(
    client: &Client,
    secrets: &[ClientSecret],
    around: &Around<'_>,
) -> Result<(), No> {
    let mut wrongs = Wrongs::default();
    if client.title.as_str().is_empty() {
        wrongs.note(
            "/title",
            "An app has a name, which people read when they are asked.",
        );
    }
    wrongs.authentication(client, secrets);
    wrongs.grants(client);
    wrongs.rotation(client);
    wrongs.redirect_uris(client);
    wrongs.origins(client);
    wrongs.scopes(&client.scopes, around);
    if !client.default_scopes.within(&client.scopes) {
        let beyond = client.default_scopes.without(&client.scopes);
        let detail = format!("The app may not ask for: {beyond}. Add it to scopes first.");
        wrongs.note("/default_scopes", detail);
    }
    wrongs.exchange(client, around);
    if client.legacy.password && client.trust != Trust::Own {
        let detail =
            "Only an app of one's own (trust own) may have people's passwords in its hands.";
        wrongs.note("/legacy/password", detail);
    }
    wrongs.implicit(client);
    wrongs.lifetimes(client);
    if client.about.contacts.len() > MOST_CONTACTS {
        let detail = format!("An app has {MOST_CONTACTS} contacts at most.");
        wrongs.note("/contacts", detail);
    }
    all_right(wrongs.0)
}

#[derive(Default)]
struct Wrongs(Vec<Wrong>);

impl Wrongs {
    fn note(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Wrong::new(pointer, detail));
    }

    fn authentication(&mut self, client: &Client, secrets: &[ClientSecret]) {
        let public = client.authentication == ClientAuthentication::None;
        match client.kind {
            ClientKind::Browser if !public => self.note(
                "/authentication",
                "What runs in a browser keeps no secret: its authentication is none.",
            ),
            ClientKind::Daemon if public => self.note(
                "/authentication",
                "A daemon acts for itself, so it must prove who it is.",
            ),
            _ => {}
        }
        if !client.authentication.takes_secrets() && !secrets.is_empty() {
            self.note(
                "/authentication",
                "This method takes no secrets, and the app has some. Delete them first.",
            );
        }
        let kept = |secret: &ClientSecret| secret.sealed.is_some();
        let needed = client.authentication.needs_the_text();
        if client.authentication.takes_secrets() && secrets.iter().any(|one| kept(one) != needed) {
            self.note(
                "/authentication",
                "Secrets for client_secret_jwt are kept otherwise than others. Delete those that the app \
                 has first.",
            );
        }
        let named = client.authentication == ClientAuthentication::TlsClientAuth;
        if named != client.credentials.certificate.is_some() {
            self.note(
                "/certificate",
                "tls_client_auth needs the name in the app's certificate, and nothing else has one.",
            );
        }
        self.keys(client);
        if client.require_dpop && client.certificate_bound {
            self.note(
                "/require_dpop",
                "A token is bound in one way: to a key, or to the certificate.",
            );
        }
        if public && !client.require_pkce {
            self.note(
                "/require_pkce",
                "Without a secret, PKCE is what protects the code: it stays required.",
            );
        }
    }

    /// With which keys it signs, and by which algorithm.
    fn keys(&mut self, client: &Client) {
        let fits = match client.algorithms.assertion {
            None => true,
            Some(AssertionAlgorithm::Key(_)) => {
                client.authentication == ClientAuthentication::PrivateKeyJwt
            }
            Some(AssertionAlgorithm::Secret(_)) => {
                client.authentication == ClientAuthentication::SecretJwt
            }
        };
        if !fits {
            self.note(
                "/token_endpoint_auth_signing_alg",
                "Only an app that proves itself with a JWT has an algorithm for it: HS256, HS384 or HS512 with \
                 client_secret_jwt, the others with private_key_jwt.",
            );
        }
        if client.authentication.takes_keys() && client.credentials.keys.is_none() {
            let method = client.authentication.as_str();
            self.note(
                "/jwks",
                format!("{method} needs the public keys of the app."),
            );
        }
        if client.require_signed_request_object && client.credentials.keys.is_none() {
            self.note(
                "/require_signed_request_object",
                "Who signs requests needs a key: give the public keys of the app.",
            );
        }
    }

    fn grants(&mut self, client: &Client) {
        let has = |grant| client.grants.contains(&grant);
        if client.grants.is_empty() {
            self.note("/grants", "At least one grant is needed.");
        }
        if has(GrantType::AuthorizationCode)
            && matches!(client.kind, ClientKind::Daemon | ClientKind::Device)
        {
            self.note(
                "/grants",
                "authorization_code needs a browser, which a daemon or a device has not.",
            );
        }
        if has(GrantType::DeviceCode)
            && matches!(client.kind, ClientKind::Daemon | ClientKind::Browser)
        {
            self.note(
                "/grants",
                "The device code is for what has a person and no browser: not for a daemon, and not \
                 for what runs in a browser.",
            );
        }
        let of_a_person = has(GrantType::AuthorizationCode) || has(GrantType::DeviceCode);
        if has(GrantType::RefreshToken) && !of_a_person {
            self.note(
                "/grants",
                "refresh_token goes with authorization_code or the device code: nothing else gives \
                 one.",
            );
        }
        if has(GrantType::ClientCredentials) && client.authentication == ClientAuthentication::None
        {
            self.note(
                "/grants",
                "A public app proves nothing, so client_credentials is not for it.",
            );
        }
    }

    /// RFC 9700 section 4.14.2: what anybody can show who has it is replaced each time.
    fn rotation(&mut self, client: &Client) {
        let public = client.authentication == ClientAuthentication::None;
        let bound = client.require_dpop || client.certificate_bound;
        if public && !bound && !client.refresh_token_rotation {
            self.note(
                "/refresh_token_rotation",
                "Without a secret or a key, rotation is what shows that a refresh token was stolen: it \
                 stays on. Give the app a way to prove itself, or require_dpop.",
            );
        }
    }

    /// RFC 6749 section 4.2, and RFC 8252 section 8.2: it is not for native apps.
    fn implicit(&mut self, client: &Client) {
        const POINTER: &str = "/legacy/implicit";
        if !client.legacy.implicit {
            return;
        }
        let in_browser = matches!(client.kind, ClientKind::Web | ClientKind::Browser);
        if !in_browser || !client.grants.contains(&GrantType::AuthorizationCode) {
            self.note(
                POINTER,
                "Tokens come through the browser only to web and browser apps with the grant \
                 authorization_code.",
            );
        }
        if client.require_dpop || client.certificate_bound {
            self.note(
                POINTER,
                "A token that comes through the browser cannot be bound to a key.",
            );
        }
    }

    /// Each API is one that the project may know of (RFC 8693 section 2.1).
    fn exchange(&mut self, client: &Client, around: &Around<'_>) {
        let exchanges = client.grants.contains(&GrantType::TokenExchange);
        let exchange = &client.exchange;
        if exchanges && client.authentication == ClientAuthentication::None {
            self.note(
                "/grants",
                "A public app proves nothing, so it cannot exchange tokens.",
            );
        }
        if !exchanges && (exchange.impersonate || !exchange.audiences.is_empty()) {
            self.note(
                "/exchange",
                "Only the grant token_exchange needs this, and the app may not use it.",
            );
        }
        if exchange.audiences.len() > MOST_EXCHANGE_AUDIENCES {
            let detail =
                format!("An app exchanges tokens for {MOST_EXCHANGE_AUDIENCES} APIs at most.");
            return self.note("/exchange/audiences", detail);
        }
        let mut seen = BTreeSet::new();
        for (place, name) in exchange.audiences.iter().enumerate() {
            let pointer = format!("/exchange/audiences/{place}");
            if !seen.insert(name) {
                self.note(&pointer, format!("{name} is listed twice."));
            }
            if !knows(around, name) {
                self.note(pointer, format!("There is no API {name}."));
            }
        }
    }

    fn redirect_uris(&mut self, client: &Client) {
        let uris = &client.redirect_uris;
        if uris.len() > MOST_REDIRECT_URIS {
            let detail = format!("An app has {MOST_REDIRECT_URIS} redirect URIs at most.");
            return self.note("/redirect_uris", detail);
        }
        if !uris.is_empty() && !client.grants.contains(&GrantType::AuthorizationCode) {
            self.note(
                "/redirect_uris",
                "Only the grant authorization_code uses redirect URIs, and the app may not use it.",
            );
        }
        let mut seen = BTreeSet::new();
        for (place, uri) in uris.iter().enumerate() {
            let pointer = format!("/redirect_uris/{place}");
            if !seen.insert(uri) {
                self.note(&pointer, format!("{uri} is listed twice."));
            }
            let in_browser = matches!(client.kind, ClientKind::Web | ClientKind::Browser);
            if in_browser && uri.kind() == RedirectUriKind::PrivateUse {
                self.note(
                    pointer,
                    "A scheme of its own is for native apps: use https.",
                );
            }
        }
    }

    fn origins(&mut self, client: &Client) {
        if client.origins.len() > MOST_ORIGINS {
            let detail = format!("An app has {MOST_ORIGINS} origins at most.");
            return self.note("/origins", detail);
        }
        let mut seen = BTreeSet::new();
        for (place, origin) in client.origins.iter().enumerate() {
            if !seen.insert(origin) {
                self.note(
                    format!("/origins/{place}"),
                    format!("{origin} is listed twice."),
                );
            }
        }
    }

    /// Each is one of OpenID Connect's, or one that the project may know of.
    fn scopes(&mut self, scopes: &Scope, around: &Around<'_>) {
        let mut unknown = 0;
        for token in scopes
            .iter()
            .filter(|token| !STANDARD_SCOPES.contains(token))
        {
            let suggest = unknown < SUGGESTIONS;
            let fault = scope::fault(token, around.catalog, Some(around.project), suggest);
            if let Some(detail) = fault {
                unknown += 1;
                self.note("/scopes", detail);
            }
        }
    }

    fn lifetimes(&mut self, client: &Client) {
        let lengths = &client.lifetimes;
        let bounds = [
            ("access_token_seconds", lengths.access_token, LONGEST),
            ("refresh_idle_seconds", lengths.refresh_idle, LONGEST_IDLE),
            (
                "refresh_absolute_seconds",
                lengths.refresh_absolute,
                LONGEST_ABSOLUTE,
            ),
        ];
        for (name, length, longest) in bounds {
            if length < SHORTEST || length > longest {
                let (shortest, longest) = (SHORTEST.0, longest.0);
                let detail = format!("{name} is {shortest} to {longest}.");
                self.note(format!("/lifetimes/{name}"), detail);
            }
        }
        if lengths.refresh_idle > lengths.refresh_absolute {
            self.note(
                "/lifetimes/refresh_idle_seconds",
                "refresh_idle_seconds is at most refresh_absolute_seconds.",
            );
        }
    }
}

/// Whether the project may know of this API: it is its own, or one of its scopes is to be seen.
fn knows(around: &Around<'_>, name: &ApiIdentifier) -> bool {
    let catalog = around.catalog;
    let api = catalog.apis().iter().find(|api| api.identifier == *name);
    api.is_some_and(|api| {
        let visible = |name: &str| {
            let known = catalog.scope(name);
            known.is_some_and(|known| scopes::visible(known, around.project))
        };
        api.project == around.project.id
            || api.scopes.iter().any(|scope| visible(scope.name.as_str()))
    })
}
