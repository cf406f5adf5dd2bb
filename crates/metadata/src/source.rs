//! Where tokens come from: whoever may act as the service account of the machine.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use carnet_client::Credentials;
use carnet_client::Error;
use carnet_client::ServiceAccount;
use carnet_client::Token;

/// A token that is wanted.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Wanted {
    /// An access token.
    Access {
        /// The scopes, at least one, in the order in which they were asked for.
        scopes: Vec<String>,
    },
    /// An ID token.
    Identity {
        /// For whom.
        audience: String,
        /// Whether it shall tell of the machine too (`format=full`), where the source can vouch for that.
        full: bool,
        /// Whether it shall tell the machine's licenses (`licenses=TRUE`); a machine without any tells an empty list.
        licenses: bool,
    },
}

/// A token on its way.
pub type Coming = Pin<Box<dyn Future<Output = Result<Token, Unavailable>> + Send>>;

/// Gives tokens of one service account: a new one each time. They are kept by whoever asks.
pub trait Source: Send + Sync + 'static {
    /// A new token.
    fn token(&self, wanted: &Wanted) -> Coming;
}

/// There is no token, and why; without secrets.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{cause}")]
pub struct Unavailable {
    cause: String,
    asked_wrongly: bool,
}

impl Unavailable {
    /// The source cannot give it now.
    pub fn because(cause: impl fmt::Display) -> Self {
        Self {
            cause: cause.to_string(),
            asked_wrongly: false,
        }
    }

    /// Whether what was asked for can never be had: the caller's fault, and not the source's.
    pub(crate) fn is_asked_wrongly(&self) -> bool {
        self.asked_wrongly
    }
}

/// What the token endpoint says of what the asker chose.
impl From<Error> for Unavailable {
    fn from(error: Error) -> Self {
        Self {
            asked_wrongly: matches!(error.code(), Some("invalid_scope" | "invalid_target")),
            cause: error.to_string(),
        }
    }
}

/// With whatever it is.
impl Source for Credentials {
    fn token(&self, wanted: &Wanted) -> Coming {
        let asking = match wanted {
            Wanted::Access { scopes } => {
                let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
                self.scoped(&scopes)
            }
            Wanted::Identity { audience, .. } => Ok(self.id_token(audience)),
        };
        Box::pin(async move { Ok(asking?.token().await?) })
    }
}

/// With its key, at the token endpoint that its key file names.
impl Source for ServiceAccount {
    fn token(&self, wanted: &Wanted) -> Coming {
        // Each is a value with a cache of its own, so the token is a new one.
        let asking = match wanted {
            Wanted::Access { scopes } => {
                let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
                self.scoped(&scopes)
            }
            Wanted::Identity { audience, .. } => Ok(self.id_token(audience)),
        };
        Box::pin(async move { Ok(asking?.token().await?) })
    }
}
