//! 40xx: what a protected API says about a token.

use crate::bearer::BearerErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::TOKEN_EXPIRED,
    Crn::TOKEN_FOR_ANOTHER_AUDIENCE,
    Crn::TOKEN_KEY_UNKNOWN,
    Crn::TOKEN_REVOKED,
    Crn::TOKEN_MALFORMED,
    Crn::TOKEN_SCOPE_TOO_SMALL,
    Crn::TOKEN_MISSING,
    Crn::TOKEN_IN_THE_WRONG_PLACE,
    Crn::TOKEN_OF_ANOTHER_KIND,
    Crn::TOKEN_NOT_YET_VALID,
    Crn::SELF_SIGNED_TOO_LONG,
    Crn::TOKEN_OF_ANOTHER_ISSUER,
    Crn::TOKEN_SIGNATURE,
    Crn::TOKEN_HAS_BOUNDARY,
];

const INVALID_TOKEN: Answer = Answer::Resource(Some(BearerErrorCode::InvalidToken));

const NEW_TOKEN: Fix = Fix::shown(
    "Get a new token.",
    &[Snippet::new(
        "shell",
        "carnet token print --key key.json --scope SCOPE",
    )],
);

const LOOK: Fix = Fix::shown(
    "Look at the token.",
    &[Snippet::new("shell", "carnet token inspect - < token.txt")],
);

const RFC_6750: &str = "RFC 6750 section 3.1";

impl Crn {
    /// 4001: the token has expired.
    pub const TOKEN_EXPIRED: Self = Self::of(&Entry {
        number: 4001,
        title: "The token has expired",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "The token was good until a time that is over by the clock of the API.",
        causes: &[
            "The program keeps a token beyond its expires_in.",
            "The clock of the API is ahead.",
        ],
        fixes: &[
            NEW_TOKEN,
            Fix::new("Fetch the next token a few minutes before the old one ends."),
        ],
        sections: &[RFC_6750, "RFC 9068 section 4"],
        related: &[4004, 4010],
    });

    /// 4002: the token is for another API.
    pub const TOKEN_FOR_ANOTHER_AUDIENCE: Self = Self::of(&Entry {
        number: 4002,
        title: "The token is for another API",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "The audience of the token is not this API, so this API must not take it.",
        causes: &[
            "The scopes of the request belong to another API.",
            "The API is reached by another name than the one it was registered with.",
        ],
        fixes: &[
            Fix::new("Ask for a scope of this API."),
            Fix::new("Set the audience of the API to the one that the token names."),
        ],
        sections: &["RFC 9068 section 4", "RFC 7519 section 4.1.3"],
        related: &[2004, 4012],
    });

    /// 4003: the key of the signature is unknown.
    pub const TOKEN_KEY_UNKNOWN: Self = Self::of(&Entry {
        number: 4003,
        title: "The key that signed the token is unknown",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "The kid of the token is not in the key set of the issuer, which was just fetched \
                  again.",
        causes: &[
            "The token is of another server, for example that of another stage.",
            "The server was set up anew, and the token is of the old one.",
            "The API cannot reach the key set and works with an old copy.",
        ],
        fixes: &[
            NEW_TOKEN,
            Fix::shown(
                "Look at the key set.",
                &[Snippet::new("curl", "curl https://ISSUER/jwks")],
            ),
        ],
        sections: &["RFC 7517 section 4.5", "RFC 9068 section 4"],
        related: &[4012, 4013],
    });

    /// 4004: the token was revoked.
    pub const TOKEN_REVOKED: Self = Self::of(&Entry {
        number: 4004,
        title: "The token was revoked",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "The token was called back before its time, or the account behind it no longer \
                  gets tokens.",
        causes: &[
            "Somebody revoked the token.",
            "The service account, its key, its project or its delegation was disabled.",
        ],
        fixes: &[
            NEW_TOKEN,
            Fix::new("Look at the state of the service account, if a new token is refused."),
        ],
        sections: &[RFC_6750, "RFC 7009 section 2"],
        related: &[2012, 4001],
    });

    /// 4005: not a token.
    pub const TOKEN_MALFORMED: Self = Self::of(&Entry {
        number: 4005,
        title: "This is not a token",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "What follows Bearer is neither a JWT nor an opaque token of this server.",
        causes: &[
            "The token was cut, or has a line end or quotes around it.",
            "The whole answer of the token endpoint was sent, not its access_token.",
            "A variable was empty or had the text null in it.",
        ],
        fixes: &[
            LOOK,
            Fix::shown(
                "Take the access_token out of the answer.",
                &[Snippet::new(
                    "shell",
                    "TOKEN=$(curl -s ... | jq -r .access_token)",
                )],
            ),
        ],
        sections: &["RFC 6750 section 2.1", RFC_6750],
        related: &[4007, 4009],
    });

    /// 4006: the token allows too little.
    pub const TOKEN_SCOPE_TOO_SMALL: Self = Self::of(&Entry {
        number: 4006,
        title: "The token does not have the scope that this request needs",
        proof: Proof::Credential,
        answer: Answer::Resource(Some(BearerErrorCode::InsufficientScope)),
        meaning: "The token is good, and allows less than this request; the challenge names the \
                  scope.",
        causes: &[
            "The program asks for a read scope and then writes.",
            "The token is an old one from before the scope was added.",
        ],
        fixes: &[
            Fix::new("Ask for the scope that the challenge names."),
            NEW_TOKEN,
        ],
        sections: &[RFC_6750],
        related: &[2217, 6002],
    });

