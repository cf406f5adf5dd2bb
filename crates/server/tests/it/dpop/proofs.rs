//! Proofs at the token endpoint: each check of RFC 9449 section 4.3, nonces, and use once.

use carnet_server::config::dpop::Dpop;
use carnet_testkit::prover;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::NOW;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;
use tokio::task::JoinSet;

use super::holder::for_token;
use super::holder::holder;
use super::holder::own;
use super::holder::refused;
use super::holder::token_url;
use crate::code::actor::claims;
use crate::code::actor::member;

async fn provider() -> Provider {
    Provider::over(World::new().await.with_clients().await).await
}

async fn strict() -> Provider {
    let dpop = Dpop {
        nonce_required: true,
    };
    let ways = Ways {
        dpop,
        ..Ways::default()
    };
    Provider::with(World::new().await.with_clients().await, ways).await
}

const INVALID: &str = "invalid_dpop_proof";

#[tokio::test]
async fn rfc9449_5_a_proof_binds_the_token() {
    let provider = provider().await;
    let key = holder();
    let answer = own(&provider, &[&key.prove(&for_token("a"))]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["token_type"], "DPoP");
    let says = claims(&member(&answer, "access_token"));
    assert_eq!(says["cnf"], json!({"jkt": key.thumbprint()}));
    assert!(answer.headers.contains_key("dpop-nonce"));
    let plain = own(&provider, &[]).await;
    assert_eq!(plain.json()["token_type"], "Bearer");
    assert!(!plain.headers.contains_key("dpop-nonce"));
    assert_eq!(claims(&member(&plain, "access_token"))["cnf"], Value::Null);
}

#[tokio::test]
async fn rfc9449_4_3_each_claim_is_about_this_request() {
    let provider = provider().await;
    let key = holder();
    let http = token_url().replace("https", "http");
    for (name, value, code) in [
        ("htm", json!("GET"), "CRN-1603"),
        ("htu", json!(http), "CRN-1603"),
        ("htu", json!(format!("{}/", token_url())), "CRN-1603"),
        ("iat", json!(NOW - 61), "CRN-1604"),
        ("iat", json!(NOW + 61), "CRN-1604"),
        ("iat", json!("now"), "CRN-1602"),
        ("jti", json!(""), "CRN-1602"),
        ("jti", Value::Null, "CRN-1602"),
    ] {
        let mut claims = for_token("a");
        claims[name] = value.clone();
        let answer = own(&provider, &[&key.prove(&claims)]).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            refused(&answer),
            (INVALID.to_owned(), code.to_owned()),
            "{name} {value}"
        );
    }
    let mut other = for_token("a");
    other["htu"] = token_url().replace("https://a", "HTTPS://A").into();
    let answer = own(&provider, &[&key.prove(&other)]).await;
    assert_eq!(answer.status, 200, "addresses are normal: {}", answer.body);
}

#[tokio::test]
async fn rfc9449_4_3_the_header_of_a_proof() {
    let provider = provider().await;
    let (key, other) = (holder(), holder());
    let right = key.header();
    let mut headers = Vec::new();
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("jwk", Value::Null),
        ("jwk", json!({"kty": "oct", "k": "AAAA"})),
        ("jwk", other.header()["jwk"].clone()),
    ] {
        let mut header = right.clone();
        header[name] = value;
        headers.push(header);
    }
    let mut private = right.clone();
    private["jwk"]["d"] = "AAAA".into();
    headers.push(private);
    for header in headers {
        let answer = own(&provider, &[&key.sign(&header, &for_token("a"))]).await;
        let code = "CRN-1602".to_owned();
        assert_eq!(refused(&answer), (INVALID.to_owned(), code), "{header}");
    }
}

