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
    let account_id = unique(name);
    let made = post("", json!({"account_id": account_id, "display_name": name})).await;
    key(made["email"].as_str().expect("email")).await
}

/// Binds a member on an account.
pub async fn bind(email: &str, member: &str, role: &str) {
    post(
        &format!("/{email}/policy:add"),
        json!({"member": member, "role": role}),
    )
    .await;
}

/// Makes a pool whose provider is the server itself: an ID token for this audience is the token that a job brings. Returns the
/// audience, and the member that the bearer of an ID token of ci@ is.
pub async fn pool() -> (String, String) {
    let url = format!("{}/admin/v1/projects/{}", SERVER.issuer, SERVER.project);
    let project = send(reqwest::Client::new().get(url)).await;
    let pool = unique("rust");
    let pools = format!("projects/{}/workload-pools", SERVER.project);
    post_at(&pools, json!({"id": pool})).await;
    let provider = json!({
        "id": "main",
        "oidc": {"issuer": SERVER.issuer},
        "attribute_mapping": {"google.subject": "assertion.sub"},
    });
    post_at(&format!("{pools}/{pool}/providers"), provider).await;
    let name = format!(
        "iam.googleapis.com/projects/{}/locations/global/workloadIdentityPools/{pool}",
        field(&project, "number")
    );
    (
        format!("//{name}/providers/main"),
        format!("principal://{name}/subject/{}", SERVER.ci_client_id),
    )
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

/// Revokes a token; who holds it may.
pub async fn revoke(token: &str) {
    let url = format!("{}/revoke", SERVER.issuer);
    let asked = reqwest::Client::new()
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("token={token}"));
    assert_eq!(asked.send().await.expect("an answer").status(), 200);
}

/// A domain with two people, whom accounts of other projects may be allowed to act for.
pub struct Organization {
    pub ann: String,
    pub ben: String,
    path: String,
}

impl Organization {
    pub async fn new() -> Self {
        let domain = format!("{}.example", unique("d"));
        let made = post_at("organizations", json!({"title": domain})).await;
        let organization = Self {
            ann: format!("ann@{domain}"),
            ben: format!("ben@{domain}"),
            path: format!("organizations/{}", made["id"].as_str().expect("id")),
        };
        organization.make("domains", json!({"name": domain})).await;
        for email in [&organization.ann, &organization.ben] {
            organization.make("users", json!({"email": email})).await;
        }
        organization
    }

    /// Lets the account of this key read as these people. Returns the id of the delegation.
    pub async fn delegate(&self, key: &Value, whom: Value, until: Option<&str>) -> String {
        let client = field(key, "client_email");
        let mut ask = json!({"client": client, "scopes": SERVER.read, "whom": whom});
        if let Some(until) = until {
            ask["until"] = until.into();
        }
        let made = self.make("delegations", ask).await;
        made["id"].as_str().expect("id").to_owned()
    }

    /// Suspends a delegation.
    pub async fn suspend(&self, delegation: &str) {
        self.make(&format!("delegations/{delegation}:suspend"), json!({}))
            .await;
    }

    /// Gives the scope for reading to nobody.
    pub async fn block_reading(&self) {
        let policy = json!({"title": "High risk", "kind": "block_scopes", "scopes": SERVER.read});
        self.make("policies", policy).await;
    }

    /// Lets nobody but its own clients act for its people.
    pub async fn close(&self) {
        let policy = json!({"title": "Closed", "kind": "own_clients_only"});
        self.make("policies", policy).await;
    }

    async fn make(&self, what: &str, body: Value) -> Value {
        post_at(&format!("{}/{what}", self.path), body).await
    }
}

fn unique(name: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .subsec_nanos();
    format!("{name}-{now:x}{}", MADE.fetch_add(1, Ordering::Relaxed))
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

async fn post_at(path: &str, body: Value) -> Value {
    let url = format!("{}/admin/v1/{path}", SERVER.issuer);
    send(reqwest::Client::new().post(url).json(&body)).await
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
