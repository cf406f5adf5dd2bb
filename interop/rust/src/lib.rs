//! What the tests of all three libraries need: where the server is, an administrator, and eyes on what was sent.

pub mod admin;
pub mod expect;
pub mod said;
pub mod tap;

use std::env;
use std::fs;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use serde_json::json;

/// What `carnet dev --ready-file` wrote.
pub static SERVER: LazyLock<Ready> = LazyLock::new(Ready::load);

/// The server, and the account that the tests begin with.
pub struct Ready {
    pub issuer: String,
    /// Where the metadata server is: a host and a port.
    pub metadata: String,
    /// The listener with TLS for Google's names.
    pub https: String,
    pub admin_token: String,
    pub project: String,
    pub invoices: String,
    pub read: String,
    pub write: String,
    /// The account that may act for users of example.com, for reading: its number, file and key.
    pub ci_client_id: String,
    pub ci_file: String,
    pub ci_key: Value,
}

impl Ready {
    fn load() -> Self {
        let path = env::var("CARNET_READY_FILE").expect("the runner names the ready file");
        let told: Value = read_json(&path);
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        let project = text(&told["project"]);
        let email = format!("ci@{project}.iam.gserviceaccount.com");
        let accounts = told["service_accounts"].as_array().expect("accounts");
        let ci = accounts
            .iter()
            .find(|account| account["email"] == email.as_str())
            .expect("ci@");
        let ci_file = text(&ci["key_file"]);
        Self {
            issuer: text(&told["issuer"]),
            metadata: text(&told["metadata"]["host"]),
            https: text(&told["google"]["https"]),
            admin_token: text(&told["admin_token"]),
            project,
            invoices: text(&told["demo"]["api"]) + "/invoices",
            read: text(&told["demo"]["scopes"][0]),
            write: text(&told["demo"]["scopes"][1]),
            ci_client_id: text(&ci["client_id"]),
            ci_key: read_json(&ci_file),
            ci_file,
        }
    }
}

fn read_json(path: &str) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The key file of ci@, but signing with the key of somebody else.
pub fn forged(stranger: &Value) -> Value {
    let mut key = SERVER.ci_key.clone();
    key["private_key"] = stranger["private_key"].clone();
    key
}

/// The same key file under the name of an account that does not exist.
pub fn nobody(key: &Value) -> Value {
    let mut key = key.clone();
    key["client_email"] = json!(format!("nobody@{}.iam.gserviceaccount.com", SERVER.project));
    key
}

/// What the server says of an access token.
pub async fn token_info(token: &str) -> Value {
    let url = format!("{}/tokeninfo", SERVER.issuer);
    let asked = reqwest::Client::new()
        .get(url)
        .query(&[("access_token", token)]);
    let answer = asked.send().await.expect("tokeninfo answers");
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

/// Whether the server says that this token stands.
pub async fn stands(token: &str) -> bool {
    let url = format!("{}/tokeninfo", SERVER.issuer);
    let asked = reqwest::Client::new()
        .get(url)
        .query(&[("access_token", token)]);
    asked.send().await.expect("tokeninfo answers").status() == 200
}

/// Reads the invoices with this token; the status and the challenge.
pub async fn list(token: &str) -> (u16, String) {
    called(
        reqwest::Client::new()
            .get(&SERVER.invoices)
            .bearer_auth(token),
    )
    .await
}

/// Makes an invoice with this token.
pub async fn insert(token: &str) -> (u16, String) {
    let invoice = json!({"customer": "Interop Ltd", "amount": 4200, "currency": "EUR"});
    called(
        reqwest::Client::new()
            .post(&SERVER.invoices)
            .bearer_auth(token)
            .json(&invoice),
    )
    .await
}

async fn called(request: reqwest::RequestBuilder) -> (u16, String) {
    let answer = request.send().await.expect("the API answers");
    let challenge = answer.headers().get("www-authenticate");
    let challenge = challenge
        .map_or("", |value| value.to_str().expect("ASCII"))
        .to_owned();
    (answer.status().as_u16(), challenge)
}

/// What a JWT says, unverified, whether or not it is padded.
pub fn claims(token: &str) -> Value {
    let segment = token
        .split('.')
        .nth(1)
        .expect("three segments")
        .trim_end_matches('=');
    let text = URL_SAFE_NO_PAD.decode(segment).expect("base64url");
    serde_json::from_slice(&text).expect("JSON")
}
