//! The password grant: a user's own password, in the hands of a program.
//!
//! RFC 6749 §4.3.2. RFC 9700 §2.4 forbids it ("MUST NOT be used"); it is read for clients that are
//! on their way to something better, and only where their owner has switched it on.

use std::borrow::Cow;
use std::fmt;

use super::{TokenRequestError, take_scope};
use crate::params::Params;
use crate::scope::Scope;

/// A request with a user's password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordRequest<'a> {
    /// The user.
    pub username: Cow<'a, str>,
    /// The password.
    pub password: Cow<'a, str>,
    /// What is asked for; without it, what the client has by default.
    pub scope: Option<Scope>,
}

impl<'a> PasswordRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        Ok(Self {
            username: params.require("username")?,
            password: params.require("password")?,
            scope: take_scope(params)?,
        })
    }
}

/// Without the secrets.
impl fmt::Debug for PasswordRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordRequest")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
