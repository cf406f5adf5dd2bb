//! What a client says of itself becomes a client, whether it registers (RFC 7591) or is a document
//! (draft-ietf-oauth-client-id-metadata-document).
//!
//! 1. Nobody vouches for it: its trust is unknown, and it never asks for what administers anything.
//! 2. Where it runs follows from what it says: who keeps no secret and comes back to a program on the
//!    person's computer is native, who comes back to a page is in a browser.
//! 3. What it asks for and may not have is left out, and the answer says what it got (RFC 7591 section
//!    3.2.1); where nothing would be left it is refused.
//! 4. `client_credentials` and schemes of an app's own are for clients that somebody invited with an
//!    initial access token: the one has no person who agrees, the other can be taken by any program.
//! 5. The whole of the record is held against the rules for every client, at registration and at each
//!    update (Keycloak CVE-2026-15572).

mod document;
mod own;

use std::collections::BTreeSet;

use carnet_wire::client_metadata::ClientMetadata;
use carnet_wire::client_metadata::ClientMetadataError;
use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::RedirectUriKind;
use carnet_wire::scope::MAX_TOKENS;
use carnet_wire::scope::Scope;

use crate::record::About;
use crate::record::CertificateName;
use crate::record::CertificateNameKind;
use crate::record::Client;
use crate::record::ClientAlgorithms;
use crate::record::ClientAuthentication;
use crate::record::ClientKeys;
use crate::record::ClientKind;
use crate::record::ClientSecret;
use crate::record::ClientSource;
use crate::record::GrantType;
use crate::record::Project;
use crate::record::Risk;
use crate::rule::admin::No;
use crate::rule::admin::access::Powers;
use crate::rule::admin::client as rules;
use crate::rule::authorization::OFFLINE_ACCESS;
use crate::rule::authorize::STANDARD_SCOPES;
use crate::rule::scopes;
use crate::store::Catalog;
use crate::value::ClientId;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::WebPage;

pub use document::client as document;
pub use document::keep;
pub use document::with_standing;
pub use own::Held;
pub use own::Made;
pub use own::forget;
pub use own::invitation;
pub use own::register;
pub use own::remove;
pub use own::rewrite;

/// On what terms a client may say of itself what it is.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Where it will belong.
    pub project: &'a Project,
    /// Every scope that there is.
    pub catalog: &'a Catalog,
    /// The API of this server itself, of which it gets nothing.
    pub own_api: &'a str,
    /// Whether somebody invited it.
    pub invited: bool,
    /// How it comes here.
    pub source: ClientSource,
}

type Checked<T> = Result<T, ClientMetadataError>;

fn wrong<T>(pointer: &str, why: impl Into<String>) -> Checked<T> {
    Err(ClientMetadataError::Member {
        pointer: pointer.to_owned(),
        why: why.into(),
    })
}

/// The client that the metadata describe, with the secrets that it has already.
fn described(
    metadata: &ClientMetadata,
    id: ClientId,
    secrets: &[ClientSecret],
    terms: &Terms<'_>,
    now: UnixTime,
) -> Checked<Client> {
    if metadata.has_software_statement {
        return Err(ClientMetadataError::SoftwareStatement);
    }
    let authentication = authentication(metadata, terms)?;
    let grants = grants(metadata, authentication, terms)?;
    let kind = kind(metadata, authentication, &grants);
    let (scopes, default_scopes) = granted(metadata, terms)?;
    redirect_uris(metadata, &grants, terms)?;
    let mut client = rules::beginning(id, kind, terms.project, now);
    client.title = title(metadata, &client.id);
    client.authentication = authentication;
    client.credentials.keys = keys(metadata)?;
    client.credentials.certificate = certificate(metadata)?;
    client.algorithms = algorithms(metadata)?;
    client.certificate_bound = metadata.tls_client_certificate_bound_access_tokens;
    client.redirect_uris.clone_from(&metadata.redirect_uris);
    // Whoever has no secret may be a script, also one that is served on its own machine.
    if authentication == ClientAuthentication::None {
        let origins = metadata.redirect_uris.iter().filter_map(Origin::of);
        let origins: BTreeSet<_> = origins.collect();
        client.origins = origins.into_iter().collect();
    }
    client.grants = grants;
    client.scopes = scopes;
    client.default_scopes = default_scopes;
    client.require_par = metadata.require_pushed_authorization_requests;
    client.require_signed_request_object = metadata.require_signed_request_object;
    client.require_dpop = metadata.dpop_bound_access_tokens;
    client.about = about(metadata)?;
    client.source = terms.source;
    let powers = Powers::default();
    let around = rules::Around {
        project: terms.project,
        catalog: terms.catalog,
        powers: &powers,
    };
    match rules::check(&client, secrets, &around) {
        Ok(()) => Ok(client),
        Err(no) => Err(in_their_words(&no)),
    }
}

