//! A client that acts for itself.
//!
//! RFC 6749 §4.4. The token is kept and renewed like that of a
//! [`ServiceAccount`](crate::ServiceAccount); there is no refresh token (§4.4.3).
//!
//! ```no_run
//! use carnet_client::{Authentication, Client, ClientCredentials, Secret};
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! # let secret = "from a safe place";
//! let authentication = Authentication::SecretBasic(Secret::new(secret));
//! let client = Client::discover("https://auth.example", "nightly-report", authentication).await?;
//! let credentials = ClientCredentials::new(&client, &["invoices.read"])?;
//! let token = credentials.token().await?;
//! # drop(token);
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;

use carnet_wire::scope::Scope;

use crate::client::Client;
use crate::error::Error;
use crate::retry::Tries;
use crate::token::Token;
use crate::token_cache::TokenCache;
use crate::tokens;

/// A client and the scopes that it asks for. Clones share the token.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    client: Client,
    scope: Scope,
    resources: Vec<String>,
    cache: Arc<TokenCache>,
}

impl ClientCredentials {
    /// Asks for these scopes; for none, the server gives what the client has by default.
    pub fn new(client: &Client, scopes: &[&str]) -> Result<Self, Error> {
        let scope = Scope::parse(&scopes.join(" "))
            .map_err(|fault| Error::argument(format!("the scopes cannot be sent: {fault}")))?;
        Ok(Self {
            client: client.clone(),
            scope,
            resources: Vec::new(),
            cache: Arc::new(TokenCache::new()),
        })
    }

    /// The same for an API that is named (RFC 8707 §2); it can be called again for more.
    #[must_use]
    pub fn for_resource(mut self, identifier: &str) -> Self {
        self.resources.push(identifier.to_owned());
        self.cache = Arc::new(TokenCache::new());
        self
    }

    /// The token: the one that is kept, or a new one.
    pub async fn token(&self) -> Result<Token, Error> {
        let clock = &self.client.outside().clock;
        self.cache.token(clock, |tries| self.fetch(tries)).await
    }

    /// Tells that an API refused a token before its time.
    pub fn forget(&self, refused: &Token) {
        self.cache.forget(refused);
    }

    async fn fetch(&self, tries: Tries) -> Result<Token, Error> {
        let url = self.client.token_endpoint()?;
        let mut form = vec![("grant_type", "client_credentials")];
        if !self.scope.is_empty() {
            form.push(("scope", self.scope.as_str()));
        }
        form.extend(
            self.resources
                .iter()
                .map(|name| ("resource", name.as_str())),
        );
        let bound = self.client.dpop().is_some();
        let judge = |answer: &_| tokens::process(answer, url, bound, self.client.now());
        let tokens = self.client.ask(url, &form, tries, judge).await?;
        Ok(tokens.access().clone())
    }
}
