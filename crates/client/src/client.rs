//! An OAuth client: who it is, at which server, and how it asks there.
//!
//! RFC 6749 §2 and §3.2. What it can ask for stands beside this file, one file for each way to a
//! token: [`authorization_code`](crate::authorization_code), [`client_credentials`](crate::client_credentials),
//! [`device`](crate::device), [`token_exchange`](crate::token_exchange). All of them send as is told
//! here:
//!
//! 1. The form gets what proves the client (§2.3).
//! 2. Where the client has a key for proofs, the request gets one (RFC 9449 §5), and is sent once
//!    more where the server wants its nonce in it (§8).
//! 3. Each try is signed anew: an assertion or a proof is never shown twice.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::Request;
use http::Response;
use http::header::AUTHORIZATION;
use url::form_urlencoded::Serializer;

use crate::authentication::Authentication;
use crate::clock::Clock;
use crate::discovery;
use crate::discovery::Metadata;
use crate::dpop;
use crate::dpop::DpopKey;
use crate::error::Error;
use crate::jwks;
use crate::jwks::Terms;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::form_request;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::transport::Transport;

/// A client at one server. Clones share everything.
///
/// ```no_run
/// use carnet_client::{Authentication, Client};
///
/// # async fn example() -> Result<(), carnet_client::Error> {
/// let client = Client::discover("https://auth.example", "my-tool", Authentication::None).await?;
/// assert_eq!(client.metadata().issuer(), "https://auth.example");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    metadata: Metadata,
    id: String,
    authentication: Authentication,
    dpop: Option<DpopKey>,
    keys: Option<jwks::Cache>,
    outside: Outside,
}

/// The parameters of a request, in the order in which they are sent.
pub(crate) type Form<'a> = Vec<(&'a str, &'a str)>;

impl Client {
    /// A client of the issuer, whose metadata are fetched.
    pub async fn discover(
        issuer: &str,
        client_id: &str,
        authentication: Authentication,
    ) -> Result<Self, Error> {
        let outside = Outside::new()?;
        let Outside { transport, clock } = &outside;
        let metadata = discovery::fetch_with(issuer, transport, clock).await?;
        Self::of(metadata, client_id, authentication, outside)
    }

    /// A client of the server that these metadata describe.
    pub fn new(
        metadata: Metadata,
        client_id: &str,
        authentication: Authentication,
    ) -> Result<Self, Error> {
        Self::of(metadata, client_id, authentication, Outside::new()?)
    }

    fn of(
        metadata: Metadata,
        client_id: &str,
        authentication: Authentication,
        outside: Outside,
    ) -> Result<Self, Error> {
        if client_id.is_empty() {
            return Err(Error::argument("the client_id is empty"));
        }
        let keys = keys(&metadata, &outside)?;
        Ok(Self(Arc::new(Inner {
            metadata,
            id: client_id.to_owned(),
            authentication,
            dpop: None,
            keys,
            outside,
        })))
    }

    /// The same client, whose tokens are bound to a key from now on (RFC 9449).
    #[must_use]
    pub fn with_dpop(&self, key: DpopKey) -> Self {
        let mut inner = (*self.0).clone();
        inner.dpop = Some(key);
        Self(Arc::new(inner))
    }

    /// The same client sending through another transport.
    #[must_use]
    pub fn with_transport(&self, transport: Transport) -> Self {
        let clock = self.0.outside.clock.clone();
        self.living(Outside { transport, clock })
    }

    /// The same client living by another clock.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        let transport = self.0.outside.transport.clone();
        self.living(Outside { transport, clock })
    }

    fn living(&self, outside: Outside) -> Self {
        let mut inner = (*self.0).clone();
        // The address was looked at when the client was made.
        inner.keys = keys(&inner.metadata, &outside).unwrap_or_default();
        inner.outside = outside;
        Self(Arc::new(inner))
    }

    /// Its `client_id`.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What the server says about itself.
    pub fn metadata(&self) -> &Metadata {
        &self.0.metadata
    }

    /// The key that its tokens are bound to.
    pub fn dpop(&self) -> Option<&DpopKey> {
        self.0.dpop.as_ref()
    }

    pub(crate) fn outside(&self) -> &Outside {
        &self.0.outside
    }

    /// The time by this client's clock.
    pub(crate) fn now(&self) -> i64 {
        self.0.outside.clock.now()
    }

    /// The keys with which the server signs, where it publishes them.
    pub(crate) fn keys(&self) -> Option<&jwks::Cache> {
        self.0.keys.as_ref()
    }

    /// The address of the token endpoint.
    pub(crate) fn token_endpoint(&self) -> Result<&str, Error> {
        self.needs(self.0.metadata.token_endpoint(), "token endpoint")
    }

    /// An address in the metadata, or an error that says what the server lacks.
    pub(crate) fn needs<'a>(&self, address: Option<&'a str>, what: &str) -> Result<&'a str, Error> {
        address
            .ok_or_else(|| Error::argument(format!("{} has no {what}", self.0.metadata.issuer())))
    }

    /// Sends a form as this client, and judges the answer.
    pub(crate) async fn ask<T>(
        &self,
        url: &str,
        form: &Form<'_>,
        tries: Tries,
        judge: impl Fn(&Response<Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let judge = |answer: &Response<Vec<u8>>| {
            if let Some(key) = &self.0.dpop {
                key.learn(url, answer.headers());
            }
            judge(answer)
        };
        let build = || self.request(url, form);
        let outside = &self.0.outside;
        match outside.ask_anew(build, tries, judge).await {
            Err(error) if self.0.dpop.is_some() && error.code() == Some(dpop::USE_NONCE) => {
                outside.ask_anew(build, tries, judge).await
            }
            done => done,
        }
    }

    fn request(&self, url: &str, form: &Form<'_>) -> Result<Request<Vec<u8>>, Error> {
        let inner = &*self.0;
        let now = self.now();
        let issuer = inner.metadata.issuer();
        let proved = inner.authentication.prove(&inner.id, issuer, now)?;
        let mut body = Serializer::new(String::new());
        body.extend_pairs(form);
        for (name, value) in &proved.form {
            body.append_pair(name, value.reveal());
        }
        let mut request = form_request(&endpoint(url)?, body.finish())?;
        if let Some(header) = proved.header {
            request.headers_mut().insert(AUTHORIZATION, header);
        }
        if let Some(key) = &inner.dpop {
            let proof = key.proof("POST", url, None, now)?;
            let proof = HeaderValue::try_from(proof.reveal())
                .map_err(|_| Error::argument("the proof cannot be sent in a header"))?;
            request.headers_mut().insert(dpop::PROOF, proof);
        }
        Ok(request)
    }
}

fn keys(metadata: &Metadata, outside: &Outside) -> Result<Option<jwks::Cache>, Error> {
    let cache = |url| jwks::Cache::with(url, Terms::default(), &outside.transport, &outside.clock);
    metadata.jwks_uri().map(cache).transpose()
}

/// Without secrets.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.0.id)
            .field("issuer", &self.0.metadata.issuer())
            .field("dpop", &self.0.dpop)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
