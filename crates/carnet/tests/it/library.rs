//! `carnet-client` against the server: what its own tests rehearse with a script, for real.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use carnet_client::loopback::Loopback;
use carnet_client::{
    Ask, Authentication, Authorization, Client, ClientCredentials, Clock, DpopKey, Secret,
    SigningKey, Tokens,
};
use carnet_jose::{Jwk, KeyPair, KeyType};
use http::Request;
use serde_json::{Value, json};

use crate::login::{Server, answer};

const READ: &str = "https://demo.carnet.dev/auth/invoices.read";
const SCOPES: [&str; 4] = ["openid", "email", "offline_access", READ];
const WEB: &str = "demo-web";

fn secret() -> Authentication {
    Authentication::SecretBasic(Secret::new("demo-secret"))
}

pub(crate) async fn client(server: &Server, id: &str, authentication: Authentication) -> Client {
    let client = Client::discover(&server.issuer, id, authentication);
    client.await.unwrap()
}

/// Alice signs in for an app.
pub(crate) async fn signed_in(server: &Server, client: &Client, title: &'static str) -> Tokens {
    let (tell, told) = mpsc::channel::<String>();
    let address = server.address;
    let alice = std::thread::spawn(move || {
        let url = told.recv().unwrap();
        answer(address, &url, (title, "allow"))
    });
    let ask = Ask::for_scopes(&SCOPES).unwrap();
    let show = |url: &str| tell.send(url.to_owned()).unwrap();
    let tokens = client.sign_in(&ask, show, Duration::from_mins(1)).await;
    let tokens = tokens.unwrap();
    assert!(alice.join().unwrap().contains("Signed in"));
    tokens
}

async fn userinfo(server: &Server, authorization: &Authorization) -> Value {
    let request = Request::get(format!("{}/userinfo", server.issuer));
    let request = request.body(Vec::new()).unwrap();
    let answer = authorization.send(&request).await.unwrap();
    assert_eq!(answer.status(), 200, "{:?}", answer.headers());
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test]
async fn a_person_signs_in_tokens_rotate_and_are_called_back() {
    let server = Server::start();
    let client = client(&server, WEB, secret()).await;
    let tokens = signed_in(&server, &client, "Demo web app").await;
    let who = client.identity(tokens.id_token().unwrap()).await.unwrap();
    assert_eq!(who.email.as_deref(), Some("alice@example.com"));
    let authorization = Authorization::new(&client, &tokens);
    assert_eq!(userinfo(&server, &authorization).await["sub"], who.sub);
    let first = authorization.token().await.unwrap();
    authorization.forget(&first);
    let second = authorization.token().await.unwrap();
    assert_ne!(first, second);
    authorization.forget(&second);
    authorization
        .token()
        .await
        .expect("the rotated one is kept");
    client
        .revoke(tokens.refresh_token().unwrap())
        .await
        .unwrap();
    let third = authorization.token().await.unwrap();
    authorization.forget(&third);
    let error = authorization.token().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"));
}

#[tokio::test]
async fn rfc9126_a_request_is_pushed_ahead() {
    let server = Server::start();
    let client = client(&server, WEB, secret()).await;
    let loopback = Loopback::open().await.unwrap();
    let ask = Ask::for_scopes(&SCOPES).unwrap();
    let begun = client.begin_pushed(loopback.redirect_uri(), &ask).await;
    let begun = begun.unwrap();
    assert!(!begun.url().contains("code_challenge"), "{}", begun.url());
    let (address, url) = (server.address, begun.url().to_owned());
    let alice = std::thread::spawn(move || answer(address, &url, ("Demo web app", "allow")));
    let clock = Clock::system();
    let waited = loopback.wait(&begun, Duration::from_mins(1), &clock);
    let code = waited.await.unwrap();
    assert!(alice.join().unwrap().contains("Signed in"));
    client.redeem(&begun, &code).await.unwrap();
    let again = client.redeem(&begun, &code).await.unwrap_err();
    assert_eq!(again.code(), Some("invalid_grant"));
}

#[tokio::test]
async fn rfc9449_tokens_are_bound_to_a_key_from_the_code_to_the_api() {
    let server = Server::start();
    let client = client(&server, "demo-spa", Authentication::None).await;
    let client = client.with_dpop(DpopKey::generate().unwrap());
    let tokens = signed_in(&server, &client, "Demo browser app").await;
    let shown = tokens.access().authorization();
    assert!(shown.to_str().unwrap().starts_with("DPoP "));
    let authorization = Authorization::new(&client, &tokens);
    assert!(userinfo(&server, &authorization).await["sub"].is_string());
    authorization.forget(tokens.access());
    assert!(userinfo(&server, &authorization).await["sub"].is_string());
    // Another key gets nothing for the same refresh token.
    let thief = client.with_dpop(DpopKey::generate().unwrap());
    let token = authorization.token().await.unwrap();
    authorization.forget(&token);
    let stolen = Authorization::resume(&thief, tokens.refresh_token().unwrap());
    assert!(stolen.token().await.unwrap_err().is_refused());
}

#[tokio::test]
async fn rfc7523_3_a_daemon_proves_itself_with_its_key() {
    let server = Server::start();
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let public = Jwk::new(pair.public_key().clone(), "k1").to_json();
    let keys = json!({"keys": [public]}).to_string();
    std::fs::write(server.sandbox.path("keys.json"), keys).unwrap();
    let create = [
        "app",
        "create",
        "Nightly",
        "--kind",
        "daemon",
        "--authentication",
        "private-key-jwt",
        "--jwks",
        "keys.json",
        "--scope",
        READ,
        "-o",
        "json",
    ];
    let made = server.sandbox.admin(&create);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let made: Value = serde_json::from_str(&made.out).unwrap();
    let pem = pair.to_pkcs8_pem().unwrap();
    let key = Arc::new(SigningKey::from_pem(&pem, "k1").unwrap());
    let id = made["id"].as_str().unwrap();
    let client = client(&server, id, Authentication::PrivateKeyJwt(key)).await;
    let credentials = ClientCredentials::new(&client, &[READ]).unwrap();
    let first = credentials.token().await.unwrap();
    credentials.forget(&first);
    credentials
        .token()
        .await
        .expect("each assertion is a new one");
}

#[tokio::test]
async fn rfc6749_2_3_1_a_secret_in_the_header_or_in_the_form() {
    let server = Server::start();
    let post = Authentication::SecretPost(Secret::new("demo-daemon-secret"));
    for (id, authentication) in [(WEB, secret()), ("demo-daemon", post)] {
        let client = client(&server, id, authentication).await;
        let credentials = ClientCredentials::new(&client, &[READ]).unwrap();
        let token = credentials.token().await.unwrap();
        assert_eq!(token.scope(), Some(READ));
    }
    let wrong = Authentication::SecretBasic(Secret::new("wrong"));
    let client = client(&server, WEB, wrong).await;
    let credentials = ClientCredentials::new(&client, &[READ]).unwrap();
    let error = credentials.token().await.unwrap_err();
    assert_eq!(
        (error.code(), error.crn()),
        (Some("invalid_client"), Some("CRN-1401"))
    );
}
