//! 10xx: the form of a request.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::PARAMETER_MISSING,
    Crn::PARAMETER_REPEATED,
    Crn::CONTENT_TYPE,
    Crn::PARAMETERS_IN_QUERY,
    Crn::METHOD,
    Crn::GRANT_TYPE_UNKNOWN,
    Crn::GRANT_TYPE_MISSING,
    Crn::BODY_TOO_LARGE,
    Crn::FORM_OUT_OF_BOUNDS,
    Crn::FORM_ENCODING,
    Crn::PATH_UNKNOWN,
];

const MALFORMED: Answer = Answer::Token {
    error: TokenErrorCode::InvalidRequest,
    says: google_text::BAD_REQUEST,
};

const GRANT_TYPE: Answer = Answer::Token {
    error: TokenErrorCode::UnsupportedGrantType,
    says: google_text::INVALID_GRANT_TYPE,
};

const CURL_FORM: Snippet = Snippet::new(
    "curl",
    "curl https://ISSUER/token \\\n  \
     --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer \\\n  \
     --data-urlencode assertion@assertion.jwt",
);

impl Crn {
    /// 1001: a parameter is missing.
    pub const PARAMETER_MISSING: Self = Self::of(&Entry {
        number: 1001,
        title: "A parameter is missing",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "The request needs a parameter that is not there, or is there without a value.",
        causes: &[
            "The name of the parameter is misspelt: names are case-sensitive.",
            "A variable was empty when the request was built; a parameter without a value counts \
             as absent.",
            "The body was lost on the way, for example when a redirect turned POST into GET.",
        ],
        fixes: &[Fix::shown(
            "Send the parameter that the message names, in the body.",
            &[CURL_FORM],
        )],
        sections: &["RFC 6749 section 3.2", "RFC 7523 section 2.1"],
        related: &[1003, 1004, 1007],
    });

    /// 1002: a parameter appears more than once.
    pub const PARAMETER_REPEATED: Self = Self::of(&Entry {
        number: 1002,
        title: "A parameter appears more than once",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "Each parameter may be sent once; which of two values was meant cannot be known.",
        causes: &[
            "The parameter is set by a library and once more by hand.",
            "A list was sent as one parameter per value, where one value with spaces is wanted.",
        ],
        fixes: &[
            Fix::new("Send the parameter once."),
            Fix::shown(
                "Join a list with spaces.",
                &[Snippet::new(
                    "form",
                    "scope=invoices.read%20calendar.readonly",
                )],
            ),
        ],
        sections: &["RFC 6749 section 3.2"],
        related: &[1001, 2215],
    });

    /// 1003: the body is of another content type.
    pub const CONTENT_TYPE: Self = Self::of(&Entry {
        number: 1003,
        title: "The body is not a form",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "This endpoint reads application/x-www-form-urlencoded, and the Content-Type says \
                  something else.",
        causes: &[
            "The parameters were sent as JSON.",
            "The parameters were sent as multipart/form-data, as curl does with -F.",
            "The header Content-Type is missing.",
        ],
        fixes: &[
            Fix::shown("Send the parameters as a form.", &[CURL_FORM]),
            Fix::shown(
                "Let the library encode the form.",
                &[
                    Snippet::new(
                        "Python",
                        "requests.post(url, data=parameters)   # not json=parameters",
                    ),
                    Snippet::new(
                        "JavaScript",
                        "fetch(url, {method: 'POST', body: new URLSearchParams(parameters)})",
                    ),
                ],
            ),
        ],
        sections: &["RFC 6749 section 3.2", "RFC 6749 appendix B"],
        related: &[1001, 6011],
    });

    /// 1004: the parameters are in the query of a POST.
    pub const PARAMETERS_IN_QUERY: Self = Self::of(&Entry {
        number: 1004,
        title: "The parameters are in the URL",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "Parameters of this endpoint belong into the body: URLs are kept in logs and \
                  histories.",
        causes: &[
            "The request was built like a GET and then sent as POST.",
            "curl was called with -G, or with the parameters behind a question mark.",
        ],
        fixes: &[Fix::shown(
            "Put the parameters into the body.",
            &[CURL_FORM],
        )],
        sections: &["RFC 6749 section 3.2", "RFC 6749 section 2.3.1"],
        related: &[1001, 1005],
    });

