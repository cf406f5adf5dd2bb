//! A sign-in of somebody of a workforce in their browser (google-wire 6.2): what a code, and then the refresh token of a
//! file `external_account_authorized_user`, hang on.
//!
//! 1. It is written when the issuer vouched for the person, with a code that is around its id. The code is redeemed
//!    once, which the row says.
//! 2. No row is kept for a refresh token: it is sealed around the same id, and does not rotate, since the libraries that
//!    share such a file never write it.
//! 3. What the issuer said stays, sealed, so that the condition and the mapping of the provider are asked again at each
//!    refresh, as they are then.
//! 4. Access tokens name it: when it ends, they end with it. It goes with its provider.

use std::fmt;

use carnet_wire::scope::Scope;

use super::Ended;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::ProviderName;
use crate::value::UnixTime;

/// A sign-in of somebody of a workforce.
#[derive(Clone, Eq, PartialEq)]
pub struct WorkforceSignIn {
    /// Its id. Access tokens carry it; the code and refresh tokens are sealed around it.
    pub id: AuthorizationId,
    /// Who vouched.
    pub provider: ProviderName,
    /// Whom the mapping made of it: `google.subject`.
    pub subject: String,
    /// The program that asked.
    pub client: ClientId,
    /// What for.
    pub scope: Scope,
    /// What the issuer said, an object, sealed.
    pub claims: Vec<u8>,
    /// The SHA-256 of where the browser was sent back to.
    pub redirect: [u8; 32],
    /// PKCE, S256.
    pub challenge: String,
    /// When the person signed in, and the code was given.
    pub created: UnixTime,
    /// Until when the code is good.
    pub code_ends: UnixTime,
    /// Until when at the latest, however often it is refreshed.
    pub ends: UnixTime,
    /// When the code was redeemed.
    pub redeemed: Option<UnixTime>,
    /// Whether it is over.
    pub ended: Option<Ended>,
}

/// Without what the issuer said.
impl fmt::Debug for WorkforceSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkforceSignIn")
            .field("id", &self.id)
            .field("provider", &self.provider)
            .field("created", &self.created)
            .field("ends", &self.ends)
            .field("redeemed", &self.redeemed)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
