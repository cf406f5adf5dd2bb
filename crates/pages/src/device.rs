//! Signing in on a device without a browser (RFC 8628): enter its code, compare, done.
//!
//! The real page is what attackers send people to (RFC 8628 §5.4), so the page between says what was
//! asked for, when and from where, and to go on only with a device in front of oneself.
//!
//! | page | posts to | fields |
//! |---|---|---|
//! | [`device`] | `action` | `csrf`, `user_code` (any case, with or without its hyphen) |
//! | [`device_confirm`] | `action` | `csrf`, `user_code`, `decision=allow` or `deny`, `scope` for each box |

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{AdminOnly, App, Frame, Lasts, PermissionGroup, Person, Publisher};

/// The page to enter a code.
#[derive(Clone, Default, Serialize)]
pub struct DeviceEntry {
    /// The path to post to.
    pub action: String,
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// What was typed, or what `verification_uri_complete` brought along.
    pub user_code: String,
    /// What was wrong with the last try.
    pub problem: Option<DeviceProblem>,
}

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeviceProblem {
    /// Nothing was entered.
    Missing,
    /// It is not right, or has expired, or was used: one text (CRN-1504).
    Wrong,
    /// Too many tries.
    SlowDown {
        /// After how many seconds the next try counts.
        wait_seconds: u32,
    },
    /// The form's token did not fit: another tab, or cookies are off.
    Stale,
}

/// The page to compare the code and the story.
#[derive(Clone, Serialize)]
pub struct DeviceConfirm {
    /// The path to post to.
    pub action: String,
    /// The token that shows that the form is ours.
    pub csrf: String,
    /// The code as the device shows it: `WDJB-MJHT`.
    pub user_code: String,
    /// The app that runs on the device.
    pub app: App,
    /// Who is signed in here.
    pub person: Person,
    /// The path that leads to another account and back here.
    pub switch: String,
    /// Seconds since the device asked.
    pub asked_seconds_ago: u64,
    /// The network address the device asked from; empty where it is not known.
    pub address: String,
    /// Who runs the app.
    pub publisher: Publisher,
    /// What it asks for, as on the consent page.
    pub groups: Vec<PermissionGroup>,
    /// How long it lasts.
    pub lasts: Lasts,
    /// Set where policy forbids that people decide this by themselves.
    pub admin: Option<AdminOnly>,
}

/// The page at the end. The device goes on by itself.
#[derive(Clone, Serialize)]
pub struct DeviceDone {
    /// How it ended.
    pub outcome: DeviceOutcome,
    /// The app on the device.
    pub app: App,
    /// The path of the connected apps.
    pub manage: String,
}

/// How a device sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeviceOutcome {
    /// The device gets its tokens.
    Allowed,
    /// It gets nothing.
    Denied,
}

/// The page to enter a code.
pub fn device(frame: &Frame, view: &DeviceEntry) -> Result<Html, Fault> {
    render("device.html", frame, view)
}

/// The page to compare it.
pub fn device_confirm(frame: &Frame, view: &DeviceConfirm) -> Result<Html, Fault> {
    render("device_confirm.html", frame, view)
}

/// The page at the end.
pub fn device_done(frame: &Frame, view: &DeviceDone) -> Result<Html, Fault> {
    render("device_done.html", frame, view)
}
