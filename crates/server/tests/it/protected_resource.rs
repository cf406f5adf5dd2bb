//! What this server's own APIs say about themselves (RFC 9728), and that a challenge leads there.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::Request;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;
use carnet_wire::bearer::Challenge;
use carnet_wire::protected_resource::ProtectedResource;
use carnet_wire::scope::Scope;
use serde_json::json;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::authorize;
use crate::code::actor::claims;
use crate::code::actor::member;

async fn provider() -> Provider {
    Provider::over(World::new().await.with_clients().await).await
}

async fn get(provider: &Provider, path: &str, token: Option<&str>) -> Answer {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    provider.send(request.body(Body::empty()).unwrap()).await
}

/// The path of the document that the challenge names, and the scope that it asks for.
fn led_to(answer: &Answer) -> (String, Option<String>) {
    let mut headers = answer.headers.get_all("www-authenticate").iter();
    let challenge = headers.find_map(|header| Challenge::find(header.to_str().unwrap()));
    let challenge = challenge.unwrap();
    let address = challenge.resource_metadata.unwrap();
    let path = address.strip_prefix(ISSUER).unwrap().to_owned();
    (path, challenge.scope.map(Cow::into_owned))
}

#[tokio::test]
async fn rfc9728_5_1_each_refusal_of_our_own_apis_leads_to_their_description() {
    let provider = provider().await;
    for (path, resource, scope) in [
        ("/userinfo", ISSUER.to_owned(), "openid"),
        (
            "/admin/v1/whoami",
            format!("{ISSUER}/admin/v1"),
            "carnet.admin",
        ),
    ] {
        for token in [None, Some("x")] {
            let refused = get(&provider, path, token).await;
            assert_eq!(refused.status, 401);
            let (place, wanted) = led_to(&refused);
            assert_eq!(wanted.as_deref(), Some(scope));
            let document = get(&provider, &place, None).await;
            assert_eq!(document.status, 200, "{place}");
            let kind = document.headers["content-type"].to_str().unwrap();
            assert!(kind.starts_with("application/json"), "{kind}");
            let said = ProtectedResource::parse(document.body.as_bytes(), &resource).unwrap();
            assert_eq!(said.authorization_servers, [ISSUER], "section 2");
            assert!(said.scopes_supported.iter().any(|known| known == scope));
        }
    }
}

#[tokio::test]
async fn rfc6750_3_1_too_little_scope_says_which_to_ask_for() {
    let provider = provider().await;
    let claims = provider.world.with(json!({"scope": "carnet.admin.read"}));
    let reads = provider.token(&claims).await;
    let request = Request::post("/admin/v1/organizations")
        .header("authorization", format!("Bearer {reads}"))
        .header("content-type", "application/json")
        .body(Body::from("{}"));
    let refused = provider.send(request.unwrap()).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let (place, scope) = led_to(&refused);
    assert_eq!(scope.as_deref(), Some("carnet.admin"));
    assert_eq!(place, "/.well-known/oauth-protected-resource/admin/v1");
}

/// Who found the admin API by its address asks for a token with that (RFC 8707), and gets one for the API.
#[tokio::test]
async fn rfc8707_2_the_address_of_the_admin_api_is_a_resource() {
    let actor = Actor::new().await;
    let store = actor.provider.world.store();
    for id in [WEB, DAEMON] {
        let client = store.client(&id.parse().unwrap()).await.unwrap();
        let mut client = client.unwrap();
        let scopes = format!("{} carnet.admin.read", client.scopes);
        client.scopes = Scope::parse(&scopes).unwrap();
        client.version = client.version.next();
        let change =
            carnet_core::store::Change::Replace(carnet_core::store::Record::Client(client));
        store.commit(&[change]).await.unwrap();
    }
    let resource = format!("{ISSUER}/admin/v1");
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "carnet.admin.read"),
        ("resource", resource.as_str()),
    ];
    let answer = actor
        .provider
        .post_basic("/token", &form, (DAEMON, SECRET))
        .await;
    let token = member(&answer, "access_token");
    assert_eq!(claims(&token)["aud"], "urn:carnet:admin");

    let scope = ("scope", "openid offline_access carnet.admin.read");
    let path = authorize(WEB, &[scope, ("resource", &resource)]);
    let answers = [
        ("decision", "allow"),
        ("scope", "carnet.admin.read"),
        ("scope", "offline_access"),
    ];
    let back = actor.consent(&path, &answers).await;
    let code = crate::code::actor::answered(&back, "code").unwrap();
    let tokens = actor.redeem(&code).await;
    let token = member(&tokens, "access_token");
    assert_eq!(claims(&token)["aud"], "urn:carnet:admin", "{}", tokens.body);
    let who = get(&actor.provider, "/admin/v1/whoami", Some(&token)).await;
    assert_eq!(who.status, 200, "{}", who.body);
    let other = [
        form[0],
        form[1],
        ("resource", "https://auth.acme.example/admin/v2"),
    ];
    let answer = actor
        .provider
        .post_basic("/token", &other, (DAEMON, SECRET))
        .await;
    assert_eq!(answer.json()["error"], "invalid_target");
}

/// Who found userinfo by its challenge asks for a token with that name, and gets one that is good there alone.
#[tokio::test]
async fn rfc8707_2_the_issuer_is_the_resource_of_userinfo() {
    let actor = Actor::new().await;
    let scope = format!("openid offline_access {READ}");
    let asked = [("scope", scope.as_str()), ("resource", ISSUER)];
    let answers = [("decision", "allow"), ("scope", READ)];
    let back = actor.consent(&authorize(WEB, &asked), &answers).await;
    let code = crate::code::actor::answered(&back, "code").unwrap();
    let tokens = actor.redeem(&code).await;
    let token = member(&tokens, "access_token");
    assert_eq!(claims(&token)["aud"], ISSUER);
    assert_eq!(member(&tokens, "scope"), "openid");
    let who = actor.userinfo(&token).await;
    assert_eq!(who.status, 200, "{}", who.body);
}

/// Who named an API, or none, may still have one for userinfo alone; without `openid` nobody may.
#[tokio::test]
async fn rfc8707_2_2_a_token_for_userinfo_alone_needs_openid() {
    let actor = Actor::new().await;
    let root = format!("{ISSUER}/");
    for openid in [true, false] {
        let scope = if openid { "openid " } else { "" };
        let code = actor.code(&format!("{scope}{READ}")).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
            ("resource", root.as_str()),
        ];
        let answer = actor.token(&form).await;
        if openid {
            let token = member(&answer, "access_token");
            assert_eq!(claims(&token)["aud"], ISSUER);
            assert_eq!(claims(&token)["scope"], "openid");
        } else {
            assert_eq!(answer.json()["error"], "invalid_target");
        }
    }
    let scope = ("scope", READ);
    let form = [
        ("grant_type", "client_credentials"),
        scope,
        ("resource", ISSUER),
    ];
    let answer = actor.provider.post_basic("/token", &form, (DAEMON, SECRET));
    assert_eq!(answer.await.json()["error"], "invalid_target");
}
