//! Signing in and out: `/login`, the choice of an account, and `/logout`.
//!
//! All are plain forms that work without script. Each posts `csrf` and, where it belongs to an
//! authorization request, `request`: the whole request, sealed, in a hidden field. Nothing else that
//! travels through the browser is to be believed. Serve every state with `Cache-Control: no-store`.
//!
//! | page | posts to | fields |
//! |---|---|---|
//! | [`sign_in`] | `action` | `csrf`, `request`, `email`, `password` |
//! | [`choose_account`] | `action` | `csrf`, `request`, `account` (an `id`, or `other`) |
//! | [`sign_out`] | `action` | `csrf`, `request`, `decision=sign_out` or `stay` |

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{App, Frame, Person};

/// The sign-in page in one of its states.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInPage {
    /// To be filled in, or to be corrected.
    Form(SignInForm),
    /// The form was too old when it came back. Nothing is lost: one click goes on.
    Expired(ExpiredRequest),
}

/// The form with what was typed before; never with the password.
#[derive(Clone, Default, Serialize)]
pub struct SignInForm {
    /// The path to post to.
    pub action: String,
    /// The authorization request, sealed. `None` when the person only wants to their account.
    pub request: Option<String>,
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// The app that waits. `None` leads to the account page, and the page says so.
    pub app: Option<App>,
    /// Who it is, where that is known (an old session, a `login_hint` of an account that was used in
    /// this browser before): only the password is asked for. `email` is then sent along.
    pub known: Option<Person>,
    /// A path that shows the form without `known`. Only used with `known`.
    pub switch: Option<String>,
    /// What was typed as the address, or `login_hint`.
    pub email: String,
    /// What was wrong with the last try.
    pub problem: Option<SignInProblem>,
}

/// Why the last try to sign in did not work. An account that does not exist, one without a password
/// and a wrong password are all [`SignInProblem::Mismatch`], in the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInProblem {
    /// The address or the password was left empty.
    Missing,
    /// That password and account do not match (CRN-3001).
    Mismatch,
    /// Too many tries.
    SlowDown {
        /// After how many seconds the next try counts.
        wait_seconds: u32,
    },
    /// The organization has suspended the account. Only after the right password.
    Suspended,
    /// The form's token did not fit: another tab, or cookies are off.
    Stale,
}

/// A request that is too old to go on by itself.
#[derive(Clone, Serialize)]
pub struct ExpiredRequest {
    /// A path that starts the same request anew, or the sign-in page for the account.
    pub onward: String,
    /// The app that waits.
    pub app: Option<App>,
}

/// Which account to go on with: shown for `prompt=select_account`, and to a stale tab.
#[derive(Clone, Serialize)]
pub struct ChooseAccount {
    /// The path to post to.
    pub action: String,
    /// The authorization request, sealed.
    pub request: Option<String>,
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// The app that waits.
    pub app: Option<App>,
    /// The accounts that are signed in here, the last used first.
    pub accounts: Vec<AccountChoice>,
}

/// An account of the choice.
#[derive(Clone, Serialize)]
pub struct AccountChoice {
    /// What is posted as `account`. Not to be believed either: it must be one of the session's.
    pub id: String,
    /// Whose it is.
    pub person: Person,
}

/// The question before signing out.
#[derive(Clone, Serialize)]
pub struct SignOut {
    /// The path to post to.
    pub action: String,
    /// The sign-out request of an app, sealed; `None` when the person asked by themselves.
    pub request: Option<String>,
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// The app that asks for it.
    pub app: Option<App>,
    /// Who is signed in.
    pub person: Person,
}

/// Nobody is signed in any more.
#[derive(Clone, Default, Serialize)]
pub struct SignedOut {
    /// The app that asked for it.
    pub app: Option<App>,
    /// The address back to the app: a registered `post_logout_redirect_uri`.
    pub back: Option<String>,
    /// The path of the sign-in page.
    pub sign_in: String,
}

/// The sign-in page.
pub fn sign_in(frame: &Frame, view: &SignInPage) -> Result<Html, Fault> {
    render("sign_in.html", frame, view)
}

/// The choice of an account.
pub fn choose_account(frame: &Frame, view: &ChooseAccount) -> Result<Html, Fault> {
    render("choose_account.html", frame, view)
}

/// The question before signing out.
pub fn sign_out(frame: &Frame, view: &SignOut) -> Result<Html, Fault> {
    render("sign_out.html", frame, view)
}

/// The page after signing out.
pub fn signed_out(frame: &Frame, view: &SignedOut) -> Result<Html, Fault> {
    render("signed_out.html", frame, view)
}
