//! 12xx: the authorization request, and what it asks a token for.
//!
//! The first two never redirect: who has not shown where its answers go is answered with a page.

use crate::authorize::AuthorizeErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::CLIENT_UNKNOWN,
    Crn::REDIRECT_URI,
    Crn::RESPONSE_TYPE,
    Crn::PKCE_MISSING,
    Crn::RESOURCE_UNKNOWN,
    Crn::RESOURCE_MALFORMED,
    Crn::CODE_CHALLENGE_MALFORMED,
    Crn::RESPONSE_MODE,
    Crn::PROMPT,
    Crn::AUTHORIZE_PARAMETER,
    Crn::GRANT_NOT_REGISTERED,
    Crn::USER_DENIED,
    Crn::LOGIN_REQUIRED,
    Crn::CONSENT_REQUIRED,
    Crn::EMBEDDED_USER_AGENT,
];

impl Crn {
    /// 1201: this app is not registered here.
    pub const CLIENT_UNKNOWN: Self = Self::of(&Entry {
        number: 1201,
        title: "This app is not registered here",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 400 },
        meaning: "No app of this server has the client_id of the request, so the browser is \
                  sent nowhere.",
        causes: &[
            "The client_id belongs to another server, for example that of the test stage.",
            "The app was deleted.",
            "The client_id was cut or misspelt.",
        ],
        fixes: &[Fix::new(
            "Compare the client_id with the one on the page of the app.",
        )],
        sections: &["RFC 6749 section 4.1.2.1"],
        related: &[1203, 1401],
    });

    /// 1203: the `redirect_uri` is not registered for this app.
    pub const REDIRECT_URI: Self = Self::of(&Entry {
        number: 1203,
        title: "The redirect_uri is not registered for this app",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 400 },
        meaning: "A browser is sent only to addresses that were registered, compared letter by \
                  letter.",
        causes: &[
            "One has a slash at its end and the other has none.",
            "The scheme, the port or the host is another one on this stage.",
            "The request has no redirect_uri and the app has registered more than one.",
        ],
        fixes: &[
            Fix::new("Register the address that the program sends."),
            Fix::new("Make the program send the address that is registered."),
        ],
        sections: &[
            "RFC 6749 section 3.1.2.4",
            "RFC 9700 section 2.1",
            "RFC 8252 section 7.3",
        ],
        related: &[1201, 1304],
    });

    /// 1204: the `response_type` is unknown or off.
    pub const RESPONSE_TYPE: Self = Self::of(&Entry {
        number: 1204,
        title: "The response_type is unknown or off",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::UnsupportedResponseType),
        meaning: "This app may not ask for an answer of this kind.",
        causes: &[
            "The program uses the implicit grant, which is off unless an administrator switches it on for an app.",
            "The words are misspelt, or one comes twice.",
        ],
        fixes: &[Fix::new("Use response_type=code with PKCE.")],
        sections: &["RFC 6749 section 4.1.2.1", "RFC 9700 section 2.1.2"],
        related: &[1209],
    });

    /// 1205: the `code_challenge` is missing.
    pub const PKCE_MISSING: Self = Self::of(&Entry {
        number: 1205,
        title: "The code_challenge is missing",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "This app must send a code_challenge, so that nobody else can redeem its \
                  code.",
        causes: &[
            "PKCE is switched off in the library, or the library is older than PKCE.",
            "The app must use S256 and the method plain was sent.",
        ],
        fixes: &[Fix::new(
            "Switch PKCE on in the library, with the method S256.",
        )],
        sections: &["RFC 7636 section 4.3", "RFC 9700 section 2.1.1"],
        related: &[1208, 1301],
    });

    /// 1206: the resource is not known here.
    pub const RESOURCE_UNKNOWN: Self = Self::of(&Entry {
        number: 1206,
        title: "The resource is not known here",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidTarget),
        meaning: "No API of this server has the address that the parameter resource names, or audience \
                  where a service identity asks.",
        causes: &[
            "The address is misspelt; it is compared letter by letter.",
            "The API was not made yet.",
            "None of its scopes is one that the asker may know.",
        ],
        fixes: &[Fix::new(
            "Send the address as the page of the API shows it.",
        )],
        sections: &["RFC 8707 section 2"],
        related: &[1207],
    });

    /// 1207: a resource is not an absolute URI.
    pub const RESOURCE_MALFORMED: Self = Self::of(&Entry {
        number: 1207,
        title: "A resource is not an absolute URI",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidTarget,
            says: "",
        },
        meaning: "The parameter resource names an API by an absolute URI without a fragment.",
        causes: &[
            "The name of the API was sent, or its host without https.",
            "Two URIs were sent in one parameter.",
        ],
        fixes: &[Fix::new(
            "Send one resource parameter for each API, as its metadata writes it.",
        )],
        sections: &["RFC 8707 section 2"],
        related: &[1001, 1206],
    });

    /// 1208: the `code_challenge` is malformed.
    pub const CODE_CHALLENGE_MALFORMED: Self = Self::of(&Entry {
        number: 1208,
        title: "The code_challenge is malformed",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "With S256 a code_challenge has 43 characters of base64url without padding.",
        causes: &[
            "The code_challenge_method is missing, so the challenge counts as plain.",
            "The challenge was encoded with base64 in place of base64url.",
            "The verifier was sent in place of its hash.",
        ],
        fixes: &[Fix::new(
            "Send the SHA-256 of the verifier in base64url, and \
                     code_challenge_method=S256.",
        )],
        sections: &["RFC 7636 section 4.2"],
        related: &[1205, 1306],
    });

    /// 1209: the `response_mode` is unknown or does not fit.
    pub const RESPONSE_MODE: Self = Self::of(&Entry {
        number: 1209,
        title: "The response_mode is unknown or does not fit",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "An answer travels as query, fragment or form_post, and tokens never travel \
                  in a query.",
        causes: &[
            "The word is misspelt.",
            "A token was asked for with response_mode=query.",
        ],
        fixes: &[Fix::new("Leave response_mode out.")],
        sections: &["OAuth 2.0 Multiple Response Type Encoding Practices section 2.1"],
        related: &[1204],
    });

    /// 1210: the prompt is unknown or contradicts itself.
    pub const PROMPT: Self = Self::of(&Entry {
        number: 1210,
        title: "The prompt is unknown or contradicts itself",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "The value none stands alone; the others are login, consent and \
                  select_account.",
        causes: &[
            "The values are separated by commas.",
            "The value none was added to another one.",
        ],
        fixes: &[Fix::new(
            "Send the values that are wanted, separated by spaces.",
        )],
        sections: &["OpenID Connect Core 1.0 section 3.1.2.1"],
        related: &[1221],
    });

    /// 1211: a parameter of the authorization request is malformed.
    pub const AUTHORIZE_PARAMETER: Self = Self::of(&Entry {
        number: 1211,
        title: "A parameter of the authorization request is malformed",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "The parameter that the message names is not written as its specification \
                  says.",
        causes: &[
            "A number was sent with a sign or a unit.",
            "A value was cut or encoded twice.",
        ],
        fixes: &[Fix::new(
            "Write the parameter that the message names as its specification says.",
        )],
        sections: &[
            "RFC 6749 section 4.1.2.1",
            "OpenID Connect Core 1.0 section 3.1.2.1",
            "RFC 9449 section 10",
        ],
        related: &[1001],
    });

    /// 1212: the app is not registered for this flow.
    pub const GRANT_NOT_REGISTERED: Self = Self::of(&Entry {
        number: 1212,
        title: "The app is not registered for this flow",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::UnauthorizedClient),
        meaning: "An app uses only the grants that it is registered for, and authorization_code is \
                  none of them.",
        causes: &[
            "The app was registered for a machine or a device, and is used in a browser.",
            "The client_id is that of another app.",
        ],
        fixes: &[Fix::new("Add authorization_code to the grants of the app.")],
        sections: &["RFC 6749 section 4.1.2.1"],
        related: &[1201, 1204],
    });

    /// 1220: the user pressed Cancel.
    pub const USER_DENIED: Self = Self::of(&Entry {
        number: 1220,
        title: "The user pressed Cancel",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::AccessDenied),
        meaning: "The user was asked and does not let the app act.",
        causes: &[
            "The user does not know the app, or it asks for more than the user wants to \
                     give.",
        ],
        fixes: &[Fix::new("Ask for less, and say before why it is needed.")],
        sections: &["RFC 6749 section 4.1.2.1"],
        related: &[1222],
    });

    /// 1221: the user must sign in.
    pub const LOGIN_REQUIRED: Self = Self::of(&Entry {
        number: 1221,
        title: "The user must sign in",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::LoginRequired),
        meaning: "The request forbids pages with prompt=none, and there is no session.",
        causes: &[
            "The user has signed out, or the session has ended.",
            "The browser does not send cookies to a frame of another site.",
        ],
        fixes: &[Fix::new("Send the user here without prompt=none.")],
        sections: &["OpenID Connect Core 1.0 section 3.1.2.6"],
        related: &[1222],
    });

    /// 1222: the user must agree.
    pub const CONSENT_REQUIRED: Self = Self::of(&Entry {
        number: 1222,
        title: "The user must agree",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::ConsentRequired),
        meaning: "The request forbids pages with prompt=none, and asks for what the user has \
                  not agreed to.",
        causes: &[
            "A scope is new in this request.",
            "The user has removed the consent.",
        ],
        fixes: &[Fix::new("Send the user here without prompt=none.")],
        sections: &["OpenID Connect Core 1.0 section 3.1.2.6"],
        related: &[1220, 1221],
    });

    /// 1227: the request came in an embedded user agent.
    pub const EMBEDDED_USER_AGENT: Self = Self::of(&Entry {
        number: 1227,
        title: "The page is shown inside an app",
        proof: Proof::Nothing,
        answer: Answer::Page { status: 403 },
        meaning: "Nobody signs in inside an app that could read what is typed: a sign-in is for \
                  the browser of the system.",
        causes: &[
            "The app opens the sign-in in a web view of its own.",
            "Somebody followed a link in an app that shows pages inside itself.",
            "A web app stands on the home screen of a telephone of Apple, where it looks like a web view.",
        ],
        fixes: &[
            Fix::new("Open the page in the browser: Safari, Chrome, Firefox or another."),
            Fix::new(
                "Let the app use a Custom Tab on Android, ASWebAuthenticationSession on iOS and macOS, and \
                 the default browser elsewhere. AppAuth does so.",
            ),
            Fix::shown(
                "Allow it for an app that cannot do otherwise yet.",
                &[Snippet::new(
                    "shell",
                    "carnet app update APP --allow-embedded-user-agents true",
                )],
            ),
        ],
        sections: &["RFC 8252 section 8.12"],
        related: &[1203, 1220],
    });
}