#[tokio::test]
async fn rfc9449_4_3_there_is_one_proof_and_it_is_bounded() {
    let provider = provider().await;
    let key = holder();
    let (one, two) = (key.prove(&for_token("a")), key.prove(&for_token("b")));
    let mut long = for_token("c");
    long["more"] = "x".repeat(9_000).into();
    let long = key.prove(&long);
    let sent: [&[&str]; 5] = [&[&one, &two], &[&one, &one], &[""], &["a.b.c"], &[&long]];
    for proofs in sent {
        let answer = own(&provider, proofs).await;
        assert_eq!(
            refused(&answer),
            (INVALID.to_owned(), "CRN-1602".to_owned())
        );
    }
    assert_eq!(own(&provider, &[&one]).await.status, 200, "none was spent");
}

#[tokio::test]
async fn rfc9449_11_1_a_proof_is_good_once() {
    let provider = provider().await;
    let key = holder();
    let proof = key.prove(&for_token("a"));
    assert_eq!(own(&provider, &[&proof]).await.status, 200);
    let again = own(&provider, &[&proof]).await;
    assert_eq!(refused(&again), (INVALID.to_owned(), "CRN-1605".to_owned()));
    let other = holder().prove(&for_token("a"));
    assert_eq!(
        own(&provider, &[&other]).await.status,
        200,
        "of another key"
    );
    // The window is over before the memory is.
    provider.wait(61);
    let late = own(&provider, &[&proof]).await;
    assert_eq!(refused(&late).1, "CRN-1604");
    let provider = provider.restart().await;
    let again = key.prove(&prover::claims("a", ("POST", &token_url()), NOW + 61));
    let answer = own(&provider, &[&again]).await;
    assert_eq!(refused(&answer).1, "CRN-1605", "also after a restart");
}

#[tokio::test]
async fn rfc9449_11_1_of_sixteen_uses_at_once_one_wins() {
    let provider = std::sync::Arc::new(provider().await);
    let proof = std::sync::Arc::new(holder().prove(&for_token("a")));
    let mut uses = JoinSet::new();
    for _ in 0..16 {
        let (provider, proof) = (provider.clone(), proof.clone());
        uses.spawn(async move { own(&provider, &[&proof]).await.status.as_u16() });
    }
    let mut statuses = uses.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(
        statuses[1..].iter().all(|status| *status == 400),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn rfc9449_8_where_a_nonce_is_required_it_is_asked_for_and_taken() {
    let provider = strict().await;
    let key = holder();
    let proof = key.prove(&for_token("a"));
    let asked = own(&provider, &[&proof]).await;
    assert_eq!(asked.status, 400);
    assert_eq!(
        refused(&asked),
        ("use_dpop_nonce".to_owned(), "CRN-1601".to_owned())
    );
    let nonce = asked.headers["dpop-nonce"].to_str().unwrap().to_owned();
    let mut claims = for_token("a");
    claims["nonce"] = nonce.clone().into();
    let answer = own(&provider, &[&key.prove(&claims)]).await;
    assert_eq!(
        answer.status, 200,
        "the first was not spent: {}",
        answer.body
    );
    // It is good in its own time and the next, and a new one is told before it ends.
    provider.wait(120);
    let mut claims = prover::claims("b", ("POST", &token_url()), NOW + 120);
    claims["nonce"] = nonce.clone().into();
    let answer = own(&provider, &[&key.prove(&claims)]).await;
    assert_eq!(answer.status, 200);
    assert_ne!(answer.headers["dpop-nonce"].to_str().unwrap(), nonce);
    provider.wait(120);
    let mut claims = prover::claims("c", ("POST", &token_url()), NOW + 240);
    claims["nonce"] = nonce.into();
    let answer = own(&provider, &[&key.prove(&claims)]).await;
    assert_eq!(refused(&answer).0, "use_dpop_nonce");
}

#[tokio::test]
async fn rfc9449_8_a_nonce_that_is_not_ours_is_refused_where_none_is_required() {
    let provider = provider().await;
    let mut claims = for_token("a");
    claims["nonce"] = "of-another-server".into();
    let answer = own(&provider, &[&holder().prove(&claims)]).await;
    assert_eq!(refused(&answer).0, "use_dpop_nonce");
    assert!(answer.headers.contains_key("dpop-nonce"));
}
