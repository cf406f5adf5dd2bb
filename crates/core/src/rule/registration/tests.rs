//! What a client may say of itself, and what comes of it.

use std::sync::Arc;

use carnet_wire::crn::Crn;

use super::Terms;
use crate::record::Client;
use crate::record::ClientAuthentication;
use crate::record::ClientKind;
use crate::record::ClientSource;
use crate::record::GrantType;
use crate::record::Risk;
use crate::record::Trust;
use crate::rule::Refusal;
use crate::rule::sample::Sample;
use crate::store::Catalog;
use crate::value::UnixTime;

const ID: &str = "https://app.example/client.json";

fn document(members: &str) -> Result<Client, Refusal> {
    at(ID, members)
}

fn at(id: &str, members: &str) -> Result<Client, Refusal> {
    let sample = Sample::new();
    let (project, catalog) = (sample.project.clone(), sample.catalog());
    let terms = Terms {
        project: &project,
        catalog: &catalog,
        own_api: "urn:carnet:admin",
        invited: false,
        source: ClientSource::Document,
    };
    let id = id.parse().expect("a client id");
    super::document(&id, members.as_bytes(), &terms, UnixTime(1_000))
}

fn refused(members: &str) -> String {
    let refusal = document(members).expect_err(members);
    assert_eq!(refusal.crn, Crn::CLIENT_DOCUMENT);
    refusal.detail
}

fn with(more: &str) -> String {
    format!(
        r#"{{"client_id":"{ID}","redirect_uris":["http://127.0.0.1/cb","https://app.example/cb"]{more}}}"#
    )
}

#[test]
fn client_id_metadata_document_4_a_document_becomes_a_client_that_nobody_vouches_for() {
    let client = document(&with(
        r#","client_name":"Ledgerly","grant_types":["authorization_code","refresh_token"]"#,
    ));
    let client = client.expect("a good document");
    assert_eq!(client.id.as_str(), ID);
    assert_eq!(client.title.as_str(), "Ledgerly");
    assert_eq!(client.trust, Trust::Unknown);
    assert_eq!(client.source, ClientSource::Document);
    assert_eq!(client.authentication, ClientAuthentication::None);
    assert_eq!(client.kind, ClientKind::Native);
    assert!(client.require_pkce);
    let grants = [GrantType::AuthorizationCode, GrantType::RefreshToken];
    assert_eq!(client.grants, grants.into());
}

