//! 50xx: the server itself.

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of this range.
pub(super) const CODES: &[Crn] = &[Crn::SERVER_ERROR, Crn::UNAVAILABLE, Crn::TOO_MANY_REQUESTS];

impl Crn {
    /// 5001: our fault.
    pub const SERVER_ERROR: Self = Self::of(&Entry {
        number: 5001,
        title: "The server failed",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 500,
            error: TokenErrorCode::InternalFailure,
        },
        meaning: "It is the server's fault; nothing was changed.",
        causes: &["Something happened that the server does not know how to handle."],
        fixes: &[
            Fix::new("Repeat the request."),
            Fix::shown(
                "Look for the trace id in the log of the server.",
                &[Snippet::new("shell", "carnet explain TRACE_ID")],
            ),
        ],
        sections: &["RFC 9110 section 15.6.1"],
        related: &[5002],
    });

    /// 5002: not now.
    pub const UNAVAILABLE: Self = Self::of(&Entry {
        number: 5002,
        title: "The server cannot answer now",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 503,
            error: TokenErrorCode::TemporarilyUnavailable,
        },
        meaning: "The server is starting, stopping, overloaded, or cannot reach its database; \
                  nothing was changed.",
        causes: &[
            "The server is being restarted.",
            "The database is not reachable, or its disk is full.",
            "There is more to do than the server can take.",
        ],
        fixes: &[
            Fix::new("Repeat the request after the time in Retry-After."),
            Fix::shown(
                "Look at the state of the server.",
                &[Snippet::new(
                    "curl",
                    "curl 'http://127.0.0.1:9090/readyz?verbose'",
                )],
            ),
        ],
        sections: &["RFC 9110 section 15.6.4"],
        related: &[5001, 5003, 8004],
    });

    /// 5003: too many requests.
    pub const TOO_MANY_REQUESTS: Self = Self::of(&Entry {
        number: 5003,
        title: "Too many requests",
        proof: Proof::Nothing,
        answer: Answer::Http {
            status: 429,
            error: TokenErrorCode::TemporarilyUnavailable,
        },
        meaning: "More requests came from this address, account or key than are allowed in this \
                  time.",
        causes: &[
            "The program fetches a token for every call and does not keep it.",
            "The program repeats refused requests without waiting.",
        ],
        fixes: &[
            Fix::new("Wait for the time in Retry-After."),
            Fix::new("Keep the token until shortly before it expires."),
        ],
        sections: &["RFC 6585 section 4"],
        related: &[5002],
    });
}
