//! The answer of introspection as a JWT (RFC 9701).

use axum::body::Body;
use axum::http::Request;
use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::POSTER;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;

const JWT: &str = "application/token-introspection+jwt";

async fn provider() -> Provider {
    Provider::over(World::new().await.with_clients().await).await
}

async fn of_daemon(provider: &Provider) -> String {
    let form = [("grant_type", "client_credentials")];
    let answer = provider.post_basic("/token", &form, (DAEMON, SECRET)).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Asks in the form, and says what it takes.
async fn ask(provider: &Provider, secret: &str, token: &str, accept: &str) -> Answer {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token)
        .append_pair("client_id", POSTER)
        .append_pair("client_secret", secret);
    let request = Request::post("/introspect")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", accept)
        .body(Body::from(form.finish()));
    provider.send(request.unwrap()).await
}

/// The header and the claims of an answer that one of our published keys signed.
fn verified(provider: &Provider, answer: &Answer) -> (String, Value) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], JWT);
    let unverified = Unverified::parse(&answer.body, Limits::STRICT).unwrap();
    let header = unverified.header();
    let typ = header.typ.as_deref().unwrap().to_owned();
    let keyring = provider.parts().keyring.load();
    let key = keyring
        .verifying(header.key_id.as_deref().unwrap())
        .unwrap();
    let claims = unverified.verify(key).unwrap().claims().unwrap();
    (typ, claims)
}

#[tokio::test]
async fn rfc9701_5_the_answer_is_signed_for_the_caller_alone() {
    let provider = provider().await;
    let token = of_daemon(&provider).await;
    let answer = ask(&provider, SECRET, &token, JWT).await;
    let (typ, claims) = verified(&provider, &answer);
    assert_eq!(typ, "token-introspection+jwt");
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], POSTER);
    assert_eq!(claims["iat"], NOW);
    let plain = ask(&provider, SECRET, &token, "application/json").await;
    assert_eq!(claims["token_introspection"], plain.json());
    assert_eq!(claims["token_introspection"]["active"], true);
    assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
}

#[tokio::test]
async fn rfc9701_5_what_is_not_active_is_signed_too() {
    let provider = provider().await;
    let answer = ask(&provider, SECRET, "crn_at_AAAA", JWT).await;
    let (_, claims) = verified(&provider, &answer);
    assert_eq!(claims["token_introspection"], json!({"active": false}));
}

#[tokio::test]
async fn rfc9701_4_without_a_wish_the_answer_is_json() {
    let provider = provider().await;
    for accept in [
        "*/*",
        "application/json",
        "application/token-introspection+jwt;q=0",
    ] {
        let answer = ask(&provider, SECRET, "x", accept).await;
        assert_eq!(answer.json(), json!({"active": false}), "{accept}");
    }
}

#[tokio::test]
async fn rfc9701_6_who_does_not_authenticate_gets_nothing_signed() {
    let provider = provider().await;
    let answer = ask(&provider, "wrong", "x", JWT).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["error"], "invalid_client");
}

#[tokio::test]
async fn rfc9701_5_an_account_is_named_by_its_number() {
    let provider = provider().await;
    let claims = provider.world.with(json!({"scope": "carnet.introspect"}));
    let own = provider.token(&claims).await;
    let request = Request::post("/introspect")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", JWT)
        .header("authorization", format!("Bearer {own}"))
        .body(Body::from(format!("token={own}")));
    let answer = provider.send(request.unwrap()).await;
    let (_, claims) = verified(&provider, &answer);
    assert_eq!(claims["aud"], claims["token_introspection"]["client_id"]);
}

#[tokio::test]
async fn rfc9701_8_1_a_signed_answer_is_no_token_of_ours() {
    let provider = provider().await;
    let token = of_daemon(&provider).await;
    let signed = ask(&provider, SECRET, &token, JWT).await.body;
    let answer = ask(&provider, SECRET, &signed, "application/json").await;
    assert_eq!(answer.json(), json!({"active": false}));
    let metadata = provider
        .get("/.well-known/oauth-authorization-server")
        .await;
    let known = &metadata.json()["introspection_signing_alg_values_supported"];
    assert_eq!(known, &json!(["RS256"]));
}
