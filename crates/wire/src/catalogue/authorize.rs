//! 12xx: the authorization request, and what it asks a token for.

use crate::crn::{Answer, Crn, Entry, Fix, Proof};
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[Crn::RESOURCE_MALFORMED];

impl Crn {
    /// 1207: a resource is no URI.
    pub const RESOURCE_MALFORMED: Self = Self::of(&Entry {
        number: 1207,
        title: "A resource is not an absolute URI",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidTarget,
            says: "",
        },
        meaning: "The parameter resource names an API by an absolute URI without a fragment.",
        causes: &[
            "The name of the API was sent, or its host without https.",
            "Two URIs were sent in one parameter.",
        ],
        fixes: &[Fix::new(
            "Send one resource parameter for each API, as its metadata writes it.",
        )],
        sections: &["RFC 8707 section 2"],
        related: &[1001],
    });
}
