//! What is published, where, and who is sent there.

use std::convert::Infallible;

use carnet_wire::bearer::Challenge;
use carnet_wire::protected_resource::ProtectedResource;
use http::Request;
use http::Response;
use serde_json::json;
use tower::Layer as _;
use tower::ServiceExt as _;
use tower::service_fn;

use super::Description;
use crate::rehearsal::access_token;
use crate::verifier::Verifier;

const API: &str = "https://api.example/v1";
const PLACE: &str = "/.well-known/oauth-protected-resource/v1";

async fn verifier(audience: &str, description: Description) -> Result<Verifier, crate::Error> {
    Verifier::builder("https://auth.example")
        .audience(audience)
        .jwks_url("https://auth.example/jwks")
        .describe(description)
        .build()
        .await
}

/// What an API answers that lets nobody in but describes itself.
async fn ask(verifier: &Verifier, request: http::request::Builder) -> Response<Vec<u8>> {
    let inner = service_fn(|_: Request<()>| async {
        Ok::<_, Infallible>(Response::new(b"inner".to_vec()))
    });
    let guarded = verifier.require(&["invoices.read"]).layer(inner);
    let service = verifier.publish().layer(guarded);
    service.oneshot(request.body(()).unwrap()).await.unwrap()
}

fn challenge(response: &Response<Vec<u8>>) -> Challenge<'_> {
    let header = response.headers()["www-authenticate"].to_str().unwrap();
    Challenge::find(header).unwrap()
}

#[tokio::test]
async fn rfc9728_5_1_a_client_that_knows_nothing_finds_the_way() {
    let about = Description::new()
        .name("Invoices")
        .scopes(&["invoices.read"]);
    let about = about.documentation("https://api.example/docs");
    let verifier = verifier(API, about).await.unwrap();
    let refused = ask(&verifier, Request::get("/v1/invoices")).await;
    assert_eq!(refused.status(), 401);
    let address = challenge(&refused).resource_metadata.unwrap().into_owned();
    assert_eq!(address, format!("https://api.example{PLACE}"));
    let found = ask(&verifier, Request::get(PLACE)).await;
    assert_eq!(found.status(), 200);
    assert_eq!(found.headers()["content-type"], "application/json");
    assert_eq!(found.headers()["access-control-allow-origin"], "*");
    let said = ProtectedResource::parse(found.body(), API).unwrap();
    assert_eq!(said.authorization_servers, ["https://auth.example"]);
    assert_eq!(said.scopes_supported, ["invoices.read"]);
    assert_eq!(said.bearer_methods_supported, ["header"]);
    assert_eq!(said.resource_name.as_deref(), Some("Invoices"));
}

#[tokio::test]
async fn rfc9728_3_2_only_to_get_and_head_and_only_there() {
    let verifier = verifier(API, Description::new()).await.unwrap();
    let head = ask(&verifier, Request::head(PLACE)).await;
    assert_eq!((head.status().as_u16(), head.body().len()), (200, 0));
    let post = ask(&verifier, Request::post(PLACE)).await;
    assert_eq!(post.status(), 405);
    assert_eq!(post.headers()["allow"], "GET, HEAD, OPTIONS");
    for other in [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/v1/",
        "/.well-known/oauth-protected-resource/v1?x=1",
    ] {
        assert_eq!(ask(&verifier, Request::get(other)).await.status(), 401);
    }
}

#[tokio::test]
async fn rfc6750_3_1_too_little_scope_says_which_to_ask_for() {
    let world = crate::rehearsal::World::new();
    let verifier = world.verifier().await;
    let token = access_token(&json!({"scope": "another"}));
    let request = Request::get("/").header("authorization", format!("Bearer {token}"));
    let refused = ask(&verifier, request).await;
    assert_eq!(refused.status(), 403);
    let challenge = challenge(&refused);
    assert_eq!(challenge.error.as_deref(), Some("insufficient_scope"));
    assert_eq!(challenge.scope.as_deref(), Some("invoices.read"));
}

#[tokio::test]
async fn mcp_scope_selection_a_stranger_is_told_which_scope_to_ask_for() {
    let verifier = verifier(API, Description::new()).await.unwrap();
    let missing = ask(&verifier, Request::get("/v1")).await;
    let bad = Request::get("/v1").header("authorization", "Bearer x");
    for refused in [missing, ask(&verifier, bad).await] {
        assert_eq!(refused.status(), 401);
        let challenge = challenge(&refused);
        assert_eq!(challenge.scope.as_deref(), Some("invoices.read"));
    }
    let nothing_needed = verifier
        .require(&[])
        .layer(service_fn(|_: Request<()>| async {
            Ok::<_, Infallible>(Response::new(Vec::new()))
        }));
    let request = Request::get("/v1").body(()).unwrap();
    let refused = nothing_needed.oneshot(request).await.unwrap();
    assert_eq!(challenge(&refused).scope, None);
}

#[tokio::test]
async fn mcp_discovery_scripts_of_any_page_may_read_it() {
    let verifier = verifier(API, Description::new()).await.unwrap();
    let asked = Request::options(PLACE)
        .header("origin", "https://inspector.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "mcp-protocol-version");
    let told = ask(&verifier, asked).await;
    assert_eq!(told.status(), 204);
    assert_eq!(told.headers()["access-control-allow-origin"], "*");
    assert_eq!(told.headers()["access-control-allow-headers"], "*");
    assert_eq!(told.headers()["access-control-allow-methods"], "GET, HEAD");
}

#[tokio::test]
async fn rfc9728_1_2_what_has_no_address_says_where_it_is() {
    let refused = verifier("urn:api", Description::new()).await;
    assert!(refused.unwrap_err().to_string().contains("urn:api"));
    let at = "http://127.0.0.1:8080/.well-known/oauth-protected-resource/demo";
    let verifier = verifier("urn:api", Description::new().at(at))
        .await
        .unwrap();
    let refused = ask(&verifier, Request::get("/")).await;
    assert_eq!(challenge(&refused).resource_metadata.as_deref(), Some(at));
    let place = "/.well-known/oauth-protected-resource/demo";
    let found = ask(&verifier, Request::get(place)).await;
    assert!(ProtectedResource::parse(found.body(), "urn:api").is_ok());
}

#[tokio::test]
async fn rfc9728_2_nobody_says_another_issuer_or_name() {
    let about = Description::new().with(|said| {
        said.resource = "https://other.example".to_owned();
        said.authorization_servers = vec!["https://evil.example".to_owned()];
        said.dpop_bound_access_tokens_required = Some(false);
    });
    let verifier = verifier(API, about).await.unwrap();
    let found = ask(&verifier, Request::get(PLACE)).await;
    let said = ProtectedResource::parse(found.body(), API).unwrap();
    assert_eq!(said.authorization_servers, ["https://auth.example"]);
    assert_eq!(said.dpop_bound_access_tokens_required, Some(false));
}
