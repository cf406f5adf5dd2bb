//! 5010 to 5013: Google's names, held on this machine (google-wire 0.2 and 13).

use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};
use crate::token::TokenErrorCode;

/// All codes of this part of the range.
pub(super) const CODES: &[Crn] = &[
    Crn::HOST_NOT_HELD,
    Crn::PROXY_REQUEST,
    Crn::PROXY_REFUSES,
    Crn::PROXY_UNREACHABLE,
];

const GUIDE: &str = "Carnet: docs/google.md, Google's names on this machine";

const ENVIRONMENT: Snippet = Snippet::new("shell", "carnet google env all");

const fn told(status: u16) -> Answer {
    Answer::Http {
        status,
        error: TokenErrorCode::InvalidRequest,
    }
}

impl Crn {
    /// 5010: the captive listener was asked for a host that it does not hold.
    pub const HOST_NOT_HELD: Self = Self::of(&Entry {
        number: 5010,
        title: "This listener does not hold that host name",
        proof: Proof::Nothing,
        answer: told(421),
        meaning: "The listener for Google's names answers under those names, under those of the universe \
                  domain that is configured, and under localhost. The request names another host.",
        causes: &[
            "A name was pointed to this listener that is not on its list.",
            "The issuer's own URL was opened at this listener.",
        ],
        fixes: &[
            Fix::new("Use the issuer's URL for everything that is not one of Google's names."),
            Fix::new("Set google.universe where the programs have a universe domain of their own."),
        ],
        sections: &["RFC 9110 section 15.5.20", GUIDE],
        related: &[5012],
    });

    /// 5011: the proxy got something that is no CONNECT request.
    pub const PROXY_REQUEST: Self = Self::of(&Entry {
        number: 5011,
        title: "This is no CONNECT request",
        proof: Proof::Nothing,
        answer: told(400),
        meaning: "The proxy takes CONNECT with a host and a port, with a head of at most 8 KiB and 64 lines, \
                  and nothing else.",
        causes: &[
            "The program sends plain http through the proxy: HTTP_PROXY is set, or http_proxy.",
            "The proxy's address was opened as if it were a server's.",
            "The head came too slowly, or was too large.",
        ],
        fixes: &[Fix::shown("Set HTTPS_PROXY alone.", &[ENVIRONMENT])],
        sections: &["RFC 9110 section 9.3.6", GUIDE],
        related: &[5012],
    });

    /// 5012: the proxy does not lead there.
    pub const PROXY_REFUSES: Self = Self::of(&Entry {
        number: 5012,
        title: "The proxy does not lead there",
        proof: Proof::Nothing,
        answer: told(403),
        meaning: "The proxy leads to Google's names at port 443, which end at this server. Everything else is \
                  refused unless google.others says tunnel.",
        causes: &[
            "The program also talks to servers that are not Google's.",
            "The name is one of Google's that Carnet does not hold.",
        ],
        fixes: &[
            Fix::shown(
                "Name the hosts that are reached directly.",
                &[Snippet::new(
                    "shell",
                    "export NO_PROXY=localhost,127.0.0.1,api.example.com",
                )],
            ),
            Fix::shown(
                "Let the proxy lead to others, too.",
                &[Snippet::new("carnet.toml", "[google]\nothers = \"tunnel\"")],
            ),
        ],
        sections: &[GUIDE],
        related: &[5011, 5013],
    });

    /// 5013: the proxy could not reach the other side.
    pub const PROXY_UNREACHABLE: Self = Self::of(&Entry {
        number: 5013,
        title: "The proxy cannot reach that host",
        proof: Proof::Nothing,
        answer: told(502),
        meaning: "The proxy may lead there, but no connection came about in ten seconds.",
        causes: &[
            "The name does not resolve on this machine.",
            "Nothing listens there.",
        ],
        fixes: &[Fix::new("Try the same without the proxy.")],
        sections: &["RFC 9110 section 15.6.3"],
        related: &[5012],
    });
}
