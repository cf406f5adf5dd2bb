//! What the Model Context Protocol asks of an authorization server (Basic, Authorization, revision 2025-11-25),
//! as far as no test of an RFC says it already: how a client that knows nothing gets from the metadata to a
//! token for one server, and on to more.

use axum::body::Body;
use axum::http::Method;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_server::config::registration::Dynamic;
use carnet_server::config::registration::Registration;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use serde_json::json;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::claims;
use crate::code::actor::encoded;
use crate::code::actor::member;

/// What the server is called that the client wants to use.
const SERVER: &str = "https://billing.example";
/// A page on somebody's machine that is a client.
const INSPECTOR: &str = "http://localhost:6274";
const WELL_KNOWN: [&str; 2] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
];

async fn actor(dynamic: Dynamic) -> Actor {
    let registration = Registration {
        dynamic,
        project: Some("billing".parse().unwrap()),
        often: None,
        ..Registration::sandbox()
    };
    Actor::with(Ways {
        registration,
        ..Ways::default()
    })
    .await
}

/// Sends what the script of a page sends.
async fn script(
    provider: &Provider,
    (method, path): (Method, &str),
    kind: &str,
    body: &str,
) -> Answer {
    let mut request = Request::builder()
        .method(method.clone())
        .uri(path)
        .header("origin", INSPECTOR);
    request = if method == Method::OPTIONS {
        request
            .header("access-control-request-method", kind)
            .header(
                "access-control-request-headers",
                "content-type,mcp-protocol-version",
            )
    } else {
        request
            .header("content-type", kind)
            .header("mcp-protocol-version", "2025-11-25")
    };
    provider
        .send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

fn readable_from(answer: &Answer) -> Option<&str> {
    let header = answer.headers.get("access-control-allow-origin")?;
    Some(header.to_str().unwrap())
}

/// Registers as the official client does: with the scope of the first challenge.
async fn register(provider: &Provider) -> Answer {
    let metadata = json!({
        "client_name": "Inspector",
        "redirect_uris": [BACK, format!("{INSPECTOR}/oauth/callback")],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": READ,
    });
    let to = (Method::POST, "/register");
    script(provider, to, "application/json", &metadata.to_string()).await
}

/// A person lets it in, and it redeems the code.
async fn tokens(actor: &Actor, client: &str, scope: &str) -> Answer {
    let path = authorize(client, &[("scope", scope), ("resource", SERVER)]);
    let back = actor
        .consent(&path, &[("decision", "allow"), ("scope", scope)])
        .await;
    let code = answered(&back, "code").unwrap();
    let form = encoded(&[
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", &code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("resource", SERVER),
    ]);
    let kind = "application/x-www-form-urlencoded";
    script(&actor.provider, (Method::POST, "/token"), kind, &form).await
}

#[tokio::test]
async fn mcp_authorization_server_metadata_discovery_both_documents_have_what_clients_need() {
    let actor = actor(Dynamic::Open).await;
    let mut said = Vec::new();
    for place in WELL_KNOWN {
        let asked = script(&actor.provider, (Method::OPTIONS, place), "GET", "").await;
        assert_eq!(asked.status, StatusCode::NO_CONTENT);
        assert_eq!(readable_from(&asked), Some("*"));
        assert_eq!(asked.headers["access-control-allow-headers"], "*");
        let answer = script(
            &actor.provider,
            (Method::GET, place),
            "application/json",
            "",
        )
        .await;
        assert_eq!(readable_from(&answer), Some("*"));
        said.push(answer.json());
        let inserted = script(
            &actor.provider,
            (Method::GET, &format!("{place}/mcp")),
            "*/*",
            "",
        )
        .await;
        assert_eq!(
            inserted.status, 404,
            "no other issuer is here (RFC 8414 section 3.3)"
        );
    }
    let [first, second] = said.as_slice() else {
        panic!("two places");
    };
    assert_eq!(first, second);
    assert_eq!(first["issuer"], ISSUER);
    assert_eq!(first["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(first["client_id_metadata_document_supported"], true);
    assert_eq!(first["registration_endpoint"], format!("{ISSUER}/register"));
    assert_eq!(
        first["authorization_response_iss_parameter_supported"],
        true
    );
    let methods = first["token_endpoint_auth_methods_supported"]
        .as_array()
        .unwrap();
    assert!(methods.contains(&json!("none")));
}

#[tokio::test]
async fn mcp_protected_resource_metadata_our_own_are_readable_by_scripts() {
    let actor = actor(Dynamic::Open).await;
    let place = "/.well-known/oauth-protected-resource/admin/v1";
    let asked = script(&actor.provider, (Method::OPTIONS, place), "GET", "").await;
    assert_eq!(
        (asked.status.as_u16(), readable_from(&asked)),
        (204, Some("*"))
    );
    let answer = script(&actor.provider, (Method::GET, place), "*/*", "").await;
    assert_eq!(
        (answer.status.as_u16(), readable_from(&answer)),
        (200, Some("*"))
    );
}

#[tokio::test]
async fn mcp_dynamic_client_registration_a_page_registers_where_anybody_may() {
    let actor = actor(Dynamic::Open).await;
    let asked = script(&actor.provider, (Method::OPTIONS, "/register"), "POST", "").await;
    assert_eq!(
        (asked.status.as_u16(), readable_from(&asked)),
        (204, Some("*"))
    );
    assert_eq!(asked.headers["access-control-allow-methods"], "POST");
    let made = register(&actor.provider).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(readable_from(&made), Some("*"));
    let refused = script(
        &actor.provider,
        (Method::POST, "/register"),
        "application/json",
        "{}",
    )
    .await;
    assert_eq!(
        (refused.status.as_u16(), readable_from(&refused)),
        (400, Some("*"))
    );
}

#[tokio::test]
async fn mcp_dynamic_client_registration_by_invitation_is_no_matter_of_pages() {
    let actor = actor(Dynamic::Invited).await;
    let asked = script(&actor.provider, (Method::OPTIONS, "/register"), "POST", "").await;
    assert_eq!(readable_from(&asked), None);
    let refused = register(&actor.provider).await;
    assert_eq!(
        (refused.status.as_u16(), readable_from(&refused)),
        (401, None)
    );
}

#[tokio::test]
async fn mcp_resource_parameter_a_token_is_for_the_server_that_was_named() {
    let actor = actor(Dynamic::Open).await;
    let client = member(&register(&actor.provider).await, "client_id");
    let answer = tokens(&actor, &client, READ).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        readable_from(&answer),
        Some(INSPECTOR),
        "its own page reads it"
    );
    let said = claims(&member(&answer, "access_token"));
    assert_eq!(
        (&said["aud"], &said["scope"]),
        (&json!(SERVER), &json!(READ))
    );
    let elsewhere = authorize(
        &client,
        &[("scope", READ), ("resource", "https://mcp.example/mcp")],
    );
    // Nobody vouches for it, so its person reads this, and goes there if they want to.
    let page = actor.get(&elsewhere).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("error=invalid_target"), "{}", page.body);
}

#[tokio::test]
async fn mcp_step_up_authorization_flow_a_client_asks_for_more_than_it_registered_with() {
    let actor = actor(Dynamic::Open).await;
    let made = register(&actor.provider).await;
    let client = member(&made, "client_id");
    let first = tokens(&actor, &client, READ).await;
    let said = claims(&member(&first, "access_token"));
    assert_eq!(said["scope"], READ, "nobody gets more than was asked for");
    let both = format!("{READ} {WRITE}");
    let second = tokens(&actor, &client, &both).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.body);
    let said = claims(&member(&second, "access_token"));
    assert_eq!(
        (&said["aud"], &said["scope"]),
        (&json!(SERVER), &json!(both))
    );
}

#[tokio::test]
async fn mcp_token_handling_refresh_tokens_of_clients_without_a_secret_rotate() {
    let actor = actor(Dynamic::Open).await;
    let client = member(&register(&actor.provider).await, "client_id");
    let before = member(&tokens(&actor, &client, READ).await, "refresh_token");
    let form = encoded(&[
        ("grant_type", "refresh_token"),
        ("client_id", &client),
        ("refresh_token", &before),
        ("resource", SERVER),
    ]);
    let kind = "application/x-www-form-urlencoded";
    let answer = script(&actor.provider, (Method::POST, "/token"), kind, &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_ne!(member(&answer, "refresh_token"), before);
    let said = claims(&member(&answer, "access_token"));
    assert_eq!(
        (&said["aud"], &said["scope"]),
        (&json!(SERVER), &json!(READ))
    );
}
