//! What a browser brings is believed only if it answers what was asked.

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_jose::sign_compact;
use serde_json::Value;
use serde_json::json;
use url::Url;

use super::Ask;
use super::Begun;
use crate::authentication::Authentication;
use crate::client::Client;
use crate::dpop::DpopKey;
use crate::rehearsal::Hand;
use crate::rehearsal::ISSUER;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::metadata;
use crate::rehearsal::pair;
use crate::rehearsal::pairs;

const BACK: &str = "http://127.0.0.1:4711/callback";

fn begun(client: &Client, scopes: &[&str]) -> Begun {
    client
        .begin(BACK, &Ask::for_scopes(scopes).unwrap())
        .unwrap()
}

fn query(begun: &Begun) -> Vec<u8> {
    Url::parse(begun.url())
        .unwrap()
        .query()
        .unwrap()
        .as_bytes()
        .to_vec()
}

fn state(begun: &Begun) -> String {
    pair(&query(begun), "state").unwrap()
}

fn answer(begun: &Begun, more: &str) -> String {
    format!(
        "state={}&iss=https%3A%2F%2Fauth.example&{more}",
        state(begun)
    )
}

#[test]
fn rfc7636_4_3_the_request_holds_a_challenge_and_never_the_verifier() {
    let client = client(Authentication::None, &Script::default(), &Hand::new());
    let ask = Ask::for_scopes(&["b", "a"])
        .unwrap()
        .with("login_hint", "dana@example.com")
        .unwrap();
    let begun = client.begin(BACK, &ask).unwrap();
    let sent = query(&begun);
    let expected = [
        ("tenant", "a"),
        ("response_type", "code"),
        ("client_id", "my-tool"),
        ("redirect_uri", BACK),
        ("code_challenge_method", "S256"),
        ("scope", "a b"),
        ("login_hint", "dana@example.com"),
    ];
    for (name, value) in expected {
        assert_eq!(pair(&sent, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(pair(&sent, "nonce"), None);
    let verifier = begun.verifier.reveal();
    assert_eq!(
        pair(&sent, "code_challenge").unwrap(),
        base64url::encode(sha256(verifier))
    );
    assert!(!begun.url().contains(verifier));
    assert!(!format!("{begun:?}").contains(verifier));
    assert_ne!(state(&begun), state(&client.begin(BACK, &ask).unwrap()));
}

#[test]
fn the_parameters_that_protect_a_request_are_not_the_callers() {
    for name in super::OURS {
        assert!(
            Ask::for_scopes(&["a"]).unwrap().with(name, "x").is_err(),
            "{name}"
        );
    }
    assert!(Ask::for_scopes(&["a\"b"]).is_err());
}

#[test]
fn rfc9207_2_4_an_answer_of_another_server_or_request_is_not_believed() {
    let client = client(Authentication::None, &Script::default(), &Hand::new());
    let begun = begun(&client, &["a"]);
    begun.answer(&answer(&begun, "code=c")).unwrap();
    let state = state(&begun);
    let wrong = [
        (
            format!("code=c&iss=https%3A%2F%2Fauth.example&state={state}x"),
            "another request",
        ),
        (
            "code=c&iss=https%3A%2F%2Fauth.example".to_owned(),
            "another request",
        ),
        (format!("code=c&state={state}"), "does not say which server"),
        (
            format!("code=c&state={state}&iss=https%3A%2F%2Fauth.example%2F"),
            "another server",
        ),
        (
            format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example"),
            "another server",
        ),
        (
            format!("error=access_denied&state={state}&iss=https%3A%2F%2Fevil.example"),
            "another server",
        ),
        (answer(&begun, "code=c&code=d"), "twice"),
        (answer(&begun, &format!("code=c&state={state}")), "twice"),
        (answer(&begun, ""), "neither"),
        (answer(&begun, "code="), "neither"),
        (answer(&begun, &"a=b&".repeat(100)), "longer"),
        (answer(&begun, &"a".repeat(9000)), "longer"),
    ];
    for (query, because) in wrong {
        let error = begun.answer(&query).unwrap_err();
        assert!(error.to_string().contains(because), "{query}: {error}");
        assert_eq!(error.code(), None);
        assert!(!error.to_string().contains(&state));
    }
}

#[test]
fn rfc9207_2_4_a_server_that_does_not_promise_to_name_itself_need_not() {
    let silent = metadata(&json!({"authorization_response_iss_parameter_supported": null}));
    let client = Client::new(silent, "my-tool", Authentication::None).unwrap();
    let begun = begun(&client, &["a"]);
    begun
        .answer(&format!("code=c&state={}", state(&begun)))
        .unwrap();
    let other = format!(
        "code=c&state={}&iss=https%3A%2F%2Fevil.example",
        state(&begun)
    );
    assert!(begun.answer(&other).is_err());
}

#[test]
fn rfc6749_4_1_2_1_a_refusal_has_the_servers_code_and_cannot_write_lines() {
    let client = client(Authentication::None, &Script::default(), &Hand::new());
    let begun = begun(&client, &["a"]);
    let query = answer(&begun, "error=access_denied&error_description=no%0Athanks");
    let error = begun.answer(&query).unwrap_err();
    assert_eq!(error.code(), Some("access_denied"));
    assert_eq!(error.description(), Some("no thanks"));
    assert!(error.is_refused());
}

#[tokio::test]
async fn rfc6749_4_1_3_the_code_is_shown_once_with_its_verifier() {
    let script = Script::default().then(503, &[], "");
    let client = client(Authentication::None, &script, &Hand::new());
    let begun = begun(&client, &["a"]);
    let code = begun.answer(&answer(&begun, "code=c%2F1")).unwrap();
    assert!(
        client
            .redeem(&begun, &code)
            .await
            .unwrap_err()
            .is_temporary()
    );
    assert_eq!(script.count(), 1);
    let body = script.asked(0).body().clone();
    let verifier = begun.verifier.reveal();
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "c/1"),
        ("redirect_uri", BACK),
        ("code_verifier", verifier),
        ("client_id", "my-tool"),
    ];
    let sent = pairs(&body);
    let sent: Vec<_> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn rfc9126_2_a_pushed_request_leaves_its_name_alone_in_the_address() {
    let pushed = json!({"request_uri": "urn:ietf:params:oauth:request_uri:x1", "expires_in": 60});
    let script = Script::default().then(201, &[], &pushed.to_string());
    let key = DpopKey::generate().unwrap();
    let client = client(Authentication::None, &script, &Hand::new()).with_dpop(key.clone());
    let ask = Ask::for_scopes(&["a"]).unwrap();
    let begun = client.begin_pushed(BACK, &ask).await.unwrap();
    let request = script.asked(0);
    assert_eq!(request.uri(), "https://auth.example/par");
    let body = request.body();
    assert_eq!(
        pairs(body)
            .iter()
            .filter(|(name, _)| name == "client_id")
            .count(),
        1
    );
    assert_eq!(pair(body, "redirect_uri").unwrap(), BACK);
    assert_eq!(pair(body, "dpop_jkt").unwrap(), key.thumbprint());
    let expected = [
        ("tenant", "a"),
        ("client_id", "my-tool"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:x1"),
    ];
    let shown = pairs(&query(&begun));
    let shown: Vec<_> = shown
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(shown, expected);
    let state = pair(body, "state").unwrap();
    begun
        .answer(&format!(
            "code=c&state={state}&iss=https%3A%2F%2Fauth.example"
        ))
        .unwrap();
}

/// Redeems a code at a server that answers with an ID token of these claims, signed by a key of its
/// own or by a stranger's.
async fn identified(change: impl FnOnce(&mut Value), strange: bool) -> Result<(), String> {
    let signer = LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), "k1");
    let published = Jwk::new(signer.key_pair().public_key().clone(), "k1").to_json();
    let keys = metadata(&json!({"jwks_uri": "https://auth.example/jwks"}));
    let client = Client::new(keys, "my-tool", Authentication::None)
        .unwrap()
        .with_clock(Hand::new().clock());
    let begun = begun(&client, &["openid"]);
    let mut claims = json!({
        "iss": ISSUER, "sub": "u1", "aud": "my-tool", "iat": NOW, "exp": NOW + 300,
        "nonce": pair(&query(&begun), "nonce").unwrap(), "email": "dana@example.com",
    });
    change(&mut claims);
    let signer = if strange {
        LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), "k1")
    } else {
        signer
    };
    let header = SigningHeader::of(&signer, "JWT");
    let id = sign_compact(&header, claims.to_string().as_bytes(), &signer).unwrap();
    let tokens = json!({"access_token": "a", "token_type": "Bearer", "id_token": id});
    let script = Script::default().then(200, &[], &tokens.to_string()).then(
        200,
        &[],
        &json!({"keys": [published]}).to_string(),
    );
    let client = client.with_transport(script.transport());
    let code = begun.answer(&answer(&begun, "code=c")).unwrap();
    let tokens = client
        .redeem(&begun, &code)
        .await
        .map_err(|error| error.to_string())?;
    let who = client.identity(tokens.id_token().unwrap()).await.unwrap();
    assert_eq!(
        (who.sub.as_str(), who.email.as_deref()),
        ("u1", Some("dana@example.com"))
    );
    Ok(())
}

