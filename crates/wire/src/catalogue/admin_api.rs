//! 60xx: the admin API.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::ADMIN_NOT_AUTHENTICATED,
    Crn::ADMIN_SCOPE,
    Crn::ADMIN_ROLE,
    Crn::NOT_FOUND,
    Crn::ALREADY_EXISTS,
    Crn::ETAG_MISMATCH,
    Crn::FIELD_WRONG,
    Crn::BODY_NOT_JSON,
    Crn::TOO_MANY_KEYS,
    Crn::CURSOR_NOT_OURS,
    Crn::ADMIN_MEDIA_TYPE,
    Crn::STATE_DOES_NOT_ALLOW,
    Crn::ADMIN_METHOD,
    Crn::ADMIN_BODY_TOO_LARGE,
    Crn::IF_MATCH_REQUIRED,
];

const BAD_REQUEST: Answer = Answer::Admin { status: 400 };

impl Crn {
    /// 6001: the caller is not authenticated.
    pub const ADMIN_NOT_AUTHENTICATED: Self = Self::of(&Entry {
        number: 6001,
        title: "The admin API needs an access token",
        proof: Proof::Nothing,
        answer: Answer::Admin { status: 401 },
        meaning: "The request has no access token of this server, or one that is expired, revoked \
                  or for another API.",
        causes: &[
            "The key that the context names was disabled or deleted.",
            "The header Authorization is missing.",
        ],
        fixes: &[
            Fix::shown(
                "Keep the server and the key file of an administrator.",
                &[Snippet::new(
                    "shell",
                    "carnet context create NAME --url https://ISSUER --key key.json",
                )],
            ),
            Fix::shown(
                "Send a token in the header.",
                &[Snippet::new(
                    "curl",
                    "curl -H \"Authorization: Bearer $TOKEN\" https://ISSUER/admin/v1/projects",
                )],
            ),
        ],
        sections: &["RFC 6750 section 3.1"],
        related: &[4007, 6002],
    });

