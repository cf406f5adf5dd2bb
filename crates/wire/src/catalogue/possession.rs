//! 16xx: proofs of possession (RFC 9449) and certificates of clients (RFC 8705).

use crate::bearer::BearerErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::DPOP_NONCE,
    Crn::DPOP_PROOF_MALFORMED,
    Crn::DPOP_PROOF_OF_ANOTHER_REQUEST,
    Crn::DPOP_PROOF_TIME,
    Crn::DPOP_PROOF_REUSED,
    Crn::DPOP_PROOF_OF_ANOTHER_TOKEN,
    Crn::DPOP_PROOF_MISSING,
    Crn::BOUND_TO_ANOTHER_KEY,
    Crn::CERTIFICATE_MISSING,
    Crn::PROOF_BESIDE_CERTIFICATE,
    Crn::TOKEN_IS_BOUND,
];

const PROOF: Answer = Answer::Token {
    error: TokenErrorCode::InvalidDpopProof,
    says: "",
};

const RFC_9449: &str = "RFC 9449 section 4.3";

const LIBRARY: Fix = Fix::new(
    "Let a library make the proof: a new one for each request, of the method and address of that request.",
);

impl Crn {
    /// 1601: the proof needs a nonce of this server.
    pub const DPOP_NONCE: Self = Self::of(&Entry {
        number: 1601,
        title: "The proof needs a nonce of this server",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::UseDpopNonce,
            says: "",
        },
        meaning: "The header DPoP-Nonce of this answer has a word that the next proof must carry as \
                  nonce.",
        causes: &[
            "It is the first request of this program, which cannot know a nonce yet.",
            "The nonce is some minutes old.",
            "The nonce is of another server.",
        ],
        fixes: &[
            Fix::new(
                "Send the request again, with the word of the header DPoP-Nonce in the proof.",
            ),
            Fix::new("Keep the word of the newest answer for the next proof."),
        ],
        sections: &["RFC 9449 section 8", "RFC 9449 section 9"],
        related: &[1602, 1604],
    });

    /// 1602: not a proof.
    pub const DPOP_PROOF_MALFORMED: Self = Self::of(&Entry {
        number: 1602,
        title: "This is not a proof of possession",
        proof: Proof::Nothing,
        answer: PROOF,
        meaning: "The header DPoP must hold one JWT with typ dpop+jwt, signed by the public key that \
                  stands in its header as jwk.",
        causes: &[
            "typ is JWT, or alg is not one of those that discovery lists.",
            "jwk is missing, or is the private key.",
            "jti, htm, htu or iat is missing; iat is in seconds.",
            "The header was sent twice.",
        ],
        fixes: &[LIBRARY],
        sections: &["RFC 9449 section 4.2", RFC_9449],
        related: &[1603],
    });

    /// 1603: the proof is about another request.
    pub const DPOP_PROOF_OF_ANOTHER_REQUEST: Self = Self::of(&Entry {
        number: 1603,
        title: "The proof is about another request",
        proof: Proof::Nothing,
        answer: PROOF,
        meaning: "htm must be the method of this request, and htu its address without query and \
                  fragment, as the public sees it.",
        causes: &[
            "htu begins with http and the server is reached by https, through a proxy.",
            "htu has a host or a port by which only the inside knows the server.",
            "The proof of one request was sent with another.",
        ],
        fixes: &[
            Fix::shown(
                "Take the address from discovery.",
                &[Snippet::new(
                    "curl",
                    "curl https://ISSUER/.well-known/openid-configuration",
                )],
            ),
            LIBRARY,
        ],
        sections: &[RFC_9449],
        related: &[1602, 1605],
    });

    /// 1604: the proof is too old, or of the future.
    pub const DPOP_PROOF_TIME: Self = Self::of(&Entry {
        number: 1604,
        title: "The proof is too old, or of the future",
        proof: Proof::Nothing,
        answer: PROOF,
        meaning: "A proof is good for a minute, and clocks may differ by as much.",
        causes: &[
            "The clock of the machine is wrong.",
            "The proof was made long before the request was sent.",
        ],
        fixes: &[
            Fix::shown(
                "Set the clock.",
                &[Snippet::new("Linux", "sudo timedatectl set-ntp true")],
            ),
            LIBRARY,
        ],
        sections: &[RFC_9449, "RFC 9449 section 11.1"],
        related: &[1601, 1605],
    });

    /// 1605: the proof came before.
    pub const DPOP_PROOF_REUSED: Self = Self::of(&Entry {
        number: 1605,
        title: "The proof was used before",
        proof: Proof::Nothing,
        answer: PROOF,
        meaning: "A proof is good for one request. One with the same jti of the same key came before.",
        causes: &[
            "The request was repeated as it was, by the program or by something between.",
            "jti is a constant, or a counter that began anew.",
            "Somebody copied the request.",
        ],
        fixes: &[LIBRARY],
        sections: &["RFC 9449 section 11.1"],
        related: &[1603, 1604],
    });

    /// 1606: the proof is not about this token.
    pub const DPOP_PROOF_OF_ANOTHER_TOKEN: Self = Self::of(&Entry {
        number: 1606,
        title: "The proof is not about this token",
        proof: Proof::Nothing,
        answer: PROOF,
        meaning: "Where an access token is shown, ath must be the SHA-256 of its text in base64url.",
        causes: &[
            "ath is missing: the proof was made as for the token endpoint.",
            "The token was renewed, and the proof is about the old one.",
        ],
        fixes: &[LIBRARY],
        sections: &["RFC 9449 section 4.2", "RFC 9449 section 7.1"],
        related: &[1603, 1611],
    });

    /// 1607: a proof is missing.
    pub const DPOP_PROOF_MISSING: Self = Self::of(&Entry {
        number: 1607,
        title: "A proof of possession is missing",
        proof: Proof::Credential,
        answer: PROOF,
        meaning: "This app gets only tokens that are bound to a key, or this token is bound to one; \
                  the request must carry a proof in the header DPoP.",
        causes: &[
            "The program does not make proofs.",
            "A proxy removed the header DPoP.",
        ],
        fixes: &[
            LIBRARY,
            Fix::new("Turn require_dpop off in the settings of the app."),
        ],
        sections: &["RFC 9449 section 5", "RFC 9449 section 5.2"],
        related: &[1601, 1608],
    });

    /// 1608: the code or refresh token is bound to another key.
    pub const BOUND_TO_ANOTHER_KEY: Self = Self::of(&Entry {
        number: 1608,
        title: "The code or refresh token is bound to another key",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidGrant,
            says: "",
        },
        meaning: "A code is bound to the key that dpop_jkt named, and the refresh token of an app \
                  without a secret to the key or certificate with which it was got; the request must \
                  show the same.",
        causes: &[
            "The program made a new key, for example after it was started again.",
            "The request has no proof, or came without the certificate.",
            "Somebody else uses the token.",
        ],
        fixes: &[
            Fix::new("Keep the key as long as the refresh token."),
            Fix::new("Let the person sign in again, if the key is lost."),
        ],
        sections: &[
            "RFC 9449 section 5",
            "RFC 9449 section 10",
            "RFC 8705 section 4",
        ],
        related: &[1310, 1607, 1609],
    });

    /// 1609: the certificate is missing.
    pub const CERTIFICATE_MISSING: Self = Self::of(&Entry {
        number: 1609,
        title: "The request came without the certificate of the app",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidRequest,
            says: "",
        },
        meaning: "This app gets only tokens that are bound to a certificate, so the connection must \
                  show one.",
        causes: &[
            "The program shows no certificate.",
            "A proxy ends TLS and does not hand the certificate on, or is not one that this server \
             believes.",
        ],
        fixes: &[
            Fix::shown(
                "Show the certificate.",
                &[Snippet::new(
                    "curl",
                    "curl --cert app.pem --key app.key URL",
                )],
            ),
            Fix::new(
                "Turn tls_client_certificate_bound_access_tokens off in the settings of the app.",
            ),
        ],
        sections: &["RFC 8705 section 3"],
        related: &[1608, 1610],
    });

    /// 1610: a proof beside a certificate.
    pub const PROOF_BESIDE_CERTIFICATE: Self = Self::of(&Entry {
        number: 1610,
        title: "A proof was sent by an app whose tokens are bound to its certificate",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidRequest,
            says: "",
        },
        meaning: "A token is bound in one way, and the settings of this app say certificate.",
        causes: &["The program makes proofs, and the settings of the app were not told."],
        fixes: &[
            Fix::new("Leave the header DPoP out."),
            Fix::new(
                "Turn tls_client_certificate_bound_access_tokens off in the settings of the app.",
            ),
        ],
        sections: &["RFC 8705 section 3", "RFC 9449 section 5"],
        related: &[1609],
    });

    /// 1611: the token is bound, and was not shown so.
    pub const TOKEN_IS_BOUND: Self = Self::of(&Entry {
        number: 1611,
        title: "The token was not shown in the way in which it is bound",
        proof: Proof::Nothing,
        answer: Answer::Resource(Some(BearerErrorCode::InvalidToken)),
        meaning: "A token that is bound to a key is shown as DPoP with a proof of that key, one that is \
                  bound to a certificate on a connection with that certificate, and any other as \
                  Bearer.",
        causes: &[
            "The program sends Authorization: Bearer although token_type was DPoP.",
            "The program made a new key or has a new certificate, and uses the old token.",
            "The token is in the URL or in a form.",
            "Somebody else uses the token.",
        ],
        fixes: &[
            Fix::new("Send Authorization: DPoP, and a proof of the key in the header DPoP."),
            Fix::new("Get a new token with the key or certificate that is in use now."),
        ],
        sections: &["RFC 9449 section 7", "RFC 8705 section 3"],
        related: &[1606, 4004],
    });
}
