//! 23xx: what an organization does not allow.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[Crn::POLICY_BLOCKS_SCOPE, Crn::INTERNAL_ONLY];

/// Google has no fixed sentence for it.
const POLICY: Answer = Answer::Token {
    error: TokenErrorCode::AdminPolicyEnforced,
    says: "",
};

const GOOGLE: &str = "Google: JWT error codes, admin_policy_enforced";

impl Crn {
    /// 2301: a policy blocks the scope.
    pub const POLICY_BLOCKS_SCOPE: Self = Self::of(&Entry {
        number: 2301,
        title: "A policy of the organization blocks a scope",
        proof: Proof::Credential,
        answer: POLICY,
        meaning: "The organization does not give out this scope, or not to this app, whatever else \
                  is approved.",
        causes: &[
            "The scope is one that the organization counts as sensitive.",
            "The app is not one of those that the policy excepts.",
        ],
        fixes: &[
            Fix::new("Ask for a narrower scope."),
            Fix::shown(
                "Let an admin of the organization change the policy.",
                &[Snippet::new(
                    "shell",
                    "carnet policy list --org ORGANIZATION",
                )],
            ),
        ],
        sections: &[GOOGLE],
        related: &[2207],
    });

    /// 2304: the app serves only its own organization.
    pub const INTERNAL_ONLY: Self = Self::of(&Entry {
        number: 2304,
        title: "The client is restricted to users of its organization",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::OrgInternal,
            says: google_text::ORG_INTERNAL,
        },
        meaning: "The project is internal, and the user in sub belongs to another organization or \
                  to none.",
        causes: &[
            "The project was made internal.",
            "The user has an account in more than one organization, and this is the other one.",
        ],
        fixes: &[
            Fix::new("Act for a user of the project's organization."),
            Fix::shown(
                "Make the project external.",
                &[Snippet::new(
                    "shell",
                    "carnet project update PROJECT --audience external",
                )],
            ),
        ],
        sections: &["Google: JWT error codes, org_internal"],
        related: &[2201, 2210],
    });
}
