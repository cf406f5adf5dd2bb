//! Small views that several pages share: a fix with its snippets, and a fact.
//!
//! Texts may set a word in `code` by backticks; everything else is shown as it is.

use serde::Serialize;

/// One way to put things right.
#[derive(Clone, Debug, Serialize)]
pub struct Fix {
    /// What to do, in a sentence.
    pub text: String,
    /// How to do it, per platform or language.
    pub snippets: Vec<Snippet>,
}

/// A piece of code to copy.
#[derive(Clone, Debug, Serialize)]
pub struct Snippet {
    /// Where it runs: `Linux`, `Python`, `JavaScript`.
    pub platform: String,
    /// The code itself, shown and copied as it is.
    pub code: String,
}

/// A name and a value, for example a parameter and what was sent in it.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What it is: `iat`, `redirect_uri`, `clock difference`.
    pub name: String,
    /// What it was, shown as text.
    pub value: String,
    /// What is remarkable about it, if anything.
    pub note: Option<String>,
}
