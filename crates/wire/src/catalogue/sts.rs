//! 2501 to 2521: credentials of somebody else that are exchanged for a token (google-wire 6.1).
//!
//! Google answers all of them with 400.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::STS_AUDIENCE,
    Crn::STS_TARGET,
    Crn::STS_BODY,
    Crn::STS_OPTIONS,
    Crn::STS_TOKEN_TYPE,
    Crn::STS_NO_SAML,
    Crn::FOREIGN_MALFORMED,
    Crn::FOREIGN_ISSUER,
    Crn::FOREIGN_AUDIENCE,
    Crn::FOREIGN_EXPIRED,
    Crn::FOREIGN_TIMES,
    Crn::FOREIGN_KEYS,
    Crn::FOREIGN_SIGNATURE,
    Crn::FOREIGN_POSSESSION,
    Crn::FOREIGN_BOUND,
    Crn::FOREIGN_CONDITION,
    Crn::FOREIGN_MAPPING,
];

const REQUEST: Answer = Answer::Http {
    status: 400,
    error: TokenErrorCode::InvalidRequest,
};

const fn grant(says: &'static str) -> Answer {
    Answer::Token {
        error: TokenErrorCode::InvalidGrant,
        says,
    }
}

const EXPLAIN: Fix = Fix::shown(
    "Read what the owner may know about this request.",
    &[Snippet::new("shell", "carnet explain TRACE_ID")],
);

