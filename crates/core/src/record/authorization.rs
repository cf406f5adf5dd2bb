//! What a client holds of a person: the thing that refresh tokens and access tokens hang on.
//!
//! 1. An authorization is written when a code (or a device code) is redeemed, under the id that the code
//!    carried. A second redemption finds the id taken: that is how a code is used once.
//! 2. No row is kept for a refresh token. It is sealed around this id and a generation, and each refresh
//!    moves the generation on by one, if it was still the one that the token names.
//! 3. When an authorization ends, the access tokens that name it end with it (RFC 9700 section 4.14.2).

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::scope::Scope;

use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::Seconds;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;

/// What a client holds of a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authorization {
    /// Its id. Access tokens carry it, refresh tokens are sealed around it.
    pub id: AuthorizationId,
    /// The client.
    pub client: ClientId,
    /// The person.
    pub user: UserId,
    /// What was granted. A refresh may ask for less, and never for more (RFC 6749 section 6).
    pub scope: Scope,
    /// What was granted in detail (RFC 9396).
    pub details: Option<AuthorizationDetails>,
    /// The APIs that its tokens may be used at.
    pub audience: Vec<ApiIdentifier>,
    /// How it came about.
    pub obtained: Obtained,
    /// When the person last proved who they are, before they granted this: `auth_time`.
    pub authenticated: UnixTime,
    /// The session in which it was granted. It ends with that session, unless `offline_access` was
    /// granted.
    pub session: Option<SessionId>,
    /// The key that its tokens are bound to.
    pub binding: Option<Binding>,
    /// Since when.
    pub created: UnixTime,
    /// Until when at the latest, however often it is refreshed.
    pub ends: UnixTime,
    /// How long it may go without a refresh.
    pub idle: Seconds,
    /// How often it was refreshed: the number that the newest refresh token carries.
    pub generation: i64,
    /// When it was last refreshed, or made.
    pub rotated: UnixTime,
    /// Whether it is over.
    pub ended: Option<Ended>,
}

/// How an authorization came about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Obtained {
    /// By an authorization code (RFC 6749 section 4.1).
    Code,
    /// By a device code (RFC 8628).
    Device,
    /// By the resource owner's password, where a client is allowed that (RFC 6749 section 4.3).
    Password,
    /// In the answer of the authorization endpoint, where a client is allowed that (RFC 6749 section 4.2).
    Implicit,
    /// By the assertion of an issuer elsewhere that the person's organization trusts (RFC 7523).
    Assertion,
}

/// The key of whoever may use tokens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Binding {
    /// The SHA-256 thumbprint of a public key, by which proofs of possession are signed (RFC 9449).
    Key(String),
    /// The SHA-256 of a certificate (RFC 8705).
    Certificate(String),
}

/// When and why an authorization ended before its time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ended {
    /// Since when.
    pub since: UnixTime,
    /// Why.
    pub why: WhyEnded,
}

/// Why an authorization ended before its time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WhyEnded {
    /// The client gave it back (RFC 7009).
    Revoked,
    /// The person removed the client.
    Removed,
    /// An administrator ended it.
    Administrator,
    /// The code that made it came a second time (RFC 6749 section 4.1.2).
    CodeReplayed,
    /// A refresh token that had been replaced came again (RFC 9700 section 4.14.2).
    RefreshReplayed,
    /// The session ended, and it was granted for no longer.
    SignedOut,
}

impl Authorization {
    /// When it ends if nobody refreshes it from now on.
    #[must_use]
    pub fn idle_end(&self) -> UnixTime {
        let idle = self.rotated + self.idle;
        if idle < self.ends { idle } else { self.ends }
    }
}
