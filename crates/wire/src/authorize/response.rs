//! The answer that a browser carries back to the client.
//!
//! RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2 (`iss`, against mix-up), Form Post Response Mode §2.
//! The redirect URI keeps the query that it has (RFC 6749 §3.1.2); it has no fragment, as none can
//! be registered.

use std::borrow::Cow;
use std::fmt;

use url::form_urlencoded::Serializer;

use super::{AuthorizeErrorCode, ResponseMode};
use crate::legal::legal;

/// What is answered.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AuthorizationResponse<'a> {
    /// The code.
    pub code: Option<Cow<'a, str>>,
    /// The access token, where the implicit grant is on.
    pub access_token: Option<Cow<'a, str>>,
    /// For how many seconds it is good.
    pub expires_in: Option<u64>,
    /// What was granted, where that is not what was asked for.
    pub scope: Option<Cow<'a, str>>,
    /// The ID token.
    pub id_token: Option<Cow<'a, str>>,
    /// The no.
    pub error: Option<AuthorizeErrorCode>,
    /// What a developer reads.
    pub error_description: Option<Cow<'a, str>>,
    /// The page that explains it.
    pub error_uri: Option<Cow<'a, str>>,
    /// The client's own word, as it was sent.
    pub state: Option<Cow<'a, str>>,
    /// Who answers (RFC 9207 §2).
    pub iss: Cow<'a, str>,
}

impl<'a> AuthorizationResponse<'a> {
    /// A code.
    pub fn code(
        code: impl Into<Cow<'a, str>>,
        state: Option<Cow<'a, str>>,
        iss: impl Into<Cow<'a, str>>,
    ) -> Self {
        Self {
            code: Some(code.into()),
            state,
            iss: iss.into(),
            ..Self::default()
        }
    }

    /// A no.
    pub fn error(
        error: AuthorizeErrorCode,
        description: impl Into<Cow<'a, str>>,
        state: Option<Cow<'a, str>>,
        iss: impl Into<Cow<'a, str>>,
    ) -> Self {
        Self {
            error: Some(error),
            error_description: Some(description.into()),
            state,
            iss: iss.into(),
            ..Self::default()
        }
    }

    /// The parameters, in one order.
    pub fn params(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        let access_token = self.access_token.as_deref();
        let expires_in = self.expires_in.map(|seconds| seconds.to_string());
        let members = [
            ("code", self.code.as_deref().map(Cow::Borrowed)),
            ("access_token", access_token.map(Cow::Borrowed)),
            ("token_type", access_token.map(|_| Cow::Borrowed("Bearer"))),
            ("expires_in", expires_in.map(Cow::Owned)),
            ("scope", self.scope.as_deref().map(Cow::Borrowed)),
            ("id_token", self.id_token.as_deref().map(Cow::Borrowed)),
            (
                "error",
                self.error.map(|error| Cow::Borrowed(error.as_str())),
            ),
            (
                "error_description",
                self.error_description.as_deref().map(legal),
            ),
            ("error_uri", self.error_uri.as_deref().map(legal)),
            ("state", self.state.as_deref().map(Cow::Borrowed)),
            ("iss", Some(Cow::Borrowed(self.iss.as_ref()))),
        ];
        let sent = members.into_iter();
        sent.filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// The answer, ready for a browser that goes to this redirect URI.
    pub fn deliver(&self, redirect_uri: &str, mode: ResponseMode) -> Delivery<'_> {
        let separator = match mode {
            ResponseMode::FormPost => return Delivery::Form(self.params()),
            ResponseMode::Fragment => '#',
            ResponseMode::Query if redirect_uri.contains('?') => '&',
            ResponseMode::Query => '?',
        };
        let mut location = redirect_uri.to_owned();
        // An empty query, or one that ends in &, needs no other separator.
        if separator != '&' || !redirect_uri.ends_with(['?', '&']) {
            location.push(separator);
        }
        let start = location.len();
        let mut query = Serializer::for_suffix(location, start);
        query.extend_pairs(self.params());
        Delivery::Location(query.finish())
    }
}

/// How an answer leaves.
#[derive(Clone, PartialEq, Eq)]
pub enum Delivery<'a> {
    /// The value of a `Location` header.
    Location(String),
    /// The hidden fields of a form that the browser posts to the redirect URI.
    Form(Vec<(&'static str, Cow<'a, str>)>),
}

/// Without codes and tokens.
impl fmt::Debug for AuthorizationResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationResponse")
            .field("error", &self.error)
            .field("error_description", &self.error_description)
            .field("iss", &self.iss)
            .finish_non_exhaustive()
    }
}
