//! What a client says of itself, at registration and in a document, and the client that comes of it.
//!
//! 1. It is refused in words that may stand in an `error_description`, or lies within its bounds.
//! 2. Whatever it says, nobody vouches for the client of a document: it has no secret, no grant without a
//!    person, PKCE, and no keys where they would not be fetched from.
//! 3. Its `client_id` is the URL at which it is.

#![no_main]

use carnet_core::record::{
    AssertionRules, Audience, ClientKeys, ClientSource, GrantType, Project, ProjectState, Trust,
};
use carnet_core::rule::registration::{self, Terms};
use carnet_core::store::Catalog;
use carnet_core::value::{UnixTime, Version};
use carnet_wire::client_metadata::{ClientMetadata, MAX_REDIRECT_URIS};
use carnet_wire::legal::is_legal;
use carnet_wire::redirect_uri::RedirectUriKind;
use libfuzzer_sys::fuzz_target;

const ID: &str = "https://app.example/client.json";

fuzz_target!(|body: &[u8]| {
    match ClientMetadata::parse(body) {
        Ok(metadata) => {
            assert!(metadata.redirect_uris.len() <= MAX_REDIRECT_URIS);
            assert!(
                metadata
                    .client_name
                    .is_none_or(|name| !name.chars().any(char::is_control))
            );
        }
        Err(error) => speakable(&carnet_core::rule::Refusal::new(
            error.crn(),
            error.to_string(),
        )),
    }
    document(body);
});

fn document(body: &[u8]) {
    let now = UnixTime(1_775_121_058);
    let id = ID.parse().expect("a client id");
    let (project, catalog) = (project(now), Catalog::default());
    let terms = Terms {
        project: &project,
        catalog: &catalog,
        own_api: "urn:carnet:admin",
        invited: false,
        source: ClientSource::Document,
    };
    let client = match registration::document(&id, body, &terms, now) {
        Ok(client) => client,
        Err(refusal) => return speakable(&refusal),
    };
    assert_eq!((client.id.as_str(), client.trust), (ID, Trust::Unknown));
    assert!(client.require_pkce && !client.authentication.takes_secrets());
    assert!(!client.grants.is_empty() && !client.grants.contains(&GrantType::ClientCredentials));
    assert!(!client.redirect_uris.is_empty());
    let own =
        |uri: &carnet_wire::redirect_uri::RedirectUri| uri.kind() == RedirectUriKind::PrivateUse;
    assert!(!client.redirect_uris.iter().any(own));
    let keys = client.credentials.keys.as_ref();
    assert!(keys.is_some() || !client.authentication.takes_keys());
    if let Some(url) = keys.and_then(ClientKeys::elsewhere) {
        assert!(url.as_str().starts_with("https://"));
    }
    assert!(client.default_scopes.within(&client.scopes));
}

fn project(now: UnixTime) -> Project {
    Project {
        id: "billing".parse().expect("an id"),
        number: "100000000001".parse().expect("a number"),
        organization: None,
        title: "Billing".parse().expect("a title"),
        audience: Audience::External,
        state: ProjectState::Active,
        assertions: AssertionRules::default(),
        created: now,
        changed: now,
        version: Version::FIRST,
    }
}

fn speakable(refusal: &carnet_core::rule::Refusal) {
    let told = refusal.description();
    assert!(told.bytes().all(is_legal), "{told}");
}