    /// 4007: no token came.
    pub const TOKEN_MISSING: Self = Self::of(&Entry {
        number: 4007,
        title: "No token was sent",
        proof: Proof::Nothing,
        answer: Answer::Resource(None),
        meaning: "This request needs a bearer token in the header Authorization.",
        causes: &[
            "The header is missing, or a proxy or a redirect to another host removed it.",
            "The header is of another scheme, such as Basic.",
            "The token is in the URL, where this API does not read it.",
        ],
        fixes: &[Fix::shown(
            "Send the token in the header.",
            &[Snippet::new(
                "curl",
                "curl -H \"Authorization: Bearer $TOKEN\" URL",
            )],
        )],
        sections: &["RFC 6750 section 2.1", "RFC 6750 section 3"],
        related: &[4005, 4008],
    });

    /// 4008: the token came in a wrong way.
    pub const TOKEN_IN_THE_WRONG_PLACE: Self = Self::of(&Entry {
        number: 4008,
        title: "The token was sent in more than one way, or in one that is not allowed",
        proof: Proof::Nothing,
        answer: Answer::Resource(Some(BearerErrorCode::InvalidRequest)),
        meaning: "A request shows one token in one place.",
        causes: &[
            "The header is there twice, or the token also stands in the URL as access_token.",
            "This API does not take tokens in the URL, because URLs are kept in logs.",
        ],
        fixes: &[Fix::new(
            "Send the token once, in the header Authorization.",
        )],
        sections: &["RFC 6750 section 2", RFC_6750],
        related: &[4007],
    });

    /// 4009: another kind of token.
    pub const TOKEN_OF_ANOTHER_KIND: Self = Self::of(&Entry {
        number: 4009,
        title: "The token is of another kind",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "An access token is wanted; ID tokens and assertions are not access tokens.",
        causes: &[
            "The id_token of the answer was sent.",
            "The assertion for the token endpoint was sent to the API.",
        ],
        fixes: &[LOOK, NEW_TOKEN],
        sections: &["RFC 9068 section 4", "RFC 8725 section 3.11"],
        related: &[4005, 4011],
    });

    /// 4010: the token is not yet valid.
    pub const TOKEN_NOT_YET_VALID: Self = Self::of(&Entry {
        number: 4010,
        title: "The token is not yet valid",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "By the clock of the API the token was issued in the future.",
        causes: &[
            "The clock of the API is behind.",
            "The clock of the machine that signed is ahead.",
        ],
        fixes: &[Fix::shown(
            "Set the clock.",
            &[Snippet::new("Linux", "sudo timedatectl set-ntp true")],
        )],
        sections: &["RFC 7519 section 4.1.5", "RFC 7519 section 4.1.6"],
        related: &[2104, 4001],
    });

    /// 4011: a self-signed token lives too long.
    pub const SELF_SIGNED_TOO_LONG: Self = Self::of(&Entry {
        number: 4011,
        title: "The self-signed token lives too long",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "A token that a service account signs for itself may live one hour.",
        causes: &["The lifetime was set by hand."],
        fixes: &[Fix::shown(
            "Set exp to one hour after iat.",
            &[Snippet::new("any language", "exp = iat + 3600")],
        )],
        sections: &["Google: Service account authorization without OAuth"],
        related: &[2106, 4001],
    });

    /// 4012: the issuer is not one that the API trusts.
    pub const TOKEN_OF_ANOTHER_ISSUER: Self = Self::of(&Entry {
        number: 4012,
        title: "The token is of another issuer",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "The iss of the token is not the issuer that this API trusts.",
        causes: &[
            "The token is of another stage or server.",
            "The issuer is written differently, for example with a slash at its end.",
            "The public URL of the server was changed.",
        ],
        fixes: &[
            Fix::shown(
                "Compare iss with the issuer of the metadata.",
                &[Snippet::new(
                    "curl",
                    "curl https://ISSUER/.well-known/openid-configuration",
                )],
            ),
            NEW_TOKEN,
        ],
        sections: &["RFC 9068 section 4", "RFC 8414 section 2"],
        related: &[4002, 4003],
    });

    /// 4013: the signature does not hold.
    pub const TOKEN_SIGNATURE: Self = Self::of(&Entry {
        number: 4013,
        title: "The signature of the token does not hold",
        proof: Proof::Nothing,
        answer: INVALID_TOKEN,
        meaning: "The key is known, and did not make this signature over this text.",
        causes: &[
            "The token was cut or changed.",
            "The token is of another server that uses the same kid.",
        ],
        fixes: &[NEW_TOKEN],
        sections: &["RFC 7515 section 5.2", "RFC 9068 section 4"],
        related: &[2005, 4003],
    });

    /// 4014: the token has an access boundary that nobody here looks at.
    pub const TOKEN_HAS_BOUNDARY: Self = Self::of(&Entry {
        number: 4014,
        title: "The token has an access boundary, which this API does not evaluate",
        proof: Proof::Credential,
        answer: Answer::Resource(Some(BearerErrorCode::InsufficientScope)),
        meaning: "The token was made weaker: it is good for the resources that its rules name, and \
                  nowhere else. An API that does not look at the rules would take it for more.",
        causes: &[
            "The token was made for another API.",
            "The API evaluates boundaries, and its verifier was not told that it does.",
        ],
        fixes: &[
            Fix::new("Call this API with the token that was not made weaker."),
            Fix::shown(
                "In an API of one's own: evaluate the rules, and say so.",
                &[Snippet::new(
                    "rust",
                    "Verifier::builder(issuer).evaluates_access_boundaries()",
                )],
            ),
        ],
        sections: &["google-wire 6.5", RFC_6750],
        related: &[4006, 2531],
    });
}
