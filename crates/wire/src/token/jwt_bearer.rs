//! The JWT bearer grant: a signed assertion is exchanged for a token.
//!
//! RFC 7523 §2.1, RFC 7521 §4.1; google-wire 2.1. Three spellings reach us:
//!
//! 1. `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer` with `assertion`;
//! 2. the draft's `grant_type=assertion` with
//!    `assertion_type=http://oauth.net/grant_type/jwt/1.0/bearer`, which Go's `impersonate` still
//!    sends;
//! 3. what a service identity of Google Distributed Cloud sends ([`super::service_identity`]).
//!
//! No client authentication comes with it: whoever can sign is who the assertion says (RFC 7523
//! §3.1).

use std::borrow::Cow;
use std::fmt;

use super::{IdentityRequest, TokenRequestError};
use crate::params::Params;

/// The `grant_type` of the draft that became RFC 7523.
pub(super) const LEGACY_GRANT_TYPE: &str = "assertion";

/// The `assertion_type` that goes with it; with another one the grant is one that we do not know.
pub(super) const LEGACY_ASSERTION_TYPE: &str = "http://oauth.net/grant_type/jwt/1.0/bearer";

/// A request of the JWT bearer grant.
#[derive(Clone, PartialEq, Eq)]
pub struct JwtBearerRequest<'a> {
    /// The compact JWS, as it came.
    pub assertion: Cow<'a, str>,
    /// RFC 7521 §4.1 allows a `scope` beside the assertion. A service account says its scope
    /// inside; a rule may tell a caller who confused the two.
    pub scope: Option<Cow<'a, str>>,
    /// What a service identity says beside its token; none where the assertion came in one of the other two
    /// spellings.
    pub identity: Option<IdentityRequest<'a>>,
}

impl<'a> JwtBearerRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        Ok(Self {
            assertion: params.require("assertion")?,
            scope: params.take("scope"),
            identity: None,
        })
    }
}

/// Without the assertion: until it expires it is as good as a password.
impl fmt::Debug for JwtBearerRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtBearerRequest")
            .field("scope", &self.scope)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
