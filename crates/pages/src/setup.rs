//! `/setup`: the first admin. Reached by the link that `carnet serve` prints until it is used.
//!
//! The form posts `token`, `organization`, `domain`, `project` and `email` to its own address,
//! works without script, and comes back with what was typed and what is wrong. When it is done,
//! the page holds the key of the administering service account: once, and nowhere else. Serve
//! every state of it with `Cache-Control: no-store`.

use serde::Serialize;

use crate::Frame;
use crate::html::{Fault, Html};
use crate::render::render;

/// In which state the page is.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SetupPage {
    /// To be filled in, or to be corrected.
    Form(SetupForm),
    /// Done just now.
    Done(SetupDone),
    /// The link was used before.
    Used,
    /// The link is too old, or is not one of ours: the reader is not told which.
    Expired,
}

/// The form, with what was typed before.
#[derive(Clone, Default, Serialize)]
pub struct SetupForm {
    /// The path to post to.
    pub action: String,
    /// The secret of the link, sent back in a hidden field.
    pub token: String,
    /// The name of the organization.
    pub organization: String,
    /// Its domain.
    pub domain: String,
    /// The id of its first project.
    pub project: String,
    /// The e-mail address of the first admin.
    pub email: String,
    /// What is wrong, in the order of the fields; empty at first.
    pub problems: Vec<FieldProblem>,
}

/// A field of the form; the variant's name in small letters is the field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `organization`
    Organization,
    /// `domain`
    Domain,
    /// `project`
    Project,
    /// `email`
    Email,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was entered.
    Missing,
    /// It is longer than the server takes.
    TooLong {
        /// Characters that are taken at most.
        most: u32,
    },
    /// It does not have the form that the hint tells.
    Malformed,
    /// There is one of that name already.
    Taken,
}

/// A field and its problem.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FieldProblem {
    /// The field.
    #[serde(rename = "kind")]
    pub field: Field,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What was made, with the key that is shown once.
#[derive(Clone, Serialize)]
pub struct SetupDone {
    /// The organization's name.
    pub organization: String,
    /// The project's id.
    pub project: String,
    /// The admin's e-mail address.
    pub email: String,
    /// The e-mail address of the service account.
    pub service_account: String,
    /// The name the key file should get.
    pub key_file: String,
    /// The key file itself.
    pub key_json: String,
    /// Command lines that work next, in order.
    pub next: Vec<String>,
}

/// The setup page in any state.
pub fn setup(frame: &Frame, view: &SetupPage) -> Result<Html, Fault> {
    render("setup.html", frame, view)
}