    /// 1005: the method is not allowed at this path.
    pub const METHOD: Self = Self::of(&Entry {
        number: 1005,
        title: "The method is not allowed at this path",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 405,
            error: TokenErrorCode::InvalidRequest,
        },
        meaning: "The path exists, but not for this HTTP method; the header Allow lists the \
                  methods.",
        causes: &[
            "The token endpoint was opened in a browser, which sends GET.",
            "A redirect turned POST into GET, for example from http to https.",
        ],
        fixes: &[
            Fix::new("Use a method that the header Allow names; the token endpoint takes POST."),
            Fix::new("Use the https URL from the metadata, so that no redirect happens."),
        ],
        sections: &["RFC 6749 section 3.2", "RFC 9110 section 15.5.6"],
        related: &[1004, 6013],
    });

    /// 1006: the grant type is unknown.
    pub const GRANT_TYPE_UNKNOWN: Self = Self::of(&Entry {
        number: 1006,
        title: "The grant_type is unknown",
        proof: Proof::Nothing,
        answer: GRANT_TYPE,
        meaning: "This server does not know the grant type, or does not offer it.",
        causes: &[
            "The grant type is misspelt, or its URN is cut or encoded twice.",
            "The grant type is one that this server does not offer; its metadata lists those it \
             does.",
            "The old pair grant_type=assertion came without its assertion_type.",
        ],
        fixes: &[
            Fix::shown(
                "Send the grant type of service accounts.",
                &[Snippet::new(
                    "form",
                    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer",
                )],
            ),
            Fix::shown(
                "Read grant_types_supported in the metadata.",
                &[Snippet::new(
                    "curl",
                    "curl https://ISSUER/.well-known/oauth-authorization-server",
                )],
            ),
        ],
        sections: &["RFC 6749 section 5.2", "RFC 7523 section 2.1"],
        related: &[1007],
    });

    /// 1007: there is no grant type.
    pub const GRANT_TYPE_MISSING: Self = Self::of(&Entry {
        number: 1007,
        title: "The grant_type is missing",
        proof: Proof::Nothing,
        answer: GRANT_TYPE,
        meaning: "The token endpoint does not know what is asked without the parameter grant_type.",
        causes: &[
            "The body is empty, or was lost in a redirect.",
            "The body is JSON under the content type of a form, so it holds one long name and no \
             parameter.",
            "The parameters were sent in the URL.",
        ],
        fixes: &[Fix::shown("Send grant_type in the body.", &[CURL_FORM])],
        sections: &["RFC 6749 section 5.2", "RFC 7523 section 2.1"],
        related: &[1001, 1004, 1006],
    });

    /// 1008: the body is too large.
    pub const BODY_TOO_LARGE: Self = Self::of(&Entry {
        number: 1008,
        title: "The body is too large",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 413,
            error: TokenErrorCode::InvalidRequest,
        },
        meaning: "A form may have 64 KiB, which is many times what an honest request needs.",
        causes: &["Something other than parameters was sent, for example a file."],
        fixes: &[Fix::new("Send only the parameters of the request.")],
        sections: &["RFC 9110 section 15.5.14"],
        related: &[1009, 6014],
    });

    /// 1009: too many parameters, or one that is too long.
    pub const FORM_OUT_OF_BOUNDS: Self = Self::of(&Entry {
        number: 1009,
        title: "There are too many parameters, or one is too long",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "A form may have 64 parameters, with names of 128 bytes and values of 32 KiB.",
        causes: &[
            "JSON was sent under the content type of a form, and is now one long name.",
            "The assertion carries large private claims.",
        ],
        fixes: &[
            Fix::new("Send only the parameters of the request."),
            Fix::new("Remove private claims from the assertion."),
        ],
        sections: &["RFC 6749 section 3.2"],
        related: &[1003, 1008],
    });

    /// 1010: the encoding of the form is broken.
    pub const FORM_ENCODING: Self = Self::of(&Entry {
        number: 1010,
        title: "The form is not encoded correctly",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "A percent sign is not followed by two hexadecimal digits, or the bytes are not \
                  UTF-8.",
        causes: &[
            "A value was put into the form without encoding it.",
            "The text is in another character set, for example Latin-1.",
        ],
        fixes: &[Fix::shown(
            "Let the library encode the form.",
            &[
                CURL_FORM,
                Snippet::new("Python", "urllib.parse.urlencode(parameters)"),
                Snippet::new("JavaScript", "new URLSearchParams(parameters).toString()"),
            ],
        )],
        sections: &["RFC 6749 appendix B"],
        related: &[1003],
    });

    /// 1011: there is nothing at this path.
    pub const PATH_UNKNOWN: Self = Self::of(&Entry {
        number: 1011,
        title: "There is nothing at this path",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 404,
            error: TokenErrorCode::InvalidRequest,
        },
        meaning: "The server answers, but not at this path.",
        causes: &[
            "The path is misspelt, or has a slash at its end.",
            "The path is that of another product; the metadata names ours.",
            "A proxy in front of the server adds or removes a part of the path.",
        ],
        fixes: &[Fix::shown(
            "Take the URLs from the metadata.",
            &[Snippet::new(
                "curl",
                "curl https://ISSUER/.well-known/openid-configuration",
            )],
        )],
        sections: &["RFC 8414 section 3", "RFC 9110 section 15.5.5"],
        related: &[1005, 6004],
    });
}
