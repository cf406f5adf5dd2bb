//! The client credentials grant and client authentication, as whole answers; and who is told what
//! (`ux.md` 4.2).

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::AuditDraft;
use carnet_core::store::AuditFilter;
use carnet_core::store::Page;
use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::POSTER;
use carnet_testkit::world::PRIVATE;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use carnet_testkit::world::WRITE;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;

use crate::golden::golden;

const FORM: &str = "application/x-www-form-urlencoded";

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

async fn provider() -> Provider {
    Provider::over(World::new().await.with_clients().await).await
}

/// Asks for a token, with the client in the header.
async fn ask(provider: &Provider, (id, secret): (&str, &str), more: &[(&str, &str)]) -> Answer {
    let form = [&[GRANT], more].concat();
    provider.post_basic("/token", &form, (id, secret)).await
}

/// The same with the client in the form.
async fn ask_in_form(provider: &Provider, more: &[(&str, &str)]) -> Answer {
    provider.post("/token", &[&[GRANT], more].concat()).await
}

fn claims(answer: &Answer) -> Value {
    let body = answer.json();
    let token = body["access_token"].as_str().unwrap();
    let unverified = Unverified::parse(token, Limits::STRICT).unwrap();
    serde_json::from_slice(unverified.claims_unverified_for_lookup()).unwrap()
}

/// What the audit log has, oldest first.
async fn audited(provider: &Provider) -> Vec<AuditDraft> {
    provider.settle().await;
    let store = provider.world.store();
    let page = Page::first(100);
    let entries = store.audit(&AuditFilter::default(), &page).await.unwrap();
    let newest_first = entries.items.into_iter();
    newest_first.rev().map(|entry| entry.draft).collect()
}

#[tokio::test]
async fn rfc6749_4_4_a_client_gets_a_token_of_its_own() {
    let provider = provider().await;
    let answer = ask(&provider, (DAEMON, SECRET), &[("scope", READ)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["scope"], READ);
    assert_eq!(body["expires_in"], 600, "the client's own limit");
    assert!(
        body.get("refresh_token").is_none(),
        "RFC 6749 section 4.4.3"
    );
    let cached = answer.headers["cache-control"].to_str().unwrap();
    assert!(cached.contains("no-store"), "{cached}");
    let mut claims = claims(&answer);
    claims["jti"] = json!("");
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER, "sub": DAEMON, "client_id": DAEMON, "aud": "https://billing.example",
            "scope": READ, "iat": NOW, "exp": NOW + 600, "jti": "",
        }),
        "RFC 9068 section 2.2"
    );
}

#[tokio::test]
async fn rfc6749_3_3_without_a_scope_the_clients_own_choice_is_given_and_told() {
    let provider = provider().await;
    for more in [&[][..], &[("scope", "")]] {
        let answer = ask(&provider, (DAEMON, SECRET), more).await;
        assert_eq!(answer.json()["scope"], READ, "openid is about a person");
    }
}

#[tokio::test]
async fn rfc6749_2_3_1_the_form_is_as_good_as_the_header_for_the_client_that_registered_it() {
    let provider = provider().await;
    let sent = [("client_id", POSTER), ("client_secret", SECRET)];
    let answer = ask_in_form(&provider, &sent).await;
    assert_eq!(answer.json()["scope"], READ);
    assert_eq!(claims(&answer)["sub"], POSTER);
}

#[tokio::test]
async fn rfc8707_2_a_resource_restricts_the_token() {
    let provider = provider().await;
    let resource = ("resource", "https://billing.example");
    let answer = ask(&provider, (DAEMON, SECRET), &[resource]).await;
    assert_eq!(claims(&answer)["aud"], "https://billing.example");
    for other in ["https://other.example", "https://nobody.example"] {
        let answer = ask(&provider, (DAEMON, SECRET), &[("resource", other)]).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["error"], "invalid_target", "{}", answer.body);
    }
}

