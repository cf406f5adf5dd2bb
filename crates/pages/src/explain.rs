//! The story of one request, for its owner: what was decided, what we saw, why, and what helps.
//!
//! Only for readers at level 3 of the proof ladder; the server decides that, not this page. Even
//! here no token, secret or assertion is shown: the view has no place for one.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{CodeLink, Fact, Fix, Frame};

/// How the request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It got what it asked for.
    Accepted,
    /// The protocol's no.
    Refused,
    /// Our failure.
    Fault,
}

/// A trace and its explanation. The sentences are the server's, in English.
#[derive(Clone, Debug, Serialize)]
pub struct Explain {
    /// The trace id.
    pub trace: String,
    /// When, in UTC.
    pub at: String,
    /// The method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// How it ended.
    #[serde(rename = "kind")]
    pub outcome: Outcome,
    /// The protocol's `error` value, if it was refused.
    pub error: Option<String>,
    /// The code and its title, if it was refused.
    pub code: Option<CodeLink>,
    /// What happened, in a sentence.
    pub sentence: String,
    /// What we saw.
    pub saw: Vec<Fact>,
    /// Why it was decided so, step by step.
    pub why: Vec<String>,
    /// Other requests that belong to the story: the last success, more of the same.
    pub related: Vec<RelatedTrace>,
    /// What helps.
    pub fixes: Vec<Fix>,
}

/// A request that belongs to the story.
#[derive(Clone, Debug, Serialize)]
pub struct RelatedTrace {
    /// When, in UTC.
    pub at: String,
    /// What it was, in a sentence.
    pub sentence: String,
    /// The path of its own explanation, if there is one.
    pub explain: Option<String>,
}

/// The page of a trace.
pub fn explain(frame: &Frame, view: &Explain) -> Result<Html, Fault> {
    render("explain.html", frame, view)
}
