//! The few calls of the admin API that the tests need to bring an account into a state.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;

use crate::SERVER;

/// Makes an account whose name begins so, with one key. Returns the key file.
pub async fn account(name: &str) -> Value {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .subsec_nanos();
    let account_id = format!("{name}-{now:x}{}", MADE.fetch_add(1, Ordering::Relaxed));
    let made = post("", json!({"account_id": account_id, "display_name": name})).await;
    key(made["email"].as_str().expect("email")).await
}

/// Makes one more key. Returns the key file.
pub async fn key(email: &str) -> Value {
    let made = post(&format!("/{email}/keys"), json!({"format": "google"})).await;
    let data = made["private_key_data"].as_str().expect("private_key_data");
    serde_json::from_slice(&STANDARD.decode(data).expect("base64")).expect("a key file")
}

/// Disables the account of this key.
pub async fn disable_account(key: &Value) {
    post(
        &format!("/{}:disable", field(key, "client_email")),
        json!({}),
    )
    .await;
}

/// Disables this key.
pub async fn disable_key(key: &Value) {
    post(&format!("{}:disable", path(key)), json!({})).await;
}

/// Deletes this key.
pub async fn delete_key(key: &Value) {
    send(reqwest::Client::new().delete(url(&path(key)))).await;
}

/// Moves the server's clock: `+61m`, or `0`.
pub async fn move_clock(offset: &str) {
    let url = format!("{}/dev/clock", SERVER.issuer);
    let body = json!({"offset": offset});
    let answer = reqwest::Client::new()
        .post(url)
        .json(&body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
}

fn field<'a>(key: &'a Value, name: &str) -> &'a str {
    key[name].as_str().expect("a string")
}

fn path(key: &Value) -> String {
    format!(
        "/{}/keys/{}",
        field(key, "client_email"),
        field(key, "private_key_id")
    )
}

fn url(path: &str) -> String {
    format!(
        "{}/admin/v1/projects/{}/service-accounts{path}",
        SERVER.issuer, SERVER.project
    )
}

async fn post(path: &str, body: Value) -> Value {
    send(reqwest::Client::new().post(url(path)).json(&body)).await
}

async fn send(request: reqwest::RequestBuilder) -> Value {
    let answer = request
        .bearer_auth(&SERVER.admin_token)
        .send()
        .await
        .expect("the admin API answers");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}