    /// 6002: the token lacks the scope.
    pub const ADMIN_SCOPE: Self = Self::of(&Entry {
        number: 6002,
        title: "The token lacks the admin scope",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 403 },
        meaning: "The token is good, and does not carry the scope that this request needs.",
        causes: &["The token was made for reading, or for another API."],
        fixes: &[Fix::new(
            "Get a token with the scope that the message names.",
        )],
        sections: &["RFC 6750 section 3.1"],
        related: &[4006, 6003],
    });

    /// 6003: the role does not allow it.
    pub const ADMIN_ROLE: Self = Self::of(&Entry {
        number: 6003,
        title: "Your role does not allow this",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 403 },
        meaning: "The scope would allow it, but the role of the caller in this project or \
                  organization does not.",
        causes: &[
            "The caller may read and not write.",
            "The caller has a role in another project.",
        ],
        fixes: &[
            Fix::new("Ask an owner of the project or organization for the role."),
            Fix::shown(
                "Look at who you are.",
                &[Snippet::new("shell", "carnet whoami")],
            ),
        ],
        sections: &["RFC 9110 section 15.5.4"],
        related: &[6002, 6004],
    });

    /// 6004: there is no such thing.
    pub const NOT_FOUND: Self = Self::of(&Entry {
        number: 6004,
        title: "There is no such thing, or you may not see it",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 404 },
        meaning: "What the path names does not exist, or is hidden from the caller.",
        causes: &[
            "The name or id is misspelt.",
            "It was deleted.",
            "It belongs to another project or organization.",
        ],
        fixes: &[Fix::new("List what there is.")],
        sections: &["RFC 9110 section 15.5.5"],
        related: &[1011, 6003],
    });

    /// 6005: it exists already.
    pub const ALREADY_EXISTS: Self = Self::of(&Entry {
        number: 6005,
        title: "It exists already",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 409 },
        meaning: "A name, address or domain can belong to one thing only, and it is taken.",
        causes: &[
            "The request was repeated after a time-out, and the first one had succeeded.",
            "A deleted account was to be restored, and a new one has its address.",
        ],
        fixes: &[
            Fix::new("Look at the one that exists; it may be yours."),
            Fix::new("Choose another name."),
        ],
        sections: &["RFC 9110 section 15.5.10"],
        related: &[6006, 6012],
    });

    /// 6006: it was changed in the meantime.
    pub const ETAG_MISMATCH: Self = Self::of(&Entry {
        number: 6006,
        title: "It was changed in the meantime",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 412 },
        meaning: "The ETag in If-Match is not that of the current state, so the change would undo \
                  somebody else's.",
        causes: &[
            "Somebody changed it after you read it.",
            "The ETag was made by hand, or is of another thing.",
        ],
        fixes: &[Fix::new(
            "Read it again, and repeat the change with the new ETag.",
        )],
        sections: &["RFC 9110 section 13.1.1", "RFC 9110 section 15.5.13"],
        related: &[6005, 6015],
    });

    /// 6007: a field is wrong.
    pub const FIELD_WRONG: Self = Self::of(&Entry {
        number: 6007,
        title: "A field is wrong",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "A member of the body, or a parameter of the query, is missing, unknown or not \
                  allowed; errors lists each.",
        causes: &[
            "A member is misspelt.",
            "A value is too long, or has characters that are not allowed.",
        ],
        fixes: &[Fix::new(
            "Correct the fields that the pointers in errors name.",
        )],
        sections: &["RFC 9457 section 3", "RFC 6901"],
        related: &[6008],
    });

    /// 6008: the body is not JSON.
    pub const BODY_NOT_JSON: Self = Self::of(&Entry {
        number: 6008,
        title: "The body is not JSON",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "The admin API reads one JSON object, and the body cannot be read as one.",
        causes: &[
            "The body is empty.",
            "A comma or a quote is missing; the message names the place.",
            "The shell took the quotes away.",
        ],
        fixes: &[Fix::shown(
            "Put the JSON into single quotes.",
            &[Snippet::new(
                "curl",
                "curl --json '{\"display_name\": \"Billing\"}' URL",
            )],
        )],
        sections: &["RFC 8259"],
        related: &[6007, 6011],
    });

    /// 6009: the account has as many keys as it may have.
    pub const TOO_MANY_KEYS: Self = Self::of(&Entry {
        number: 6009,
        title: "The service account has ten keys already",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 409 },
        meaning: "An account may have ten keys; more would mean that nobody knows who holds them.",
        causes: &["A job makes a key at each run and never deletes one."],
        fixes: &[
            Fix::shown(
                "Find the keys that nobody uses.",
                &[Snippet::new("shell", "carnet sa key list ACCOUNT")],
            ),
            Fix::shown(
                "Delete one.",
                &[Snippet::new("shell", "carnet sa key delete ACCOUNT KEY_ID")],
            ),
        ],
        sections: &["Google IAM quotas: keys per service account"],
        related: &[6012],
    });

    /// 6010: the cursor is not ours.
    pub const CURSOR_NOT_OURS: Self = Self::of(&Entry {
        number: 6010,
        title: "The cursor is not one of this list",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "A cursor comes from the last page of the same list, with the same filter, and is \
                  not changed on the way.",
        causes: &[
            "The cursor was cut, or not encoded when it was put into the URL.",
            "The filter was changed between two pages.",
            "The cursor is of another list or server.",
        ],
        fixes: &[Fix::new("Begin again without a cursor.")],
        sections: &["RFC 9457 section 3"],
        related: &[6007],
    });

    /// 6011: the content type is not JSON.
    pub const ADMIN_MEDIA_TYPE: Self = Self::of(&Entry {
        number: 6011,
        title: "The content type is not JSON",
        proof: Proof::Nothing,
        answer: Answer::Admin { status: 415 },
        meaning: "The admin API reads application/json.",
        causes: &["curl sends a form unless told otherwise."],
        fixes: &[Fix::shown(
            "Say that it is JSON.",
            &[Snippet::new(
                "curl",
                "curl -H 'Content-Type: application/json' -d @body.json URL",
            )],
        )],
        sections: &["RFC 9110 section 15.5.16"],
        related: &[1003, 6008],
    });

    /// 6012: the state does not allow it.
    pub const STATE_DOES_NOT_ALLOW: Self = Self::of(&Entry {
        number: 6012,
        title: "Its state does not allow this",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 409 },
        meaning: "The request is in order, but what it names is in a state in which it cannot be \
                  done.",
        causes: &[
            "An account was to be restored more than 30 days after it was deleted.",
            "Something was to be deleted that others still depend on.",
            "A signing key was to be retired while tokens that it signed are still good.",
        ],
        fixes: &[Fix::new("Do first what the message names.")],
        sections: &["RFC 9110 section 15.5.10"],
        related: &[6005, 6006],
    });

    /// 6013: the method is not allowed.
    pub const ADMIN_METHOD: Self = Self::of(&Entry {
        number: 6013,
        title: "The admin API does not have this method at this path",
        proof: Proof::Nothing,
        answer: Answer::Admin { status: 405 },
        meaning: "The path exists, but not for this method; the header Allow lists the methods.",
        causes: &["PUT was used; changes are made with PATCH."],
        fixes: &[Fix::shown(
            "Read the description of the API.",
            &[Snippet::new(
                "curl",
                "curl https://ISSUER/admin/v1/openapi.json",
            )],
        )],
        sections: &["RFC 9110 section 15.5.6"],
        related: &[1005],
    });

    /// 6014: the body is too large.
    pub const ADMIN_BODY_TOO_LARGE: Self = Self::of(&Entry {
        number: 6014,
        title: "The body is larger than the admin API reads",
        proof: Proof::Nothing,
        answer: Answer::Admin { status: 413 },
        meaning: "No honest request to the admin API is that long.",
        causes: &["A list was sent in one request that belongs into many."],
        fixes: &[Fix::new("Send the things one by one.")],
        sections: &["RFC 9110 section 15.5.14"],
        related: &[1008],
    });

    /// 6015: `If-Match` is required.
    pub const IF_MATCH_REQUIRED: Self = Self::of(&Entry {
        number: 6015,
        title: "The header If-Match is required",
        proof: Proof::Credential,
        answer: Answer::Admin { status: 428 },
        meaning: "A change must say which state it is made to, so that it cannot undo somebody \
                  else's.",
        causes: &["The client does not send the ETag back that it was given."],
        fixes: &[Fix::shown(
            "Read it, and send its ETag with the change.",
            &[Snippet::new(
                "curl",
                "curl -X PATCH -H 'If-Match: ETAG' --json @change.json URL",
            )],
        )],
        sections: &["RFC 6585 section 3", "RFC 9110 section 13.1.1"],
        related: &[6006],
    });
}
