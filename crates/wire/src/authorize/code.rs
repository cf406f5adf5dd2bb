//! What the authorization endpoint may answer when it refuses: a closed list.
//!
//! RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6, RFC 8707 §2, RFC 9396 §5, RFC 9101 §6. Only
//! where the client and its redirect URI are known does the browser carry it there; before that it
//! is a page.

use std::fmt;

use serde::{Serialize, Serializer};

/// The `error` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorizeErrorCode {
    /// RFC 6749 §4.1.2.1: a parameter is missing, repeated or malformed.
    InvalidRequest,
    /// RFC 6749 §4.1.2.1: the client may not ask in this way.
    UnauthorizedClient,
    /// RFC 6749 §4.1.2.1: the user or the server said no.
    AccessDenied,
    /// RFC 6749 §4.1.2.1: the server has no such response type.
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1: the scope is unknown or malformed.
    InvalidScope,
    /// RFC 6749 §4.1.2.1: our fault.
    ServerError,
    /// RFC 6749 §4.1.2.1: not now.
    TemporarilyUnavailable,
    /// OpenID Connect Core §3.1.2.6: a page must be shown, and `prompt=none` forbids it.
    InteractionRequired,
    /// OpenID Connect Core §3.1.2.6: the user must sign in.
    LoginRequired,
    /// OpenID Connect Core §3.1.2.6: the user must choose an account.
    AccountSelectionRequired,
    /// OpenID Connect Core §3.1.2.6: the user must agree.
    ConsentRequired,
    /// RFC 9101 §6: the `request_uri` cannot be used.
    InvalidRequestUri,
    /// RFC 9101 §6: the `request` object cannot be used.
    InvalidRequestObject,
    /// OpenID Connect Core §3.1.2.6: no `request` here.
    RequestNotSupported,
    /// OpenID Connect Core §3.1.2.6: no `request_uri` here.
    RequestUriNotSupported,
    /// RFC 8707 §2: the resource is unknown or malformed.
    InvalidTarget,
    /// RFC 9396 §5: the details are unknown or malformed.
    InvalidAuthorizationDetails,
}

impl AuthorizeErrorCode {
    /// All of them, in registry order.
    pub const ALL: [Self; 17] = [
        Self::InvalidRequest,
        Self::UnauthorizedClient,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::InteractionRequired,
        Self::LoginRequired,
        Self::AccountSelectionRequired,
        Self::ConsentRequired,
        Self::InvalidRequestUri,
        Self::InvalidRequestObject,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::InvalidTarget,
        Self::InvalidAuthorizationDetails,
    ];

    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InteractionRequired => "interaction_required",
            Self::LoginRequired => "login_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::ConsentRequired => "consent_required",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
        }
    }

    /// The code that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for AuthorizeErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<AuthorizeErrorCode> for &'static str {
    fn from(code: AuthorizeErrorCode) -> Self {
        code.as_str()
    }
}

impl Serialize for AuthorizeErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
