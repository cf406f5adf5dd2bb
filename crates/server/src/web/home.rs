//! `/`: what this server is, and where its endpoints are.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_pages::Endpoint;
use carnet_pages::Home;
use carnet_pages::Purpose;

use crate::parts::Parts;
use crate::web::page;

/// The start page.
pub async fn get(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    let endpoint = |purpose, method, path: &str| Endpoint {
        purpose,
        method,
        url: format!("{}{path}", parts.issuer),
    };
    let view = Home {
        endpoints: vec![
            endpoint(
                Purpose::Discovery,
                "GET",
                "/.well-known/openid-configuration",
            ),
            endpoint(
                Purpose::AuthorizationServer,
                "GET",
                "/.well-known/oauth-authorization-server",
            ),
            endpoint(Purpose::Jwks, "GET", "/jwks"),
            endpoint(Purpose::GoogleCerts, "GET", "/oauth2/v1/certs"),
            endpoint(Purpose::Token, "POST", "/token"),
            endpoint(Purpose::Introspection, "POST", "/introspect"),
            endpoint(Purpose::Revocation, "POST", "/revoke"),
            endpoint(Purpose::TokenInfo, "GET", "/tokeninfo"),
            endpoint(Purpose::Admin, "GET", "/admin/v1/whoami"),
            endpoint(Purpose::OpenApi, "GET", "/admin/v1/openapi.json"),
        ],
    };
    let frame = page::frame(&parts, &asked);
    page::answer(StatusCode::OK, &frame, carnet_pages::home(&frame, &view))
}