/// A no of the rules, with the members named as metadata name them.
fn in_their_words(no: &No) -> ClientMetadataError {
    let (pointer, why) = match no.wrongs.first() {
        Some(wrong) => (wrong.pointer.as_str(), &wrong.detail),
        None => ("", &no.detail),
    };
    let pointer = match pointer {
        "/title" => "/client_name",
        // The method says whether a name in a certificate is needed.
        "/authentication" | "/certificate" => "/token_endpoint_auth_method",
        "/require_dpop" => "/dpop_bound_access_tokens",
        "/grants" => "/grant_types",
        "/scopes" | "/default_scopes" => "/scope",
        "/keys" => "/jwks",
        other => other,
    };
    let (pointer, why) = (pointer.to_owned(), why.clone());
    if pointer.starts_with("/redirect_uris") {
        ClientMetadataError::RedirectUri { pointer, why }
    } else {
        ClientMetadataError::Member { pointer, why }
    }
}

/// RFC 7591 section 2: `client_secret_basic` where it says nothing. A document has no secret, so
/// there it proves itself with its keys, or not at all.
fn authentication(metadata: &ClientMetadata, terms: &Terms<'_>) -> Checked<ClientAuthentication> {
    const POINTER: &str = "/token_endpoint_auth_method";
    let has_keys = metadata.jwks.is_some() || metadata.jwks_uri.is_some();
    let method = match metadata.token_endpoint_auth_method.as_deref() {
        Some(name) => ClientAuthentication::ALL
            .into_iter()
            .find(|method| method.as_str() == name),
        None if terms.source != ClientSource::Document => Some(ClientAuthentication::SecretBasic),
        None if has_keys => Some(ClientAuthentication::PrivateKeyJwt),
        None => Some(ClientAuthentication::None),
    };
    match method {
        Some(method) if method.takes_secrets() && terms.source == ClientSource::Document => {
            wrong(POINTER, "a document is public, so it cannot have a secret")
        }
        Some(method) => Ok(method),
        None => wrong(POINTER, "is not a method that is offered here"),
    }
}

/// RFC 7591 section 2: `authorization_code` where it says nothing.
fn grants(
    metadata: &ClientMetadata,
    authentication: ClientAuthentication,
    terms: &Terms<'_>,
) -> Checked<BTreeSet<GrantType>> {
    const POINTER: &str = "/grant_types";
    let Some(asked) = &metadata.grant_types else {
        return code(metadata).map(|()| [GrantType::AuthorizationCode].into());
    };
    let known = |name: &String| {
        GrantType::ALL
            .into_iter()
            .find(|grant| grant.as_str() == name)
    };
    let mut grants: BTreeSet<GrantType> = asked.iter().filter_map(known).collect();
    let own = grants.contains(&GrantType::ClientCredentials);
    let proves = authentication != ClientAuthentication::None;
    if own && !(terms.invited && proves) {
        grants.remove(&GrantType::ClientCredentials);
        if grants.is_empty() {
            let why = "client_credentials is for clients with a secret or a key that were \
                       registered with an initial access token";
            return wrong(POINTER, why);
        }
    }
    if grants.contains(&GrantType::AuthorizationCode) {
        code(metadata)?;
    } else {
        grants.remove(&GrantType::RefreshToken);
    }
    if grants.is_empty() {
        return wrong(POINTER, "none of them is offered here");
    }
    Ok(grants)
}

