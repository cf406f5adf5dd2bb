//! 15xx: devices that wait for a person.

use crate::crn::{Answer, Crn, Entry, Fix, Proof};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::DEVICE_PENDING,
    Crn::DEVICE_HASTY,
    Crn::DEVICE_CODE_EXPIRED,
    Crn::USER_CODE_WRONG,
    Crn::DEVICE_DENIED,
    Crn::DEVICE_CODE_UNKNOWN,
    Crn::DEVICE_DETAILS,
];

const fn told(error: TokenErrorCode) -> Answer {
    Answer::Token {
        error,
        says: google_text::BAD_REQUEST,
    }
}

impl Crn {
    /// 1501: nobody has answered yet.
    pub const DEVICE_PENDING: Self = Self::of(&Entry {
        number: 1501,
        title: "Nobody has answered yet",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::AuthorizationPending),
        meaning: "The person has not typed the code, or has not decided. The device polls again.",
        causes: &["It takes a person some time to find a browser and to sign in."],
        fixes: &[Fix::new(
            "Wait for the interval, and poll again until the code expires.",
        )],
        sections: &["RFC 8628 section 3.5"],
        related: &[1502, 1503],
    });

    /// 1502: the device polls too often.
    pub const DEVICE_HASTY: Self = Self::of(&Entry {
        number: 1502,
        title: "The device polls too often",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::SlowDown),
        meaning: "The device asked again before its interval was over. It must wait five seconds \
                  longer between two polls, from now on.",
        causes: &[
            "The interval of the first answer is not read, or is taken for milliseconds.",
            "Two instances poll with one code.",
        ],
        fixes: &[Fix::new(
            "Add five seconds to the interval at each slow_down.",
        )],
        sections: &["RFC 8628 section 3.5"],
        related: &[1501],
    });

    /// 1503: the device code has expired.
    pub const DEVICE_CODE_EXPIRED: Self = Self::of(&Entry {
        number: 1503,
        title: "The device code has expired",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::ExpiredToken),
        meaning: "Nobody answered while the code was good.",
        causes: &["The person was away, or typed the code at another server."],
        fixes: &[Fix::new("Ask for a new code and show it.")],
        sections: &["RFC 8628 section 3.5"],
        related: &[1501, 1506],
    });

    /// 1504: the code that a person typed is not right.
    pub const USER_CODE_WRONG: Self = Self::of(&Entry {
        number: 1504,
        title: "That code is not right or has expired",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 400 },
        meaning: "No device waits with this code: it was mistyped, has expired, or was answered \
                  before. Which of these is told to nobody.",
        causes: &[
            "A letter was mistyped.",
            "The code on the device has been replaced by a newer one.",
        ],
        fixes: &[Fix::new(
            "Look at the device, and type the code that it shows now.",
        )],
        sections: &["RFC 8628 section 3.3", "RFC 8628 section 5.1"],
        related: &[1503],
    });

    /// 1505: the person denied it.
    pub const DEVICE_DENIED: Self = Self::of(&Entry {
        number: 1505,
        title: "The person denied it",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::AccessDenied),
        meaning: "Somebody typed the code, signed in, and pressed Cancel.",
        causes: &["The person did not expect this device to ask."],
        fixes: &[Fix::new(
            "Ask for a new code only when the person wants it.",
        )],
        sections: &["RFC 8628 section 3.5"],
        related: &[1501],
    });

    /// 1506: the device code is not valid.
    pub const DEVICE_CODE_UNKNOWN: Self = Self::of(&Entry {
        number: 1506,
        title: "The device code is not valid",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::InvalidGrant),
        meaning: "There is no such code, it is another client's, or it was redeemed before: which \
                  of these is told to nobody.",
        causes: &[
            "The user code was sent in place of the device code.",
            "The device polled on after it had its tokens.",
            "The code was cut, or belongs to another server.",
        ],
        fixes: &[Fix::new(
            "Poll with the device_code of the answer, whole, and stop when tokens came.",
        )],
        sections: &["RFC 8628 section 3.4", "RFC 6749 section 5.2"],
        related: &[1503],
    });

    /// 1507: a device asks in detail.
    pub const DEVICE_DETAILS: Self = Self::of(&Entry {
        number: 1507,
        title: "A device asks for scopes, and not in detail",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidRequest,
            says: "",
        },
        meaning: "The parameter authorization_details is not taken at the device authorization endpoint. It is \
                  refused, so that no device believes it has what its person was never shown.",
        causes: &["An app for browsers was moved to a device with all its parameters."],
        fixes: &[
            Fix::new("Ask for scopes."),
            Fix::new("Send the person through /authorize, where details are shown and granted."),
        ],
        sections: &["RFC 9396 section 3", "RFC 8628 section 3.1"],
        related: &[1219, 1224],
    });
}