#[tokio::test]
async fn openid_connect_core_3_1_3_7_an_id_token_is_for_this_client_and_this_request() {
    identified(|_| {}, false).await.unwrap();
    identified(|claims| claims["exp"] = (NOW - 59).into(), false)
        .await
        .unwrap();
    let both = json!(["my-tool", "other"]);
    identified(
        |claims| {
            claims["aud"] = both.clone();
            claims["azp"] = "my-tool".into();
        },
        false,
    )
    .await
    .unwrap();
    let because = |refused: Result<(), String>, because: &str| {
        let error = refused.unwrap_err();
        assert!(error.contains(because), "{error}");
    };
    because(
        identified(|claims| claims["nonce"] = "x".into(), false).await,
        "nonce",
    );
    because(
        identified(|claims| claims["iss"] = "https://x.example".into(), false).await,
        "issuer",
    );
    because(
        identified(|claims| claims["aud"] = "other".into(), false).await,
        "another client",
    );
    because(
        identified(|claims| claims["aud"] = both.clone(), false).await,
        "another client",
    );
    because(
        identified(|claims| claims["azp"] = "other".into(), false).await,
        "another client",
    );
    because(
        identified(|claims| claims["exp"] = (NOW - 60).into(), false).await,
        "is over",
    );
    because(
        identified(|claims| claims["exp"] = Value::Null, false).await,
        "claims",
    );
    because(identified(|_| {}, true).await, "no key of the server");
}

#[tokio::test]
async fn openid_connect_core_3_1_3_3_openid_without_an_id_token_is_no_answer() {
    let script = Script::default().then_token("a");
    let client = client(Authentication::None, &script, &Hand::new());
    let begun = begun(&client, &["openid"]);
    let code = begun.answer(&answer(&begun, "code=c")).unwrap();
    let error = client.redeem(&begun, &code).await.unwrap_err();
    assert!(error.to_string().contains("there is none"), "{error}");
}
