//! What an app may do: the consent page, and the page that posts an answer to an app.
//!
//! The consent form posts `csrf`, `request`, `decision=allow` or `deny`, and `scope` once for each
//! optional permission that is ticked. Required ones are not posted: they are part of `allow`.
//! Cancel is the first button, so Enter in a box never allows anything.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{App, Fact, Frame, Person};

/// The consent page.
#[derive(Clone, Serialize)]
pub struct Consent {
    /// The path to post to.
    pub action: String,
    /// The authorization request, sealed and bound to the session.
    pub request: String,
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// The app that asks.
    pub app: App,
    /// Who runs it.
    pub publisher: Publisher,
    /// Who would allow it.
    pub person: Person,
    /// The path that leads to another account and back here.
    pub switch: String,
    /// What is asked for, in groups: first what concerns the account, then one group per API.
    pub groups: Vec<PermissionGroup>,
    /// What is asked for in detail (RFC 9396): part of `allow`.
    pub details: Vec<AskedDetail>,
    /// How long it lasts.
    pub lasts: Lasts,
    /// What makes this app different from most. Each is one line.
    pub cautions: Vec<Caution>,
    /// Set where policy forbids that people decide this by themselves.
    pub admin: Option<AdminOnly>,
}

/// Who runs an app.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Publisher {
    /// The organization whose server this is.
    Own,
    /// Somebody whose name and domain were checked by the organization.
    Verified {
        /// The name.
        name: String,
    },
    /// Somebody who gave this name and was not checked.
    Unverified {
        /// The name.
        name: String,
    },
    /// Nobody has said who runs it.
    Unknown,
}

/// Permissions that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct PermissionGroup {
    /// The API's name; `None` for what concerns the account itself.
    pub api: Option<String>,
    /// At least one.
    pub permissions: Vec<Permission>,
}

/// Something that is asked for in detail.
#[derive(Clone, Debug, Serialize)]
pub struct AskedDetail {
    /// The API's name.
    pub api: String,
    /// What it allows, in the words of the API's owner.
    pub title: String,
    /// How far it goes.
    pub detail: Option<String>,
    /// What the request says, member by member.
    pub members: Vec<Fact>,
}

/// One scope in words.
#[derive(Clone, Debug, Serialize)]
pub struct Permission {
    /// The scope, posted back when it is optional and ticked.
    pub scope: String,
    /// What it means.
    pub text: PermissionText,
    /// How much can happen.
    pub risk: Risk,
    /// Whether the person may leave it out.
    pub choice: Choice,
    /// Whether it was not part of the last consent, where there was one.
    pub new: bool,
}

/// The words of a permission, verb first.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PermissionText {
    /// `openid`
    Openid,
    /// `profile`
    Profile,
    /// `email`
    Email,
    /// `address`
    Address,
    /// `phone`
    Phone,
    /// `offline_access`
    OfflineAccess,
    /// Words given by the API's owner.
    Given {
        /// Verb first: `Read your invoices`.
        title: String,
        /// What it includes and what not.
        detail: Option<String>,
        /// The language tag of these words.
        language: String,
    },
    /// There are no words: the scope itself is shown.
    Missing,
}

/// How much can happen with a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Risk {
    /// Looks only. Says nothing more.
    Read,
    /// Can change and delete.
    Write,
    /// Acts in the person's name towards others.
    ActAs,
    /// Changes who may do what.
    Administer,
}

/// Whether a permission may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Choice {
    /// The app does not work without it.
    Required,
    /// The person chooses. Nothing is ticked the first time.
    Optional {
        /// Whether it was allowed before.
        ticked: bool,
    },
}

/// How long a consent lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Lasts {
    /// No refresh token: until the access token ends.
    Minutes {
        /// Its lifetime.
        minutes: u32,
    },
    /// Until it is removed, or was not used for so long.
    Unused {
        /// Days without use.
        days: u32,
    },
    /// Until a fixed end, or until it is removed.
    Days {
        /// Days from now.
        days: u32,
    },
}

/// What the person should know about an app before they decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caution {
    /// The answer goes to a program on this computer (a loopback redirect address).
    ThisComputer,
    /// The answer goes to whatever app on this device takes the scheme.
    NativeApp,
    /// The app registered itself, a short time ago.
    SelfRegistered,
}

/// Only an administrator may allow this app.
#[derive(Clone, Debug, Serialize)]
pub struct AdminOnly {
    /// The organization whose policy it is.
    pub organization: String,
    /// An administrator's email address, where the person may know it.
    pub contact: Option<String>,
}

/// An answer that the browser carries to an app by POST (OAuth 2.0 Form Post Response Mode).
///
/// The page needs a policy that lets the form out: see
/// [`content_security_policy`](crate::content_security_policy). A small script sends it at once;
/// without script there is a button.
#[derive(Clone, Serialize)]
pub struct FormPost {
    /// The app's redirect address.
    pub action: String,
    /// The app.
    pub app: App,
    /// The answer's parameters in their order: `code`, `state`, `iss`.
    pub parameters: Vec<Parameter>,
}

/// A parameter of an answer.
#[derive(Clone, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The consent page.
pub fn consent(frame: &Frame, view: &Consent) -> Result<Html, Fault> {
    render("consent.html", frame, view)
}

/// The page that posts an answer to an app.
pub fn form_post(frame: &Frame, view: &FormPost) -> Result<Html, Fault> {
    render("form_post.html", frame, view)
}
