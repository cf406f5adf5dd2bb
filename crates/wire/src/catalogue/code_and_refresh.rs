//! 13xx: codes, refresh tokens and exchanged tokens.

use crate::crn::{Answer, Crn, Entry, Fix, Proof};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::PKCE_MISMATCH,
    Crn::CODE_EXPIRED,
    Crn::CODE_REUSED,
    Crn::CODE_REDIRECT_URI,
    Crn::CODE_UNKNOWN,
    Crn::CODE_VERIFIER_MALFORMED,
    Crn::REFRESH_TOKEN_UNKNOWN,
    Crn::REFRESH_TOKEN_IDLE,
    Crn::REFRESH_TOKEN_AGE,
    Crn::REFRESH_SESSION_ENDED,
    Crn::REFRESH_PASSWORD_CHANGED,
    Crn::REFRESH_CONSENT_REMOVED,
    Crn::REFRESH_TOKEN_REUSED,
    Crn::GRANT_FORBIDDEN,
    Crn::PASSWORD_NO_MATCH,
    Crn::TOKEN_TYPE_UNKNOWN,
    Crn::TOKEN_TYPE_ALONE,
];

const GRANT: Answer = Answer::Token {
    error: TokenErrorCode::InvalidGrant,
    says: google_text::BAD_REQUEST,
};

const MALFORMED: Answer = Answer::Token {
    error: TokenErrorCode::InvalidRequest,
    says: google_text::BAD_REQUEST,
};

impl Crn {
    /// 1301: the `code_verifier` does not match this code.
    pub const PKCE_MISMATCH: Self = Self::of(&Entry {
        number: 1301,
        title: "The code_verifier does not match this code",
        proof: Proof::Nothing,
        answer: GRANT,
        meaning: "The SHA-256 of the code_verifier is not the code_challenge that the \
                  authorization request had.",
        causes: &[
            "The verifier was made anew when the browser came back, or by another tab.",
            "The verifier was hashed or encoded twice.",
            "The code belongs to another request than the verifier.",
        ],
        fixes: &[Fix::new(
            "Keep the verifier beside the state until the code is redeemed.",
        )],
        sections: &["RFC 7636 section 4.6"],
        related: &[1205, 1306],
    });

    /// 1302: the code has expired.
    pub const CODE_EXPIRED: Self = Self::of(&Entry {
        number: 1302,
        title: "The code has expired",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "A code is good for about a minute and this one came later.",
        causes: &[
            "The program redeems the code only after other work.",
            "Somebody reloaded the page that the code was sent to.",
            "A clock of this server is wrong.",
        ],
        fixes: &[Fix::new("Redeem the code as soon as it arrives.")],
        sections: &["RFC 6749 section 4.1.2"],
        related: &[1303],
    });

    /// 1303: the code was already used.
    pub const CODE_REUSED: Self = Self::of(&Entry {
        number: 1303,
        title: "The code was already used",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "A code is good for one exchange; as it came again, the tokens of the first \
                  exchange were revoked.",
        causes: &[
            "The page that redeems the code ran twice, as React does in its strict mode.",
            "The request was repeated after a time-out.",
            "Somebody else has read the code.",
        ],
        fixes: &[Fix::new(
            "Redeem the code once and remember that it was done.",
        )],
        sections: &["RFC 6749 section 4.1.2", "RFC 9700 section 2.1.1"],
        related: &[1302, 1316],
    });

    /// 1304: the `redirect_uri` is not the one of the authorization request.
    pub const CODE_REDIRECT_URI: Self = Self::of(&Entry {
        number: 1304,
        title: "The redirect_uri is not the one of the authorization request",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The token request must name the redirect_uri that the authorization request \
                  named, letter by letter.",
        causes: &[
            "One has a slash at its end and the other has none.",
            "A proxy changed the scheme or the host that the program takes for its own.",
        ],
        fixes: &[Fix::new(
            "Write the redirect_uri down once and use it in both requests.",
        )],
        sections: &["RFC 6749 section 4.1.3"],
        related: &[1203, 1305],
    });

