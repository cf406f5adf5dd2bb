//! 2201 to 2213: acting for a user (domain-wide delegation).

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this part of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::DELEGATION_MISSING,
    Crn::DELEGATION_ENDED,
    Crn::DELEGATION_SUSPENDED,
    Crn::DELEGATION_OF_OTHER_SCOPES,
    Crn::DELEGATION_NOT_ALLOWED,
    Crn::DELEGATION_OF_SOME_SCOPES,
    Crn::USER_OUTSIDE_THE_GROUPS,
    Crn::USER_UNKNOWN,
    Crn::USER_SUSPENDED,
    Crn::SUB_NOT_AN_EMAIL,
];

const NOT_APPROVED: Answer = Answer::Token {
    error: TokenErrorCode::UnauthorizedClient,
    says: google_text::UNAUTHORIZED_CLIENT_OR_SCOPE,
};

const NOT_FOR_THIS: Answer = Answer::Token {
    error: TokenErrorCode::UnauthorizedClient,
    says: google_text::UNAUTHORIZED_METHOD,
};

const NOT_ALL: Answer = Answer::Token {
    error: TokenErrorCode::AccessDenied,
    says: google_text::NOT_AUTHORIZED,
};

const GOOGLE_UNAUTHORIZED: &str = "Google: JWT error codes, unauthorized_client";
const GOOGLE_DENIED: &str = "Google: JWT error codes, access_denied";

const CREATE: Snippet = Snippet::new(
    "shell",
    "carnet delegation create CLIENT_ID --scope SCOPE,SCOPE --everyone --org ORGANIZATION",
);

const ASK: Fix = Fix::shown(
    "Let an admin of the user's organization approve it.",
    &[CREATE],
);

const LIST: Fix = Fix::shown(
    "Look at what is approved.",
    &[Snippet::new(
        "shell",
        "carnet delegation list --org ORGANIZATION",
    )],
);

impl Crn {
    /// 2201: there is no delegation.
    pub const DELEGATION_MISSING: Self = Self::of(&Entry {
        number: 2201,
        title: "The service account is not approved to act for users of this domain",
        proof: Proof::Credential,
        answer: NOT_APPROVED,
        meaning: "The claim sub names a user, and no admin of the user's organization approved \
                  this account.",
        causes: &[
            "The approval was never made, or was made in another organization.",
            "The approval names the client id of another account.",
            "The domain of the user is misspelt.",
        ],
        fixes: &[ASK, LIST],
        sections: &["RFC 7523 section 3", GOOGLE_UNAUTHORIZED],
        related: &[2202, 2203, 2206, 2210],
    });

    /// 2202: the delegation ended.
    pub const DELEGATION_ENDED: Self = Self::of(&Entry {
        number: 2202,
        title: "The delegation has ended",
        proof: Proof::Credential,
        answer: NOT_APPROVED,
        meaning: "The account was approved until a day that is over.",
        causes: &["The approval was made for a limited time."],
        fixes: &[Fix::shown("Let an admin approve it for longer.", &[CREATE])],
        sections: &[GOOGLE_UNAUTHORIZED],
        related: &[2201, 2203],
    });

    /// 2203: the delegation is suspended.
    pub const DELEGATION_SUSPENDED: Self = Self::of(&Entry {
        number: 2203,
        title: "The delegation is suspended",
        proof: Proof::Credential,
        answer: NOT_APPROVED,
        meaning: "An admin stopped the approval without deleting it.",
        causes: &["The admin is looking into what the account does."],
        fixes: &[Fix::shown(
            "Ask who suspended it; the audit log has the name.",
            &[Snippet::new(
                "shell",
                "carnet audit list --target DELEGATION_ID",
            )],
        )],
        sections: &[GOOGLE_UNAUTHORIZED],
        related: &[2201, 2202],
    });

    /// 2205: none of the scopes is delegated.
    pub const DELEGATION_OF_OTHER_SCOPES: Self = Self::of(&Entry {
        number: 2205,
        title: "None of the requested scopes is approved for delegation",
        proof: Proof::Credential,
        answer: NOT_FOR_THIS,
        meaning: "The account may act for users of this domain, but not with any of these scopes.",
        causes: &[
            "The scopes were changed in the program and not in the approval.",
            "A broad scope is approved and a narrow one asked for; each scope counts for itself.",
            "A scope is written differently, for example with a slash at its end.",
        ],
        fixes: &[ASK, Fix::new("Ask only for scopes that are approved.")],
        sections: &["RFC 6749 section 3.3", GOOGLE_UNAUTHORIZED],
        related: &[2207, 2217],
    });

