//! What stays bound: codes, refresh tokens, and the settings of a client.

use axum::body::Body;
use axum::http::Request;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_server::http::client_certificate::ClientCertificate;
use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use serde_json::json;

use super::holder::for_token;
use super::holder::holder;
use super::holder::own;
use super::holder::refused;
use super::holder::token;
use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::claims;
use crate::code::actor::encoded;
use crate::code::actor::member;

/// A code for this client.
async fn code(actor: &Actor, client: &str, more: &[(&str, &str)]) -> String {
    let scope = format!("openid offline_access {READ}");
    let mut asked = vec![("scope", scope.as_str())];
    asked.extend(more);
    let path = authorize(client, &asked);
    let answer = [("decision", "allow"), ("scope", "offline_access")];
    let back = actor.consent(&path, &answer).await;
    answered(&back, "code").unwrap()
}

/// Redeems a code.
async fn redeem(actor: &Actor, client: &str, code: &str, proofs: &[&str]) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let basic = (client == WEB).then_some(client);
    if basic.is_none() {
        form.push(("client_id", client));
    }
    token(&actor.provider, &form, basic, proofs).await
}

async fn refresh(actor: &Actor, client: &str, text: &str, proofs: &[&str]) -> Answer {
    let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", text)];
    let basic = (client == WEB).then_some(client);
    if basic.is_none() {
        form.push(("client_id", client));
    }
    token(&actor.provider, &form, basic, proofs).await
}

async fn set(actor: &Actor, client: &str, change: impl Fn(&mut carnet_core::record::Client)) {
    let store = actor.provider.world.store();
    let found = store.client(&client.parse().unwrap()).await.unwrap();
    let mut client = found.unwrap();
    change(&mut client);
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
}

fn jkt(answer: &Answer) -> String {
    let says = claims(&member(answer, "access_token"));
    says["cnf"]["jkt"].as_str().unwrap_or_default().to_owned()
}

fn proof(key: &Prover, name: &str) -> String {
    key.prove(&for_token(name))
}

#[tokio::test]
async fn rfc9449_5_the_refresh_token_of_a_public_client_is_bound_to_its_key() {
    let actor = Actor::new().await;
    let (key, other) = (holder(), holder());
    let code = code(&actor, SPA, &[]).await;
    let first = redeem(&actor, SPA, &code, &[&proof(&key, "a")]).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(jkt(&first), key.thumbprint());
    let text = member(&first, "refresh_token");
    for proofs in [vec![], vec![proof(&other, "b")]] {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let answer = refresh(&actor, SPA, &text, &proofs).await;
        assert_eq!(
            refused(&answer),
            ("invalid_grant".to_owned(), "CRN-1608".to_owned())
        );
    }
    let second = refresh(&actor, SPA, &text, &[&proof(&key, "c")]).await;
    assert_eq!(second.status, 200, "{}", second.body);
    assert_eq!(
        (jkt(&second), &second.json()["token_type"]),
        (key.thumbprint(), &json!("DPoP"))
    );
    // A thief without the key ends nothing with an old token.
    actor.provider.wait(31);
    assert_eq!(
        refused(&refresh(&actor, SPA, &text, &[]).await).1,
        "CRN-1608"
    );
    actor.provider.wait(-31);
    let newest = member(&second, "refresh_token");
    let third = refresh(&actor, SPA, &newest, &[&proof(&key, "d")]).await;
    assert_eq!(third.status, 200, "{}", third.body);
}

#[tokio::test]
async fn rfc9449_5_a_client_that_proves_itself_may_change_its_key() {
    let actor = Actor::new().await;
    let (key, other) = (holder(), holder());
    let code = code(&actor, WEB, &[]).await;
    let first = redeem(&actor, WEB, &code, &[&proof(&key, "a")]).await;
    let text = member(&first, "refresh_token");
    let second = refresh(&actor, WEB, &text, &[&proof(&other, "b")]).await;
    assert_eq!(second.status, 200, "{}", second.body);
    assert_eq!(jkt(&second), other.thumbprint());
}

#[tokio::test]
async fn rfc9449_10_a_code_is_bound_to_the_key_that_the_request_named() {
    let actor = Actor::new().await;
    let (key, other) = (holder(), holder());
    let code = code(&actor, WEB, &[("dpop_jkt", &key.thumbprint())]).await;
    let none = redeem(&actor, WEB, &code, &[]).await;
    assert_eq!(
        refused(&none),
        ("invalid_grant".to_owned(), "CRN-1608".to_owned())
    );
    let wrong = redeem(&actor, WEB, &code, &[&proof(&other, "a")]).await;
    assert_eq!(refused(&wrong).1, "CRN-1608");
    let right = redeem(&actor, WEB, &code, &[&proof(&key, "a")]).await;
    assert_eq!(right.status, 200, "{}", right.body);
}

