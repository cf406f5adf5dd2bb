//! 12xx: authorization requests that are signed (RFC 9101) or pushed before the browser leaves (RFC 9126).

use crate::authorize::AuthorizeErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::REQUEST_OBJECT,
    Crn::REQUEST_URI,
    Crn::PUSHED_UNKNOWN,
    Crn::PUSHED_OVER,
    Crn::PUSH_REQUIRED,
    Crn::PUSHED_REFERENCE,
    Crn::REQUEST_OBJECT_REQUIRED,
];

impl Crn {
    /// 1213: the request object cannot be used.
    pub const REQUEST_OBJECT: Self = Self::of(&Entry {
        number: 1213,
        title: "The request object cannot be used",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequestObject),
        meaning: "The parameter request holds an authorization request that the app signed with a key that \
                  it registered, for this server and for a short time.",
        causes: &[
            "The app has no public keys registered, or signed with another one.",
            "iss or client_id is not the client_id of the app, or aud is not the issuer of this server.",
            "exp is missing, past, or more than an hour away.",
            "The request is encrypted, or not signed (alg none); neither is read here.",
            "The parameters beside it contradict it.",
        ],
        fixes: &[
            Fix::new("Register the public key (jwks) of the app, and sign with its private half."),
            Fix::new("Write iss, client_id, aud, exp and the parameters into the request object."),
        ],
        sections: &[
            "RFC 9101 section 6",
            "RFC 9101 section 4",
            "OpenID Connect Core 1.0 section 6.1",
        ],
        related: &[1214],
    });

    /// 1214: the request lies elsewhere, and none is fetched here.
    pub const REQUEST_URI: Self = Self::of(&Entry {
        number: 1214,
        title: "Requests by reference are not read here",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::RequestUriNotSupported),
        meaning: "The parameter request_uri says where the request lies, and this server fetches \
                  none.",
        causes: &[
            "The library sends a request_uri of its own, although discovery does not offer it.",
        ],
        fixes: &[
            Fix::new("Push the request to /par, and send the request_uri that it answers."),
            Fix::new("Send the parameters themselves, without the parameter request_uri."),
        ],
        sections: &["OpenID Connect Core 1.0 section 6.2", "RFC 9101 section 6"],
        related: &[1213, 1215],
    });

    /// 1215: the pushed request is not known here.
    pub const PUSHED_UNKNOWN: Self = Self::of(&Entry {
        number: 1215,
        title: "The pushed request is not known here",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 400 },
        meaning: "No request of this app was pushed under this request_uri, or it ended long ago, so the \
                  browser is sent nowhere.",
        causes: &[
            "The request was pushed more than a minute before the browser came.",
            "The client_id is not that of the app that pushed.",
            "The request_uri was cut, or belongs to another server.",
        ],
        fixes: &[
            Fix::new("Push just before the browser is sent, for each sign-in anew."),
            Fix::new("Send the client_id with which the request was pushed."),
        ],
        sections: &["RFC 9126 section 4", "RFC 9126 section 2.2"],
        related: &[1214, 1216],
    });

    /// 1216: the pushed request is over.
    pub const PUSHED_OVER: Self = Self::of(&Entry {
        number: 1216,
        title: "The pushed request was used or has expired",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequestUri),
        meaning: "A pushed request gives one code, and is good for a short time.",
        causes: &[
            "The user went back in the browser after the app had its code.",
            "The browser came later than the request is good for.",
            "Two tabs were opened with one request_uri.",
        ],
        fixes: &[Fix::new(
            "Push the request anew, and send the browser with the new request_uri.",
        )],
        sections: &["RFC 9126 section 2.2", "RFC 9126 section 7.3"],
        related: &[1215],
    });

    /// 1217: the request must be pushed.
    pub const PUSH_REQUIRED: Self = Self::of(&Entry {
        number: 1217,
        title: "The request must be pushed",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "This app, or every app of this server, must push its requests: parameters that a browser \
                  brings are not read.",
        causes: &[
            "The app is registered with require_pushed_authorization_requests, and the library does not push.",
            "The key par.required of the server is always.",
        ],
        fixes: &[Fix::new(
            "Switch pushed authorization requests on in the library.",
        )],
        sections: &["RFC 9126 section 5", "RFC 9126 section 6"],
        related: &[1215],
    });

    /// 1218: a pushed request refers to another one.
    pub const PUSHED_REFERENCE: Self = Self::of(&Entry {
        number: 1218,
        title: "A pushed request has no request_uri",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "What is pushed is the request itself, and not where one lies.",
        causes: &[
            "The parameters of the browser were pushed, after the request_uri had been put into them.",
        ],
        fixes: &[Fix::new("Push the parameters without request_uri.")],
        sections: &["RFC 9126 section 2.1"],
        related: &[1214, 1215],
    });

    /// 1226: the request must be signed.
    pub const REQUEST_OBJECT_REQUIRED: Self = Self::of(&Entry {
        number: 1226,
        title: "The request must be signed",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "This app signs its requests: parameters that are not in a request object are not read.",
        causes: &[
            "The app is registered with require_signed_request_object, and the library does not sign.",
            "Somebody else wrote the address that the browser was sent to.",
        ],
        fixes: &[Fix::new(
            "Switch signed request objects on in the library, with a key that the app registered.",
        )],
        sections: &["RFC 9101 section 10.5"],
        related: &[1213, 1217],
    });
}
