//! `/e/CRN-nnnn`: what an error code means, why it happens and how it is put right.
//!
//! The catalogue itself is the protocol's (carnet-wire) and speaks English; the words around it
//! are in the reader's language. An unknown code answers with the nearest known ones.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{Fix, Frame, Reference};

/// How much the caller must have proved before the cause is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing: it follows from the request and from what is public.
    Anyone,
    /// Possession of a valid key or client secret.
    Caller,
    /// That, and an approved delegation.
    Delegate,
    /// Signed in as owner, administrator or auditor.
    Owner,
    /// A person in a browser.
    EndUser,
}

/// One code of the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorCode {
    /// `CRN-2104`.
    pub code: String,
    /// A few words, for the heading.
    pub title: String,
    /// The protocol's `error` value that comes with it: `invalid_grant`.
    pub error: Option<String>,
    /// Who is told.
    #[serde(rename = "kind")]
    pub level: Level,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Why it usually happens, the most frequent first.
    pub causes: Vec<String>,
    /// How it is put right.
    pub fixes: Vec<Fix>,
    /// Codes that are easily confused with it.
    pub related: Vec<CodeLink>,
    /// Where the rule is written.
    pub reference: Option<Reference>,
}

/// A code with its title, linked to its page.
#[derive(Clone, Debug, Serialize)]
pub struct CodeLink {
    /// `CRN-2104`.
    pub code: String,
    /// A few words.
    pub title: String,
}

/// An address under `/e/` that names no code.
#[derive(Clone, Debug, Serialize)]
pub struct UnknownCode {
    /// What was asked for, cut to a bearable length by the server.
    pub asked: String,
    /// The nearest codes, the best first; may be empty.
    pub nearest: Vec<CodeLink>,
}

/// Codes whose first two digits are the same.
#[derive(Serialize)]
pub(crate) struct Series {
    series: u32,
    codes: Vec<CodeLink>,
}

/// What the template of the index sees.
#[derive(Serialize)]
pub(crate) struct Index {
    series: Vec<Series>,
    count: usize,
}

/// The page of a code.
pub fn error_code(frame: &Frame, view: &ErrorCode) -> Result<Html, Fault> {
    render("error_code.html", frame, view)
}

/// `/e/`: all codes, in their order, under the headings of their series.
pub fn error_index(frame: &Frame, codes: &[CodeLink]) -> Result<Html, Fault> {
    render("error_index.html", frame, &index(codes))
}

/// The page for an unknown code; the server answers it with 404.
pub fn unknown_code(frame: &Frame, view: &UnknownCode) -> Result<Html, Fault> {
    render("unknown_code.html", frame, view)
}

pub(crate) fn index(codes: &[CodeLink]) -> Index {
    let mut series: Vec<Series> = Vec::new();
    for code in codes {
        let number = series_of(&code.code);
        match series.iter_mut().find(|known| known.series == number) {
            Some(known) => known.codes.push(code.clone()),
            None => series.push(Series {
                series: number,
                codes: vec![code.clone()],
            }),
        }
    }
    Index {
        series,
        count: codes.len(),
    }
}

/// 21 for `CRN-2104`; 0 for anything else.
fn series_of(code: &str) -> u32 {
    code.strip_prefix("CRN-")
        .and_then(|digits| digits.get(..2)?.parse().ok())
        .unwrap_or(0)
}
