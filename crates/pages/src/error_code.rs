//! `/e/CRN-nnnn`: what an error code means, why it happens and how it is put right.
//!
//! The catalogue itself is the protocol's (carnet-wire) and speaks English; the words around it
//! are in the reader's language. An unknown code answers with the nearest known ones.

use serde::Serialize;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{Fix, Frame};

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
}

/// Where the code shows up, and what a program reads there.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Seen {
    /// In an answer of the token endpoint or of its neighbours.
    Token {
        /// The status.
        status: u16,
        /// The member `error`: `invalid_grant`.
        error: String,
        /// Google's sentence that stands first in the description, where Google has one.
        says: Option<String>,
    },
    /// In the challenge of a protected API (RFC 6750 §3).
    Resource {
        /// The status.
        status: u16,
        /// The parameter `error`; none where no credential came.
        error: Option<String>,
    },
    /// In a problem document of the admin API (RFC 9457).
    Admin {
        /// The status.
        status: u16,
    },
    /// On a page that a person sees.
    Page {
        /// The status.
        status: u16,
    },
    /// Nowhere on the wire: the caller is told another code, the owner's trace has this one.
    Instead(CodeLink),
    /// In a terminal, printed by the command line.
    CommandLine {
        /// The exit code.
        exit: u8,
    },
    /// In the log of a server that does not start.
    Start,
}

/// One code of the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorCode {
    /// `CRN-2104`.
    pub code: String,
    /// A few words, for the heading.
    pub title: String,
    /// Where it shows up.
    pub seen: Seen,
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
    /// Where the rule is written. `RFC 7523 section 3` becomes a link, other texts stand as they are.
    pub sections: Vec<String>,
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
