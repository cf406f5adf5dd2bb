//! An app in words, for the audit log: every setting, so that what was changed is what differs.

use crate::record::{Client, ClientKeys, ClientKind, Trust};
use crate::value::{ClientId, WebPage};

/// Every setting in words, for the audit log.
pub(in crate::rule) fn described(client: &Client) -> Vec<(&'static str, String)> {
    let page = |page: &Option<WebPage>| page.as_ref().map_or_else(String::new, WebPage::to_string);
    let grants = client.grants.iter().map(|grant| grant.as_str());
    let (lengths, exchange) = (&client.lifetimes, &client.exchange);
    let (may_act, rotation) = (exchange.may_act.as_ref(), client.refresh_token_rotation);
    let (legacy, assertion) = (client.legacy, client.algorithms.assertion);
    let bound = client.certificate_bound.to_string();
    vec![
        ("title", client.title.to_string()),
        ("kind", kind_word(client.kind).to_owned()),
        ("authentication", client.authentication.as_str().to_owned()),
        ("keys", keys_in_words(client.credentials.keys.as_ref())),
        ("certificate", certificate_in_words(client)),
        (
            "id_token_signed_response_alg",
            client.algorithms.id_token.as_str().to_owned(),
        ),
        (
            "token_endpoint_auth_signing_alg",
            assertion.map_or_else(String::new, |assertion| assertion.as_str().to_owned()),
        ),
        ("redirect_uris", joined(&client.redirect_uris)),
        ("origins", joined(&client.origins)),
        ("grants", grants.collect::<Vec<_>>().join(" ")),
        ("scopes", client.scopes.to_string()),
        ("default_scopes", client.default_scopes.to_string()),
        ("require_pkce", client.require_pkce.to_string()),
        ("require_par", client.require_par.to_string()),
        (
            "require_signed_request_object",
            client.require_signed_request_object.to_string(),
        ),
        ("require_dpop", client.require_dpop.to_string()),
        ("tls_client_certificate_bound_access_tokens", bound),
        ("refresh_token_rotation", rotation.to_string()),
        ("legacy_password", legacy.password.to_string()),
        ("legacy_implicit", legacy.implicit.to_string()),
        (
            "legacy_embedded_user_agents",
            legacy.embedded_user_agents.to_string(),
        ),
        ("exchange_audiences", joined(&exchange.audiences)),
        ("exchange_impersonate", exchange.impersonate.to_string()),
        (
            "may_act",
            may_act.map_or_else(String::new, ClientId::to_string),
        ),
        ("access_token_seconds", lengths.access_token.0.to_string()),
        ("refresh_idle_seconds", lengths.refresh_idle.0.to_string()),
        (
            "refresh_absolute_seconds",
            lengths.refresh_absolute.0.to_string(),
        ),
        ("home", page(&client.about.home)),
        ("logo", page(&client.about.logo)),
        ("policy", page(&client.about.policy)),
        ("terms", page(&client.about.terms)),
        ("contacts", joined(&client.about.contacts)),
        ("trust", trust_word(client.trust).to_owned()),
    ]
}

/// Where they are, or their thumbprints (RFC 7638): what was trusted when must be seen later.
fn keys_in_words(keys: Option<&ClientKeys>) -> String {
    if let Some(url) = keys.and_then(ClientKeys::elsewhere) {
        return url.to_string();
    }
    let keys = keys.and_then(ClientKeys::inline).into_iter();
    let thumbprints = keys
        .flat_map(|set| &set.keys)
        .map(|jwk| jwk.key.thumbprint_text());
    thumbprints.collect::<Vec<_>>().join(" ")
}

fn certificate_in_words(client: &Client) -> String {
    let name = client.credentials.certificate.as_ref();
    name.map_or_else(String::new, |name| {
        format!("{}={name}", name.kind().as_str())
    })
}

fn joined<T: ToString>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(T::to_string).collect();
    items.join(" ")
}

/// A kind as a word.
#[must_use]
pub const fn kind_word(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Web => "web",
        ClientKind::Browser => "browser",
        ClientKind::Native => "native",
        ClientKind::Device => "device",
        ClientKind::Daemon => "daemon",
    }
}

const fn trust_word(trust: Trust) -> &'static str {
    match trust {
        Trust::Own => "own",
        Trust::Known => "known",
        Trust::Unknown => "unknown",
    }
}
