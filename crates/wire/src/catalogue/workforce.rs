//! 2522 and 2523: people of a workforce who sign in in their browsers (google-wire 6.2).

use crate::authorize::AuthorizeErrorCode;
use crate::crn::{Answer, Crn, Entry, Fix, Proof, Snippet};

/// All codes of the range.
pub(super) const CODES: &[Crn] = &[Crn::WORKFORCE_ISSUER, Crn::WORKFORCE_CALLBACK];

impl Crn {
    /// 2522: the issuer of a workforce signs nobody in.
    pub const WORKFORCE_ISSUER: Self = Self::of(&Entry {
        number: 2522,
        title: "The issuer of the workforce signs nobody in",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::ServerError),
        meaning: "The browser was to be signed in by the provider's issuer, and its discovery document, its token \
                  endpoint or its userinfo endpoint cannot be used, or it answered with an error.",
        causes: &[
            "The issuer does not know this server's redirect URI, its client ID or its secret.",
            "The issuer cannot be reached from here, or only at an address that outbound.allow does not list.",
            "The discovery document names no token_endpoint, or no userinfo_endpoint where claims of it are wanted.",
        ],
        fixes: &[
            Fix::new(
                "Register https://CARNET/signin-callback/ and the name of the provider at the issuer as a redirect URI.",
            ),
            Fix::shown(
                "Give the provider the client ID and the secret that the issuer knows.",
                &[Snippet::new(
                    "shell",
                    "carnet federation provider update acme-people/login --client-id ID --client-secret-file FILE",
                )],
            ),
            Fix::shown(
                "Read what the owner may know about this request.",
                &[Snippet::new("shell", "carnet explain TRACE_ID")],
            ),
        ],
        sections: &["google-wire 6.2", "OpenID Connect Core 1.0 section 3.1.3"],
        related: &[2515, 2523],
    });

    /// 2523: the browser came back without what it took along.
    pub const WORKFORCE_CALLBACK: Self = Self::of(&Entry {
        number: 2523,
        title: "The browser came back from another sign-in",
        proof: Proof::Nothing,
        answer: Answer::Authorize(AuthorizeErrorCode::InvalidRequest),
        meaning: "A browser came from the issuer of a workforce, and what it brings does not belong to what this \
                  browser took along: the state, the provider, the name of the issuer or the nonce is another, or it \
                  took longer than ten minutes.",
        causes: &[
            "The sign-in was begun again in another tab, and this is the older one.",
            "The page of the issuer was open for longer than ten minutes.",
            "Cookies are off, or the page was opened by the back button.",
            "Somebody sent a link that continues a sign-in of theirs.",
        ],
        fixes: &[Fix::new("Begin the sign-in again.")],
        sections: &["RFC 6749 section 10.12", "RFC 9207 section 2.4"],
        related: &[2522],
    });
}
