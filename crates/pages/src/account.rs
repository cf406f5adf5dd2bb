//! A person's own pages: home, connected apps, devices, activity, password.
//!
//! They lie at `/account`, `/account/apps`, `/account/devices`, `/account/activity` and
//! `/account/password`, and link to each other and to `/logout`. All times are seconds since 1970 in
//! UTC; `now` is the time of the answer, so that a page can say `4 min ago`.
//!
//! | form | posts to | fields |
//! |---|---|---|
//! | remove an app | `/account/apps/remove` | `csrf`, `client` |
//! | bring it back | `/account/apps/undo` | `csrf`, `removed` |
//! | end a session | `/account/devices/end` | `csrf`, `session` |
//! | end all others | `/account/devices/end-others` | `csrf` |
//! | password | `/account/password` | `csrf`, `email`, `current_password`, `new_password` |

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{Agent, App, Frame, PermissionText, Person, Publisher};

/// The account's first page.
#[derive(Clone, Serialize)]
pub struct AccountHome {
    /// Whose account it is.
    pub person: Person,
    /// The token for the forms.
    pub csrf: String,
    /// The time of the answer.
    pub now: u64,
    /// The three apps that were used last.
    pub apps: Vec<ConnectedApp>,
    /// How many apps there are.
    pub app_count: u32,
    /// How many sessions there are, this one included.
    pub session_count: u32,
    /// When the password was changed; `None` where there is none.
    pub password_changed: Option<u64>,
    /// The last events, three at most.
    pub activity: Vec<Activity>,
}

/// The apps that may use the account.
#[derive(Clone, Serialize)]
pub struct ConnectedApps {
    /// The token for the forms.
    pub csrf: String,
    /// The time of the answer.
    pub now: u64,
    /// What was removed just now, or could not be.
    pub change: Option<AppChange>,
    /// All of them, the last used first.
    pub apps: Vec<ConnectedApp>,
}

/// What happened to an app since the page was last shown.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppChange {
    /// It was removed: its tokens are worth nothing, unless it is brought back.
    Removed {
        /// What was removed, as the form sends it back.
        removed: String,
        /// The app.
        app: App,
        /// How long Undo still works.
        undo_seconds: u32,
    },
    /// It was brought back.
    Restored {
        /// The app.
        app: App,
    },
    /// Undo came too late.
    TooLate {
        /// The app.
        app: App,
    },
    /// The removal failed: the app is still connected.
    Failed {
        /// The app.
        app: App,
        /// The trace id.
        reference: String,
    },
}

/// An app that may use the account.
#[derive(Clone, Serialize)]
pub struct ConnectedApp {
    /// The client ID.
    pub client: String,
    /// The app.
    pub app: App,
    /// Who runs it.
    pub publisher: Publisher,
    /// Since when it may.
    pub since: u64,
    /// When a token of it was last used or made; `None` if never.
    pub last_used: Option<u64>,
    /// What it may do.
    pub permissions: Vec<GrantedPermission>,
    /// Whether the organization connected it: then it cannot be removed here.
    pub managed: bool,
}

/// A permission that an app has.
#[derive(Clone, Serialize)]
pub struct GrantedPermission {
    /// The scope.
    pub scope: String,
    /// What it means.
    pub text: PermissionText,
}

/// Where the person is signed in.
#[derive(Clone, Serialize)]
pub struct Devices {
    /// The token for the forms.
    pub csrf: String,
    /// The time of the answer.
    pub now: u64,
    /// What was ended just now: how many sessions.
    pub ended: Option<u32>,
    /// All sessions, this one first, then the last used first.
    pub sessions: Vec<Session>,
}

/// A session.
#[derive(Clone, Serialize)]
pub struct Session {
    /// What is posted to end it; not the session's secret.
    pub id: String,
    /// Browser and system.
    pub agent: Agent,
    /// The network address it was last used from.
    pub address: String,
    /// When it began.
    pub created: u64,
    /// When it was last used.
    pub last_seen: u64,
    /// Whether it is the one that shows this page.
    pub this: bool,
}

/// What happened to the account.
#[derive(Clone, Serialize)]
pub struct ActivityPage {
    /// The time of the answer.
    pub now: u64,
    /// The events, newest first.
    pub events: Vec<Activity>,
    /// The path of older ones.
    pub older: Option<String>,
}

/// An event.
#[derive(Clone, Serialize)]
pub struct Activity {
    /// When.
    pub at: u64,
    /// What.
    pub event: AccountEvent,
    /// With what, if a browser was there.
    pub agent: Option<Agent>,
    /// From which network address.
    pub address: Option<String>,
}

/// What can happen to an account.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AccountEvent {
    /// Signed in.
    SignedIn,
    /// A try to sign in failed.
    SignInFailed,
    /// Signed out.
    SignedOut,
    /// A session was ended from another one.
    SessionEnded,
    /// The password was changed.
    PasswordChanged,
    /// An app was allowed.
    AppAllowed {
        /// The app.
        app: App,
    },
    /// An app was removed.
    AppRemoved {
        /// The app.
        app: App,
    },
    /// A device was signed in by its code.
    DeviceAllowed {
        /// The app on the device.
        app: App,
    },
    /// A token of an app was used twice; its access was ended.
    TokenReused {
        /// The app.
        app: App,
    },
}

/// The form to change the password, or to set the first one.
#[derive(Clone, Serialize)]
pub struct PasswordForm {
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// The account's address, for password managers.
    pub email: String,
    /// Whether there is a password now; if not, the present one is not asked for.
    pub has_password: bool,
    /// Characters that a new one needs at least.
    pub least: u32,
    /// What was wrong, in the order of the fields.
    pub problems: Vec<PasswordProblem>,
    /// Whether it was changed just now. All other sessions have ended.
    pub changed: bool,
}

/// What was wrong with a change of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PasswordProblem {
    /// The present password is not right.
    Wrong,
    /// Too many tries.
    SlowDown {
        /// After how many seconds the next try counts.
        wait_seconds: u32,
    },
    /// The new one is too short.
    TooShort {
        /// Characters that it needs at least.
        least: u32,
    },
    /// The new one is too long.
    TooLong {
        /// Characters that are taken at most.
        most: u32,
    },
    /// The new one is among those that attackers try first, or holds the name or the address.
    Guessable,
    /// The new one is the present one.
    Same,
    /// The form's token did not fit: another tab, or cookies are off.
    Stale,
}

/// The account's first page.
pub fn account(frame: &Frame, view: &AccountHome) -> Result<Html, Fault> {
    render("account.html", frame, view)
}

/// The connected apps.
pub fn connected_apps(frame: &Frame, view: &ConnectedApps) -> Result<Html, Fault> {
    render("connected_apps.html", frame, view)
}

/// The sessions.
pub fn devices(frame: &Frame, view: &Devices) -> Result<Html, Fault> {
    render("devices.html", frame, view)
}

/// The events.
pub fn activity(frame: &Frame, view: &ActivityPage) -> Result<Html, Fault> {
    render("activity.html", frame, view)
}

/// The form to change the password.
pub fn password(frame: &Frame, view: &PasswordForm) -> Result<Html, Fault> {
    render("password.html", frame, view)
}
