//! A session: a person is signed in with one browser.
//!
//! The browser holds a secret of 256 bits in a cookie, the store only its digest. A session ends at
//! its idle end unless it is used before, at its absolute end whatever happens, and when it is taken
//! away: by a sign-out, a new password, or a suspension.

use crate::value::Description;
use crate::value::SecretDigest;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;

/// A session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Its name, for lists and logs.
    pub id: SessionId,
    /// The digest of the secret in the cookie.
    pub digest: SecretDigest,
    /// Who is signed in.
    pub user: UserId,
    /// How the person proved who they are.
    pub method: SignInMethod,
    /// When the session began, which is when the person last proved who they are: who signs in again
    /// gets a new session.
    pub created: UnixTime,
    /// When it was last used, to within a few seconds.
    pub seen: UnixTime,
    /// When it ends if it is not used. Never after `ends`.
    pub idle_ends: UnixTime,
    /// When it ends in any case.
    pub ends: UnixTime,
    /// What the browser called itself, cut to 256 bytes.
    pub agent: Description,
    /// The address from which the person signed in.
    pub address: String,
}

/// How somebody proved who they are (RFC 8176 has a word for each).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignInMethod {
    /// By password: `pwd`.
    Password,
}

/// A session was used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionSeen {
    /// Which.
    pub session: SessionId,
    /// When.
    pub at: UnixTime,
    /// Its new idle end; an earlier one is not taken.
    pub idle_ends: UnixTime,
}

impl Session {
    /// How many sessions a user may have. Who signs in once more loses the one that was not used
    /// for the longest.
    pub const MOST: u16 = 50;

    /// Whether it still counts.
    #[must_use]
    pub fn lives(&self, now: UnixTime) -> bool {
        now < self.idle_ends && now < self.ends
    }
}
