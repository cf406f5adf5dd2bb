//! Why a request is not let in.
//!
//! Two kinds of no. The token is not good: one of the causes 40xx of the catalogue, told in a
//! challenge. Or nobody can say, as the issuer does not answer: then the caller's token is not
//! blamed, and what went wrong is for the log and not for the caller.

use std::fmt;

use carnet_jose::TokenRefused;
use carnet_wire::bearer::BearerErrorCode;
use carnet_wire::crn::Answer;
use carnet_wire::crn::Crn;
use carnet_wire::token::TokenErrorCode;

/// A no, with its reason.
#[derive(Clone)]
pub struct Refusal(Box<Kind>);

#[derive(Clone)]
enum Kind {
    /// The token, or the request, is not good.
    Token {
        crn: Crn,
        detail: String,
        /// What the request needs, where the token has too little or a stranger is to know.
        scope: Option<String>,
    },
    /// The token cannot be checked now.
    Unavailable(carnet_client::Error),
    /// More proofs came than can be remembered.
    TooMany,
}

impl Refusal {
    pub(crate) fn new(crn: Crn, detail: impl Into<String>) -> Self {
        let (detail, scope) = (detail.into(), None);
        Self(Box::new(Kind::Token { crn, detail, scope }))
    }

    pub(crate) fn scope_too_small(needed: &str, had: &str) -> Self {
        let detail = match had {
            "" => format!("this needs {needed}; the token has no scope of this API"),
            had => format!("this needs {needed}; the token has {had}"),
        };
        Self(Box::new(Kind::Token {
            crn: Crn::TOKEN_SCOPE_TOO_SMALL,
            detail,
            scope: Some(needed.to_owned()),
        }))
    }

    /// Says which scope the request needs, where a token is missing or not good.
    pub(crate) fn asking(mut self, needed: &str) -> Self {
        if self.status() == 401
            && let Kind::Token { scope, .. } = &mut *self.0
        {
            scope.get_or_insert_with(|| needed.to_owned());
        }
        self
    }

    pub(crate) fn unavailable(error: carnet_client::Error) -> Self {
        Self(Box::new(Kind::Unavailable(error)))
    }

    pub(crate) fn too_many() -> Self {
        Self(Box::new(Kind::TooMany))
    }

    /// What the token reader has to say.
    pub(crate) fn unreadable(refused: &TokenRefused) -> Self {
        let crn = match refused {
            TokenRefused::Algorithm(_)
            | TokenRefused::KeyAlgorithm { .. }
            | TokenRefused::Signature => Crn::TOKEN_SIGNATURE,
            TokenRefused::TooLong(_)
            | TokenRefused::NotThreeSegments
            | TokenRefused::Encoding(_)
            | TokenRefused::Header(_)
            | TokenRefused::Member(_)
            | TokenRefused::Critical => Crn::TOKEN_MALFORMED,
        };
        Self::new(crn, refused.to_string())
    }

    pub(crate) fn cause(&self) -> Crn {
        match &*self.0 {
            Kind::Token { crn, .. } => *crn,
            Kind::Unavailable(_) | Kind::TooMany => Crn::UNAVAILABLE,
        }
    }

    /// The `error` of the challenge (RFC 6750 §3.1); none where no token came, or where nobody can
    /// say.
    pub(crate) fn code(&self) -> Option<BearerErrorCode> {
        match self.cause().answer() {
            Answer::Resource(code) => code,
            _ => None,
        }
    }

    /// What the request needs, where that is to be said.
    pub(crate) fn needed(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Token { scope, .. } => scope.as_deref(),
            Kind::Unavailable(_) | Kind::TooMany => None,
        }
    }

    /// The `error` of the challenge, where it is about a proof (RFC 9449 §7.1).
    pub(crate) fn of_proof(&self) -> Option<TokenErrorCode> {
        match self.cause().answer() {
            Answer::Token { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The cause in Carnet's catalogue, such as `CRN-4001`.
    pub fn crn(&self) -> String {
        self.cause().to_string()
    }

    /// The HTTP status: 401, 403, 400, or 503.
    pub fn status(&self) -> u16 {
        match self.of_proof() {
            // At a token endpoint it would be 400.
            Some(_) => 401,
            None => self.cause().status().unwrap_or(503),
        }
    }

    /// What a developer reads: the code and the measured cause, in the characters that RFC 6750 §3
    /// allows.
    pub fn description(&self) -> String {
        let crn = self.cause();
        match &*self.0 {
            Kind::Token { detail, .. } => crn.describe(detail),
            Kind::Unavailable(_) | Kind::TooMany => {
                crn.describe_as("", "The token cannot be checked at the moment.")
            }
        }
    }

    /// Whether the token is not to blame: the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        matches!(&*self.0, Kind::Unavailable(_) | Kind::TooMany)
    }

    /// Whether the request had no token at all: a browser might be sent to a login then.
    pub fn is_missing(&self) -> bool {
        self.cause() == Crn::TOKEN_MISSING
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description())
    }
}

/// The same words as `Display`.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Token { .. } | Kind::TooMany => None,
            Kind::Unavailable(error) => Some(error),
        }
    }
}