    /// 1305: the code is not valid.
    pub const CODE_UNKNOWN: Self = Self::of(&Entry {
        number: 1305,
        title: "The code is not valid",
        proof: Proof::Nothing,
        answer: GRANT,
        meaning: "This is no code that this client may redeem here.",
        causes: &[
            "The code was cut or changed on its way.",
            "The code belongs to another client or another server.",
            "A token was sent in place of a code.",
        ],
        fixes: &[Fix::new(
            "Send the parameter code of the address that the browser came back to, \
                     decoded once.",
        )],
        sections: &["RFC 6749 section 4.1.3"],
        related: &[1302, 1303],
    });

    /// 1306: the `code_verifier` is malformed.
    pub const CODE_VERIFIER_MALFORMED: Self = Self::of(&Entry {
        number: 1306,
        title: "The code_verifier is malformed",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "A code_verifier has 43 to 128 letters, digits, and the signs - . _ ~.",
        causes: &[
            "The verifier was made of too few random bytes.",
            "The verifier was encoded with base64 in place of base64url, or keeps its \
                     padding.",
        ],
        fixes: &[Fix::new(
            "Make the verifier of 32 random bytes in base64url without padding.",
        )],
        sections: &["RFC 7636 section 4.1"],
        related: &[1301],
    });

    /// 1310: the refresh token is not valid.
    pub const REFRESH_TOKEN_UNKNOWN: Self = Self::of(&Entry {
        number: 1310,
        title: "The refresh token is not valid",
        proof: Proof::Nothing,
        answer: GRANT,
        meaning: "This is no refresh token that this client may use here.",
        causes: &[
            "The token was cut, or is an access token.",
            "The token belongs to another client or another server.",
        ],
        fixes: &[Fix::new("Sign in again.")],
        sections: &["RFC 6749 section 6"],
        related: &[1311, 1316],
    });

    /// 1311: the refresh token was not used for too long.
    pub const REFRESH_TOKEN_IDLE: Self = Self::of(&Entry {
        number: 1311,
        title: "The refresh token was not used for too long",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "A refresh token that nobody uses ends after the idle time of its client.",
        causes: &["The program was not run for a long time."],
        fixes: &[
            Fix::new("Sign in again."),
            Fix::new("Raise the idle lifetime of the client."),
        ],
        sections: &["RFC 6749 section 6"],
        related: &[1312],
    });

    /// 1312: the authorization has reached its greatest age.
    pub const REFRESH_TOKEN_AGE: Self = Self::of(&Entry {
        number: 1312,
        title: "The authorization has reached its greatest age",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "However often it is used, an authorization ends after the absolute lifetime \
                  of its client.",
        causes: &["The user signed in that long ago."],
        fixes: &[
            Fix::new("Sign in again."),
            Fix::new("Raise the absolute lifetime of the client."),
        ],
        sections: &["RFC 6749 section 6"],
        related: &[1311],
    });

    /// 1313: the session behind the refresh token has ended.
    pub const REFRESH_SESSION_ENDED: Self = Self::of(&Entry {
        number: 1313,
        title: "The session behind the refresh token has ended",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The authorization was bound to a session, and the user has signed out.",
        causes: &["The user signed out, or an admin ended the session."],
        fixes: &[
            Fix::new("Sign in again."),
            Fix::new("Ask for offline_access where the program works without its user."),
        ],
        sections: &["RFC 6749 section 6", "OpenID Connect Core 1.0 section 11"],
        related: &[1311, 1314],
    });

    /// 1314: the user has changed the password.
    pub const REFRESH_PASSWORD_CHANGED: Self = Self::of(&Entry {
        number: 1314,
        title: "The user has changed the password",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "A new password, one that is taken away and a suspension end what was authorized before.",
        causes: &[
            "The user or an admin set a new password.",
            "An admin took the password away, or suspended the user and restored them later.",
        ],
        fixes: &[Fix::new("Sign in again.")],
        sections: &["RFC 6749 section 6"],
        related: &[1313, 1315],
    });

