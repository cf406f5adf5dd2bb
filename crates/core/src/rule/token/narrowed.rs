//! `narrowed`: a claim of ours, in tokens that were made weaker than the one that they were made of.
//!
//! Whoever is shown such a token and does not look at the boundary refuses it. It is only ever in sealed tokens.

use std::borrow::Cow;

use carnet_wire::google::access_boundary::AccessBoundary;
use serde::Deserialize;
use serde::Serialize;

/// What a token was made of, and what it does not go beyond.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Narrowed<'a> {
    /// The `jti` of the whole token: when that is revoked, this one is worth nothing.
    #[serde(borrow)]
    pub of: Cow<'a, str>,
    /// What it does not go beyond.
    pub boundary: AccessBoundary,
}

impl Narrowed<'_> {
    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Narrowed<'static> {
        Narrowed {
            of: Cow::Owned(self.of.into_owned()),
            boundary: self.boundary,
        }
    }
}
