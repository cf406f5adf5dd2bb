//! A verifier that is made from an address alone, over real sockets.

use serde_json::json;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::body_string_contains;
use wiremock::matchers::header;
use wiremock::matchers::method;
use wiremock::matchers::path;

use crate::rehearsal::ACCOUNT_KEY;
use crate::rehearsal::AUDIENCE;
use crate::rehearsal::EMAIL;
use crate::rehearsal::ISSUER_KEY;
use crate::rehearsal::World;
use crate::rehearsal::account;
use crate::rehearsal::allowed;
use crate::rehearsal::claims;
use crate::rehearsal::key_set;
use crate::rehearsal::opaque;
use crate::rehearsal::self_signed;
use crate::rehearsal::sign;
use crate::verified::TokenKind;
use crate::verifier::Verifier;

async fn answers(server: &MockServer, verb: &str, at: &str, body: &str, times: u64) {
    Mock::given(method(verb))
        .and(path(at))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/json"))
        .expect(times)
        .mount(server)
        .await;
}

/// An issuer that counts what it is asked.
async fn issuer(server: &MockServer) -> String {
    let issuer = server.uri();
    let metadata = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "response_types_supported": [],
    });
    let token = json!({"access_token": "mine", "expires_in": 3600, "token_type": "Bearer"});
    let account = format!("/service_accounts/v1/jwk/{EMAIL}");
    let well_known = "/.well-known/oauth-authorization-server";
    answers(server, "GET", well_known, &metadata.to_string(), 1).await;
    answers(server, "GET", "/jwks", &key_set(&[&ISSUER_KEY]), 1).await;
    answers(server, "GET", &account, &key_set(&[&ACCOUNT_KEY]), 1).await;
    answers(server, "POST", "/token", &token.to_string(), 1).await;
    let mut active = claims(&json!({"iss": issuer}));
    active["active"] = true.into();
    Mock::given(method("POST"))
        .and(path("/introspect"))
        .and(header("authorization", "Bearer mine"))
        .and(body_string_contains("token=crn_at_"))
        .respond_with(
            ResponseTemplate::new(200).set_body_raw(active.to_string(), "application/json"),
        )
        .expect(1)
        .mount(server)
        .await;
    issuer
}

#[tokio::test]
async fn every_kind_of_token_over_http_and_each_thing_is_asked_for_once() {
    let server = MockServer::start().await;
    let issuer = issuer(&server).await;
    let account = account(&format!("{issuer}/token"));
    let verifier = Verifier::builder(&issuer)
        .audience(AUDIENCE)
        .introspect_as(account)
        .self_signed(allowed())
        .clock(World::new().clock())
        .build()
        .await
        .unwrap();
    let jwt = sign(&claims(&json!({"iss": issuer})), "at+jwt", &ISSUER_KEY);
    let tokens = [
        (jwt, TokenKind::Jwt),
        (opaque(1), TokenKind::Opaque),
        (self_signed(&json!({})), TokenKind::SelfSigned),
    ];
    for (token, kind) in tokens.iter().chain(&tokens) {
        assert_eq!(verifier.verify(token).await.unwrap().kind(), *kind);
    }
    server.verify().await;
}
