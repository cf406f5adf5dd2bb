//! The page of an answer that is an error, when a browser asked: what happened, what it means for
//! the reader, a reference to tell others, one link that works; and, folded, what a developer needs.
//!
//! It never shows a list of what would have been allowed, and never whether something exists.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{Fact, Frame};

/// Why there is an error page. Each has its own words; no status is decided here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// Nothing is at this address.
    NotFound,
    /// The request could not be understood.
    BadRequest,
    /// The address is right, the method is not.
    MethodNotAllowed,
    /// The request is larger than the server reads.
    TooLarge,
    /// The body is of a type the server does not read here.
    UnsupportedType,
    /// The reader must show who they are first.
    NotSignedIn,
    /// The reader may not do this.
    Forbidden,
    /// Someone else changed it meanwhile.
    Conflict,
    /// Too many requests.
    TooMany {
        /// After how many seconds it is worth trying again.
        wait_seconds: u32,
    },
    /// An app's sign-in link is wrong: unknown client, or a redirect address that is not its own.
    SignInLink,
    /// Our own fault.
    Ours,
    /// For a short time the server does not answer: it stops, starts, or waits for its database.
    Unavailable {
        /// After how many seconds it is worth trying again.
        wait_seconds: u32,
    },
}

/// An error answered to a browser.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    /// The status of the answer, shown to developers.
    pub status: u16,
    /// Why.
    pub cause: Cause,
    /// The trace id.
    pub reference: String,
    /// When, in UTC: `2026-04-02T09:10:58Z`.
    pub at: String,
    /// The code, where the cause has one: `CRN-1203`.
    pub code: Option<String>,
    /// What a developer is told, in English.
    pub detail: Option<String>,
    /// What was sent, as far as it may be repeated. Cut to a bearable length by the server.
    pub sent: Vec<Fact>,
    /// A path of ours where trying again makes sense (only for GET); `None` leads to the start page.
    pub retry: Option<String>,
}

/// The reader came by a host name that is not the issuer's.
#[derive(Clone, Debug, Serialize)]
pub struct WrongHost {
    /// The host of the issuer: `auth.acme.example`.
    pub expected: String,
    /// The host the reader came by, cut to a bearable length by the server.
    pub came_as: String,
    /// The line of `carnet.toml` that would make the server answer to that name.
    pub config_line: String,
    /// The trace id.
    pub reference: String,
    /// When, in UTC.
    pub at: String,
}

/// The page of an error.
pub fn error(frame: &Frame, view: &ErrorPage) -> Result<Html, Fault> {
    render("error.html", frame, view)
}

/// The page for a wrong host: which server this is, as what the reader came, and the way on.
pub fn wrong_host(frame: &Frame, view: &WrongHost) -> Result<Html, Fault> {
    render("wrong_host.html", frame, view)
}
