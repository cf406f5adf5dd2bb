//! The client credentials grant: a client asks for itself.
//!
//! RFC 6749 §4.4.2, RFC 8707 §2.2.

use std::borrow::Cow;

use super::{TokenRequestError, take_details, take_scope};
use crate::authorization_details::AuthorizationDetails;
use crate::params::Params;
use crate::resource;
use crate::scope::Scope;

/// A request of a client for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCredentialsRequest<'a> {
    /// What is asked for; without it, what the client has by default.
    pub scope: Option<Scope>,
    /// For which APIs the token shall be good (RFC 8707 §2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
    /// What the token shall be good for in detail (RFC 9396 §6).
    pub authorization_details: Option<AuthorizationDetails>,
}

impl<'a> ClientCredentialsRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        Ok(Self {
            scope: take_scope(params)?,
            resource: resource::take(params)?,
            authorization_details: take_details(params)?,
        })
    }
}