#[tokio::test]
async fn rfc9449_5_2_who_must_prove_gets_nothing_without_at_any_grant() {
    let actor = Actor::new().await;
    for client in [DAEMON, WEB] {
        set(&actor, client, |client| client.require_dpop = true).await;
    }
    let key = holder();
    let missing = ("invalid_dpop_proof".to_owned(), "CRN-1607".to_owned());
    assert_eq!(refused(&own(&actor.provider, &[]).await), missing);
    let answer = own(&actor.provider, &[&proof(&key, "a")]).await;
    assert_eq!(answer.json()["token_type"], "DPoP");
    let code = code(&actor, WEB, &[]).await;
    assert_eq!(refused(&redeem(&actor, WEB, &code, &[]).await), missing);
    let first = redeem(&actor, WEB, &code, &[&proof(&key, "b")]).await;
    let text = member(&first, "refresh_token");
    assert_eq!(refused(&refresh(&actor, WEB, &text, &[]).await), missing);
    let again = refresh(&actor, WEB, &text, &[&proof(&key, "c")]).await;
    assert_eq!(again.status, 200, "{}", again.body);
}

#[tokio::test]
async fn rfc8705_3_a_client_of_certificates_gets_nothing_without_one() {
    let actor = Actor::new().await;
    set(&actor, DAEMON, |client| client.certificate_bound = true).await;
    let answer = own(&actor.provider, &[]).await;
    let missing = ("invalid_request".to_owned(), "CRN-1609".to_owned());
    assert_eq!(refused(&answer), missing);
    let answer = own(&actor.provider, &[&proof(&holder(), "a")]).await;
    assert_eq!(
        refused(&answer),
        ("invalid_request".to_owned(), "CRN-1610".to_owned())
    );
}

/// A request with a certificate that whoever ends TLS has seen proved.
async fn with_certificate(
    actor: &Actor,
    (path, form): (&str, &[(&str, &str)]),
    authorization: Option<&str>,
    der: &[u8],
) -> Answer {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ClientCertificate::new(der.to_vec(), false));
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let body = Body::from(encoded(form));
    actor.provider.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn rfc8705_3_and_4_what_a_public_client_gets_is_good_with_its_certificate_only() {
    let actor = Actor::new().await;
    set(&actor, SPA, |client| client.certificate_bound = true).await;
    let code = code(&actor, SPA, &[]).await;
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", SPA),
    ];
    let first = with_certificate(&actor, ("/token", &redeem), None, b"mine").await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(first.json()["token_type"], "Bearer", "RFC 8705 section 3");
    let access = member(&first, "access_token");
    let digest = base64url::encode(sha256(b"mine"));
    assert_eq!(claims(&access)["cnf"], json!({"x5t#S256": digest}));

    let bearer = format!("Bearer {access}");
    let bearer = Some(bearer.as_str());
    let mine = with_certificate(&actor, ("/userinfo", &[]), bearer, b"mine").await;
    assert_eq!(mine.status, 200, "{}", mine.body);
    let others = with_certificate(&actor, ("/userinfo", &[]), bearer, b"another's").await;
    assert_eq!(
        (others.status.as_u16(), &others.json()["error"]),
        (401, &json!("invalid_token"))
    );
    let none = actor.userinfo(&access).await;
    assert_eq!(none.status, 401, "no certificate at all");

    let text = member(&first, "refresh_token");
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text.as_str()),
        ("client_id", SPA),
    ];
    let others = with_certificate(&actor, ("/token", &refresh), None, b"another's").await;
    assert_eq!(
        refused(&others),
        ("invalid_grant".to_owned(), "CRN-1608".to_owned())
    );
    let mine = with_certificate(&actor, ("/token", &refresh), None, b"mine").await;
    assert_eq!(mine.status, 200, "{}", mine.body);
}

#[tokio::test]
async fn rfc9449_10_1_the_proof_of_a_pushed_request_binds_its_code() {
    let actor = Actor::new().await;
    let (key, other) = (holder(), holder());
    let challenge = base64url::encode(sha256(VERIFIER));
    let scope = format!("openid {READ}");
    let push = async |proof: &Prover, named: Option<&str>, name: &str| {
        let mut form = vec![
            ("client_id", SPA),
            ("response_type", "code"),
            ("redirect_uri", BACK),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("state", "st&te"),
            ("scope", scope.as_str()),
        ];
        form.extend(named.map(|named| ("dpop_jkt", named)));
        let address = format!("{ISSUER}/par");
        let proof = proof.prove(&prover::claims(name, ("POST", &address), NOW));
        let request = Request::post("/par")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("dpop", proof);
        let body = Body::from(encoded(&form));
        actor.provider.send(request.body(body).unwrap()).await
    };
    let wrong = push(&key, Some(&other.thumbprint()), "a").await;
    assert_eq!(
        refused(&wrong),
        ("invalid_dpop_proof".to_owned(), "CRN-1603".to_owned())
    );
    let right = push(&key, Some(&key.thumbprint()), "b").await;
    assert_eq!(right.status, 201, "{}", right.body);
    let pushed = push(&key, None, "c").await;
    assert!(pushed.headers.contains_key("dpop-nonce"));
    let again = push(&key, None, "c").await;
    assert_eq!(refused(&again).1, "CRN-1605");
    let reference = member(&pushed, "request_uri");
    let query = encoded(&[("client_id", SPA), ("request_uri", &reference)]);
    let back = actor
        .consent(&format!("/authorize?{query}"), &[("decision", "allow")])
        .await;
    let code = answered(&back, "code").unwrap();
    let none = redeem(&actor, SPA, &code, &[]).await;
    assert_eq!(refused(&none).1, "CRN-1608");
    let mine = redeem(&actor, SPA, &code, &[&proof(&key, "d")]).await;
    assert_eq!(mine.status, 200, "{}", mine.body);
}