impl Crn {
    /// 2501: `audience` names no provider.
    pub const STS_AUDIENCE: Self = Self::of(&Entry {
        number: 2501,
        title: "The audience is not the name of a provider",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidRequest,
            says: google_text::STS_AUDIENCE,
        },
        meaning: "A credential of somebody else is exchanged at one provider of one pool, which the \
                  parameter audience names in full.",
        causes: &[
            "The project stands there by its id, not by its number.",
            "The name begins with https: or without //iam.googleapis.com/.",
            "The parameter is missing, or came twice.",
        ],
        fixes: &[Fix::shown(
            "Send the whole name.",
            &[Snippet::new(
                "form",
                "audience=//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
            )],
        )],
        sections: &["google-wire 6.1"],
        related: &[2502],
    });

    /// 2502: there is no such provider, or it is off.
    pub const STS_TARGET: Self = Self::of(&Entry {
        number: 2502,
        title: "There is no such pool or provider, or it lets nobody in",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidTarget,
            says: google_text::STS_TARGET,
        },
        meaning: "Whether a pool or provider exists, is disabled or is deleted is told to its owner \
                  alone, so all of it has one answer.",
        causes: &[
            "The name is misspelt.",
            "The provider or its pool is disabled or deleted.",
            "The project is suspended.",
        ],
        fixes: &[
            Fix::new("Compare the audience with the name of the provider."),
            EXPLAIN,
        ],
        sections: &["google-wire 6.1", "RFC 8693 section 2.2.2"],
        related: &[2501],
    });

    /// 2503: the body is not what it says.
    pub const STS_BODY: Self = Self::of(&Entry {
        number: 2503,
        title: "The body is not a JSON object with texts in it",
        proof: Proof::Nothing,
        answer: REQUEST,
        meaning: "The request came as application/json and cannot be read so.",
        causes: &[
            "A member is a number or a list where a text belongs.",
            "The body is a form, and the Content-Type says JSON.",
        ],
        fixes: &[Fix::new(
            "Send grantType, audience, scope, requestedTokenType, subjectToken and subjectTokenType as texts.",
        )],
        sections: &["google-wire 6.1"],
        related: &[2504],
    });

    /// 2504: `options` cannot be read, or asks for what is not given.
    pub const STS_OPTIONS: Self = Self::of(&Entry {
        number: 2504,
        title: "The options cannot be read, or ask for what is not given",
        proof: Proof::Nothing,
        answer: REQUEST,
        meaning: "The parameter options is a JSON object in a text. An option that would make the \
                  token weaker is refused where it cannot be kept, and never dropped.",
        causes: &[
            "The text is not a JSON object, once decoded.",
            "An access boundary is named for a credential of somebody else: it is put on tokens of ours.",
            "A certificate to bind to is named.",
        ],
        fixes: &[Fix::new(
            "Leave out the option, or ask for a narrower scope.",
        )],
        sections: &["google-wire 6.1"],
        related: &[2503],
    });

    /// 2505: this kind of credential is not exchanged here.
    pub const STS_TOKEN_TYPE: Self = Self::of(&Entry {
        number: 2505,
        title: "This kind of token is not exchanged, or not given, here",
        proof: Proof::Nothing,
        answer: REQUEST,
        meaning: "A provider takes one kind of credential: one of OpenID Connect takes JWTs. What is \
                  given is an access token.",
        causes: &[
            "The subject_token_type of the credential file is not the provider's.",
            "The requested_token_type is another than an access token.",
        ],
        fixes: &[Fix::shown(
            "Send the kind that the provider takes.",
            &[Snippet::new(
                "form",
                "subject_token_type=urn:ietf:params:oauth:token-type:jwt",
            )],
        )],
        sections: &["google-wire 6.1", "RFC 8693 section 3"],
        related: &[1322],
    });

    /// 2506: this build reads no SAML.
    pub const STS_NO_SAML: Self = Self::of(&Entry {
        number: 2506,
        title: "This build of the server has no SAML",
        proof: Proof::Nothing,
        answer: REQUEST,
        meaning: "SAML is not in the usual build. A provider of SAML is refused when it is saved, and \
                  one that another build saved lets nobody in.",
        causes: &[
            "The server was built without the feature saml.",
            "Another build of it had the feature, and used the same database.",
        ],
        fixes: &[
            Fix::shown(
                "Build the server with it.",
                &[Snippet::new(
                    "shell",
                    "cargo build --release -p carnet --features saml",
                )],
            ),
            Fix::new(
                "Let the identity provider sign JWTs, if it can: a provider of OpenID Connect takes them.",
            ),
        ],
        sections: &["google-wire 6.4"],
        related: &[2505],
    });

    /// 2510: the subject token is not a JWT that can be taken.
    pub const FOREIGN_MALFORMED: Self = Self::of(&Entry {
        number: 2510,
        title: "The subject_token is not a JWT that can be taken",
        proof: Proof::Nothing,
        answer: grant(google_text::STS_MALFORMED),
        meaning: "A token of somebody else is read strictly: RS256 or ES256, with a kid, its claims a \
                  JSON object in which nothing stands twice.",
        causes: &[
            "The file holds something else than the token, such as JSON around it.",
            "The header names no kid, or another algorithm.",
            "The request that was signed for AWS is not GetCallerIdentity at a host of AWS STS.",
            "The chain is not a JSON array of certificates in base64.",
        ],
        fixes: &[
            Fix::new(
                "Name the field of the file that holds the token, in credential_source.format.",
            ),
            Fix::new("Let the issuer sign with RS256 or ES256, and name its key."),
        ],
        sections: &[
            "google-wire 6.4",
            "RFC 7515 section 4.1",
            "RFC 8725 section 3",
        ],
        related: &[2516],
    });

    /// 2511: another issuer made the token.
    pub const FOREIGN_ISSUER: Self = Self::of(&Entry {
        number: 2511,
        title: "The token is of another issuer than the provider's",
        proof: Proof::Nothing,
        answer: grant(google_text::STS_ISSUER),
        meaning: "The claim iss and the issuer of the provider are compared byte for byte.",
        causes: &[
            "One of the two ends in a slash and the other does not.",
            "The token comes from another cluster or tenant.",
            "The request was signed with a key of another account of AWS than the provider's.",
        ],
        fixes: &[
            Fix::new(
                "Set the issuer, of the provider or of the trust, to exactly what the token says.",
            ),
            EXPLAIN,
        ],
        sections: &["google-wire 6.4", "RFC 7523 section 3"],
        related: &[2512],
    });

    /// 2512: the token is for somebody else.
    pub const FOREIGN_AUDIENCE: Self = Self::of(&Entry {
        number: 2512,
        title: "The subject_token is for somebody else",
        proof: Proof::Credential,
        answer: grant(google_text::STS_AUDIENCE_MISMATCH),
        meaning: "Every name in aud must be one that the provider takes: a token that is for others \
                  too could be used here by them.",
        causes: &[
            "The token was asked for without an audience, or for another service.",
            "The token has several audiences, and the provider takes one of them.",
            "The request that was signed for AWS names another provider, or none.",
        ],
        fixes: &[
            Fix::new("Ask the issuer for a token whose audience is the name of the provider."),
            Fix::new("Name the audiences of the token in the provider's allowed audiences."),
        ],
        sections: &[
            "google-wire 6.4",
            "RFC 7523 section 3",
            "RFC 8725 section 3.9",
        ],
        related: &[2511],
    });

    /// 2513: the token is over.
    pub const FOREIGN_EXPIRED: Self = Self::of(&Entry {
        number: 2513,
        title: "The subject_token has expired",
        proof: Proof::Credential,
        answer: grant(google_text::STS_STALE),
        meaning: "The claim exp is in the past, by this server's clock.",
        causes: &[
            "The file with the token was not renewed.",
            "The job ran longer than its token lives.",
            "The request was signed for AWS more than 15 minutes ago.",
        ],
        fixes: &[Fix::new("Read the token anew for each exchange.")],
        sections: &["google-wire 6.4", "RFC 7519 section 4.1.4"],
        related: &[2514],
    });

    /// 2514: the times of the token cannot be.
    pub const FOREIGN_TIMES: Self = Self::of(&Entry {
        number: 2514,
        title: "The times of the subject_token cannot be taken",
        proof: Proof::Credential,
        answer: grant(google_text::STS_MALFORMED),
        meaning: "iat and exp must be there as whole numbers of seconds, iat not in the future, and \
                  exp 24 hours after it at most.",
        causes: &[
            "The token lives longer than a day.",
            "The clock of the issuer is ahead by more than a minute.",
            "The token has no iat.",
        ],
        fixes: &[Fix::new("Ask the issuer for tokens that live an hour.")],
        sections: &["google-wire 6.4", "RFC 7519 section 4.1"],
        related: &[2513],
    });

    /// 2515: the keys of the issuer cannot be had.
    pub const FOREIGN_KEYS: Self = Self::of(&Entry {
        number: 2515,
        title: "The keys of the issuer cannot be had",
        proof: Proof::Nothing,
        answer: grant(google_text::STS_ISSUER_UNREACHABLE),
        meaning: "The provider says that the keys are where the issuer's discovery document says, and \
                  they could not be fetched from there.",
        causes: &[
            "The issuer does not answer, or its certificate is not trusted.",
            "The issuer is not on the public Internet, and outbound.allow does not name it.",
            "The discovery document names another issuer.",
            "AWS does not answer: this server cannot reach it.",
        ],
        fixes: &[
            Fix::new("Give the keys of the issuer with the provider or the trust."),
            Fix::shown(
                "Let this server reach the issuer.",
                &[Snippet::new(
                    "toml",
                    "[outbound]\nallow = [\"issuer.example\"]",
                )],
            ),
            EXPLAIN,
        ],
        sections: &["google-wire 6.4", "OpenID Connect Discovery 1.0 section 4"],
        related: &[2516],
    });

    /// 2516: the signature does not hold.
    pub const FOREIGN_SIGNATURE: Self = Self::of(&Entry {
        number: 2516,
        title: "The signature of the subject_token does not hold",
        proof: Proof::Nothing,
        answer: grant(google_text::STS_SIGNATURE),
        meaning: "No key of the issuer with this kid and this algorithm verifies the token.",
        causes: &[
            "The issuer rolled its keys, and the provider has the old ones.",
            "The token was made by another issuer that calls itself the same.",
            "AWS knows no key that signed the request, or something of it was changed.",
            "The chain of certificates leads to no authority of the provider, or has ended.",
        ],
        fixes: &[
            Fix::new("Give the present keys of the issuer, or let them be found by discovery."),
            EXPLAIN,
        ],
        sections: &["google-wire 6.4", "RFC 7515 section 5.2"],
        related: &[2510, 2515],
    });

    /// 2517: the connection does not prove the certificate.
    pub const FOREIGN_POSSESSION: Self = Self::of(&Entry {
        number: 2517,
        title: "The connection does not prove the certificate that was sent",
        proof: Proof::Nothing,
        answer: grant(google_text::STS_SIGNATURE),
        meaning: "A chain of certificates is no secret. The first of the chain must be the certificate with \
                  which the client began the TLS connection, since that proves that it has the key.",
        causes: &[
            "The request came over plain http, or under a name at which certificates are not asked for.",
            "A proxy in between ends TLS and does not tell the certificate.",
            "The file of the certificate was renewed between the connection and the request.",
        ],
        fixes: &[
            Fix::shown(
                "Let the server ask for certificates.",
                &[Snippet::new(
                    "toml",
                    "[http.client_certificates]\nask = \"optional\"",
                )],
            ),
            Fix::new(
                "Where a proxy ends TLS, let it tell the certificate, and trust it (http.client_certificates.header).",
            ),
        ],
        sections: &["google-wire 6.3", "RFC 8705 section 2"],
        related: &[2516],
    });

    /// 2518: the token is bound to a key that nobody shows.
    pub const FOREIGN_BOUND: Self = Self::of(&Entry {
        number: 2518,
        title: "The subject_token is bound to a key that the request does not prove",
        proof: Proof::Credential,
        answer: grant(google_text::STS_SIGNATURE),
        meaning: "The claim cnf says whose key holds the token: jkt wants a proof in the header DPoP, x5t#S256 \
                  the certificate of the connection. Other members of cnf cannot be proved here.",
        causes: &[
            "The token was stolen, or passed on by a service that got it from its holder.",
            "The header DPoP is missing, or its proof is of another key.",
            "The issuer writes a whole key (jwk) or its name (kid) into cnf.",
        ],
        fixes: &[Fix::new(
            "Send a DPoP proof of that key, or use its certificate.",
        )],
        sections: &["RFC 7800 section 3", "RFC 9449 section 7.2"],
        related: &[2517],
    });

    /// 2520: the condition says no.
    pub const FOREIGN_CONDITION: Self = Self::of(&Entry {
        number: 2520,
        title: "The condition of the provider is not met",
        proof: Proof::Credential,
        answer: Answer::Http {
            status: 400,
            error: TokenErrorCode::UnauthorizedClient,
        },
        meaning: "The token is good, and its claims are not what the provider's condition asks for.",
        causes: &[
            "The job runs on another branch, in another repository or for another account than the condition names.",
            "The condition reads a claim that this token does not have.",
        ],
        fixes: &[
            Fix::new("Compare the claims of the token with the condition of the provider."),
            EXPLAIN,
        ],
        sections: &["google-wire 6.4"],
        related: &[2521],
    });

    /// 2521: the mapping gives no principal.
    pub const FOREIGN_MAPPING: Self = Self::of(&Entry {
        number: 2521,
        title: "The mapping of the provider gives no principal",
        proof: Proof::Credential,
        answer: grant(google_text::STS_MAPPING),
        meaning: "The token is good, and an expression of the provider's mapping has no value for it, \
                  or one that is too long or of the wrong kind.",
        causes: &[
            "The mapping reads a claim that this token does not have.",
            "The subject is longer than 127 bytes.",
        ],
        fixes: &[
            Fix::new(
                "Map google.subject to a claim that each token of the issuer has, such as assertion.sub.",
            ),
            EXPLAIN,
        ],
        sections: &["google-wire 6.4"],
        related: &[2520],
    });
}
