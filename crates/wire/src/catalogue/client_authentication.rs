//! 14xx: client authentication. The caller always reads 1401 first; the owner reads which one it
//! was.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::CLIENT_AUTHENTICATION_FAILED,
    Crn::CLIENT_SECRET_ROLLED,
    Crn::CLIENT_AUTHENTICATION_METHOD,
    Crn::CLIENT_AUTHENTICATION_MISSING,
    Crn::CLIENT_AUTHENTICATION_TWICE,
    Crn::CLIENT_AUTHENTICATION_BASIC,
    Crn::CLIENT_ASSERTION_TYPE,
    Crn::CLIENT_ID_DIFFERS,
    Crn::CLIENT_GRANT_NOT_ALLOWED,
    Crn::CLIENT_IS_PUBLIC,
    Crn::TOKEN_OF_ANOTHER_CLIENT,
    Crn::CLIENT_ASSERTION_REFUSED,
    Crn::CLIENT_ASSERTION_REPLAYED,
    Crn::CLIENT_CERTIFICATE_REFUSED,
];

const MALFORMED: Answer = Answer::Token {
    error: TokenErrorCode::InvalidRequest,
    says: google_text::BAD_REQUEST,
};

const INVALID_CLIENT: Answer = Answer::Token {
    error: TokenErrorCode::InvalidClient,
    says: google_text::UNAUTHORIZED,
};

const UNAUTHORIZED_CLIENT: Answer = Answer::Http {
    status: 400,
    error: TokenErrorCode::UnauthorizedClient,
};

impl Crn {
    /// 1401: client authentication failed, for a reason that only the owner reads.
    pub const CLIENT_AUTHENTICATION_FAILED: Self = Self::of(&Entry {
        number: 1401,
        title: "Client authentication failed",
        proof: Proof::Nothing,
        answer: INVALID_CLIENT,
        meaning: "The client did not prove who it is; unknown client, wrong secret and expired \
                  secret look the same.",
        causes: &[
            "The secret is wrong, cut, or has a line end from the file it was read from.",
            "The client_id belongs to another server, for example that of the test stage.",
            "The secret has expired or was rolled.",
            "The secret has characters that must be form-encoded before they go into the Basic \
             header.",
        ],
        fixes: &[
            Fix::new("Compare the client_id with the one on the page of the app."),
            Fix::shown(
                "Read what the owner may know about this request.",
                &[Snippet::new("shell", "carnet explain TRACE_ID")],
            ),
            Fix::new("Make a new secret and use it."),
        ],
        sections: &["RFC 6749 section 2.3.1", "RFC 6749 section 5.2"],
        related: &[1402, 1403, 1404],
    });

