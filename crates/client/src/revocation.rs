//! Calling a token back.
//!
//! RFC 7009 §2. With a refresh token, everything that the person allowed this client ends.

use http::Response;

use crate::client::Client;
use crate::error::Error;
use crate::jwt_bearer::refusal;
use crate::retry::Tries;
use crate::token::Secret;

impl Client {
    /// Calls a refresh token or an access token of this client back. A token that the server does
    /// not know is no error (§2.2).
    pub async fn revoke(&self, token: &Secret) -> Result<(), Error> {
        let url = self.metadata().revocation_endpoint();
        let url = self.needs(url, "revocation endpoint")?;
        let judge = |answer: &Response<Vec<u8>>| {
            if answer.status().is_success() {
                Ok(())
            } else {
                Err(refusal(answer, url))
            }
        };
        let form = vec![("token", token.reveal())];
        self.ask(url, &form, Tries::Three, judge).await
    }
}
