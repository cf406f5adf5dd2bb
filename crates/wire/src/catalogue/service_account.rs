//! 20xx, second part: who the assertion says it is, and whether its signature holds.
//!
//! Below level 1 everything that depends on what we store reads 2005: unknown account, unknown key,
//! deleted key and wrong signature are one answer (ux 4.2).

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this part of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::ISS_MISSING,
    Crn::AUDIENCE,
    Crn::SIGNATURE,
    Crn::KID_UNKNOWN,
    Crn::KEY_EXPIRED,
    Crn::SIGNED_WITH_ANOTHER_KEY,
    Crn::KID_OF_ANOTHER_KEY,
    Crn::KEY_DISABLED,
    Crn::ACCOUNT_DISABLED,
    Crn::ACCOUNT_DELETED,
    Crn::PROJECT_DISABLED,
    Crn::ISS_NOT_AN_ACCOUNT,
    Crn::IDENTITY_SUBJECT,
];

const BAD_SIGNATURE: Answer = Answer::Token {
    error: TokenErrorCode::InvalidGrant,
    says: google_text::INVALID_SIGNATURE,
};

const DISABLED: Answer = Answer::Token {
    error: TokenErrorCode::DisabledClient,
    says: google_text::CLIENT_DISABLED,
};

const NEW_KEY: Snippet = Snippet::new("shell", "carnet sa key create ACCOUNT --out key.json");

