//! 17xx: clients that register themselves, and clients that are documents.

use crate::bearer::BearerErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::REGISTRATION_REDIRECT_URI,
    Crn::CLIENT_METADATA,
    Crn::SOFTWARE_STATEMENT,
    Crn::REGISTRATION_TOKEN,
    Crn::REGISTRATION_CLOSED,
    Crn::REGISTRATION_FULL,
    Crn::CLIENT_DOCUMENT,
    Crn::CLIENT_DOCUMENT_NOT_TAKEN,
];

const fn told(error: TokenErrorCode) -> Answer {
    Answer::Token { error, says: "" }
}

impl Crn {
    /// 1701: a redirect URI cannot be registered.
    pub const REGISTRATION_REDIRECT_URI: Self = Self::of(&Entry {
        number: 1701,
        title: "A redirect URI cannot be registered",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::InvalidRedirectUri),
        meaning: "One of redirect_uris is no address to which a browser may be sent, or there is \
                  none and the client wants to sign people in.",
        causes: &[
            "It is http and not on this machine.",
            "It has a fragment, a wildcard, a user, or a segment of dots.",
            "It has a scheme of the app's own, and this server registers apps by themselves only \
             with https and loopback addresses.",
        ],
        fixes: &[
            Fix::new(
                "Send https addresses, or http://127.0.0.1/callback for a program on somebody's computer.",
            ),
            Fix::new("Ask an administrator to register the app."),
        ],
        sections: &["RFC 7591 section 3.2.2", "RFC 8252 section 7"],
        related: &[1702, 1203],
    });

    /// 1702: the metadata of a client is wrong.
    pub const CLIENT_METADATA: Self = Self::of(&Entry {
        number: 1702,
        title: "The metadata of the client is wrong",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::InvalidClientMetadata),
        meaning: "What a client said of itself cannot be read, or cannot be granted. The member \
                  is named.",
        causes: &[
            "The body is not a JSON object, or is too large.",
            "A method of authentication is not offered here, or its keys are missing.",
            "No grant is left of those that were asked for.",
        ],
        fixes: &[
            Fix::shown(
                "Send a small body first, and add to it.",
                &[Snippet::new(
                    "curl",
                    r#"curl -d '{"redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none"}' -H 'content-type: application/json' ISSUER/register"#,
                )],
            ),
            Fix::new("Look at discovery for what is offered."),
        ],
        sections: &["RFC 7591 section 2", "RFC 7591 section 3.2.2"],
        related: &[1701],
    });

    /// 1703: a software statement came.
    pub const SOFTWARE_STATEMENT: Self = Self::of(&Entry {
        number: 1703,
        title: "Software statements are not accepted",
        proof: Proof::Nothing,
        answer: told(TokenErrorCode::UnapprovedSoftwareStatement),
        meaning: "The client sent a software_statement. Nobody is trusted here to make one, and \
                  to pass over it would be to register another client than was meant.",
        causes: &["The client was written for a federation with statements."],
        fixes: &[Fix::new("Leave software_statement out.")],
        sections: &["RFC 7591 section 2.3", "RFC 7591 section 3.2.2"],
        related: &[1702],
    });

    /// 1704: the token for registering is not good.
    pub const REGISTRATION_TOKEN: Self = Self::of(&Entry {
        number: 1704,
        title: "The token for registering is not good",
        proof: Proof::Nothing,
        answer: Answer::Resource(Some(BearerErrorCode::InvalidToken)),
        meaning: "Clients register here with an initial access token, and change themselves with \
                  the registration access token of their last answer. What came is neither, or \
                  is no longer good.",
        causes: &[
            "The server wants an initial access token, and none came.",
            "The initial access token has expired, or as many clients as it allows have registered.",
            "The registration access token is the one from before the last update.",
            "The client was deleted.",
        ],
        fixes: &[
            Fix::new("Ask an administrator of the project for an initial access token."),
            Fix::new(
                "Keep the registration_access_token of each answer; it changes with each update.",
            ),
        ],
        sections: &["RFC 7591 section 3", "RFC 7592 section 2"],
        related: &[1702, 1705],
    });

    /// 1705: the client does not change itself.
    pub const REGISTRATION_CLOSED: Self = Self::of(&Entry {
        number: 1705,
        title: "The client does not change itself",
        proof: Proof::Credential,
        answer: Answer::Http {
            status: 403,
            error: TokenErrorCode::AccessDenied,
        },
        meaning: "The token is good, and an administrator has taken this client into their own \
                  hands: they vouch for it, or have disabled it.",
        causes: &["The app was marked as known.", "The app was disabled."],
        fixes: &[Fix::new(
            "Ask the administrator of the project to change it.",
        )],
        sections: &["RFC 7592 section 2.2"],
        related: &[1704],
    });

    /// 1706: no more clients may register themselves.
    pub const REGISTRATION_FULL: Self = Self::of(&Entry {
        number: 1706,
        title: "No more clients may register themselves",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 503,
            error: TokenErrorCode::TemporarilyUnavailable,
        },
        meaning: "As many clients as the operator allows have registered themselves. Those that \
                  nobody uses go after a while, and make room.",
        causes: &["Something registers a client each time it starts."],
        fixes: &[
            Fix::new("Keep the client_id, and register once."),
            Fix::new("Raise registration.max_clients, or shorten registration.unused."),
        ],
        sections: &["RFC 7591 section 5"],
        related: &[1702],
    });

    /// 1707: the document of a client cannot be used.
    pub const CLIENT_DOCUMENT: Self = Self::of(&Entry {
        number: 1707,
        title: "The document of the client cannot be used",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 400 },
        meaning: "The client_id is a URL, and what is there is not the metadata of a client that \
                  may be used here. What is wrong is said. Nothing of it is kept, so the next \
                  request looks again.",
        causes: &[
            "The document does not answer, or answers with a redirect or a status that is not 200.",
            "Its content type is not application/json, or it is too large.",
            "The client_id in it is not the URL at which it is.",
            "It has a secret, or a method of authentication with a secret.",
            "It has no redirect_uris.",
        ],
        fixes: &[
            Fix::shown(
                "Fetch the document as this server does.",
                &[Snippet::new(
                    "curl",
                    "curl -sS -i -H 'accept: application/json' CLIENT_ID",
                )],
            ),
            Fix::new("Write the URL into the document as client_id, letter by letter."),
        ],
        sections: &["draft-ietf-oauth-client-id-metadata-document section 4"],
        related: &[1708, 1201],
    });

    /// 1708: documents of this host are not taken.
    pub const CLIENT_DOCUMENT_NOT_TAKEN: Self = Self::of(&Entry {
        number: 1708,
        title: "Documents from there are not taken",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 400 },
        meaning: "The client_id is a URL, and this server takes no documents, or none from that \
                  host. Nothing was fetched.",
        causes: &[
            "The server takes documents of listed hosts only.",
            "The URL is on the machine of whoever builds the app; only a sandbox takes those.",
            "The URL is not https with a path, or has a fragment, a user or dot segments.",
        ],
        fixes: &[
            Fix::new("Ask the operator to list the host in registration.document_hosts."),
            Fix::new("Use an app that is registered here."),
        ],
        sections: &["draft-ietf-oauth-client-id-metadata-document section 3"],
        related: &[1707, 1201],
    });
}