/// Who uses codes has a response type for them (RFC 7591 section 2.1).
fn code(metadata: &ClientMetadata) -> Checked<()> {
    let Some(types) = &metadata.response_types else {
        return Ok(());
    };
    if types.is_empty() || types.iter().any(|name| name == "code") {
        return Ok(());
    }
    wrong(
        "/response_types",
        "code is the response type that is offered here",
    )
}

fn kind(
    metadata: &ClientMetadata,
    authentication: ClientAuthentication,
    grants: &BTreeSet<GrantType>,
) -> ClientKind {
    if !grants.contains(&GrantType::AuthorizationCode) {
        return ClientKind::Daemon;
    }
    let has = |kind| metadata.redirect_uris.iter().any(|uri| uri.kind() == kind);
    let native = metadata.application_type.as_deref() == Some("native");
    let public = authentication == ClientAuthentication::None;
    if native || has(RedirectUriKind::PrivateUse) || public && has(RedirectUriKind::Loopback) {
        ClientKind::Native
    } else if public {
        ClientKind::Browser
    } else {
        ClientKind::Web
    }
}

fn redirect_uris(
    metadata: &ClientMetadata,
    grants: &BTreeSet<GrantType>,
    terms: &Terms<'_>,
) -> Checked<()> {
    let refuse = |pointer: String, why: &str| {
        Err(ClientMetadataError::RedirectUri {
            pointer,
            why: why.to_owned(),
        })
    };
    let uris = &metadata.redirect_uris;
    if uris.is_empty() && grants.contains(&GrantType::AuthorizationCode) {
        return refuse("/redirect_uris".to_owned(), "at least one is needed");
    }
    let own =
        |uri: &carnet_wire::redirect_uri::RedirectUri| uri.kind() == RedirectUriKind::PrivateUse;
    match uris.iter().position(own) {
        Some(place) if !terms.invited => refuse(
            format!("/redirect_uris/{place}"),
            "https, or http with a loopback address, is what a client may register by itself",
        ),
        _ => Ok(()),
    }
}

/// What it may ask for, and what it gets where it asks for nothing.
fn granted(metadata: &ClientMetadata, terms: &Terms<'_>) -> Checked<(Scope, Scope)> {
    let offered = offered(terms);
    let basic = Scope::from_tokens(
        STANDARD_SCOPES
            .into_iter()
            .filter(|name| *name != OFFLINE_ACCESS),
    );
    let Some(asked) = &metadata.scope else {
        return Ok((offered, basic.unwrap_or_default()));
    };
    let granted = asked.intersection(&offered);
    if granted.is_empty() {
        return wrong(
            "/scope",
            "none of them is one that a client may ask for here",
        );
    }
    let default = granted.iter().filter(|name| *name != OFFLINE_ACCESS);
    let default = Scope::from_tokens(default).unwrap_or_default();
    if terms.invited {
        return Ok((granted, default));
    }
    Ok((with_the_rest(&granted, &offered, terms.catalog), default))
}

/// The scopes, and every other one of their APIs. A client that came uninvited names what it begins with
/// (MCP clients: the scope of the first challenge), and asks for more when an API answers that it has too
/// little. It gains nothing: without a name it would have been offered more, and people are asked each time.
fn with_the_rest(granted: &Scope, offered: &Scope, catalog: &Catalog) -> Scope {
    let api = |name: &str| catalog.scope(name).map(|known| &known.api.id);
    let beside = |name: &str| {
        let own = api(name);
        own.is_some() && granted.iter().any(|named| api(named) == own)
    };
    let names = offered
        .iter()
        .filter(|name| granted.contains(name) || beside(name));
    Scope::from_tokens(names).unwrap_or_default()
}

