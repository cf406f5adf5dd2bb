//! The error envelope of Google's APIs, and of protected APIs that its libraries call.
//!
//! google-wire 3.4 and 5.4: `{"error":{"code","message","status","details"}}`, with the older
//! member `errors` where a library of the older kind (`googleapiclient`) reads a reason. OAuth's
//! endpoints never speak it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::json;

/// The status of an API error: a closed list (`google.rpc.Code`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiStatus {
    /// The client gave up.
    Cancelled,
    /// Nobody knows.
    Unknown,
    /// The request cannot be right, whatever the state.
    InvalidArgument,
    /// It took too long.
    DeadlineExceeded,
    /// There is no such thing.
    NotFound,
    /// There is one already.
    AlreadyExists,
    /// The caller may not.
    PermissionDenied,
    /// There is no more of it, or too many requests.
    ResourceExhausted,
    /// The state does not allow it.
    FailedPrecondition,
    /// Somebody else was faster.
    Aborted,
    /// Beyond the end.
    OutOfRange,
    /// Not offered.
    Unimplemented,
    /// Our fault.
    Internal,
    /// Not now.
    Unavailable,
    /// Data are lost.
    DataLoss,
    /// Who are you?
    Unauthenticated,
}

impl ApiStatus {
    /// All of them, by their number in `google.rpc.Code`.
    pub const ALL: [Self; 16] = [
        Self::Cancelled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
    ];

    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "CANCELLED",
            Self::Unknown => "UNKNOWN",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::Aborted => "ABORTED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Unimplemented => "UNIMPLEMENTED",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
            Self::DataLoss => "DATA_LOSS",
            Self::Unauthenticated => "UNAUTHENTICATED",
        }
    }

    /// The status that is written so, if it is one of them.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// The HTTP status that goes with it (google-wire 5.4).
    pub const fn http(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition | Self::OutOfRange => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Cancelled => 499,
            Self::Internal | Self::Unknown | Self::DataLoss => 500,
            Self::Unimplemented => 501,
            Self::Unavailable => 503,
            Self::DeadlineExceeded => 504,
        }
    }
}

impl fmt::Display for ApiStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ApiStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The `reason` of an `ErrorInfo` about tokens (google-wire 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiReason {
    /// No token came.
    CredentialsMissing,
    /// The token is expired or revoked.
    AccessTokenExpired,
    /// It is not an access token.
    AccessTokenTypeUnsupported,
    /// It allows too little.
    AccessTokenScopeInsufficient,
}

impl ApiReason {
    /// The reason as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CredentialsMissing => "CREDENTIALS_MISSING",
            Self::AccessTokenExpired => "ACCESS_TOKEN_EXPIRED",
            Self::AccessTokenTypeUnsupported => "ACCESS_TOKEN_TYPE_UNSUPPORTED",
            Self::AccessTokenScopeInsufficient => "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        }
    }

    /// The status that goes with it.
    pub const fn status(self) -> ApiStatus {
        match self {
            Self::CredentialsMissing
            | Self::AccessTokenExpired
            | Self::AccessTokenTypeUnsupported => ApiStatus::Unauthenticated,
            Self::AccessTokenScopeInsufficient => ApiStatus::PermissionDenied,
        }
    }

    /// Google's sentence.
    pub const fn message(self) -> &'static str {
        match self {
            Self::CredentialsMissing => {
                "Request is missing required authentication credential. Expected OAuth 2 access \
                 token, login cookie or other valid authentication credential. See \
                 https://developers.google.com/identity/sign-in/web/devconsole-project."
            }
            Self::AccessTokenExpired | Self::AccessTokenTypeUnsupported => {
                "Request had invalid authentication credentials. Expected OAuth 2 access token, \
                 login cookie or other valid authentication credential. See \
                 https://developers.google.com/identity/sign-in/web/devconsole-project."
            }
            Self::AccessTokenScopeInsufficient => "Request had insufficient authentication scopes.",
        }
    }

    /// The older reason, which `googleapiclient` reads.
    const fn legacy(self) -> &'static str {
        match self {
            Self::CredentialsMissing => "required",
            Self::AccessTokenExpired | Self::AccessTokenTypeUnsupported => "authError",
            Self::AccessTokenScopeInsufficient => "insufficientPermissions",
        }
    }
}

/// An entry of `details`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "@type")]
pub enum ApiErrorDetail<'a> {
    /// Why, for programs.
    #[serde(rename = "type.googleapis.com/google.rpc.ErrorInfo")]
    ErrorInfo {
        /// In capitals.
        reason: Cow<'a, str>,
        /// Who defines the reason.
        domain: Cow<'a, str>,
        /// More, by name.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        metadata: BTreeMap<&'static str, Cow<'a, str>>,
    },
    /// Which fields are wrong.
    #[serde(rename = "type.googleapis.com/google.rpc.BadRequest")]
    BadRequest {
        /// Each of them.
        #[serde(rename = "fieldViolations")]
        field_violations: Vec<FieldViolation<'a>>,
    },
}

/// A field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldViolation<'a> {
    /// Its path, with dots.
    pub field: Cow<'a, str>,
    /// What is wrong.
    pub description: Cow<'a, str>,
}

/// An error of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError<'a> {
    /// Which kind.
    pub status: ApiStatus,
    /// What a developer reads.
    pub message: Cow<'a, str>,
    /// The older reason, where the answer has the older member `errors`.
    pub legacy_reason: Option<&'static str>,
    /// More about it.
    pub details: Vec<ApiErrorDetail<'a>>,
}

impl<'a> ApiError<'a> {
    /// An error without details.
    pub fn new(status: ApiStatus, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            legacy_reason: None,
            details: Vec::new(),
        }
    }

    /// The error about a token, as Google's APIs word it.
    pub fn about_token(reason: ApiReason) -> Self {
        Self {
            status: reason.status(),
            message: Cow::Borrowed(reason.message()),
            legacy_reason: Some(reason.legacy()),
            details: vec![ApiErrorDetail::ErrorInfo {
                reason: Cow::Borrowed(reason.as_str()),
                domain: Cow::Borrowed("googleapis.com"),
                metadata: BTreeMap::new(),
            }],
        }
    }

    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Envelope<'a> {
            error: Body<'a>,
        }
        #[derive(Serialize)]
        struct Body<'a> {
            code: u16,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            errors: Option<[Legacy<'a>; 1]>,
            status: ApiStatus,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            details: &'a [ApiErrorDetail<'a>],
        }
        #[derive(Serialize)]
        struct Legacy<'a> {
            message: &'a str,
            domain: &'static str,
            reason: &'static str,
        }
        let message = self.message.as_ref();
        let legacy = |reason| {
            [Legacy {
                message,
                domain: "global",
                reason,
            }]
        };
        let error = Body {
            code: self.status.http(),
            message,
            errors: self.legacy_reason.map(legacy),
            status: self.status,
            details: &self.details,
        };
        json::print(&Envelope { error }, 256 + 2 * message.len())
    }

    /// The message and status text of an answer in this envelope; for a client that met one.
    pub fn message_of(body: &'a [u8]) -> Option<(Cow<'a, str>, Option<ApiStatus>)> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            error: Body<'a>,
        }
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            message: Cow<'a, str>,
            #[serde(default, borrow, deserialize_with = "json::optional_cow")]
            status: Option<Cow<'a, str>>,
        }
        let Body { message, status } = json::read::<Envelope<'a>>(body)?.error;
        Some((message, status.as_deref().and_then(ApiStatus::parse)))
    }
}
