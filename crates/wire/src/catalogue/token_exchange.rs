//! 1323 to 1334: tokens that are exchanged for others (RFC 8693).

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this part of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::SUBJECT_TOKEN,
    Crn::SUBJECT_TOKEN_TYPE,
    Crn::SUBJECT_TOKEN_OF_OTHERS,
    Crn::ACTOR_TOKEN,
    Crn::MAY_NOT_ACT,
    Crn::EXCHANGED_TOO_OFTEN,
    Crn::EXCHANGE_TARGET,
    Crn::EXCHANGE_WITHOUT_ACTOR,
    Crn::EXCHANGE_SCOPE,
    Crn::REQUESTED_TOKEN_TYPE,
    Crn::EXCHANGE_FORBIDDEN,
    Crn::EXCHANGE_WITHOUT_KEY,
];

const MALFORMED: Answer = Answer::Token {
    error: TokenErrorCode::InvalidRequest,
    says: google_text::BAD_REQUEST,
};

const TARGET: Answer = Answer::Http {
    status: 400,
    error: TokenErrorCode::InvalidTarget,
};

const SCOPE: Answer = Answer::Token {
    error: TokenErrorCode::InvalidScope,
    says: google_text::INVALID_SCOPE,
};

const POLICY: Snippet = Snippet::new(
    "shell",
    "carnet app update CLIENT --exchange-audience https://api.example/ledger",
);

impl Crn {
    /// 1323: the subject token is not good.
    pub const SUBJECT_TOKEN: Self = Self::of(&Entry {
        number: 1323,
        title: "The subject_token is not good",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "The token of the one for whom the new token speaks is none that this client may \
                  exchange now.",
        causes: &[
            "It has expired, or was revoked.",
            "The person signed out, changed their password, or removed the app.",
            "It was issued to another client, for an API that is not of this client's project.",
            "It is another kind of token than subject_token_type says.",
        ],
        fixes: &[
            Fix::new("Ask whoever sent the token for a fresh one."),
            Fix::shown(
                "Read what the owner may know about this request.",
                &[Snippet::new("shell", "carnet explain TRACE_ID")],
            ),
        ],
        sections: &["RFC 8693 section 2.2.2"],
        related: &[1324, 1325, 1326],
    });

    /// 1324: tokens of this type are not exchanged.
    pub const SUBJECT_TOKEN_TYPE: Self = Self::of(&Entry {
        number: 1324,
        title: "Tokens of this type are not exchanged",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "Access tokens and ID tokens of this server are exchanged; refresh tokens and \
                  tokens of other systems are not.",
        causes: &[
            "A refresh token was sent; it is its client's alone.",
            "A SAML assertion was sent.",
        ],
        fixes: &[Fix::new(
            "Send an access token, with urn:ietf:params:oauth:token-type:access_token.",
        )],
        sections: &["RFC 8693 section 2.1", "RFC 8693 section 3"],
        related: &[1321, 1323],
    });

