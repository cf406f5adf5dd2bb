//! Credentials for programs that call a protected API: service accounts, and everything else that an
//! OAuth 2.0 server gives tokens to.
//!
//! # A short tour
//!
//! A service account is a key file. Read it, say what you want to do, and ask for a token as often
//! as you need one; it is fetched once and kept until shortly before it ends.
//!
//! ```no_run
//! use carnet_client::ServiceAccount;
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let account = ServiceAccount::from_env()?.scoped(&["invoices.read"])?;
//! let token = account.token().await?;
//! let request = http::Request::get("https://api.example/v1/invoices")
//!     .header("Authorization", token.authorization());
//! # drop(request);
//! # Ok(())
//! # }
//! ```
//!
//! What one account can be asked for:
//!
//! ```no_run
//! # use carnet_client::ServiceAccount;
//! # fn example() -> Result<(), carnet_client::Error> {
//! let account = ServiceAccount::from_file("key.json")?;
//!
//! // An access token for itself, or for a user who was delegated to it.
//! let own = account.scoped(&["invoices.read", "invoices.write"])?;
//! let for_dana = own.with_subject("dana@example.com");
//!
//! // An ID token for a service that only wants to know who calls.
//! let identity = account.id_token("https://reports.example");
//!
//! // No token endpoint at all: the account signs for itself.
//! let local = account.self_signed_for("https://api.example/");
//! # drop((for_dana, identity, local));
//! # Ok(())
//! # }
//! ```
//!
//! [`Credentials`] are whatever this machine offers: the same key file, what a person allowed, a workload's
//! own token, the metadata server of a cloud. They are found as Google's libraries find them:
//!
//! ```no_run
//! use carnet_client::Credentials;
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let credentials = Credentials::find().await?.scoped(&["invoices.read"])?;
//! let headers = credentials.headers().await?;
//! # drop(headers);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Client`] is an app at any server that publishes its metadata. It lets a person sign in, with
//! a browser on the same machine or with another device, and holds what was allowed as long as it
//! lasts:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use carnet_client::{Ask, Authentication, Authorization, Client};
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let client = Client::discover("https://auth.example", "my-tool", Authentication::None).await?;
//! let ask = Ask::for_scopes(&["invoices.read", "offline_access"])?;
//! let show = |url: &str| println!("Sign in at {url}");
//! let tokens = client.sign_in(&ask, show, Duration::from_secs(300)).await?;
//!
//! let authorization = Authorization::new(&client, &tokens);
//! let request = http::Request::get("https://api.example/v1/invoices").body(Vec::new()).unwrap();
//! let answer = authorization.send(&request).await?;
//! # drop(answer);
//! # Ok(())
//! # }
//! ```
//!
//! # How it is cut
//!
//! Every exchange is a pair of pure functions, one that builds the request and one that judges the
//! answer ([`jwt_bearer`], [`introspect`]); a [`Transport`] stands between and a [`Clock`] tells
//! the time. Both can be replaced, so a program that uses this crate can be tested without a
//! network and without waiting.
//!
//! | file | what |
//! |---|---|
//! | [`service_account`] | the account and what it can be asked for |
//! | [`adc`] | Application Default Credentials: every kind that Google has, and where they are found |
//! | [`jwt_bearer`], [`self_signed`] | what is signed and sent |
//! | [`token`], [`error`] | what comes back |
//! | `client`, `authentication` | an app at a server, and how it proves itself |
//! | [`authorization_code`], [`loopback`], [`device`] | a person signs in, here or elsewhere |
//! | `authorization`, [`id_token`] | what the person allowed, and who they are |
//! | [`client_credentials`], [`token_exchange`] | the other ways to a token |
//! | [`dpop`], `revocation`, [`registration`] | proofs of a key, the end, the beginning |
//! | [`jwks`], [`discovery`], [`introspect`] | what the other side, a protected API, needs |
//! | [`transport`], [`clock`] | the edges |
//!
//! # What is absent on purpose
//!
//! - Type parameters, features and global state: a credential is a value that is cloned.
//! - Redirects. No endpoint of OAuth needs one, and a token would follow it.
//! - Regional access boundaries: nothing is asked of Google that the program did not ask for.

pub mod adc;
mod authentication;
mod authorization;
pub mod authorization_code;
mod client;
pub mod client_credentials;
pub mod clock;
pub mod device;
pub mod discovery;
pub mod dpop;
pub mod error;
mod flight;
pub mod id_token;
pub mod introspect;
pub mod jwks;
pub mod jwt_bearer;
pub mod loopback;
pub mod registration;
#[cfg(test)]
mod rehearsal;
mod retry;
mod revocation;
pub mod self_signed;
pub mod service_account;
mod signing_key;
pub mod token;
mod token_cache;
pub mod token_exchange;
mod tokens;
pub mod transport;

pub use adc::Credentials;
pub use authentication::Authentication;
pub use authorization::Authorization;
pub use authorization_code::Ask;
pub use client::Client;
pub use client_credentials::ClientCredentials;
pub use clock::Clock;
pub use dpop::DpopKey;
pub use error::Error;
pub use registration::Registration;
pub use service_account::ServiceAccount;
pub use signing_key::SigningKey;
pub use token::Secret;
pub use token::Token;
pub use token::TokenKind;
pub use token_exchange::Exchange;
pub use tokens::Tokens;
pub use transport::Transport;
