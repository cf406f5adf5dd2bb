//! 30xx: people sign in.

use crate::crn::{Answer, Crn, Entry, Fix, Proof};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::SIGN_IN_NO_MATCH,
    Crn::SIGN_IN_TOO_OFTEN,
    Crn::SIGN_IN_SUSPENDED,
];

impl Crn {
    /// 3001: the password and the account do not match.
    pub const SIGN_IN_NO_MATCH: Self = Self::of(&Entry {
        number: 3001,
        title: "That password and account do not match",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 401 },
        meaning: "There is no account with this address and this password. Whether there is an \
                  account with the address is not told.",
        causes: &[
            "The password or the address was mistyped.",
            "The account has another password now, or none.",
            "There is no such account here.",
        ],
        fixes: &[
            Fix::new("Type the password again; look at capitals and the keyboard layout."),
            Fix::new("Ask an administrator of your organization for a new password."),
        ],
        sections: &["Carnet: sign-in"],
        related: &[3002, 3003],
    });

    /// 3002: too many tries.
    pub const SIGN_IN_TOO_OFTEN: Self = Self::of(&Entry {
        number: 3002,
        title: "Too many tries to sign in",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 429 },
        meaning: "After several wrong passwords the next try has to wait. The page and Retry-After \
                  say how long.",
        causes: &[
            "The password was mistyped several times from this network.",
            "Somebody is guessing passwords of this account.",
        ],
        fixes: &[
            Fix::new("Wait as long as the page says, then try again."),
            Fix::new(
                "Use a browser in which you have signed in before: it is not slowed down by others.",
            ),
        ],
        sections: &["Carnet: decision 0008"],
        related: &[3001],
    });

    /// 3003: the account is suspended.
    pub const SIGN_IN_SUSPENDED: Self = Self::of(&Entry {
        number: 3003,
        title: "The organization has suspended this account",
        proof: Proof::Credential,
        answer: Answer::Page { status: 403 },
        meaning: "The password is right, but an administrator of the organization has suspended the \
                  account.",
        causes: &["An administrator suspended the account; the reason is in the directory."],
        fixes: &[
            Fix::new("Ask an administrator of your organization."),
            Fix::new("As an administrator, restore it: carnet user restore EMAIL."),
        ],
        sections: &["Carnet: sign-in"],
        related: &[3001],
    });
}