    /// 1325: the subject token is not this client's to exchange.
    pub const SUBJECT_TOKEN_OF_OTHERS: Self = Self::of(&Entry {
        number: 1325,
        title: "The subject_token is not this client's to exchange",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 1323 },
        meaning: "The token was neither issued to this client nor meant for an API of its project. \
                  To take such a token would make the client a confused deputy.",
        causes: &[
            "A service passed on a token that was meant for another service.",
            "The API of the client belongs to another project than the client.",
            "Somebody tries what a stolen token is good for.",
        ],
        fixes: &[
            Fix::new("Ask for the token with the resource of the API that receives it."),
            Fix::new("Register the client in the project of its API."),
        ],
        sections: &["RFC 8693 section 5", "RFC 9700 section 2.3"],
        related: &[1323],
    });

    /// 1326: the actor's token is not good.
    pub const ACTOR_TOKEN: Self = Self::of(&Entry {
        number: 1326,
        title: "The actor_token is not good",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "The token of the one who acts must be good, issued to the client that sends it, \
                  and of somebody who acts themselves.",
        causes: &[
            "It has expired, or was revoked.",
            "It was issued to another client.",
            "It is itself a token by which somebody acts for somebody else.",
        ],
        fixes: &[Fix::new(
            "Ask for a token with grant_type client_credentials, and send that as actor_token.",
        )],
        sections: &["RFC 8693 section 2.1", "RFC 8693 section 2.2.2"],
        related: &[1322, 1323, 1327],
    });

    /// 1327: the subject token names another actor.
    pub const MAY_NOT_ACT: Self = Self::of(&Entry {
        number: 1327,
        title: "The subject_token lets somebody else act",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "The claim may_act of the subject token names who may act with it, and that is not \
                  who asks.",
        causes: &["The app says who may act with its tokens, and names another client."],
        fixes: &[Fix::shown(
            "Name this client, or nobody, in the app that got the token.",
            &[Snippet::new(
                "shell",
                "carnet app update APP --may-act CLIENT",
            )],
        )],
        sections: &["RFC 8693 section 4.4"],
        related: &[1326],
    });

    /// 1328: a token was exchanged too often.
    pub const EXCHANGED_TOO_OFTEN: Self = Self::of(&Entry {
        number: 1328,
        title: "The token was exchanged five times already",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "What was exchanged may be exchanged again, five times in a row at most.",
        causes: &["Two services exchange the same token in a circle."],
        fixes: &[Fix::new(
            "Exchange the token that came from outside, not the one that was made for the last call.",
        )],
        sections: &["RFC 8693 section 4.1"],
        related: &[1323],
    });

    /// 1329: the client may not exchange for this API.
    pub const EXCHANGE_TARGET: Self = Self::of(&Entry {
        number: 1329,
        title: "The client may not exchange tokens for this API",
        proof: Proof::Credential,
        answer: TARGET,
        meaning: "A client gets tokens by exchange for the APIs that its settings name, and for no \
                  other.",
        causes: &[
            "Nothing was set: by default no client may exchange for any API.",
            "The name in audience or resource is misspelt.",
            "The client may exchange for several APIs, and the request names none.",
        ],
        fixes: &[Fix::shown(
            "Name the API in the client's settings.",
            &[POLICY],
        )],
        sections: &["RFC 8693 section 2.2.2", "RFC 8707 section 2"],
        related: &[1330, 1331],
    });

    /// 1330: the client may only delegate.
    pub const EXCHANGE_WITHOUT_ACTOR: Self = Self::of(&Entry {
        number: 1330,
        title: "The client may not act as if it were somebody else",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "Without an actor_token the new token would not say who acts. This client must say \
                  it.",
        causes: &["The library leaves actor_token out, and the client may only delegate."],
        fixes: &[
            Fix::new("Send an access token of the client's own as actor_token."),
            Fix::shown(
                "Allow the client to impersonate, if that is meant.",
                &[Snippet::new(
                    "shell",
                    "carnet app update CLIENT --exchange-impersonate true",
                )],
            ),
        ],
        sections: &["RFC 8693 section 1.1", "RFC 8693 section 2.2.2"],
        related: &[1326, 1329],
    });

    /// 1331: the scope goes beyond the subject token.
    pub const EXCHANGE_SCOPE: Self = Self::of(&Entry {
        number: 1331,
        title: "The scope goes beyond what can be had by exchange",
        proof: Proof::Credential,
        answer: SCOPE,
        meaning: "A new token may do what the subject token may, at the APIs that it is for, as far \
                  as the client may ask for it; never more.",
        causes: &[
            "The subject token was asked for with a smaller scope.",
            "The scope belongs to another API than the one in audience or resource.",
            "The scope is not among those that the client is registered for.",
        ],
        fixes: &[
            Fix::new("Ask for less."),
            Fix::new("Let the app that signs people in ask for the scope too."),
        ],
        sections: &["RFC 8693 section 2.1", "RFC 6749 section 3.3"],
        related: &[1329, 2217],
    });

    /// 1332: a token of the requested type cannot be had.
    pub const REQUESTED_TOKEN_TYPE: Self = Self::of(&Entry {
        number: 1332,
        title: "A token of the requested type cannot be had by exchange",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "By exchange there are access tokens; JWTs where the API takes those; and an ID \
                  token for the client itself.",
        causes: &[
            "A refresh token was asked for; those are given to the client that a person allows.",
            "A JWT was asked for, and the API takes opaque tokens.",
            "An ID token was asked for by another client than the one in which the person signed in.",
        ],
        fixes: &[Fix::new("Leave requested_token_type out.")],
        sections: &["RFC 8693 section 2.1", "RFC 8693 section 3"],
        related: &[1321],
    });

    /// 1333: an organization does not allow the exchange.
    pub const EXCHANGE_FORBIDDEN: Self = Self::of(&Entry {
        number: 1333,
        title: "An organization does not allow the exchange",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "A policy of the client's organization, or of the person's, does not let this \
                  client have this.",
        causes: &[
            "A policy blocks one of the scopes.",
            "The person's organization lets its own apps in only.",
        ],
        fixes: &[
            Fix::new("Ask for less."),
            Fix::new("Ask an admin of the organization to change the policy."),
        ],
        sections: &["RFC 8693 section 2.2.2"],
        related: &[1317, 2301, 2304],
    });

    /// 1334: a token that is bound to a key came without it.
    pub const EXCHANGE_WITHOUT_KEY: Self = Self::of(&Entry {
        number: 1334,
        title: "A bound token was to be exchanged without its key",
        proof: Proof::Credential,
        answer: MALFORMED,
        meaning: "The subject_token or the actor_token is bound to a key, and the request does not \
                  show that key.",
        causes: &[
            "An app with DPoP called a service, which exchanges the token of the app.",
            "The header DPoP is missing, or its proof is of another key.",
        ],
        fixes: &[
            Fix::new("Send a DPoP proof of the key that the token is bound to."),
            Fix::new(
                "Let the app call services that exchange tokens with a token that is not bound.",
            ),
        ],
        sections: &["RFC 9449 section 7.2", "RFC 8693 section 2.2.2"],
        related: &[1323, 1326],
    });
}
