//! What the token endpoint may answer when it refuses: a closed list.
//!
//! RFC 6749 §5.2, then RFC 8693 §2.2.2, RFC 8628 §3.5, RFC 9396 and RFC 9449, what RFC 9126 §2.3 lets a pushed
//! request be refused with, RFC 7591 §3.2.2, then what Google adds (the seed's table; google-wire 2.4 for the statuses).

use std::fmt;

use serde::{Serialize, Serializer};

/// The `error` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenErrorCode {
    /// RFC 6749 §5.2: a parameter is missing, repeated or malformed.
    InvalidRequest,
    /// RFC 6749 §5.2: client authentication failed.
    InvalidClient,
    /// RFC 6749 §5.2: the grant (here: the assertion) is invalid, expired, revoked or somebody
    /// else's.
    InvalidGrant,
    /// RFC 6749 §5.2: the client may not use this grant, or not for this user (delegation).
    UnauthorizedClient,
    /// RFC 6749 §5.2: this server does not know the grant type.
    UnsupportedGrantType,
    /// RFC 6749 §5.2: the scope is empty, unknown, malformed or more than was granted.
    InvalidScope,
    /// RFC 8693 §2.2.2: no token can be made for this target.
    InvalidTarget,
    /// RFC 8628 §3.5: the user has not answered yet.
    AuthorizationPending,
    /// RFC 8628 §3.5: the same, and the device asks too often.
    SlowDown,
    /// RFC 8628 §3.5: the device code has expired.
    ExpiredToken,
    /// RFC 9396 §5: the details are malformed, or ask for what is not there.
    InvalidAuthorizationDetails,
    /// RFC 9449 §5: the proof of possession does not hold.
    InvalidDpopProof,
    /// RFC 9449 §8: the proof must carry the nonce of the header `DPoP-Nonce`.
    UseDpopNonce,
    /// RFC 6749 §4.1.2.1 for the browser, RFC 9126 §2.3 for what is pushed: no such response type.
    UnsupportedResponseType,
    /// RFC 9101 §6, the same: the `request` object cannot be used.
    InvalidRequestObject,
    /// RFC 6750 §3.1: the token by which a client registers, or changes itself, is not good.
    InvalidToken,
    /// RFC 7591 §3.2.2: a redirect URI cannot be registered.
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2: the metadata of a client is wrong.
    InvalidClientMetadata,
    /// RFC 7591 §3.2.2: nobody here approves of that software statement.
    UnapprovedSoftwareStatement,
    /// RFC 6749 §4.1.2.1 for the browser; Google answers it here where some scopes are not
    /// delegated.
    AccessDenied,
    /// Google: a policy of the organization forbids it.
    AdminPolicyEnforced,
    /// Google: the client is restricted to users of its organization.
    OrgInternal,
    /// Google: the service account (its client) is disabled.
    DisabledClient,
    /// Google: the client is deleted.
    DeletedClient,
    /// Google: our fault.
    InternalFailure,
    /// RFC 6749 §4.1.2.1 for the browser; Google's libraries repeat a request that is answered so.
    TemporarilyUnavailable,
}

impl TokenErrorCode {
    /// All of them, in registry order.
    pub const ALL: [Self; 26] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::InvalidTarget,
        Self::AuthorizationPending,
        Self::SlowDown,
        Self::ExpiredToken,
        Self::InvalidAuthorizationDetails,
        Self::InvalidDpopProof,
        Self::UseDpopNonce,
        Self::UnsupportedResponseType,
        Self::InvalidRequestObject,
        Self::InvalidToken,
        Self::InvalidRedirectUri,
        Self::InvalidClientMetadata,
        Self::UnapprovedSoftwareStatement,
        Self::AccessDenied,
        Self::AdminPolicyEnforced,
        Self::OrgInternal,
        Self::DisabledClient,
        Self::DeletedClient,
        Self::InternalFailure,
        Self::TemporarilyUnavailable,
    ];

    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidToken => "invalid_token",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
            Self::AccessDenied => "access_denied",
            Self::AdminPolicyEnforced => "admin_policy_enforced",
            Self::OrgInternal => "org_internal",
            Self::DisabledClient => "disabled_client",
            Self::DeletedClient => "deleted_client",
            Self::InternalFailure => "internal_failure",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The code that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// The status that Google gives the code for the service-account grant (google-wire 2.4). RFC
    /// 6749 §5.2 would have 400 for `unauthorized_client`; Google's libraries know 401.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient
            | Self::InvalidToken
            | Self::UnauthorizedClient
            | Self::DisabledClient
            | Self::DeletedClient => 401,
            Self::OrgInternal => 403,
            Self::InternalFailure => 500,
            Self::TemporarilyUnavailable => 503,
            Self::InvalidRequest
            | Self::InvalidGrant
            | Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::InvalidTarget
            | Self::AuthorizationPending
            | Self::SlowDown
            | Self::ExpiredToken
            | Self::InvalidAuthorizationDetails
            | Self::InvalidDpopProof
            | Self::UseDpopNonce
            | Self::UnsupportedResponseType
            | Self::InvalidRequestObject
            | Self::InvalidRedirectUri
            | Self::InvalidClientMetadata
            | Self::UnapprovedSoftwareStatement
            | Self::AccessDenied
            | Self::AdminPolicyEnforced => 400,
        }
    }
}

impl fmt::Display for TokenErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<TokenErrorCode> for &'static str {
    fn from(code: TokenErrorCode) -> Self {
        code.as_str()
    }
}

impl Serialize for TokenErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
