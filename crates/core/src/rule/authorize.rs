//! The authorization endpoint (RFC 6749 section 4.1.1): what happens with a request that a browser
//! brings.
//!
//! Four questions, in this order, and each time anew, since nothing that travels through a browser is
//! believed (lesson 7 of `security.md`):
//!
//! 1. [`Destination`]: who asks, and may the browser be sent where it shall be sent back to? Without that
//!    nobody is sent anywhere: the person reads a page.
//! 2. [`Asked`]: may this app ask for this, in this way? A no goes back to the app.
//! 3. [`admits`]: is it a browser that brings it, and not an app that shows our pages inside itself?
//! 4. [`Step`]: what is to be done now: sign in, agree, or give the code. [`answer`] is what the person
//!    said when they were asked.
//!
//! What comes out in the end is a [`Code`](crate::rule::grant::authorization_code::Code), and nothing is
//! written for it.

mod answer;
mod asked;
mod consent;
mod destination;
pub mod near_miss;
mod pushed;
mod read;
mod request_object;
mod step;
mod user_agent;

use carnet_wire::authorize::AuthorizeErrorCode;
use carnet_wire::crn::Answer as Answered;
use carnet_wire::crn::Crn;
use carnet_wire::token::TokenErrorCode;

pub use answer::answer;
pub(in crate::rule) use answer::remember;
pub use asked::{Asked, Expected, Way, judge};
pub(in crate::rule) use asked::{audience, scope};
pub(in crate::rule) use consent::question;
pub use consent::{Answer, Choice, Permission, Question};
pub use destination::{Destination, Facts as DestinationFacts, load as load_destination};
pub use pushed::{THINKS, find as find_pushed, given, is_good, push};
pub use read::Read;
pub use request_object::{is_signed_with as is_request_signed_with, open as open_request_object};
pub use step::{Facts, Moment, Step, decide, load};
pub(in crate::rule) use step::{blocked, may_use};
pub use user_agent::admits;

/// The scopes that mean something to this server itself (OpenID Connect Core 1.0 section 5.4 and 11). Every
/// other scope belongs to an API.
pub const STANDARD_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// How this server's own userinfo endpoint is called among the resources of a request (RFC 8707). It is no
/// API of the catalog: who has the scope `openid` may ask there. In `aud` stands the issuer.
pub const USERINFO: &str = "urn:carnet:userinfo";

/// Whether the scope is one of the server's own.
#[must_use]
pub fn is_standard(scope: &str) -> bool {
    STANDARD_SCOPES.contains(&scope)
}

/// What the browser carries back for this cause (RFC 6749 section 4.1.2.1).
#[must_use]
pub const fn error_code(crn: Crn) -> AuthorizeErrorCode {
    match crn.answer() {
        Answered::Authorize(code) => code,
        Answered::Token { error, .. } | Answered::Http { error, .. } => match error {
            TokenErrorCode::InvalidScope => AuthorizeErrorCode::InvalidScope,
            TokenErrorCode::InvalidTarget => AuthorizeErrorCode::InvalidTarget,
            TokenErrorCode::UnauthorizedClient => AuthorizeErrorCode::UnauthorizedClient,
            TokenErrorCode::AdminPolicyEnforced
            | TokenErrorCode::OrgInternal
            | TokenErrorCode::AccessDenied => AuthorizeErrorCode::AccessDenied,
            _ => AuthorizeErrorCode::InvalidRequest,
        },
        // What a person reads on a page of ours, and an app that wants no page (`prompt=none`) hears.
        Answered::Page { status: 403 } => AuthorizeErrorCode::AccessDenied,
        _ => AuthorizeErrorCode::InvalidRequest,
    }
}

#[cfg(test)]
mod tests;