    /// 2206: the account may act only for itself.
    pub const DELEGATION_NOT_ALLOWED: Self = Self::of(&Entry {
        number: 2206,
        title: "This account may only act for itself",
        proof: Proof::Credential,
        answer: NOT_FOR_THIS,
        meaning: "The claim sub names a user, and no organization approved this account for anybody.",
        causes: &[
            "The program was written for an account with delegation.",
            "The user has no organization, so there is no admin who could approve.",
        ],
        fixes: &[
            Fix::shown(
                "Leave out the user.",
                &[
                    Snippet::new(
                        "Python",
                        "credentials = credentials.with_scopes(scopes)   # no with_subject",
                    ),
                    Snippet::new("JSON", "remove the claims sub and prn"),
                ],
            ),
            Fix::new("Use an account that the user's organization approved."),
        ],
        sections: &["RFC 7523 section 3", GOOGLE_UNAUTHORIZED],
        related: &[2201],
    });

    /// 2207: some of the scopes are not delegated.
    pub const DELEGATION_OF_SOME_SCOPES: Self = Self::of(&Entry {
        number: 2207,
        title: "Some of the requested scopes are not approved for delegation",
        proof: Proof::Credential,
        answer: NOT_ALL,
        meaning: "The account may act for users of this domain with some of these scopes; a token \
                  is made for all or none.",
        causes: &[
            "A scope was added to the program and not to the approval.",
            "A scope is written differently, for example with a slash at its end.",
        ],
        fixes: &[
            ASK,
            Fix::new("Leave out the scopes that the message names."),
        ],
        sections: &["RFC 6749 section 3.3", GOOGLE_DENIED],
        related: &[2205, 2217],
    });

    /// 2208: the user is outside the groups of the delegation.
    pub const USER_OUTSIDE_THE_GROUPS: Self = Self::of(&Entry {
        number: 2208,
        title: "The user is outside the groups that this delegation covers",
        proof: Proof::Delegation,
        answer: NOT_ALL,
        meaning: "The approval is for members of certain groups, and the user is in none of them.",
        causes: &["The user is new, or was moved to another group."],
        fixes: &[
            Fix::shown(
                "Let an admin add the user to a group of the delegation.",
                &[Snippet::new("shell", "carnet group member add GROUP USER")],
            ),
            LIST,
        ],
        sections: &[GOOGLE_DENIED],
        related: &[2210],
    });

    /// 2210: the user is not one of the organization.
    pub const USER_UNKNOWN: Self = Self::of(&Entry {
        number: 2210,
        title: "The sub is not a user of this organization",
        proof: Proof::Delegation,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidGrant,
            says: google_text::NOT_A_VALID_EMAIL,
        },
        meaning: "The delegation is approved, but there is no user with this address.",
        causes: &[
            "The address is misspelt.",
            "The user was deleted, or has another address now.",
            "The address is that of a group.",
        ],
        fixes: &[Fix::shown(
            "Look for the user.",
            &[Snippet::new("shell", "carnet user list --org ORGANIZATION")],
        )],
        sections: &[
            "RFC 7523 section 3",
            "Google: JWT error codes, invalid_grant",
        ],
        related: &[2211, 2213],
    });

    /// 2211: the user is suspended.
    pub const USER_SUSPENDED: Self = Self::of(&Entry {
        number: 2211,
        title: "The user is suspended",
        proof: Proof::Delegation,
        answer: Answer::Token {
            error: TokenErrorCode::AccessDenied,
            says: google_text::ACCOUNT_RESTRICTED,
        },
        meaning: "Nobody acts for a user who is suspended.",
        causes: &["The user left, or an admin suspended the user."],
        fixes: &[
            Fix::new("Leave out this user."),
            Fix::shown(
                "Let an admin restore the user.",
                &[Snippet::new("shell", "carnet user restore USER")],
            ),
        ],
        sections: &[GOOGLE_DENIED],
        related: &[2210],
    });

    /// 2213: `sub` is not an e-mail address.
    pub const SUB_NOT_AN_EMAIL: Self = Self::of(&Entry {
        number: 2213,
        title: "The sub is not an e-mail address",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidRequest,
            says: google_text::INVALID_SUB,
        },
        meaning: "The claim sub must hold the e-mail address of the user to act for, as a string.",
        causes: &[
            "The id of the user was put into sub.",
            "The address is in the form of a mail header, with a name and angle brackets.",
        ],
        fixes: &[Fix::shown(
            "Put the plain address into sub.",
            &[
                Snippet::new("JSON", "\"sub\": \"alice@example.com\""),
                Snippet::new("Python", "credentials.with_subject('alice@example.com')"),
            ],
        )],
        sections: &["RFC 7523 section 3"],
        related: &[2210],
    });
}
