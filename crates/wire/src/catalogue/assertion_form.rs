//! 20xx, first part: the form of the assertion, which everybody may be told.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this part of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::NOT_THREE_PARTS,
    Crn::ALGORITHM,
    Crn::NOT_BASE64URL,
    Crn::NOT_JSON,
    Crn::JWT_OUT_OF_BOUNDS,
    Crn::CRITICAL_HEADER,
];

const BAD_REQUEST: Answer = Answer::Token {
    error: TokenErrorCode::InvalidRequest,
    says: google_text::BAD_REQUEST,
};

const BAD_SIGNATURE: Answer = Answer::Token {
    error: TokenErrorCode::InvalidGrant,
    says: google_text::INVALID_SIGNATURE,
};

const INSPECT: Snippet = Snippet::new("shell", "carnet token inspect - < assertion.jwt");

impl Crn {
    /// 2001: not three parts.
    pub const NOT_THREE_PARTS: Self = Self::of(&Entry {
        number: 2001,
        title: "The assertion is not of the form header.payload.signature",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "A signed JWT has three parts with a dot between them.",
        causes: &[
            "The JWT was cut, for example by the width of a terminal.",
            "The unsigned part was sent, or the signature was joined without its dot.",
            "The key file or an access token was sent in place of a JWT.",
        ],
        fixes: &[
            Fix::shown("Look at what is sent.", &[INSPECT]),
            Fix::new("Let a library build the JWT."),
        ],
        sections: &["RFC 7515 section 7.1", "RFC 7523 section 3"],
        related: &[2009, 2014],
    });

    /// 2002: the algorithm of the header is not accepted.
    pub const ALGORITHM: Self = Self::of(&Entry {
        number: 2002,
        title: "The alg of the JWT header is not accepted",
        proof: Proof::Nothing,
        answer: BAD_SIGNATURE,
        meaning: "Assertions are signed with a private key: RS256, and ES256, EdDSA or PS256 for \
                  keys of those kinds.",
        causes: &[
            "The library signs with HS256 unless told otherwise.",
            "The private key was given to the library as if it were a shared secret.",
            "The header says none.",
        ],
        fixes: &[Fix::shown(
            "Name the algorithm when signing.",
            &[
                Snippet::new(
                    "Python",
                    "jwt.encode(claims, private_key, algorithm='RS256')",
                ),
                Snippet::new(
                    "JavaScript",
                    "jwt.sign(claims, privateKey, {algorithm: 'RS256'})",
                ),
            ],
        )],
        sections: &["RFC 7518 section 3.1", "RFC 8725 section 3.1"],
        related: &[2005],
    });

    /// 2009: not base64url.
    pub const NOT_BASE64URL: Self = Self::of(&Entry {
        number: 2009,
        title: "The JWT is not base64url",
        proof: Proof::Nothing,
        answer: BAD_SIGNATURE,
        meaning: "The parts of a JWT are base64url: letters, digits, minus and underscore, without \
                  line breaks.",
        causes: &[
            "The parts were encoded with plain base64, which has plus and slash.",
            "The encoder breaks lines, as the tool base64 does without -w0.",
            "A plus became a space because the form was not encoded.",
        ],
        fixes: &[Fix::shown(
            "Encode with base64url without padding.",
            &[
                Snippet::new("shell", "openssl base64 -A | tr '+/' '-_' | tr -d '='"),
                Snippet::new("Python", "base64.urlsafe_b64encode(data).rstrip(b'=')"),
                Snippet::new("JavaScript", "Buffer.from(data).toString('base64url')"),
                Snippet::new(
                    "Java",
                    "Base64.getUrlEncoder().withoutPadding().encodeToString(data)",
                ),
                Snippet::new("Go", "base64.RawURLEncoding.EncodeToString(data)"),
            ],
        )],
        sections: &["RFC 7515 section 2", "RFC 4648 section 5"],
        related: &[2001, 2014],
    });

    /// 2014: header or claims are not a JSON object.
    pub const NOT_JSON: Self = Self::of(&Entry {
        number: 2014,
        title: "The header or the claims of the JWT are not a JSON object",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "The first two parts of a JWT are JSON objects in which no member comes twice.",
        causes: &[
            "The claims were encoded twice.",
            "The claims were printed in another form than JSON, for example as a Python \
             dictionary.",
            "A claim is set by a library and once more by hand.",
        ],
        fixes: &[Fix::shown("Look at what is sent.", &[INSPECT])],
        sections: &["RFC 7519 section 4", "RFC 7519 section 7.2"],
        related: &[2001, 2009],
    });

    /// 2015: the JWT is too large or too deep.
    pub const JWT_OUT_OF_BOUNDS: Self = Self::of(&Entry {
        number: 2015,
        title: "The JWT is too large",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "A JWT is bounded in its size, the number of its claims and their depth.",
        causes: &["Private claims carry data that this server does not read."],
        fixes: &[Fix::new(
            "Leave out the claims that this server does not read.",
        )],
        sections: &["RFC 8725 section 3.11"],
        related: &[1009],
    });

    /// 2016: the header wants something that we do not do.
    pub const CRITICAL_HEADER: Self = Self::of(&Entry {
        number: 2016,
        title: "The JWT header demands an extension that is not known here",
        proof: Proof::Nothing,
        answer: BAD_REQUEST,
        meaning: "The header has the member crit, whose extensions must be understood or the JWT \
                  refused.",
        causes: &[
            "The library was set up to write crit, or the payload is not encoded (b64 is false).",
        ],
        fixes: &[Fix::new("Remove crit and what it names from the header.")],
        sections: &["RFC 7515 section 4.1.11"],
        related: &[2002],
    });
}
