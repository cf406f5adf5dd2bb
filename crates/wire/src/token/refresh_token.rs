//! The refresh token grant: a new access token for an authorization that still stands.
//!
//! RFC 6749 §6, RFC 8707 §2.2.

use std::borrow::Cow;
use std::fmt;

use super::{TokenRequestError, take_details, take_scope};
use crate::authorization_details::AuthorizationDetails;
use crate::params::Params;
use crate::resource;
use crate::scope::Scope;

/// A request that shows a refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshTokenRequest<'a> {
    /// The refresh token.
    pub refresh_token: Cow<'a, str>,
    /// Less than was granted; without it, all that was granted.
    pub scope: Option<Scope>,
    /// For which APIs the token shall be good (RFC 8707 §2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
    /// What the token shall be good for in detail (RFC 9396 §6).
    pub authorization_details: Option<AuthorizationDetails>,
}

impl<'a> RefreshTokenRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        Ok(Self {
            refresh_token: params.require("refresh_token")?,
            scope: take_scope(params)?,
            resource: resource::take(params)?,
            authorization_details: take_details(params)?,
        })
    }
}

/// Without the secrets.
impl fmt::Debug for RefreshTokenRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokenRequest")
            .field("scope", &self.scope)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}
