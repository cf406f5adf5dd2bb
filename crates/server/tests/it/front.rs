//! The short way in says nothing that the router would not say.

use axum::body::Body;
use axum::http::Method;
use axum::http::Request;
use carnet_testkit::provider::Provider;

/// What has a short way, and what stands beside it.
const ASKED: [(Method, &str, &str); 13] = [
    (Method::GET, "/jwks", ""),
    (Method::HEAD, "/jwks", ""),
    (Method::POST, "/jwks", ""),
    (Method::GET, "/.well-known/openid-configuration", ""),
    (Method::OPTIONS, "/.well-known/openid-configuration", ""),
    (Method::POST, "/token", "grant_type=password"),
    (Method::POST, "/token?grant_type=x", ""),
    (Method::GET, "/token", ""),
    (Method::POST, "/oauth2/v4/token", "assertion=x"),
    (Method::POST, "/o/oauth2/token", "assertion=x"),
    (Method::POST, "/introspect", "token=x"),
    (Method::GET, "/introspect", ""),
    (Method::POST, "/token/", "grant_type=x"),
];

#[tokio::test]
async fn both_ways_lead_to_the_same_answers() {
    let provider = Provider::new().await;
    for (method, path, form) in ASKED {
        let request = || {
            Request::builder()
                .method(method.clone())
                .uri(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(form))
                .unwrap()
        };
        let long = provider.send_routed(request()).await;
        let short = provider.send(request()).await;
        assert_eq!(short.golden(), long.golden(), "{method} {path}");
    }
}
