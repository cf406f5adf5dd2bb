//! 2530 to 2531: tokens of ours that are made weaker by an access boundary (google-wire 6.5).
//!
//! Google answers all of them with 400.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of the range.
pub(super) const CODES: &[Crn] = &[Crn::STS_BOUNDARY, Crn::STS_BOUNDED_ALREADY];

const REQUEST: Answer = Answer::Http {
    status: 400,
    error: TokenErrorCode::InvalidRequest,
};

impl Crn {
    /// 2530: the access boundary is none.
    pub const STS_BOUNDARY: Self = Self::of(&Entry {
        number: 2530,
        title: "The access boundary cannot be taken",
        proof: Proof::Nothing,
        answer: REQUEST,
        meaning: "A token is made weaker by an access boundary of at most ten rules and 3,072 bytes, \
                  whose conditions can be compiled. Everything else of the token stays as it is.",
        causes: &[
            "options has no accessBoundary, or one with a member that is not known.",
            "There are more than ten rules, or they are too long for a token.",
            "availableResource does not begin with //, or a permission does not begin with inRole:.",
            "The expression of a condition calls what there is not.",
            "A scope is asked for beside it, and it is not the token's.",
        ],
        fixes: &[Fix::shown(
            "Send rules in this shape.",
            &[Snippet::new(
                "json",
                "{\"accessBoundary\":{\"accessBoundaryRules\":[{\"availableResource\":\"//storage.googleapis.com/projects/_/buckets/B\",\"availablePermissions\":[\"inRole:roles/storage.objectViewer\"]}]}}",
            )],
        )],
        sections: &["google-wire 6.5"],
        related: &[2504, 2531],
    });

    /// 2531: the token has a boundary already.
    pub const STS_BOUNDED_ALREADY: Self = Self::of(&Entry {
        number: 2531,
        title: "The token has an access boundary already",
        proof: Proof::Credential,
        answer: REQUEST,
        meaning: "A boundary is put on a token once, so that nothing has to be compared to know that \
                  the second one is not wider.",
        causes: &["The program passes on a token that was made weaker for it."],
        fixes: &[Fix::new(
            "Make the token weaker where the whole one is, with the rules that are wanted in the end.",
        )],
        sections: &["google-wire 6.5"],
        related: &[2530, 4014],
    });
}