/// The server's own scopes and every public one of an API that does not administer; as many as a
/// client can have.
fn offered(terms: &Terms<'_>) -> Scope {
    let public = terms.catalog.scopes().filter(|known| {
        known.api.identifier.as_str() != terms.own_api
            && known.scope.risk != Risk::Administer
            && scopes::visible(known, terms.project)
    });
    let mut names: Vec<&str> = public.map(|known| known.scope.name.as_str()).collect();
    names.sort_unstable();
    names.truncate(MAX_TOKENS - STANDARD_SCOPES.len());
    let names = STANDARD_SCOPES.into_iter().chain(names);
    Scope::from_tokens(names).unwrap_or_default()
}

fn keys(metadata: &ClientMetadata) -> Checked<Option<ClientKeys>> {
    match (&metadata.jwks, &metadata.jwks_uri) {
        (Some(_), Some(_)) => wrong("/jwks_uri", "jwks and jwks_uri are not sent together"),
        (Some(text), None) => match text.parse() {
            Ok(keys) => Ok(Some(keys)),
            Err(error) => wrong("/jwks", error.to_string()),
        },
        (None, Some(url)) => match url.parse() {
            Ok(url) => Ok(Some(ClientKeys::At(url))),
            Err(error) => wrong("/jwks_uri", error.to_string()),
        },
        (None, None) => Ok(None),
    }
}

/// RFC 8705 section 2.1.2: exactly one of the names.
fn certificate(metadata: &ClientMetadata) -> Checked<Option<CertificateName>> {
    let (member, name) = match metadata.certificate_names.as_slice() {
        [] => return Ok(None),
        [one] => one,
        [_, (second, _), ..] => {
            return wrong(&format!("/{second}"), "a certificate is known by one name");
        }
    };
    let mut kinds = CertificateNameKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.as_str() == *member);
    let named = kind.map(|kind| CertificateName::new(kind, name));
    match named {
        Some(Ok(name)) => Ok(Some(name)),
        Some(Err(error)) => wrong(&format!("/{member}"), error.to_string()),
        None => Ok(None),
    }
}

/// OpenID Connect Registration 1.0 section 2.
fn algorithms(metadata: &ClientMetadata) -> Checked<ClientAlgorithms> {
    let mut algorithms = ClientAlgorithms::default();
    if let Some(name) = &metadata.id_token_signed_response_alg {
        match name.parse() {
            Ok(algorithm) => algorithms.id_token = algorithm,
            Err(error) => return wrong("/id_token_signed_response_alg", error.to_string()),
        }
    }
    if let Some(name) = &metadata.token_endpoint_auth_signing_alg {
        match name.parse() {
            Ok(algorithm) => algorithms.assertion = Some(algorithm),
            Err(error) => return wrong("/token_endpoint_auth_signing_alg", error.to_string()),
        }
    }
    Ok(algorithms)
}

/// What people call it; without a name of its own, after where it is.
fn title(metadata: &ClientMetadata, id: &ClientId) -> Title {
    let name = metadata.client_name.as_deref().map(str::trim);
    let name = name.filter(|name| !name.is_empty());
    let host = id.document().map(|document| document.host().to_owned());
    let home = metadata.redirect_uris.iter().find_map(Origin::of);
    let home = home.map(|origin| origin.to_string());
    let text = name.map(str::to_owned).or(host).or(home);
    let mut text = text.unwrap_or_else(|| "An app without a name".to_owned());
    text.truncate(text.floor_char_boundary(100));
    text.parse().unwrap_or_default()
}

fn about(metadata: &ClientMetadata) -> Checked<About> {
    let page = |pointer: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => match text.parse::<WebPage>() {
            Ok(page) => Ok(Some(page)),
            Err(error) => wrong(pointer, error.to_string()),
        },
    };
    let contacts = metadata
        .contacts
        .iter()
        .filter_map(|text| text.parse().ok());
    Ok(About {
        home: page("/client_uri", &metadata.client_uri)?,
        logo: page("/logo_uri", &metadata.logo_uri)?,
        policy: page("/policy_uri", &metadata.policy_uri)?,
        terms: page("/tos_uri", &metadata.tos_uri)?,
        // Other ways to reach somebody are no e-mail addresses, and nothing is done with them.
        contacts: contacts.take(rules::MOST_CONTACTS).collect(),
    })
}

#[cfg(test)]
mod tests;
