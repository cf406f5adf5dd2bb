//! Why something was not taken: of which kind the no is, and a sentence for whoever may know.

use std::fmt;

/// A no.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{detail}")]
pub struct Refused {
    /// Its kind.
    pub kind: Kind,
    /// A sentence, printable and short whatever was sent.
    pub detail: String,
}

/// The kinds of no.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// It is not XML, not SAML, or not in the profile.
    Malformed,
    /// Somebody else made it than whom the provider trusts.
    Issuer,
    /// It is not signed by a key of the provider, or not in a way that is taken.
    Signature,
    /// It is for somebody else.
    Audience,
    /// It has expired.
    Expired,
    /// Its times are not acceptable in another way.
    Times,
}

impl Refused {
    pub(crate) fn new(kind: Kind, detail: impl fmt::Display) -> Self {
        Self {
            kind,
            detail: detail.to_string(),
        }
    }

    pub(crate) fn malformed(detail: impl fmt::Display) -> Self {
        Self::new(Kind::Malformed, detail)
    }
}
