//! The token of a service identity of Google Distributed Cloud: a third spelling of the JWT bearer grant.
//!
//! google-wire 8.4. Google's libraries send the request as JSON, with names of their own:
//!
//! 1. `grant_type` is `urn:ietf:params:oauth:token-type:token-exchange`: not the name of RFC 8693, which has
//!    `grant-type` there;
//! 2. `subject_token_type` is `urn:k8s:params:oauth:token-type:serviceaccount`; with another one the grant is
//!    one that we do not know, and beside the grant of RFC 8693 this type is;
//! 3. `subject_token` is a JWT that the identity signed for itself;
//! 4. `audience` names the API; `requested_token_type` is an access token's.
//!
//! What comes is an assertion, whoever can sign it is who it says, and no client authentication comes with it.

use std::borrow::Cow;

use super::token_exchange::take_type;
use super::{JwtBearerRequest, TokenRequestError, TokenTypeUri};
use crate::params::{MissingParameter, Params};

/// The `grant_type`. RFC 8693 has another.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:token-type:token-exchange";

/// The `subject_token_type`.
pub const SUBJECT_TOKEN_TYPE: &str = "urn:k8s:params:oauth:token-type:serviceaccount";

/// What a service identity says beside its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRequest<'a> {
    /// For which API the token shall be good: one, though the parameter may come again elsewhere. Never empty.
    pub audience: Vec<Cow<'a, str>>,
    /// Which kind of token is wanted.
    pub requested_token_type: Option<TokenTypeUri>,
}

/// Whether this is how a service identity asks. Takes the `subject_token_type`.
pub(super) fn is_sent(grant_type: &str, params: &mut Params<'_>) -> bool {
    grant_type == GRANT_TYPE
        && params
            .take("subject_token_type")
            .is_some_and(|kind| kind == SUBJECT_TOKEN_TYPE)
}

impl<'a> JwtBearerRequest<'a> {
    /// Reads what a service identity sent.
    pub(super) fn parse_identity(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        let audience = params.take_all("audience");
        if audience.is_empty() {
            return Err(MissingParameter("audience").into());
        }
        Ok(Self {
            assertion: params.require("subject_token")?,
            scope: params.take("scope"),
            identity: Some(IdentityRequest {
                audience,
                requested_token_type: take_type(params, "requested_token_type")?,
            }),
        })
    }
}