    /// 1402: the secret is one that was rolled.
    pub const CLIENT_SECRET_ROLLED: Self = Self::of(&Entry {
        number: 1402,
        title: "The client still uses its old secret",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 1401 },
        meaning: "The secret that was sent belonged to this client until it was rolled.",
        causes: &[
            "One instance of the app was not restarted, or reads the secret from another place.",
        ],
        fixes: &[Fix::new(
            "Give the new secret to the instance whose address the trace shows.",
        )],
        sections: &["RFC 6749 section 2.3.1"],
        related: &[1401],
    });

    /// 1403: the client authenticates by another method than it registered.
    pub const CLIENT_AUTHENTICATION_METHOD: Self = Self::of(&Entry {
        number: 1403,
        title: "The client must authenticate by another method",
        proof: Proof::Credential,
        answer: INVALID_CLIENT,
        meaning: "The client is registered with one method of authentication and used another.",
        causes: &[
            "The library chooses a method by itself; many send client_secret_basic.",
            "The method of the client was changed and the program was not.",
        ],
        fixes: &[
            Fix::new("Set the method in the library to the one that the message names."),
            Fix::new("Change the method of the client to the one that the library uses."),
        ],
        sections: &["RFC 6749 section 2.3", "OpenID Connect Core 1.0 section 9"],
        related: &[1401, 1404],
    });

    /// 1404: no authentication was sent.
    pub const CLIENT_AUTHENTICATION_MISSING: Self = Self::of(&Entry {
        number: 1404,
        title: "The client did not authenticate",
        proof: Proof::Nothing,
        answer: INVALID_CLIENT,
        meaning: "This endpoint answers only to those who say who they are, and the request holds \
                  nothing of that kind.",
        causes: &[
            "The header Authorization is missing, or a proxy removed it.",
            "The credentials were put into the URL, where they are not read.",
        ],
        fixes: &[Fix::shown(
            "Send an access token or the credentials of the client in the header Authorization.",
            &[Snippet::new(
                "curl",
                "curl https://ISSUER/introspect -d token=TOKEN \\\n  \
                 -H \"Authorization: Bearer $(carnet token print)\"",
            )],
        )],
        sections: &["RFC 6749 section 2.3.1", "RFC 7662 section 2.1"],
        related: &[1401, 1403],
    });

    /// 1405: two proofs in one request.
    pub const CLIENT_AUTHENTICATION_TWICE: Self = Self::of(&Entry {
        number: 1405,
        title: "The client authenticates in more than one way",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "A request holds one proof of who the client is; this one holds two.",
        causes: &[
            "The library sends the header Authorization, and client_secret was added to the body \
             by hand.",
            "A signed assertion is sent beside the secret that it replaces.",
        ],
        fixes: &[Fix::new(
            "Leave out all but the method that the client is registered with.",
        )],
        sections: &["RFC 6749 section 2.3", "RFC 6749 section 5.2"],
        related: &[1002, 1403],
    });

    /// 1406: the Basic header cannot be read.
    pub const CLIENT_AUTHENTICATION_BASIC: Self = Self::of(&Entry {
        number: 1406,
        title: "The Basic header cannot be read",
        proof: Proof::Nothing,
        answer: INVALID_CLIENT,
        meaning: "What follows Basic must be the base64 of client_id, a colon and client_secret, \
                  both form-encoded.",
        causes: &[
            "The name and the secret were not joined by a colon, or one of them is empty.",
            "The value was encoded with base64url, or was not encoded at all.",
            "The secret has a percent sign that was not form-encoded.",
        ],
        fixes: &[Fix::shown(
            "Let the program build the header.",
            &[Snippet::new(
                "curl",
                "curl -u CLIENT_ID:CLIENT_SECRET https://ISSUER/token",
            )],
        )],
        sections: &["RFC 6749 section 2.3.1", "RFC 7617 section 2"],
        related: &[1401, 1404],
    });

    /// 1407: an assertion of another kind.
    pub const CLIENT_ASSERTION_TYPE: Self = Self::of(&Entry {
        number: 1407,
        title: "The client_assertion_type is unknown",
        proof: Proof::Nothing,
        answer: INVALID_CLIENT,
        meaning: "Clients may authenticate with a JWT; this server reads no assertion of another \
                  kind.",
        causes: &[
            "The value is misspelt: it ends in client-assertion-type:jwt-bearer.",
            "The name of the grant type was sent, which looks much like it.",
        ],
        fixes: &[Fix::shown(
            "Send the value of RFC 7523.",
            &[Snippet::new(
                "form",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            )],
        )],
        sections: &["RFC 7521 section 4.2", "RFC 7523 section 2.2"],
        related: &[1401, 1403],
    });

    /// 1408: header and body name different clients.
    pub const CLIENT_ID_DIFFERS: Self = Self::of(&Entry {
        number: 1408,
        title: "The client_id in the body is not the one in the header",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "The header Authorization names one client and the body names another.",
        causes: &["One of the two was taken from the settings of another stage or tenant."],
        fixes: &[Fix::new("Leave client_id out of the body.")],
        sections: &["RFC 6749 section 2.3.1"],
        related: &[1401, 1405],
    });

    /// 1409: the client is not registered for the grant.
    pub const CLIENT_GRANT_NOT_ALLOWED: Self = Self::of(&Entry {
        number: 1409,
        title: "The client may not use this grant",
        proof: Proof::Credential,
        answer: UNAUTHORIZED_CLIENT,
        meaning: "A client uses only the grants that it is registered for, and this one is none of \
                  them.",
        causes: &[
            "The client was registered for people, and is used by a program without any.",
            "The client_id is that of another app.",
        ],
        fixes: &[
            Fix::new("Add the grant to those of the client."),
            Fix::new("Use a client of its own for the program."),
        ],
        sections: &["RFC 6749 section 5.2", "RFC 7591 section 2"],
        related: &[1006, 1212, 1410],
    });

    /// 1410: a public client asks for itself.
    pub const CLIENT_IS_PUBLIC: Self = Self::of(&Entry {
        number: 1410,
        title: "A public client cannot ask for itself",
        proof: Proof::Nothing,
        answer: UNAUTHORIZED_CLIENT,
        meaning: "The client proves nothing, so everybody who knows its client_id could get a token \
                  in its name; client_credentials is for clients that prove who they are.",
        causes: &[
            "A program without users goes on with the client_id of an app in the browser.",
            "The client was registered with the method none.",
        ],
        fixes: &[
            Fix::new("Register a client with a secret for the program."),
            Fix::new("Use a service account, which proves itself with a key."),
        ],
        sections: &["RFC 6749 section 4.4", "RFC 6749 section 2.1"],
        related: &[1403, 1409],
    });

    /// 1411: the token was issued to another client.
    pub const TOKEN_OF_ANOTHER_CLIENT: Self = Self::of(&Entry {
        number: 1411,
        title: "The token was issued to another client",
        proof: Proof::Credential,
        answer: UNAUTHORIZED_CLIENT,
        meaning: "A client revokes its own tokens only; this one belongs to another, and nothing was \
                  changed.",
        causes: &[
            "Two apps share a store of tokens, and one took those of the other.",
            "The client_id is that of another stage.",
        ],
        fixes: &[
            Fix::new("Revoke the token as the client that got it."),
            Fix::new(
                "Send the token alone: whoever holds a token may revoke it without saying who they \
                 are.",
            ),
        ],
        sections: &["RFC 7009 section 2.1"],
        related: &[1401, 1409],
    });

    /// 1412: the client's assertion does not prove it.
    pub const CLIENT_ASSERTION_REFUSED: Self = Self::of(&Entry {
        number: 1412,
        title: "The client's assertion does not prove it",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 1401 },
        meaning: "A client with the method private_key_jwt or client_secret_jwt signs a JWT about itself for \
                  each request; this one was not signed by it, or does not say what it must.",
        causes: &[
            "The private key is not one whose public half is among the client's keys, or its alg is \
             another one.",
            "With client_secret_jwt: the secret is another one, or shorter than the algorithm asks for.",
            "iss or sub is not the client_id.",
            "aud is not the issuer or the token endpoint, or names somebody else beside it.",
            "exp is missing, past or more than an hour away; the clock of the client may be wrong.",
            "jti is missing.",
        ],
        fixes: &[
            Fix::new("Read in the story which of these it was."),
            Fix::shown(
                "Let the client have the public half of its key.",
                &[Snippet::new(
                    "shell",
                    "carnet app update CLIENT_ID --authentication private-key-jwt --jwks keys.json",
                )],
            ),
        ],
        sections: &[
            "RFC 7521 section 4.2",
            "RFC 7523 section 3",
            "OpenID Connect Core 1.0 section 9",
        ],
        related: &[1401, 1403, 1413],
    });

    /// 1413: the client's assertion was used before.
    pub const CLIENT_ASSERTION_REPLAYED: Self = Self::of(&Entry {
        number: 1413,
        title: "The client's assertion was used before",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 1401 },
        meaning: "An assertion works once; the jti of this one was remembered.",
        causes: &[
            "The program keeps one assertion and sends it with each request.",
            "A request was repeated as it was, by the program or by a proxy, although it had arrived.",
            "Somebody has copied the assertion.",
        ],
        fixes: &[Fix::new(
            "Sign a new assertion, with a jti of its own, for each request.",
        )],
        sections: &["RFC 7523 section 3", "OpenID Connect Core 1.0 section 9"],
        related: &[1401, 1412],
    });

    /// 1414: the client's certificate does not prove it.
    pub const CLIENT_CERTIFICATE_REFUSED: Self = Self::of(&Entry {
        number: 1414,
        title: "The client's certificate does not prove it",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 1401 },
        meaning: "A client with the method tls_client_auth or self_signed_tls_client_auth shows a certificate \
                  when it connects; none came, or it is not this client's.",
        causes: &[
            "The client connected without a certificate, or to a host where none is asked for.",
            "A proxy ends TLS and does not tell the certificate, or is not listed in http.trusted_proxies.",
            "The certificate has expired, or nobody in http.client_certificates.ca_file certified it.",
            "The name in the certificate is not, letter by letter, the one that is registered.",
            "The key of the certificate is none of the client's keys.",
        ],
        fixes: &[
            Fix::new("Read in the story which of these it was."),
            Fix::shown(
                "Look at the certificate that the client shows.",
                &[Snippet::new(
                    "shell",
                    "openssl x509 -in client.pem -noout -subject -nameopt RFC2253 -ext subjectAltName -dates",
                )],
            ),
        ],
        sections: &["RFC 8705 section 2.1", "RFC 8705 section 2.2"],
        related: &[1401, 1403],
    });
}
