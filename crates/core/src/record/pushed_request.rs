//! An authorization request that its client pushed (RFC 9126): a browser brings its name.
//!
//! `Waiting` becomes `Opened` when a browser brings it and its person has something to do, which takes
//! longer than the minute that it is good for. Either becomes `Spent` once, when the code is given.

use std::fmt;

use crate::value::ClientId;
use crate::value::SecretDigest;
use crate::value::UnixTime;

/// A request that was pushed.
#[derive(Clone, Eq, PartialEq)]
pub struct PushedRequest {
    /// The digest of the reference in its `request_uri`.
    pub digest: SecretDigest,
    /// The only client whose request it is (RFC 9126 section 2.2).
    pub client: ClientId,
    /// Its parameters, as a form, with the `client_id` and without what proved the client.
    pub parameters: String,
    /// How far it is.
    pub state: PushedState,
    /// When it was pushed.
    pub created: UnixTime,
    /// Until when it is good.
    pub ends: UnixTime,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PushedState {
    /// No browser has brought it.
    Waiting,
    /// A browser has, and its person signs in or thinks.
    Opened,
    /// Its code was given.
    Spent,
}

/// Without the parameters: they name people.
impl fmt::Debug for PushedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushedRequest")
            .field("client", &self.client)
            .field("state", &self.state)
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}