/// Every refusal, as it leaves.
#[tokio::test]
async fn rfc6749_5_2_refusals_of_client_credentials() {
    let provider = provider().await;
    let right = (DAEMON, SECRET);
    let both = [("client_id", DAEMON), ("client_secret", SECRET)];
    for (name, answer) in [
        (
            "client_unknown",
            ask(&provider, ("nobody", SECRET), &[]).await,
        ),
        ("client_absent", ask_in_form(&provider, &[]).await),
        ("client_wrong_method", ask_in_form(&provider, &both).await),
        ("client_twice", ask(&provider, right, &both).await),
        (
            "client_id_differs",
            ask(&provider, right, &[("client_id", WEB)]).await,
        ),
        (
            "client_secret_alone",
            ask_in_form(&provider, &both[1..]).await,
        ),
        ("client_grant", ask(&provider, (WEB, SECRET), &[]).await),
        (
            "client_public",
            ask_in_form(&provider, &[("client_id", SPA)]).await,
        ),
        (
            "client_scope_unknown",
            ask(&provider, right, &[("scope", "invoices.raed")]).await,
        ),
        (
            "client_scope_malformed",
            ask(&provider, right, &[("scope", "a\"b")]).await,
        ),
        (
            "client_resource_unknown",
            ask(&provider, right, &[("resource", "https://nobody.example")]).await,
        ),
        (
            "client_resource_malformed",
            ask(&provider, right, &[("resource", "invoices")]).await,
        ),
    ] {
        golden(name, &answer);
    }
    let mut world = World::new().await.with_clients().await;
    world.reading_is_blocked().await;
    let provider = Provider::over(world).await;
    golden("client_policy", &ask(&provider, right, &[]).await);
}

