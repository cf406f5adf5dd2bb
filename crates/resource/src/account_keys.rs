//! The keys of service accounts, one document per account.
//!
//! google-wire 3.3: `{issuer}/service_accounts/v1/jwk/{email}`. Which account it is, a stranger's
//! token says, so everything is bounded: the accounts that are remembered, how long (five minutes,
//! as a key that was disabled must stop working), the requests under way, and how often an account
//! that is not there is asked for (once in half a minute).

use std::sync::Arc;

use carnet_client::Clock;
use carnet_client::Error;
use carnet_client::Transport;
use carnet_client::jwks;
use carnet_client::jwks::Terms;
use carnet_jose::JwkSet;
use moka::sync::Cache;

/// How many accounts are remembered.
const MOST_ACCOUNTS: u64 = 1000;
/// How many documents are fetched at the same time.
const MOST_REQUESTS: usize = 16;
const TERMS: Terms = Terms {
    longest: 300,
    missing_is_empty: true,
};

/// The keys of the accounts of an issuer.
#[derive(Debug)]
pub(crate) struct AccountKeys {
    prefix: String,
    transport: Transport,
    clock: Clock,
    accounts: Cache<String, jwks::Cache>,
}

impl AccountKeys {
    pub(crate) fn new(issuer: &str, transport: &Transport, clock: &Clock) -> Self {
        Self {
            prefix: format!("{}/service_accounts/v1/jwk/", issuer.trim_end_matches('/')),
            transport: transport.at_most(MOST_REQUESTS),
            clock: clock.clone(),
            accounts: Cache::new(MOST_ACCOUNTS),
        }
    }

    /// The keys of an account, whose address has the form of one. An account that is not there has
    /// no keys.
    pub(crate) async fn keys_for(
        &self,
        email: &str,
        key_id: Option<&str>,
    ) -> Result<Arc<JwkSet>, Error> {
        let open = || {
            let url = format!("{}{email}", self.prefix);
            jwks::Cache::with(&url, TERMS, &self.transport, &self.clock)
        };
        let keys = self.accounts.try_get_with_by_ref(email, open);
        keys.map_err(|error| (*error).clone())?
            .keys_for(key_id)
            .await
    }
}
