//! `/dev`: the pages of `carnet dev`. What is ready-made, what came in, which mail went out, what
//! the clock says and which faults are forced. Every form works without script.
//!
//! The forms post `application/x-www-form-urlencoded`:
//!
//! - `/dev/clock`: `offset`, for example `+65m`, `-1h`, `+2d`, or `0` to go back to the real time.
//! - `/dev/faults`: `code` and `times`; or `clear` with any value to force nothing any more.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{CodeLink, Frame};

/// The overview. Everything in it is public in a sandbox, secrets included.
#[derive(Clone, Serialize)]
pub struct Dev {
    /// The organization's domain.
    pub organization: String,
    /// The project's id.
    pub project: String,
    /// Command lines to try, in order.
    pub try_it: Vec<String>,
    /// People who exist.
    pub users: Vec<DevUser>,
    /// Service accounts, with their key files.
    pub service_accounts: Vec<DevServiceAccount>,
    /// Apps that are registered.
    pub clients: Vec<DevClient>,
}

/// A person of the sandbox.
#[derive(Clone, Serialize)]
pub struct DevUser {
    /// The e-mail address.
    pub email: String,
    /// The password, if it has one.
    pub password: Option<String>,
}

/// A service account of the sandbox.
#[derive(Clone, Serialize)]
pub struct DevServiceAccount {
    /// The e-mail address.
    pub email: String,
    /// The numeric client id.
    pub client_id: String,
    /// Where the key file lies.
    pub key_file: Option<String>,
}

/// An app of the sandbox.
#[derive(Clone, Serialize)]
pub struct DevClient {
    /// The client id.
    pub client_id: String,
    /// The secret; `None` for public clients.
    pub client_secret: Option<String>,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
}

/// The last requests, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct DevRequests {
    /// The requests; the server keeps a bounded number.
    pub requests: Vec<DevRequest>,
    /// How many the server keeps at most.
    pub kept: u32,
}

/// A request that came in.
#[derive(Clone, Debug, Serialize)]
pub struct DevRequest {
    /// When, in UTC.
    pub at: String,
    /// The method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// The code, if it was refused with one.
    pub code: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u32,
    /// The trace id.
    pub trace: String,
    /// The path of its explanation, if there is one.
    pub explain: Option<String>,
}

/// The mails that were sent, newest first. They never leave the sandbox.
#[derive(Clone, Debug, Serialize)]
pub struct DevMail {
    /// The mails; the server keeps a bounded number.
    pub mails: Vec<Mail>,
}

/// A mail as it would have been sent.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    /// When, in UTC.
    pub at: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
}

/// The clock of the sandbox.
#[derive(Clone, Debug, Serialize)]
pub struct DevClock {
    /// What the server takes for the time, in UTC.
    pub now: String,
    /// How far that is from the real time, in seconds.
    pub offset_seconds: i64,
    /// What was entered and not understood, if the form comes back.
    pub not_understood: Option<String>,
}

/// Faults that are forced on the next requests.
#[derive(Clone, Debug, Serialize)]
pub struct DevFaults {
    /// What is forced now.
    pub active: Vec<ActiveFault>,
    /// What can be forced, for the list to choose from.
    pub codes: Vec<CodeLink>,
    /// How many times at most.
    pub most: u32,
    /// A code that was entered and is not known, if the form comes back.
    pub not_understood: Option<String>,
}

/// A fault that waits for its request.
#[derive(Clone, Debug, Serialize)]
pub struct ActiveFault {
    /// The code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// On how many more requests it will be forced.
    pub left: u32,
}

/// `/dev`
pub fn dev(frame: &Frame, view: &Dev) -> Result<Html, Fault> {
    render("dev.html", frame, view)
}

/// `/dev/requests`
pub fn dev_requests(frame: &Frame, view: &DevRequests) -> Result<Html, Fault> {
    render("dev_requests.html", frame, view)
}

/// `/dev/mail`
pub fn dev_mail(frame: &Frame, view: &DevMail) -> Result<Html, Fault> {
    render("dev_mail.html", frame, view)
}

/// `/dev/clock`
pub fn dev_clock(frame: &Frame, view: &DevClock) -> Result<Html, Fault> {
    render("dev_clock.html", frame, view)
}

/// `/dev/faults`
pub fn dev_faults(frame: &Frame, view: &DevFaults) -> Result<Html, Fault> {
    render("dev_faults.html", frame, view)
}
