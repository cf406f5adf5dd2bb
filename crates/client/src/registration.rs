//! A client that registers itself.
//!
//! RFC 7591.
//!
//! ```no_run
//! use carnet_client::{Registration, discovery, registration};
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let metadata = discovery::fetch("https://auth.example").await?;
//! let wanted = Registration::native("My tool", &["http://127.0.0.1/callback"]);
//! let registered = registration::register(&metadata, &wanted, None).await?;
//! let client = registered.client(metadata)?;
//! # drop(client);
//! # Ok(())
//! # }
//! ```

use std::fmt;

use http::HeaderValue;
use http::Request;
use http::Response;
use http::header::ACCEPT;
use http::header::AUTHORIZATION;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::authentication::Authentication;
use crate::client::Client;
use crate::clock::Clock;
use crate::discovery::Metadata;
use crate::error::Error;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::refusal;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::token::Secret;
use crate::transport::Transport;

/// What a client says about itself (§2).
#[derive(Clone, Debug, Default)]
pub struct Registration(Map<String, Value>);

impl Registration {
    /// A program on people's machines, which cannot keep a secret.
    pub fn native(name: &str, redirect_uris: &[&str]) -> Self {
        Self::default()
            .with("client_name", json!(name))
            .with("redirect_uris", json!(redirect_uris))
            .with("application_type", json!("native"))
            .with("token_endpoint_auth_method", json!("none"))
            .with(
                "grant_types",
                json!(["authorization_code", "refresh_token"]),
            )
            .with("response_types", json!(["code"]))
    }

    /// A site with a server of its own, which keeps its secret there.
    pub fn web(name: &str, redirect_uris: &[&str]) -> Self {
        Self::native(name, redirect_uris)
            .with("application_type", json!("web"))
            .with("token_endpoint_auth_method", json!("client_secret_basic"))
    }

    /// The same with another value of a member, such as `scope`, `logo_uri` or `jwks`.
    #[must_use]
    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.0.insert(member.to_owned(), value);
        self
    }
}

/// What the server made of it (§3.2.1).
#[derive(Clone)]
pub struct Registered {
    client_id: String,
    client_secret: Option<Secret>,
    secret_ends: Option<i64>,
    access_token: Option<Secret>,
    members: Map<String, Value>,
}

impl Registered {
    /// The `client_id`.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The secret, where the client got one. It is not shown again.
    pub fn client_secret(&self) -> Option<&Secret> {
        self.client_secret.as_ref()
    }

    /// When the secret ends, in seconds since 1970; `None` where it does not.
    pub fn secret_ends(&self) -> Option<i64> {
        self.secret_ends
    }

    /// What opens the client's own configuration (RFC 7592 §3).
    pub fn registration_access_token(&self) -> Option<&Secret> {
        self.access_token.as_ref()
    }

    /// Another member, as the server set it: it may change what was asked for.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// The client, where it proves itself with its secret or not at all.
    pub fn client(&self, metadata: Metadata) -> Result<Client, Error> {
        let method = self.member("token_endpoint_auth_method");
        let method = method
            .and_then(Value::as_str)
            .unwrap_or("client_secret_basic");
        let authentication = match (method, &self.client_secret) {
            ("none", _) => Authentication::None,
            ("client_secret_basic", Some(secret)) => Authentication::SecretBasic(secret.clone()),
            ("client_secret_post", Some(secret)) => Authentication::SecretPost(secret.clone()),
            _ => {
                return Err(Error::argument(format!(
                    "the client proves itself with {method}: make it with Client::new"
                )));
            }
        };
        Client::new(metadata, &self.client_id, authentication)
    }

    fn read(answer: &Response<Vec<u8>>, url: &str) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Read {
            client_id: String,
            #[serde(default)]
            client_secret: Option<String>,
            #[serde(default)]
            client_secret_expires_at: i64,
            #[serde(default)]
            registration_access_token: Option<String>,
            #[serde(flatten)]
            members: Map<String, Value>,
        }
        if !answer.status().is_success() {
            return Err(refusal(answer, url));
        }
        let read: Read =
            serde_json::from_slice(answer.body()).map_err(|_| Error::answer(url, NotRegistered))?;
        if read.client_id.is_empty() {
            return Err(Error::answer(url, NotRegistered));
        }
        let ends = read.client_secret_expires_at;
        Ok(Self {
            client_id: read.client_id,
            client_secret: read.client_secret.as_deref().map(Secret::new),
            secret_ends: (ends > 0).then_some(ends),
            access_token: read.registration_access_token.as_deref().map(Secret::new),
            members: read.members,
        })
    }
}

/// Registers a client. `initial` is the initial access token, where the server wants one (§3).
pub async fn register(
    metadata: &Metadata,
    registration: &Registration,
    initial: Option<&Secret>,
) -> Result<Registered, Error> {
    let (transport, clock) = (Transport::new()?, Clock::system());
    register_with(
        metadata,
        registration,
        initial,
        &Outside { transport, clock },
    )
    .await
}

async fn register_with(
    metadata: &Metadata,
    registration: &Registration,
    initial: Option<&Secret>,
    outside: &Outside,
) -> Result<Registered, Error> {
    let url = metadata
        .registration_endpoint()
        .ok_or_else(|| Error::argument(format!("{} registers no clients", metadata.issuer())))?;
    // A map of strings always serialises.
    let body = serde_json::to_vec(&registration.0).unwrap_or_default();
    let mut request = Request::post(endpoint(url)?.as_str())
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json")
        .body(body)
        .map_err(|cause| Error::argument(format!("{url} cannot be asked: {cause}")))?;
    if let Some(initial) = initial {
        let mut header = HeaderValue::try_from(format!("Bearer {}", initial.reveal()))
            .map_err(|_| Error::argument("the initial access token cannot be sent in a header"))?;
        header.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, header);
    }
    // Once: a second request would make a second client.
    let judge = |answer: &_| Registered::read(answer, url);
    outside.ask(&request, Tries::One, judge).await
}

/// Without secrets.
impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registered")
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .field("secret_ends", &self.secret_ends)
            .finish_non_exhaustive()
    }
}

/// The answer is not that of RFC 7591.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the answer is not the JSON of RFC 7591")]
struct NotRegistered;

#[cfg(test)]
mod tests;
