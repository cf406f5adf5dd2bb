//! Proofs are about one request, and nonces are learnt.

use carnet_jose::Jwk;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_wire::dpop::DpopClaims;
use http::HeaderMap;
use http::Request;
use http::Response;
use http::header::AUTHORIZATION;
use serde_json::Value;
use serde_json::json;

use super::DpopKey;
use super::NONCE;
use super::PROOF;
use crate::authentication::Authentication;
use crate::authorization::Authorization;
use crate::client::Client;
use crate::client_credentials::ClientCredentials;
use crate::rehearsal::Hand;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::TOKEN_URI;
use crate::rehearsal::client;
use crate::token::Secret;
use crate::token::Token;

/// Header and claims, once the signature held with the key in the header.
fn opened(proof: &str) -> (Value, Value) {
    let part = |at: usize| {
        let text = proof.split('.').nth(at).unwrap();
        let bytes = base64url::decode(text, carnet_jose::Padding::Strict, 4096).unwrap();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let header = part(0);
    let key = Jwk::parse(header["jwk"].to_string().as_bytes()).unwrap();
    let (input, signature) = proof.rsplit_once('.').unwrap();
    let signature = base64url::decode(signature, carnet_jose::Padding::Strict, 4096).unwrap();
    key.key.verify(input.as_bytes(), &signature).unwrap();
    (header, part(1))
}

fn proof_of(request: &Request<Vec<u8>>) -> Value {
    opened(request.headers()[PROOF].to_str().unwrap()).1
}

fn bound_answer() -> String {
    json!({"access_token": "one", "token_type": "DPoP", "expires_in": 3600, "refresh_token": "r"})
        .to_string()
}

#[test]
fn rfc9449_4_2_a_proof_names_method_address_and_token() {
    let key = DpopKey::generate().unwrap();
    let token = Token::kept("one", NOW).unwrap();
    let proof = key
        .proof("GET", "https://api.example/a?b=c#d", Some(&token), NOW)
        .unwrap();
    let (header, claims) = opened(proof.reveal());
    assert_eq!(header["typ"], "dpop+jwt");
    assert_eq!(header["alg"], "ES256");
    let members: Vec<_> = header["jwk"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["crv", "kty", "x", "y"]);
    assert_eq!(claims["htm"], "GET");
    assert_eq!(claims["htu"], "https://api.example/a");
    assert_eq!(claims["iat"], NOW);
    assert_eq!(claims["ath"], base64url::encode(sha256("one")));
    assert_eq!(claims.get("nonce"), None);
    let payload = claims.to_string();
    let read = DpopClaims::parse(payload.as_bytes()).unwrap();
    read.is_about("GET", "https://api.example/a?b=c").unwrap();
}

#[test]
fn rfc9449_4_2_no_proof_is_made_twice_and_a_key_can_be_kept() {
    let key = DpopKey::generate().unwrap();
    let again = DpopKey::from_pem(&key.to_pem().unwrap()).unwrap();
    assert_eq!(again.thumbprint(), key.thumbprint());
    let jti = |key: &DpopKey| {
        let proof = key.proof("POST", TOKEN_URI, None, NOW).unwrap();
        opened(proof.reveal()).1["jti"].clone()
    };
    assert_ne!(jti(&key), jti(&again));
    assert!(!format!("{key:?}").contains("PRIVATE"));
}

#[test]
fn rfc9449_8_2_nonces_belong_to_their_origin_and_are_bounded() {
    let key = DpopKey::generate().unwrap();
    let given = |nonce: &str| HeaderMap::from_iter([(NONCE, nonce.parse().unwrap())]);
    assert!(key.learn("https://a.example/x", &given("n1")));
    assert!(!key.learn("https://a.example/y", &given("n1")));
    assert!(!key.learn("https://a.example/y", &given(&"n".repeat(300))));
    assert!(!key.learn("https://a.example/y", &HeaderMap::new()));
    let nonce = |url: &str| {
        let proof = key.proof("GET", url, None, NOW).unwrap();
        opened(proof.reveal()).1.get("nonce").cloned()
    };
    assert_eq!(nonce("https://a.example/z"), Some("n1".into()));
    assert_eq!(nonce("https://b.example/z"), None);
    for at in 0..100 {
        assert!(key.learn(&format!("https://{at}.example/"), &given("n")));
    }
    assert!(key.0.nonces.lock().unwrap().len() <= super::MOST_ORIGINS);
}

#[tokio::test]
async fn rfc9449_8_the_token_endpoint_gets_its_nonce_in_a_second_proof() {
    let no = r#"{"error":"use_dpop_nonce"}"#;
    let script = Script::default()
        .then(400, &[("dpop-nonce", "n1")], no)
        .then(200, &[("dpop-nonce", "n2")], &bound_answer())
        .then(200, &[], &bound_answer());
    let client =
        client(Authentication::None, &script, &Hand::new()).with_dpop(DpopKey::generate().unwrap());
    let credentials = ClientCredentials::new(&client, &["a"]).unwrap();
    let token = credentials.token().await.unwrap();
    assert_eq!(token.authorization(), "DPoP one");
    assert!(token.authorization().is_sensitive());
    let (first, second) = (proof_of(&script.asked(0)), proof_of(&script.asked(1)));
    assert_eq!(first.get("nonce"), None);
    assert_eq!(second["nonce"], "n1");
    assert_ne!(first["jti"], second["jti"]);
    credentials.forget(&token);
    credentials.token().await.unwrap();
    assert_eq!(proof_of(&script.asked(2))["nonce"], "n2");
}

#[tokio::test]
async fn rfc9449_8_a_server_that_is_never_content_is_asked_twice() {
    let no = r#"{"error":"use_dpop_nonce"}"#;
    let script = Script::default()
        .then(400, &[("dpop-nonce", "n1")], no)
        .then(400, &[("dpop-nonce", "n2")], no);
    let client =
        client(Authentication::None, &script, &Hand::new()).with_dpop(DpopKey::generate().unwrap());
    let credentials = ClientCredentials::new(&client, &["a"]).unwrap();
    let error = credentials.token().await.unwrap_err();
    assert_eq!(error.code(), Some("use_dpop_nonce"));
    assert_eq!(script.count(), 2);
}

fn authorization(script: &Script) -> (Client, Authorization) {
    let client =
        client(Authentication::None, script, &Hand::new()).with_dpop(DpopKey::generate().unwrap());
    let authorization = Authorization::resume(&client, &Secret::new("r"));
    (client, authorization)
}

#[tokio::test]
async fn rfc9449_9_an_api_gets_its_nonce_in_a_second_proof() {
    let challenge = "DPoP error=\"use_dpop_nonce\"";
    let script = Script::default()
        .then(200, &[], &bound_answer())
        .then(
            401,
            &[("www-authenticate", challenge), ("dpop-nonce", "api")],
            "",
        )
        .then(200, &[], "data");
    let (_, authorization) = authorization(&script);
    let request = Request::get("https://api.example/a?b=c")
        .body(vec![])
        .unwrap();
    let answer: Response<Vec<u8>> = authorization.send(&request).await.unwrap();
    assert_eq!(answer.body(), b"data");
    let second = script.asked(2);
    assert_eq!(second.headers()[AUTHORIZATION], "DPoP one");
    let proof = proof_of(&second);
    assert_eq!(proof["nonce"], "api");
    assert_eq!(proof["htu"], "https://api.example/a");
    assert_eq!(proof["ath"], base64url::encode(sha256("one")));
    assert_eq!(script.count(), 3);
}

#[tokio::test]
async fn rfc9449_5_a_server_that_knows_no_proofs_gives_a_bearer_token() {
    let script = Script::default().then_token("one").then(200, &[], "data");
    let (_, authorization) = authorization(&script);
    let request = Request::get("https://api.example/").body(vec![]).unwrap();
    authorization.send(&request).await.unwrap();
    let sent = script.asked(1);
    assert_eq!(sent.headers()[AUTHORIZATION], "Bearer one");
    assert_eq!(sent.headers().get(PROOF), None);
}
