//! The authorization code grant: what a browser brought is redeemed by the program that sent it.
//!
//! RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 8707 §2.2. `client_id` belongs to
//! [`crate::client_authentication`].

use std::borrow::Cow;
use std::fmt;

use super::{TokenRequestError, take_details};
use crate::authorization_details::AuthorizationDetails;
use crate::params::Params;
use crate::pkce::CodeVerifier;
use crate::resource;

/// A request that redeems a code.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationCodeRequest<'a> {
    /// The code: a secret until it is redeemed.
    pub code: Cow<'a, str>,
    /// Where the browser was sent back to, as the authorization request said.
    pub redirect_uri: Option<Cow<'a, str>>,
    /// The proof that this is the program that asked.
    pub code_verifier: Option<CodeVerifier<'a>>,
    /// For which APIs the token shall be good (RFC 8707 §2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
    /// What the token shall be good for in detail (RFC 9396 §6).
    pub authorization_details: Option<AuthorizationDetails>,
}

impl<'a> AuthorizationCodeRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        let code_verifier = params.take("code_verifier");
        Ok(Self {
            code: params.require("code")?,
            redirect_uri: params.take("redirect_uri"),
            code_verifier: code_verifier.map(CodeVerifier::parse).transpose()?,
            resource: resource::take(params)?,
            authorization_details: take_details(params)?,
        })
    }
}

/// Without the secrets.
impl fmt::Debug for AuthorizationCodeRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationCodeRequest")
            .field("redirect_uri", &self.redirect_uri)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}