#[test]
fn client_id_metadata_document_4_the_client_id_is_the_url_letter_by_letter() {
    for (id, said) in [
        (ID, "https://app.example/other.json"),
        (ID, "https://app.example/client.json?"),
        (ID, "https://app.example:443/client.json"),
        (ID, "HTTPS://app.example/client.json"),
        (ID, "demo-web"),
        ("https://evil.example/client.json", ID),
    ] {
        let text = format!(r#"{{"client_id":"{said}","redirect_uris":["https://a.example/"]}}"#);
        let refusal = at(id, &text).expect_err(said);
        assert!(
            refusal.detail.contains("/client_id: "),
            "{}",
            refusal.detail
        );
    }
    assert!(refused(r#"{"redirect_uris":["https://a.example/"]}"#).contains("/client_id: "));
}

#[test]
fn client_id_metadata_document_4_1_no_secret_and_no_method_with_one() {
    for method in [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "tls_client_auth",
        "unknown",
    ] {
        let said = refused(&with(&format!(
            r#","token_endpoint_auth_method":"{method}""#
        )));
        assert!(said.contains("/token_endpoint_auth_method: "), "{said}");
    }
    assert!(refused(&with(r#","client_secret":"x""#)).contains("/client_secret: "));
    assert!(refused(&with(r#","client_secret_expires_at":0"#)).contains("/client_secret: "));
    let said = refused(&with(r#","token_endpoint_auth_method":"private_key_jwt""#));
    assert!(said.contains("/jwks: "), "keys are needed: {said}");
}

#[test]
fn rfc7591_2_the_keys_are_here_or_elsewhere_and_not_both() {
    let url = "https://app.example/keys";
    let client = document(&with(&format!(r#","jwks_uri":"{url}""#))).expect("a good document");
    assert_eq!(client.authentication, ClientAuthentication::PrivateKeyJwt);
    let keys = client.credentials.keys.expect("it has keys");
    let elsewhere = keys.elsewhere().map(ToString::to_string);
    assert_eq!(elsewhere.as_deref(), Some(url));
    for wrong in [
        r#","jwks_uri":"https://app.example/keys","jwks":{"keys":[]}"#,
        r#","jwks_uri":"http://app.example/keys""#,
        r#","jwks_uri":"https://app.example/keys#one""#,
        r#","jwks_uri":"file:///etc/passwd""#,
        r#","jwks_uri":"keys""#,
    ] {
        let said = refused(&with(wrong));
        assert!(said.contains("/jwks_uri: "), "{said}");
    }
}

#[test]
fn client_id_metadata_document_4_redirect_uris_are_needed() {
    let said = refused(&format!(r#"{{"client_id":"{ID}"}}"#));
    assert!(said.contains("/redirect_uris: "), "{said}");
    let said = refused(&format!(
        r#"{{"client_id":"{ID}","redirect_uris":["com.app.example:/cb"]}}"#
    ));
    assert!(said.contains("/redirect_uris/0: "), "{said}");
}

#[test]
fn lesson_11_nobody_becomes_more_by_saying_so() {
    let client = document(&with(
        r#","trust":"own","require_pkce":false,"source":"admin","project":"carnet","version":9"#,
    ));
    let client = client.expect("unknown members are passed over");
    assert_eq!((client.trust, client.require_pkce), (Trust::Unknown, true));
    let said = refused(&with(r#","grant_types":["client_credentials"]"#));
    assert!(said.contains("client_credentials is for clients"), "{said}");
    assert!(refused(&with(r#","software_statement":"x""#)).contains("/software_statement: "));
}

#[test]
fn what_administers_is_never_given_to_a_client_that_came_by_itself() {
    let Sample {
        project, mut api, ..
    } = Sample::new();
    for scope in &mut api.scopes {
        scope.risk = Risk::Administer;
    }
    let name = api.scopes.first().expect("it has one").name.clone();
    let catalog = Catalog::new(vec![(Arc::new(api), project.organization)]);
    let terms = Terms {
        project: &project,
        catalog: &catalog,
        own_api: "urn:carnet:admin",
        invited: true,
        source: ClientSource::Document,
    };
    let id = ID.parse().expect("a client id");
    let text = with(&format!(r#","scope":"openid {}""#, name.as_str()));
    let client = super::document(&id, text.as_bytes(), &terms, UnixTime(1_000));
    assert_eq!(client.expect("openid is left").scopes.to_string(), "openid");
    let text = with(&format!(r#","scope":"{}""#, name.as_str()));
    let refusal = super::document(&id, text.as_bytes(), &terms, UnixTime(1_000));
    assert!(
        refusal
            .expect_err("nothing is left")
            .detail
            .contains("/scope: ")
    );
}

#[test]
fn mcp_step_up_who_named_one_scope_of_an_api_may_ask_for_the_others_later() {
    let client = document(&with(r#","scope":"read""#)).expect("a good document");
    assert_eq!(client.default_scopes.to_string(), "read");
    assert_eq!(client.scopes.to_string(), "read write");
    let client = document(&with(r#","scope":"openid""#)).expect("a good document");
    assert_eq!(client.scopes.to_string(), "openid", "no API was named");
    let sample = Sample::new();
    let (project, catalog) = (sample.project.clone(), sample.catalog());
    let invited = Terms {
        project: &project,
        catalog: &catalog,
        own_api: "urn:carnet:admin",
        invited: true,
        source: ClientSource::Document,
    };
    let (id, text) = (ID.parse().expect("a client id"), with(r#","scope":"read""#));
    let client = super::document(&id, text.as_bytes(), &invited, UnixTime(1_000));
    let scopes = client.expect("a good document").scopes;
    assert_eq!(scopes.to_string(), "read", "a partner has what was agreed");
}

#[test]
fn an_app_without_a_name_is_called_after_its_host() {
    let client = document(&with(r#","client_name":"  ""#)).expect("a good document");
    assert_eq!(client.title.as_str(), "app.example");
    let long = "é".repeat(90);
    let client = document(&with(&format!(r#","client_name":"{long}""#)));
    assert!(client.expect("a good document").title.as_str().len() <= 100);
}

#[test]
fn a_page_that_is_no_page_is_told() {
    for (name, value) in [
        ("client_uri", "javascript:alert(1)"),
        ("logo_uri", "http://a.example/"),
        ("policy_uri", "data:text/html,x"),
        ("tos_uri", "x"),
    ] {
        let said = refused(&with(&format!(r#","{name}":"{value}""#)));
        assert!(said.contains(&format!("/{name}: ")), "{said}");
    }
}
