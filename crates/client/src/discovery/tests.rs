//! An issuer's metadata are used only if they are about that issuer.

use serde_json::json;

use super::fetch_with;
use crate::rehearsal::Hand;
use crate::rehearsal::Script;

const ISSUER: &str = "https://auth.example";

fn document(issuer: &str, jwks: &str) -> String {
    json!({
        "issuer": issuer,
        "jwks_uri": jwks,
        "token_endpoint": "https://auth.example/token",
        "introspection_endpoint": "https://auth.example/introspect",
        "response_types_supported": [],
    })
    .to_string()
}

#[tokio::test]
async fn rfc8414_3_the_document_is_between_host_and_path() {
    let issuer = "https://auth.example/tenant";
    let script = Script::default().then(200, &[], &document(issuer, "https://auth.example/jwks"));
    let metadata = fetch_with(issuer, &script.transport(), &Hand::new().clock())
        .await
        .unwrap();
    assert_eq!(metadata.issuer(), issuer);
    assert_eq!(metadata.jwks_uri(), Some("https://auth.example/jwks"));
    assert_eq!(
        metadata.token_endpoint(),
        Some("https://auth.example/token")
    );
    assert_eq!(
        metadata.introspection_endpoint(),
        Some("https://auth.example/introspect")
    );
    assert_eq!(metadata.revocation_endpoint(), None);
    assert_eq!(
        script.asked(0).uri(),
        "https://auth.example/.well-known/oauth-authorization-server/tenant"
    );
}

#[tokio::test]
async fn openid_discovery_4_is_asked_where_there_is_no_other() {
    let script = Script::default().then(404, &[], "").then(
        200,
        &[],
        &document(ISSUER, "https://auth.example/jwks"),
    );
    fetch_with(ISSUER, &script.transport(), &Hand::new().clock())
        .await
        .unwrap();
    assert_eq!(
        script.asked(1).uri(),
        "https://auth.example/.well-known/openid-configuration"
    );
}

#[tokio::test]
async fn rfc8414_3_3_another_issuer_is_not_used() {
    for other in ["https://auth.example/", "https://evil.example", ""] {
        let script =
            Script::default().then(200, &[], &document(other, "https://auth.example/jwks"));
        let fetched = fetch_with(ISSUER, &script.transport(), &Hand::new().clock()).await;
        assert_eq!(fetched.unwrap_err().crn(), Some("CRN-7007"), "{other}");
    }
}

#[tokio::test]
async fn an_address_is_not_weaker_than_the_issuer() {
    for weak in [
        "http://auth.example/jwks",
        "file:///jwks",
        "jwks",
        "https://u:p@auth.example/",
    ] {
        let script = Script::default().then(200, &[], &document(ISSUER, weak));
        let fetched = fetch_with(ISSUER, &script.transport(), &Hand::new().clock()).await;
        assert_eq!(fetched.unwrap_err().crn(), Some("CRN-7007"), "{weak}");
    }
    let local = "http://127.0.0.1:8080";
    let script = Script::default().then(200, &[], &document(local, "http://127.0.0.1:8080/jwks"));
    assert!(
        fetch_with(local, &script.transport(), &Hand::new().clock())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn rfc8414_2_an_issuer_has_no_query_and_no_fragment() {
    for bad in [
        "https://auth.example?x",
        "https://auth.example#x",
        "auth.example",
        "ftp://a",
    ] {
        let script = Script::default();
        assert!(
            fetch_with(bad, &script.transport(), &Hand::new().clock())
                .await
                .is_err(),
            "{bad}"
        );
        assert_eq!(script.count(), 0);
    }
}
