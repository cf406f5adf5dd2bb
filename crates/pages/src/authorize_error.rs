//! A sign-in that cannot begin, and from which nobody is sent back: the address of the app is not
//! to be trusted, or nobody vouches for the app and only its person decides to go there. The person learns that they did nothing wrong; who builds the app learns, folded,
//! what was sent. It never shows what would have been right.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{App, Fact, Frame, Person};

/// An authorization request that ends here.
#[derive(Clone, Serialize)]
pub struct AuthorizeError {
    /// Why, as far as the person may know.
    pub cause: AuthorizeCause,
    /// The app: only where the client ID is one of ours.
    pub app: Option<App>,
    /// Who is signed in, if anybody is.
    pub person: Option<Person>,
    /// A path on which another account can be chosen. Shown for [`AuthorizeCause::NotForYou`].
    pub switch: Option<String>,
    /// The address of the app at which the answer would be, for [`AuthorizeCause::NotSentOn`].
    pub back: Option<String>,
    /// The address to open in a browser, for [`AuthorizeCause::Embedded`], where there is one that helps.
    pub address: Option<String>,
    /// The path of the account page, or of the start page.
    pub onward: String,
    /// The trace id.
    pub reference: String,
    /// When, in UTC: `2026-04-02T09:10:58Z`.
    pub at: String,
    /// The status of the answer.
    pub status: u16,
    /// The code of the cause: `CRN-1203`.
    pub code: String,
    /// What the developer is told, in English.
    pub detail: String,
    /// What was sent, cut to a bearable length by the server.
    pub sent: Vec<Fact>,
}

/// Why a sign-in cannot begin. An app that never was, one that is gone and one that is switched off
/// are all [`AuthorizeCause::SignInLink`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuthorizeCause {
    /// The link is wrong: no such app, or not its redirect address.
    SignInLink,
    /// The link cannot be read: a parameter is missing, doubled or malformed.
    Unreadable,
    /// The person's account may not use this app.
    NotForYou,
    /// The app gets a no, and nobody vouches for it: its person is not sent there unless they want to be.
    NotSentOn,
    /// The page is shown inside an app, which could read what is typed. It is for a browser.
    Embedded,
}

/// The page.
pub fn authorize_error(frame: &Frame, view: &AuthorizeError) -> Result<Html, Fault> {
    render("authorize_error.html", frame, view)
}