impl Crn {
    /// 2003: `iss` is missing.
    pub const ISS_MISSING: Self = Self::of(&Entry {
        number: 2003,
        title: "The claim iss is missing",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidGrant,
            says: google_text::ACCOUNT_NOT_FOUND,
        },
        meaning: "The claim iss must hold the e-mail address of the service account, as a string.",
        causes: &[
            "The claim was left out, is empty, or is not a string.",
            "The address was put into sub, which names the user to act for.",
        ],
        fixes: &[Fix::shown(
            "Set iss to the client_email of the key file.",
            &[Snippet::new(
                "JSON",
                "\"iss\": \"NAME@PROJECT.iam.gserviceaccount.com\"",
            )],
        )],
        sections: &["RFC 7523 section 3"],
        related: &[2005],
    });

    /// 2019: the iss cannot be a service account.
    pub const ISS_NOT_AN_ACCOUNT: Self = Self::of(&Entry {
        number: 2019,
        title: "The claim iss is not the name of a service account",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidClient,
            says: google_text::NOT_A_SERVICE_ACCOUNT,
        },
        meaning: "The iss of an assertion is the e-mail address of a service account, or its number of 21 digits; \
                  of the token of a service identity it is system:serviceaccount:PROJECT:NAME.",
        causes: &[
            "The iss holds the id of a project, a user name or a URL.",
            "A template was filled in with the wrong field of the key file.",
        ],
        fixes: &[
            Fix::new("Put the value of client_email from the key file into iss."),
            Fix::new(
                "In a file of the type gdch_service_account, leave project and name as they were written.",
            ),
        ],
        sections: &["RFC 7523 section 3"],
        related: &[2003, 2020],
    });

    /// 2020: the `sub` of a service identity's token is not its `iss`.
    pub const IDENTITY_SUBJECT: Self = Self::of(&Entry {
        number: 2020,
        title: "The sub of a service identity's token is not its iss",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidGrant,
            says: google_text::NOT_FOR_ITSELF,
        },
        meaning: "A service identity asks for itself and for nobody else: iss and sub of its token \
                  are the same system:serviceaccount:PROJECT:NAME.",
        causes: &[
            "The claim sub was left out.",
            "The token was written by hand, with the user to act for in sub.",
        ],
        fixes: &[
            Fix::new("Put the value of iss into sub."),
            Fix::shown(
                "Act for a user with a key file of the type service_account.",
                &[NEW_KEY],
            ),
        ],
        sections: &["RFC 7523 section 3"],
        related: &[2019],
    });

    /// 2004: the audience is not this server.
    pub const AUDIENCE: Self = Self::of(&Entry {
        number: 2004,
        title: "The claim aud does not name this server",
        proof: Proof::Nothing,
        answer: Answer::Token {
            error: TokenErrorCode::InvalidGrant,
            says: google_text::FAILED_AUDIENCE,
        },
        meaning: "The assertion was written for somebody else: aud must be the URL of this token \
                  endpoint, or the issuer.",
        causes: &[
            "The token_uri of the key file is that of another server.",
            "The server is reached by a name that it does not know as its own, for example behind \
             a proxy.",
            "The library always writes Google's URL, and this key was uploaded, so Google's URL is \
             not accepted for it.",
        ],
        fixes: &[
            Fix::new("Set aud to the URL that the message names."),
            Fix::new("Set token_uri in the key file to the token_endpoint of the metadata."),
            Fix::shown(
                "Accept Google's audience with uploaded keys, too.",
                &[Snippet::new(
                    "shell",
                    "carnet project update PROJECT --google-audience-for-uploaded-keys true",
                )],
            ),
        ],
        sections: &["RFC 7523 section 3", "RFC 7519 section 4.1.3"],
        related: &[4002],
    });

    /// 2005: the generic answer below level 1.
    pub const SIGNATURE: Self = Self::of(&Entry {
        number: 2005,
        title: "The signature does not match an active key of this account",
        proof: Proof::Nothing,
        answer: BAD_SIGNATURE,
        meaning: "No active key of the account named in iss made this signature; which of the \
                  causes it is, only the owner is told.",
        causes: &[
            "The key was deleted.",
            "The JWT was signed with the private key of another account or file.",
            "The iss names no account of this server, for example one of another stage.",
            "The JWT was changed after it was signed.",
            "The private key was damaged when it was copied, for example its line ends.",
            "The signature is not over the first two parts exactly as they are sent.",
            "An ECDSA signature is in DER form; a JWT wants the two numbers side by side.",
            "The server was set up anew and this key file is of the old one.",
        ],
        fixes: &[
            Fix::shown(
                "Check the key file against the server.",
                &[Snippet::new("shell", "carnet sa key check key.json")],
            ),
            Fix::shown(
                "Let the owner read the one cause.",
                &[Snippet::new("shell", "carnet explain TRACE_ID")],
            ),
            Fix::shown("Make a new key and use its file.", &[NEW_KEY]),
        ],
        sections: &["RFC 7523 section 3", "RFC 7515 section 5.2"],
        related: &[2006, 2007, 2008, 2010, 2011],
    });

    /// 2006: the `kid` is not one of this account.
    pub const KID_UNKNOWN: Self = Self::of(&Entry {
        number: 2006,
        title: "The kid is not a key of this account",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 2005 },
        meaning: "The header names a key that the account does not have, and no other key of it \
                  made the signature.",
        causes: &[
            "The key was deleted.",
            "The key belongs to another account.",
        ],
        fixes: &[Fix::shown("Make a new key and use its file.", &[NEW_KEY])],
        sections: &["RFC 7515 section 4.1.4"],
        related: &[2005, 2008, 2010],
    });

    /// 2007: the key has expired.
    pub const KEY_EXPIRED: Self = Self::of(&Entry {
        number: 2007,
        title: "The key has expired",
        proof: Proof::Credential,
        answer: BAD_SIGNATURE,
        meaning: "The signature is right, but the key that made it was good until a time that is \
                  over.",
        causes: &["The key was made with an end, and nobody made the next one."],
        fixes: &[
            Fix::shown("Make a new key and use its file.", &[NEW_KEY]),
            Fix::new("Set up a reminder before keys of this project expire."),
        ],
        sections: &["RFC 7523 section 3"],
        related: &[2005, 2011],
    });

    /// 2008: another private key made the signature.
    pub const SIGNED_WITH_ANOTHER_KEY: Self = Self::of(&Entry {
        number: 2008,
        title: "The JWT was signed with another private key",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 2005 },
        meaning: "The kid names a key of this account, and that key did not make the signature.",
        causes: &[
            "The kid was copied from one key file and the private key from another.",
            "The JWT was changed after it was signed.",
        ],
        fixes: &[
            Fix::shown(
                "Compare the public parts.",
                &[Snippet::new(
                    "shell",
                    "openssl pkey -in private.pem -pubout -outform DER | openssl dgst -sha256",
                )],
            ),
            Fix::new("Take kid and private key from the same key file."),
        ],
        sections: &["RFC 7515 section 5.2"],
        related: &[2005, 2006, 2010],
    });

    /// 2010: the `kid` names another key than the one that signed.
    pub const KID_OF_ANOTHER_KEY: Self = Self::of(&Entry {
        number: 2010,
        title: "The kid names another key than the one that signed",
        proof: Proof::Owner,
        answer: Answer::Explain { instead: 2005 },
        meaning: "A key of the account made the signature, but the kid names another; it is \
                  accepted with a warning unless the project is strict.",
        causes: &["The kid is written into the program, and the key was changed since."],
        fixes: &[Fix::new(
            "Set kid to the private_key_id of the key file, or leave it out.",
        )],
        sections: &["RFC 7515 section 4.1.4"],
        related: &[2005, 2006, 2008],
    });

    /// 2011: the key is disabled.
    pub const KEY_DISABLED: Self = Self::of(&Entry {
        number: 2011,
        title: "The key is disabled",
        proof: Proof::Credential,
        answer: BAD_SIGNATURE,
        meaning: "The signature is right, but the key that made it was disabled.",
        causes: &[
            "The owner disabled the key to see whether anybody still uses it.",
            "The key was disabled because it was found in a public place.",
        ],
        fixes: &[
            Fix::shown("Make a new key and use its file.", &[NEW_KEY]),
            Fix::shown(
                "Enable the key again.",
                &[Snippet::new("shell", "carnet sa key enable ACCOUNT KEY_ID")],
            ),
        ],
        sections: &["RFC 7523 section 3"],
        related: &[2005, 2007, 2012],
    });

    /// 2012: the account is disabled.
    pub const ACCOUNT_DISABLED: Self = Self::of(&Entry {
        number: 2012,
        title: "The service account is disabled",
        proof: Proof::Credential,
        answer: DISABLED,
        meaning: "The signature is right, but the account gets no tokens until it is enabled \
                  again.",
        causes: &["The owner disabled the account."],
        fixes: &[
            Fix::shown(
                "Enable the account.",
                &[Snippet::new("shell", "carnet sa enable ACCOUNT")],
            ),
            Fix::new("Use another account, if this one was disabled on purpose."),
        ],
        sections: &[
            "RFC 6749 section 5.2",
            "Google: JWT error codes, disabled_client",
        ],
        related: &[2011, 2013, 2018],
    });

    /// 2013: the account is deleted.
    pub const ACCOUNT_DELETED: Self = Self::of(&Entry {
        number: 2013,
        title: "The service account was deleted",
        proof: Proof::Credential,
        answer: Answer::Token {
            error: TokenErrorCode::DeletedClient,
            says: google_text::CLIENT_DELETED,
        },
        meaning: "The signature is right, but the account was deleted; for 30 days it can be \
                  restored.",
        causes: &["The account was deleted while a program still used it."],
        fixes: &[
            Fix::shown(
                "Restore the account.",
                &[Snippet::new("shell", "carnet sa undelete UNIQUE_ID")],
            ),
            Fix::new("Create another account; one with the old name is not the old account."),
        ],
        sections: &["RFC 6749 section 5.2"],
        related: &[2012, 6012],
    });

    /// 2018: the account's project is disabled.
    pub const PROJECT_DISABLED: Self = Self::of(&Entry {
        number: 2018,
        title: "The project of the service account is suspended",
        proof: Proof::Credential,
        answer: DISABLED,
        meaning: "The signature is right, but no account of this project gets tokens until the \
                  project is restored.",
        causes: &["The project was suspended, and its accounts with it."],
        fixes: &[Fix::shown(
            "Restore the project.",
            &[Snippet::new("shell", "carnet project restore PROJECT")],
        )],
        sections: &["RFC 6749 section 5.2"],
        related: &[2012],
    });
}
