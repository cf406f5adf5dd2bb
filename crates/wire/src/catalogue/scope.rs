//! 2214 to 2219: what is asked for.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this part of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::SCOPE_EMPTY,
    Crn::SCOPE_WITH_COMMAS,
    Crn::SCOPES_MISNAMED,
    Crn::SCOPE_UNKNOWN,
    Crn::SCOPE_AND_TARGET_AUDIENCE,
    Crn::SCOPE_MALFORMED,
];

const INVALID_SCOPE: Answer = Answer::Token {
    error: TokenErrorCode::InvalidScope,
    says: google_text::INVALID_SCOPE,
};

const GOOGLE: &str = "Google: JWT error codes, invalid_scope";

const CLAIM: Snippet = Snippet::new("JSON", "\"scope\": \"invoices.read calendar.readonly\"");

impl Crn {
    /// 2214: nothing is asked for.
    pub const SCOPE_EMPTY: Self = Self::of(&Entry {
        number: 2214,
        title: "The scope is empty",
        proof: Proof::Nothing,
        answer: INVALID_SCOPE,
        meaning: "The request asks for nothing: an assertion has neither scopes nor a \
                  target_audience, or a client sent no scope and has none by default.",
        causes: &[
            "The library was given no scopes.",
            "The scope stands in the form beside the assertion; it belongs into the claims.",
        ],
        fixes: &[Fix::shown(
            "Put a space-separated list into the claim scope.",
            &[
                CLAIM,
                Snippet::new("Python", "credentials.with_scopes(['invoices.read'])"),
                Snippet::new("Go", "google.JWTConfigFromJSON(key, \"invoices.read\")"),
            ],
        )],
        sections: &["RFC 6749 section 3.3", GOOGLE],
        related: &[2216, 2217],
    });

    /// 2215: the scope has commas.
    pub const SCOPE_WITH_COMMAS: Self = Self::of(&Entry {
        number: 2215,
        title: "The scope contains commas",
        proof: Proof::Nothing,
        answer: INVALID_SCOPE,
        meaning: "Scopes are separated by spaces; with commas the whole list is one unknown scope.",
        causes: &["The list was joined with commas, as many configuration files do."],
        fixes: &[Fix::shown(
            "Join the scopes with spaces.",
            &[
                CLAIM,
                Snippet::new("Python", "' '.join(scopes)"),
                Snippet::new("JavaScript", "scopes.join(' ')"),
            ],
        )],
        sections: &["RFC 6749 section 3.3", GOOGLE],
        related: &[2217, 2219],
    });

    /// 2216: the claim is called `scopes`.
    pub const SCOPES_MISNAMED: Self = Self::of(&Entry {
        number: 2216,
        title: "The claim is called scopes and must be scope",
        proof: Proof::Nothing,
        answer: INVALID_SCOPE,
        meaning: "The claim scopes is read by nobody, so the assertion asks for nothing.",
        causes: &["The option of the library is called scopes, the claim is not."],
        fixes: &[Fix::shown("Rename the claim to scope.", &[CLAIM])],
        sections: &["RFC 6749 section 3.3", GOOGLE],
        related: &[2214, 2219],
    });

    /// 2217: a scope is unknown.
    pub const SCOPE_UNKNOWN: Self = Self::of(&Entry {
        number: 2217,
        title: "A scope is unknown",
        proof: Proof::Credential,
        answer: INVALID_SCOPE,
        meaning: "No API of this server has a scope of this name that the account or client may ask \
                  for.",
        causes: &[
            "The name is misspelt.",
            "The scope is one of Google's, and no API here has it.",
            "The scope belongs to an API that the account may not see.",
            "The scope is not among those that the client is registered for.",
        ],
        fixes: &[
            Fix::shown(
                "List the scopes.",
                &[Snippet::new("shell", "carnet api list")],
            ),
            Fix::shown(
                "Add the scope to its API.",
                &[Snippet::new("shell", "carnet api apply API api.json")],
            ),
        ],
        sections: &["RFC 6749 section 3.3", GOOGLE],
        related: &[2205, 2215, 2219],
    });

    /// 2218: both an access token and an ID token are asked for.
    pub const SCOPE_AND_TARGET_AUDIENCE: Self = Self::of(&Entry {
        number: 2218,
        title: "Both scope and target_audience are set",
        proof: Proof::Nothing,
        answer: INVALID_SCOPE,
        meaning: "The claim scope asks for an access token, target_audience for an ID token; one \
                  answer holds one of them.",
        causes: &["The same claims are used for both requests."],
        fixes: &[
            Fix::new("Leave out target_audience to get an access token."),
            Fix::new("Leave out scope to get an ID token."),
        ],
        sections: &[GOOGLE],
        related: &[2214],
    });

    /// 2219: the scope is not a list of scope tokens.
    pub const SCOPE_MALFORMED: Self = Self::of(&Entry {
        number: 2219,
        title: "The scope is not a space-separated list",
        proof: Proof::Nothing,
        answer: INVALID_SCOPE,
        meaning: "The claim scope is one string of at most 100 scopes, each of at most 256 \
                  printable ASCII characters without quotes and backslashes.",
        causes: &[
            "The scopes were written as a JSON list.",
            "The string has line ends or tabs, or quotes from a configuration file.",
            "The list is longer than any one program needs.",
        ],
        fixes: &[Fix::shown(
            "Join the scopes with spaces into one string.",
            &[CLAIM],
        )],
        sections: &["RFC 6749 section 3.3", GOOGLE],
        related: &[2215, 2217],
    });
}
