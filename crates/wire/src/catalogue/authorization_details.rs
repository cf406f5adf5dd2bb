//! 12xx: what a request asks for in detail (RFC 9396).

use crate::authorize::AuthorizeErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::DETAILS_MALFORMED,
    Crn::DETAILS_UNKNOWN,
    Crn::DETAILS_NOT_GRANTED,
];

impl Crn {
    /// 1219: the `authorization_details` are malformed.
    pub const DETAILS_MALFORMED: Self = Self::of(&Entry {
        number: 1219,
        title: "The authorization_details are malformed",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidAuthorizationDetails),
        meaning: "The parameter authorization_details is a JSON list of objects with a type, and of \
                  bounded size.",
        causes: &[
            "One object was sent without the list around it.",
            "The JSON was encoded twice.",
            "The objects are larger than a token can carry.",
        ],
        fixes: &[Fix::new(
            "Send a list of objects, each with the member type.",
        )],
        sections: &["RFC 9396 section 2", "RFC 9396 section 5"],
        related: &[1224],
    });

    /// 1224: the details are not those of a type that this app may ask for.
    pub const DETAILS_UNKNOWN: Self = Self::of(&Entry {
        number: 1224,
        title: "The authorization_details are of no known type, or do not fit it",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidAuthorizationDetails),
        meaning: "Each type of detail is declared by an API, with the members that it has; an app may ask for \
                  those of the APIs of which it may ask for a scope.",
        causes: &[
            "The type is misspelt; it is compared letter by letter.",
            "A member is missing, is not one of the type, or has a value that the type does not allow.",
            "The app has no scope of the API that declares the type.",
            "Several APIs declare the type and locations does not say which one is meant.",
        ],
        fixes: &[
            Fix::new("Send what the message names as the API's documentation writes it."),
            Fix::new("Add a scope of the API to the app."),
        ],
        sections: &["RFC 9396 section 5"],
        related: &[1206, 1219],
    });

    /// 1225: the details were not granted.
    pub const DETAILS_NOT_GRANTED: Self = Self::of(&Entry {
        number: 1225,
        title: "The authorization_details were not granted",
        proof: Proof::Credential,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidAuthorizationDetails),
        meaning: "A request for a token may ask for some of the details that were granted, and never for more.",
        causes: &[
            "A value was changed after the user agreed.",
            "The details were not part of the authorization request.",
        ],
        fixes: &[Fix::new(
            "Send details as they were granted, or none: then the token has all of them.",
        )],
        sections: &["RFC 9396 section 6"],
        related: &[1224],
    });
}
