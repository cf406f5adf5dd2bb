//! 21xx: when the assertion was made, and for how long.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::google_text;
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[
    Crn::IAT_IN_THE_FUTURE,
    Crn::EXP_PASSED,
    Crn::LIFETIME_TOO_LONG,
    Crn::EXP_BEFORE_IAT,
    Crn::TIME_IN_MILLISECONDS,
    Crn::TIME_NOT_A_NUMBER,
    Crn::IAT_TOO_OLD,
    Crn::ASSERTION_REPLAYED,
];

const SHORT_LIVED: Answer = Answer::Token {
    error: TokenErrorCode::InvalidGrant,
    says: google_text::SHORT_LIVED,
};

const SYNC_CLOCK: Fix = Fix::shown(
    "Set the clock of the machine that signs.",
    &[
        Snippet::new("Linux", "sudo timedatectl set-ntp true"),
        Snippet::new("macOS", "sudo sntp -sS time.apple.com"),
        Snippet::new("Windows", "w32tm /resync"),
        Snippet::new(
            "Docker Desktop",
            "restart Docker Desktop: its virtual machine falls behind while the laptop sleeps",
        ),
        Snippet::new("WSL 2", "sudo hwclock -s"),
    ],
);

const COMPARE_CLOCKS: Fix = Fix::shown(
    "Compare the two clocks.",
    &[Snippet::new(
        "shell",
        "date -u; curl -sI https://ISSUER/jwks | grep -i ^date",
    )],
);

const SECONDS: Fix = Fix::shown(
    "Write whole seconds since 1970.",
    &[
        Snippet::new("JavaScript", "const iat = Math.floor(Date.now() / 1000);"),
        Snippet::new("Python", "iat = int(time.time())"),
        Snippet::new("Java", "long iat = Instant.now().getEpochSecond();"),
        Snippet::new("Go", "iat := time.Now().Unix()"),
        Snippet::new(
            "Rust",
            "let iat = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();",
        ),
    ],
);

impl Crn {
    /// 2104: `iat` is in the future.
    pub const IAT_IN_THE_FUTURE: Self = Self::of(&Entry {
        number: 2104,
        title: "The claim iat is in the future",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "By the clock of this server the JWT was issued later than now, by more than it \
                  tolerates.",
        causes: &[
            "The clock of the machine that signs is ahead.",
            "The time was taken in local time, not in UTC.",
            "A container or virtual machine was paused and its clock was set wrongly afterwards.",
        ],
        fixes: &[SYNC_CLOCK, COMPARE_CLOCKS],
        sections: &["RFC 7523 section 3", "RFC 7519 section 4.1.6"],
        related: &[2105, 2108, 2110],
    });

    /// 2105: `exp` has passed.
    pub const EXP_PASSED: Self = Self::of(&Entry {
        number: 2105,
        title: "The claim exp has passed",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "By the clock of this server the JWT is over.",
        causes: &[
            "A JWT was kept and used again; sign a new one for each request.",
            "The clock of the machine that signs is behind.",
            "The request waited long in a queue or a retry.",
        ],
        fixes: &[
            Fix::new("Keep the access token until it expires, not the JWT."),
            SYNC_CLOCK,
            COMPARE_CLOCKS,
        ],
        sections: &["RFC 7523 section 3", "RFC 7519 section 4.1.4"],
        related: &[2104, 2107, 2110],
    });

    /// 2106: the assertion lives too long.
    pub const LIFETIME_TOO_LONG: Self = Self::of(&Entry {
        number: 2106,
        title: "The lifetime of the JWT is too long",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "From iat to exp may be one hour; a few minutes more are tolerated.",
        causes: &[
            "The lifetime that the token should have was written into the JWT.",
            "The lifetime of a library was raised, as Java allows up to twelve hours.",
            "The time in exp is in milliseconds and iat is not.",
        ],
        fixes: &[Fix::shown(
            "Set exp to one hour after iat.",
            &[Snippet::new("any language", "exp = iat + 3600")],
        )],
        sections: &[
            "RFC 7523 section 3",
            "Google: JWT error codes, invalid_grant",
        ],
        related: &[2107, 2108],
    });

    /// 2107: `exp` lies before `iat`.
    pub const EXP_BEFORE_IAT: Self = Self::of(&Entry {
        number: 2107,
        title: "The claim exp is not after iat",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "The JWT would be over before it began.",
        causes: &[
            "The two claims are swapped.",
            "The claim exp holds a number of seconds from now, not a time.",
            "One of the two is in milliseconds.",
        ],
        fixes: &[Fix::shown(
            "Set exp to one hour after iat.",
            &[Snippet::new("any language", "exp = iat + 3600")],
        )],
        sections: &["RFC 7519 section 4.1.4"],
        related: &[2105, 2106, 2108],
    });

    /// 2108: the times are in milliseconds.
    pub const TIME_IN_MILLISECONDS: Self = Self::of(&Entry {
        number: 2108,
        title: "The times are in milliseconds",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "The claims iat and exp count seconds, and this number is too large for them by a \
                  thousand.",
        causes: &[
            "The clock of the language counts milliseconds, as those of JavaScript and Java do.",
        ],
        fixes: &[SECONDS],
        sections: &["RFC 7519 section 2, NumericDate"],
        related: &[2104, 2109],
    });

    /// 2109: a time is missing, or not a whole number.
    pub const TIME_NOT_A_NUMBER: Self = Self::of(&Entry {
        number: 2109,
        title: "The claim iat or exp is missing or not a whole number",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "Both claims must be there, as whole seconds since 1970.",
        causes: &[
            "One of them was left out; some libraries write only exp.",
            "The time was written as text, for example 2026-04-02T09:10:58Z.",
            "The clock counts fractions of a second, as time.time() in Python does.",
        ],
        fixes: &[SECONDS],
        sections: &["RFC 7523 section 3", "RFC 7519 section 2, NumericDate"],
        related: &[2106, 2108],
    });

    /// 2110: `iat` lies too far back.
    pub const IAT_TOO_OLD: Self = Self::of(&Entry {
        number: 2110,
        title: "The claim iat is too far in the past",
        proof: Proof::Nothing,
        answer: SHORT_LIVED,
        meaning: "The JWT was made long before it was used; JWTs made in advance are refused.",
        causes: &[
            "JWTs were made in advance and stored.",
            "The time was taken in local time, not in UTC.",
        ],
        fixes: &[Fix::new("Sign the JWT when it is needed."), SYNC_CLOCK],
        sections: &["RFC 7523 section 3"],
        related: &[2104, 2105],
    });

    /// 2111: the assertion was used before.
    pub const ASSERTION_REPLAYED: Self = Self::of(&Entry {
        number: 2111,
        title: "The JWT was used before",
        proof: Proof::Credential,
        answer: SHORT_LIVED,
        meaning: "The jti of this JWT was seen before, and this project accepts each JWT once.",
        causes: &[
            "The request was repeated after a time-out with the same JWT.",
            "The jti is written into the program, or made by a weak generator.",
            "Somebody else holds a copy of the JWT.",
        ],
        fixes: &[
            Fix::new("Sign a new JWT, with a new jti, for each request."),
            Fix::new("Roll the key, if nobody of yours sent the first one."),
        ],
        sections: &["RFC 7523 section 3", "RFC 7519 section 4.1.7"],
        related: &[2105],
    });
}