    /// 1315: the user has removed the consent.
    pub const REFRESH_CONSENT_REMOVED: Self = Self::of(&Entry {
        number: 1315,
        title: "The user has removed the consent",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The user no longer lets this client act, so its tokens have ended.",
        causes: &[
            "The user removed the client on the account page.",
            "An admin revoked what the client holds.",
        ],
        fixes: &[Fix::new("Ask the user to sign in and agree again.")],
        sections: &["RFC 6749 section 6"],
        related: &[1313, 1314],
    });

    /// 1316: the refresh token is no longer valid.
    pub const REFRESH_TOKEN_REUSED: Self = Self::of(&Entry {
        number: 1316,
        title: "The refresh token is no longer valid",
        proof: Proof::Nothing,
        answer: GRANT,
        meaning: "Each use of a refresh token gives a new one; an old one that comes again \
                  ends them all.",
        causes: &[
            "Two copies of the program share one refresh token.",
            "The new token was not written down before the program ended.",
            "Somebody else has a copy of the token.",
        ],
        fixes: &[
            Fix::new("Sign in again."),
            Fix::new("Store the refresh token of each answer in place of the one before."),
        ],
        sections: &["RFC 6749 section 6", "RFC 9700 section 4.14.2"],
        related: &[1303, 1310],
    });

    /// 1317: the organization no longer allows it.
    pub const GRANT_FORBIDDEN: Self = Self::of(&Entry {
        number: 1317,
        title: "The organization no longer allows this app",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The user had agreed, but a policy of the user's or of the app's organization now \
                  forbids it.",
        causes: &[
            "An admin blocked a scope, or closed the organization to the apps of others.",
            "The project of the app was made internal.",
        ],
        fixes: &[
            Fix::new("Ask for less."),
            Fix::new("Ask an admin of the organization to except the app."),
        ],
        sections: &["RFC 6749 section 5.2"],
        related: &[2301, 2304],
    });

    /// 1318: user name and password do not match.
    pub const PASSWORD_NO_MATCH: Self = Self::of(&Entry {
        number: 1318,
        title: "The user name and the password do not match",
        proof: Proof::Credential,
        answer: GRANT,
        meaning: "The same answer for a name that nobody has, a wrong password, a user without one, \
                  and a user who is suspended.",
        causes: &[
            "The password was mistyped, or has changed.",
            "The user name is not the e-mail address of the user.",
        ],
        fixes: &[
            Fix::new("Ask the user again."),
            Fix::new("Send the user to the browser instead: authorization code with PKCE."),
        ],
        sections: &["RFC 6749 section 4.3", "RFC 9700 section 2.4"],
        related: &[1317, 3001],
    });

    /// 1321: a token type is unknown.
    pub const TOKEN_TYPE_UNKNOWN: Self = Self::of(&Entry {
        number: 1321,
        title: "A token type is unknown",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "The types of tokens in an exchange are URIs of RFC 8693, and this is none of \
                  them.",
        causes: &[
            "A short name was sent, such as access_token.",
            "The URI is misspelt.",
        ],
        fixes: &[Fix::new(
            "Send the URI, such as urn:ietf:params:oauth:token-type:access_token.",
        )],
        sections: &["RFC 8693 section 3"],
        related: &[1001, 1322],
    });

    /// 1322: the `actor_token_type` has no `actor_token`.
    pub const TOKEN_TYPE_ALONE: Self = Self::of(&Entry {
        number: 1322,
        title: "The actor_token_type has no actor_token",
        proof: Proof::Nothing,
        answer: MALFORMED,
        meaning: "The type of the actor's token is sent, and the token is not.",
        causes: &["The variable that holds the actor's token was empty."],
        fixes: &[Fix::new("Send actor_token, or leave actor_token_type out.")],
        sections: &["RFC 8693 section 2.1"],
        related: &[1001, 1321],
    });
}
