//! 24xx: using a service account that is not one's own (google-wire 5.1).

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google::ApiStatus;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::IAM_PERMISSION_DENIED,
    Crn::IAM_CHAIN,
    Crn::IAM_LIFETIME,
    Crn::IAM_ARGUMENT,
    Crn::IAM_JWT_CLAIMS,
];

const INVALID: Answer = Answer::Api(ApiStatus::InvalidArgument);

const REFERENCE: &str = "Google: IAM Service Account Credentials API";

const BIND: Fix = Fix::shown(
    "Let an owner of the account's project bind the caller to a role on the account.",
    &[Snippet::new(
        "shell",
        "carnet sa policy add EMAIL --member serviceAccount:CALLER --role roles/iam.serviceAccountTokenCreator",
    )],
);

impl Crn {
    /// 2401: the caller may not do this with the account, or there is no such account.
    pub const IAM_PERMISSION_DENIED: Self = Self::of(&Entry {
        number: 2401,
        title: "The caller may not do this with the service account, or there is no such account",
        proof: Proof::Nothing,
        answer: Answer::Api(ApiStatus::PermissionDenied),
        meaning: "No binding on the account gives the caller this permission. Whoever has none is \
                  not told whether the account exists.",
        causes: &[
            "The caller has no role on the account, or one that does not have this permission.",
            "In a chain, one of the delegates has no role on the next one.",
            "The e-mail or the number of the account is misspelt.",
            "The program calls as another account than its developer thinks.",
        ],
        fixes: &[
            BIND,
            Fix::shown(
                "Look at who may use the account.",
                &[Snippet::new("shell", "carnet sa policy show EMAIL")],
            ),
        ],
        sections: &[REFERENCE],
        related: &[2402],
    });

    /// 2402: the chain of delegates cannot be followed.
    pub const IAM_CHAIN: Self = Self::of(&Entry {
        number: 2402,
        title: "The chain of delegates cannot be followed",
        proof: Proof::Nothing,
        answer: INVALID,
        meaning: "delegates names accounts through which the caller gets to the last one, each as \
                  projects/-/serviceAccounts/EMAIL, and few of them.",
        causes: &[
            "A delegate is written as a bare e-mail.",
            "There are more delegates than are followed, or who calls has come through too many already.",
        ],
        fixes: &[
            Fix::new("Write each delegate as projects/-/serviceAccounts/EMAIL."),
            Fix::new("Bind the caller nearer to the account that it needs."),
        ],
        sections: &[REFERENCE],
        related: &[2401],
    });

    /// 2403: the lifetime is too long, or none.
    pub const IAM_LIFETIME: Self = Self::of(&Entry {
        number: 2403,
        title: "The lifetime is longer than this account may have, or not a lifetime",
        proof: Proof::Nothing,
        answer: INVALID,
        meaning: "lifetime is a number of seconds with an s behind it: at most 3600s, and at most \
                  43200s for accounts that a policy of their organization lists.",
        causes: &[
            "The program asks for 12 hours as if the account were listed.",
            "The unit is missing, or it is not seconds.",
        ],
        fixes: &[
            Fix::new("Ask for 3600s or less, and get a new token when it ends."),
            Fix::shown(
                "Let an admin of the organization list the account.",
                &[Snippet::new(
                    "shell",
                    "carnet policy lifetime-extension 'Long jobs' --org ORGANIZATION --account EMAIL",
                )],
            ),
        ],
        sections: &[
            REFERENCE,
            "Google: constraints/iam.allowServiceAccountCredentialLifetimeExtension",
        ],
        related: &[2404],
    });

    /// 2404: a member of the request is wrong.
    pub const IAM_ARGUMENT: Self = Self::of(&Entry {
        number: 2404,
        title: "The request is not one that this method takes",
        proof: Proof::Nothing,
        answer: INVALID,
        meaning: "The body is one JSON object with the members of the method. Unknown members are \
                  ignored; known ones must be what they are called.",
        causes: &[
            "scope is empty or one string; it is a list of strings.",
            "payload is missing, or not in base64 where bytes are signed.",
            "The body is no JSON object.",
        ],
        fixes: &[Fix::new("Send what the detail names.")],
        sections: &[REFERENCE],
        related: &[2403, 2405],
    });

    /// 2405: the claims that are to be signed are not.
    pub const IAM_JWT_CLAIMS: Self = Self::of(&Entry {
        number: 2405,
        title: "The claims that are to be signed are not, or end too late",
        proof: Proof::Nothing,
        answer: INVALID,
        meaning: "payload of signJwt is a text that is one JSON object; exp in it is a number of \
                  seconds that is not past and at most 12 hours ahead. A JWT that this server \
                  would take itself, signed by signJwt or by signBlob, begins within 300 seconds and lives an \
                  hour at most, so that nobody keeps some for later.",
        causes: &[
            "payload is an object instead of the text of one.",
            "exp is in milliseconds, or farther ahead than the key that signs will be published.",
            "aud is this server's, and iat lies ahead, or exp more than an hour behind iat.",
        ],
        fixes: &[Fix::new(
            "Send the claims as a text, with an exp within 12 hours.",
        )],
        sections: &[REFERENCE, "RFC 7519 section 4.1.4"],
        related: &[2404],
    });
}
