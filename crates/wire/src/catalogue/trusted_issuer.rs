//! 2601 to 2608: assertions of issuers elsewhere that are authorization grants (RFC 7523 section 2.1).

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::TRUST_MALFORMED,
    Crn::TRUST_AUDIENCE,
    Crn::TRUST_TIMES,
    Crn::TRUST_DISABLED,
    Crn::TRUST_SUBJECT,
    Crn::TRUST_NO_USER,
    Crn::TRUST_JTI,
    Crn::TRUST_BOUND,
];

const GRANT: Answer = Answer::Http {
    status: 400,
    error: TokenErrorCode::InvalidGrant,
};

const EXPLAIN: Fix = Fix::shown(
    "Read what the owner may know about this request.",
    &[Snippet::new("shell", "carnet explain TRACE_ID")],
);

impl Crn {
    /// 2601: the assertion cannot be read.
    pub const TRUST_MALFORMED: Self = Self::of(&Entry {
        number: 2601,
        title: "The assertion of an issuer cannot be read",
        proof: Proof::Nothing,
        answer: GRANT,
        meaning: "An assertion whose iss is a URL is read strictly: a JWT signed with RS256 or ES256, with a \
                  kid in its header, and no claim in it twice.",
        causes: &[
            "The header has no kid.",
            "The algorithm is another one.",
            "The typ in the header is that of another use of a JWT.",
        ],
        fixes: &[Fix::new(
            "Let the issuer sign with RS256 or ES256, and name its key by a kid.",
        )],
        sections: &["RFC 7523 section 3", "RFC 8725 section 3"],
        related: &[2602],
    });

    /// 2602: the assertion is for somebody else too.
    pub const TRUST_AUDIENCE: Self = Self::of(&Entry {
        number: 2602,
        title: "The assertion is for somebody else too",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "Every name in aud must be one under which this issuer is trusted: an assertion that is for \
                  others too could be used here by them.",
        causes: &["The assertion has several audiences."],
        fixes: &[Fix::new(
            "Ask the issuer for an assertion with one audience: this server's issuer, or the audience of the trust.",
        )],
        sections: &["RFC 7523 section 3", "RFC 8725 section 3.9"],
        related: &[2601],
    });

    /// 2603: the times of the assertion cannot be taken.
    pub const TRUST_TIMES: Self = Self::of(&Entry {
        number: 2603,
        title: "The times of the assertion cannot be taken",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "iat and exp must be there as whole numbers of seconds, iat not in the future, exp not in the \
                  past, and between them no more than the trust allows.",
        causes: &[
            "The assertion was kept for too long.",
            "It lives longer than max_lifetime_seconds of the trust.",
            "The clock of the issuer is ahead by more than a minute.",
        ],
        fixes: &[Fix::new(
            "Ask the issuer for a new assertion for each request.",
        )],
        sections: &["RFC 7523 section 3"],
        related: &[2607],
    });

    /// 2604: the trust is off.
    pub const TRUST_DISABLED: Self = Self::of(&Entry {
        number: 2604,
        title: "The issuer is not trusted at this time",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "An administrator switched this issuer off, or suspended the project that trusts it. What it got \
                  its subjects is refused too.",
        causes: &["The trust is disabled.", "The project is suspended."],
        fixes: &[Fix::shown(
            "Let an administrator switch it on.",
            &[Snippet::new("shell", "carnet trusted-issuer enable ID")],
        )],
        sections: &["RFC 7523 section 3"],
        related: &[2605],
    });

    /// 2605: this subject is not taken.
    pub const TRUST_SUBJECT: Self = Self::of(&Entry {
        number: 2605,
        title: "The subject of the assertion is not one that is taken",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The trust says which sub of the issuer may get a token. This one is none of them.",
        causes: &[
            "The job runs in another repository or on another branch than the trust names.",
            "The assertion has no sub, or one that is no text.",
        ],
        fixes: &[
            Fix::shown(
                "Name the subject.",
                &[Snippet::new(
                    "shell",
                    "carnet trusted-issuer update ID --subject SUB",
                )],
            ),
            EXPLAIN,
        ],
        sections: &["RFC 7523 section 3"],
        related: &[2606],
    });

    /// 2606: nobody has this name.
    pub const TRUST_NO_USER: Self = Self::of(&Entry {
        number: 2606,
        title: "The assertion names no user of the organization",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The user whom the assertion names must be there, active, and of the organization that trusts \
                  the issuer; an email counts only where email_verified is true. All of it has one answer.",
        causes: &[
            "The user has another address here.",
            "The user is suspended, or of another organization.",
            "The assertion does not say that the address is verified.",
        ],
        fixes: &[EXPLAIN],
        sections: &["RFC 7523 section 3"],
        related: &[2605],
    });

    /// 2607: the assertion has no name of its own.
    pub const TRUST_JTI: Self = Self::of(&Entry {
        number: 2607,
        title: "The assertion has no jti",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "An assertion works once, so it must have a jti of 1 to 255 characters by which it is \
                  remembered.",
        causes: &["The issuer writes no jti, or one that is no text."],
        fixes: &[Fix::new(
            "Let the issuer write a new jti into each assertion. Where it cannot, exchange its tokens through a pool of workload identity.",
        )],
        sections: &["RFC 7523 section 3"],
        related: &[2603],
    });

    /// 2608: the assertion is bound to a key that nobody shows.
    pub const TRUST_BOUND: Self = Self::of(&Entry {
        number: 2608,
        title: "The assertion is bound to a key that the request does not prove",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The claim cnf says whose key holds the assertion: without that key anybody could have found it. \
                  jkt wants a proof in the header DPoP, x5t#S256 the certificate of the connection. Other members \
                  of cnf cannot be proved here. The token that it buys is bound to the same key.",
        causes: &[
            "The assertion was stolen, or passed on by a service that got it from its holder.",
            "The header DPoP is missing, or its proof is of another key.",
            "A proxy in between ends TLS and does not tell the certificate.",
            "The issuer writes a whole key (jwk) or its name (kid) into cnf.",
        ],
        fixes: &[
            Fix::new(
                "Send a DPoP proof of the key that the assertion is bound to, or use its certificate.",
            ),
            Fix::new("Ask the issuer for an assertion that is not bound."),
        ],
        sections: &[
            "RFC 7800 section 3",
            "RFC 9449 section 7.2",
            "RFC 8705 section 3",
        ],
        related: &[2605],
    });
}
