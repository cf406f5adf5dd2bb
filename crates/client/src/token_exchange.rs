//! One token for another: for a service that calls the next one on somebody's behalf.
//!
//! RFC 8693.
//!
//! ```no_run
//! use carnet_client::{Client, Exchange, Secret};
//!
//! # async fn example(client: Client, incoming: &str) -> Result<(), carnet_client::Error> {
//! let exchange = Exchange::of_access_token(&Secret::new(incoming))
//!     .for_audience("https://ledger.example")
//!     .scoped(&["ledger.read"])?;
//! let token = client.exchange(&exchange).await?;
//! # drop(token);
//! # Ok(())
//! # }
//! ```

use carnet_wire::scope::Scope;
use carnet_wire::token::NotATokenResponse;
use carnet_wire::token::TokenType;

use crate::client::Client;
use crate::client::Form;
use crate::error::Error;
use crate::retry::Tries;
use crate::token::Secret;
use crate::token::Token;
use crate::tokens;

/// §2.1.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// `urn:ietf:params:oauth:token-type:access_token` (§3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// `urn:ietf:params:oauth:token-type:id_token` (§3).
pub const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
/// `urn:ietf:params:oauth:token-type:jwt` (§3).
pub const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// What is exchanged, and what for.
#[derive(Clone, Debug)]
pub struct Exchange {
    subject: (Secret, String),
    actor: Option<(Secret, String)>,
    requested: Option<String>,
    audiences: Vec<String>,
    resources: Vec<String>,
    scope: Scope,
}

impl Exchange {
    /// Exchanges an access token.
    pub fn of_access_token(token: &Secret) -> Self {
        Self::of(token, ACCESS_TOKEN)
    }

    /// Exchanges a token of the type that is named.
    pub fn of(token: &Secret, token_type: &str) -> Self {
        Self {
            subject: (token.clone(), token_type.to_owned()),
            actor: None,
            requested: None,
            audiences: Vec::new(),
            resources: Vec::new(),
            scope: Scope::default(),
        }
    }

    /// The same, with the token of the one who acts (§1.1): the new token names both.
    #[must_use]
    pub fn with_actor(mut self, token: &Secret, token_type: &str) -> Self {
        self.actor = Some((token.clone(), token_type.to_owned()));
        self
    }

    /// The same for a service, by the name that the server knows it by. It can be called again.
    #[must_use]
    pub fn for_audience(mut self, audience: &str) -> Self {
        self.audiences.push(audience.to_owned());
        self
    }

    /// The same for an API, by its address (RFC 8707). It can be called again.
    #[must_use]
    pub fn for_resource(mut self, identifier: &str) -> Self {
        self.resources.push(identifier.to_owned());
        self
    }

    /// The same with these scopes.
    pub fn scoped(mut self, scopes: &[&str]) -> Result<Self, Error> {
        self.scope = Scope::parse(&scopes.join(" "))
            .map_err(|fault| Error::argument(format!("the scopes cannot be sent: {fault}")))?;
        Ok(self)
    }

    /// The same for a token of the type that is named. Unless asked, the server chooses.
    #[must_use]
    pub fn requesting(mut self, token_type: &str) -> Self {
        self.requested = Some(token_type.to_owned());
        self
    }

    fn form(&self) -> Form<'_> {
        let mut form = vec![
            ("grant_type", GRANT_TYPE),
            ("subject_token", self.subject.0.reveal()),
            ("subject_token_type", &self.subject.1),
        ];
        if let Some((token, token_type)) = &self.actor {
            form.push(("actor_token", token.reveal()));
            form.push(("actor_token_type", token_type));
        }
        let requested = self.requested.as_deref();
        form.extend(requested.map(|kind| ("requested_token_type", kind)));
        form.extend(
            self.audiences
                .iter()
                .map(|name| ("audience", name.as_str())),
        );
        form.extend(
            self.resources
                .iter()
                .map(|name| ("resource", name.as_str())),
        );
        if !self.scope.is_empty() {
            form.push(("scope", self.scope.as_str()));
        }
        form
    }
}

impl Client {
    /// Exchanges a token. What is not kept: another call is another exchange.
    pub async fn exchange(&self, exchange: &Exchange) -> Result<Token, Error> {
        let url = self.token_endpoint()?;
        let bound = self.dpop().is_some();
        let judge = |answer: &_| {
            let answer = tokens::access_response(answer, url)?;
            let unfit = |fault: NotATokenResponse| Error::answer(url, fault);
            // §2.2.1: the type of a token that is no access token is "N_A".
            if answer.token_type == TokenType::NotApplicable {
                let shown = matches!(answer.issued_token_type.as_deref(), Some(ID_TOKEN | JWT));
                let token = Token::id(&answer.access_token, self.now());
                return token
                    .filter(|_| shown)
                    .ok_or_else(|| unfit(NotATokenResponse::OtherType));
            }
            tokens::access(&answer, bound, self.now()).map_err(unfit)
        };
        self.ask(url, &exchange.form(), Tries::Three, judge).await
    }
}

#[cfg(test)]
mod tests;