/// What differs between all failures of authentication is chance alone (`ux.md` 4.3, CRN-1401).
#[tokio::test]
async fn ux_4_3_who_does_not_prove_a_client_reads_one_text() {
    let provider = provider().await;
    provider.world.client_is_disabled(WEB).await;
    let in_form = [("client_id", DAEMON), ("client_secret", SECRET)];
    let assertion = [
        ("client_id", DAEMON),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", "a.b.c"),
    ];
    let answers = [
        ask(&provider, ("nobody", SECRET), &[]).await,
        ask(&provider, ("no client's", SECRET), &[]).await,
        ask(&provider, (DAEMON, "wrong"), &[]).await,
        ask(&provider, (POSTER, SECRET), &[]).await,
        ask(&provider, (WEB, SECRET), &[]).await,
        ask(&provider, (SPA, SECRET), &[]).await,
        ask_in_form(&provider, &in_form).await,
        ask_in_form(&provider, &in_form[..1]).await,
        ask_in_form(&provider, &assertion).await,
    ];
    assert_eq!(ask(&provider, (DAEMON, "older"), &[]).await.status, 200);
    provider.wait(60);
    let expired = ask(&provider, (DAEMON, "older"), &[]).await;
    assert_eq!(expired.status, 401, "a secret that has ended");
    assert_eq!(answers[0].status, 401);
    let challenge = &answers[0].headers["www-authenticate"];
    assert_eq!(
        challenge,
        &format!(r#"Basic realm="{ISSUER}", charset="UTF-8""#)
    );
    let same_moment = expired.json()["error_description"].clone();
    assert_eq!(same_moment, answers[0].json()["error_description"]);
    let mut told: Vec<String> = answers.iter().map(Answer::golden).collect();
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");

    // The owner reads which it was, and nobody is named who did not prove it.
    let whys = [
        "unknown client",
        "unknown client",
        "wrong secret",
        "another method",
        "out of service",
        "another method",
        "another method",
        "another method",
        "another method",
        "expired secret",
    ];
    let audited = audited(&provider).await;
    assert_eq!(audited.len(), whys.len());
    for (draft, why) in audited.iter().zip(whys) {
        assert_eq!(draft.actor, "anonymous");
        assert!(draft.detail.contains(why), "{why}: {}", draft.detail);
        for sent in [SECRET, "older", "wrong\""] {
            assert!(!draft.detail.contains(sent), "{}", draft.detail);
        }
    }
}

/// Only whoever proved the client learns that it exists, and what it may do.
#[tokio::test]
async fn ux_4_2_level_1_is_told_what_its_own_client_may() {
    let provider = provider().await;
    let level_0 = ask(&provider, (WEB, "wrong"), &[]).await;
    assert_eq!(level_0.json()["error"], "invalid_client");
    let level_1 = ask(&provider, (WEB, SECRET), &[]).await;
    assert_eq!(level_1.status, 400);
    assert_eq!(level_1.json()["error"], "unauthorized_client");
    let audited = audited(&provider).await;
    assert_eq!(audited[0].actor, "anonymous");
    let second = &audited[1];
    assert_eq!(
        (second.actor.as_str(), second.target.as_str()),
        ("client:ledgerly", WEB)
    );
}

/// A scope that exists and is not this client's looks like one that does not exist.
#[tokio::test]
async fn lesson_20_an_unknown_scope_and_one_of_others_look_the_same() {
    let provider = provider().await;
    let mut told = Vec::new();
    for scope in [WRITE, PRIVATE, "openid", "never.was"] {
        let answer = ask(&provider, (DAEMON, SECRET), &[("scope", scope)]).await;
        assert_eq!(answer.status, 400);
        let body = answer.json();
        assert_eq!(body["error"], "invalid_scope");
        let said = body["error_description"].as_str().unwrap();
        let said = said.split(" Closest").next().unwrap();
        told.push(said.replace(scope, "SCOPE"));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

/// Switching a client off ends what it has, at once (`told` of the remembered verdict).
#[tokio::test]
async fn lesson_22_a_disabled_client_gets_nothing_and_has_nothing() {
    let provider = provider().await;
    let answer = ask(&provider, (DAEMON, SECRET), &[]).await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let asker = provider.world.with(json!({"scope": "carnet.introspect"}));
    let asker = provider.token(&asker).await;
    let form = [("token", token.as_str())];
    for time in 1..=2 {
        let told = provider.post_as("/introspect", &form, Some(&asker)).await;
        let told = told.json();
        assert_eq!(told["active"], json!(true), "time {time}");
        assert_eq!(told["sub"], DAEMON);
        assert!(told.get("username").is_none() && told.get("email").is_none());
    }
    provider.world.client_is_disabled(DAEMON).await;
    let told = provider.post_as("/introspect", &form, Some(&asker)).await;
    assert_eq!(told.body, r#"{"active":false}"#);
    let again = ask(&provider, (DAEMON, SECRET), &[]).await;
    assert_eq!(again.json()["error"], "invalid_client");
}

/// The credentials of a client beside an assertion are looked at (RFC 7523 section 3.1).
#[tokio::test]
async fn rfc7523_3_1_a_client_beside_an_assertion_must_be_right() {
    let provider = provider().await;
    let assertion = provider.world.sign(&provider.world.claims());
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", &assertion),
    ];
    let wrong = provider
        .post_basic("/token", &form, (DAEMON, "wrong"))
        .await;
    assert_eq!(wrong.status, 401);
    let right = provider.post_basic("/token", &form, (DAEMON, SECRET)).await;
    assert_eq!(right.status, 200, "{}", right.body);
}

/// What the metadata offers is what there is.
#[tokio::test]
async fn rfc8414_2_the_grant_and_the_methods_are_announced() {
    let provider = provider().await;
    let told = provider
        .get("/.well-known/oauth-authorization-server")
        .await;
    let told = told.json();
    let has = |member: &str, value: &str| {
        let values = told[member].as_array().unwrap();
        values.iter().any(|known| known == value)
    };
    assert!(has("grant_types_supported", "client_credentials"));
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        assert!(has("token_endpoint_auth_methods_supported", method));
    }
}

fn encoded() -> String {
    url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect()
}

async fn sent(provider: &Provider, path: &str, authorizations: &[String], form: &str) -> Answer {
    let mut request = Request::post(path).header("content-type", FORM);
    for authorization in authorizations {
        request = request.header("authorization", authorization);
    }
    let request = request.body(Body::from(form.to_owned())).unwrap();
    provider.send(request).await
}

/// URLs are kept in logs: what proves a client must not be in one, even where the body has it too.
#[tokio::test]
async fn rfc6749_2_3_1_a_secret_in_the_url_is_refused() {
    let provider = provider().await;
    let form = format!(
        "grant_type=client_credentials&client_id={POSTER}&client_secret={}",
        encoded()
    );
    let good = sent(&provider, "/token", &[], &form).await;
    assert_eq!(good.status, 200, "{}", good.body);
    for query in ["client_secret=x", "a=b&client_assertion=x", "code"] {
        let answer = sent(&provider, &format!("/token?{query}"), &[], &form).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["error"], "invalid_request", "{query}");
        assert!(answer.body.contains("CRN-1004"), "{}", answer.body);
    }
    let other = sent(&provider, "/token?utm=x", &[], &form).await;
    assert_eq!(other.status, 200, "{}", other.body);
}

/// `Authorization` is no list (RFC 9110 section 5.3): which of two was meant cannot be known.
#[tokio::test]
async fn rfc9110_5_3_two_authorization_headers_are_refused() {
    let provider = provider().await;
    let basic = |id: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{}", encoded())));
    let form = "grant_type=client_credentials";
    let one = sent(&provider, "/token", &[basic(DAEMON)], form).await;
    assert_eq!(one.status, 200, "{}", one.body);
    let two = sent(&provider, "/token", &[basic(DAEMON), basic(WEB)], form).await;
    assert_eq!(two.status, 400, "{}", two.body);
    assert!(two.body.contains("CRN-1002"), "{}", two.body);
    let token = one.json()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let twice = sent(&provider, "/userinfo", &[bearer.clone(), bearer], "").await;
    assert_eq!(twice.status, 400, "{}", twice.body);
}
