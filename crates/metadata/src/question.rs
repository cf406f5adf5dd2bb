//! What the query of a request asks.
//!
//! google-wire 7.1. Names and words are compared as Google does: names exactly, `true` and `TRUE` alike. What is unknown is
//! passed over (`transport`, `binding-enforcement`), since libraries add things.

use std::time::Duration;

use carnet_wire::scope::Scope;
use url::form_urlencoded;

/// The longest query, in bytes.
const LONGEST: usize = 16 * 1024;

/// The most scopes of a token.
const MOST_SCOPES: usize = 100;

/// The longest audience, in bytes.
const LONGEST_AUDIENCE: usize = 2_048;

/// The longest wait. Who wants to wait longer asks again.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// What is asked.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Question {
    pub(crate) recursive: bool,
    pub(crate) form: Option<Form>,
    pub(crate) wait: Option<Wait>,
    pub(crate) scopes: Vec<String>,
    pub(crate) audience: String,
    pub(crate) full: bool,
    pub(crate) licenses: bool,
}

/// How a value is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Json,
    Text,
}

/// For what is waited.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Wait {
    /// At most so long.
    pub(crate) longest: Duration,
    /// Until the value's tag is another than this; unless given, than the one it has now.
    pub(crate) last: Option<String>,
}

/// The query asks for something that there is not.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NotAsked {
    #[error("the query is longer than 16 KiB")]
    Long,
    #[error("alt is json or text")]
    Alt,
    #[error("timeout_sec is a number of seconds")]
    Timeout,
    #[error(
        "a scope is printable ASCII without spaces, quotes and backslashes, and there are at most 100"
    )]
    Scopes,
    #[error("an audience has at most 2,048 bytes")]
    Audience,
    #[error("format is standard or full")]
    Format,
    #[error("licenses is TRUE or FALSE")]
    Licenses,
}

impl Question {
    /// Reads a query.
    pub(crate) fn read(query: &str) -> Result<Self, NotAsked> {
        if query.len() > LONGEST {
            return Err(NotAsked::Long);
        }
        let mut question = Self::default();
        let mut waits = false;
        let (mut longest, mut last) = (LONGEST_WAIT, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "recursive" => question.recursive = is_true(&value),
                "alt" => question.form = Some(form(&value)?),
                "wait_for_change" => waits = is_true(&value),
                "timeout_sec" => {
                    let seconds = value.parse().map_err(|_| NotAsked::Timeout)?;
                    longest = Duration::from_secs(seconds).min(LONGEST_WAIT);
                }
                "last_etag" => last = Some(value.into_owned()),
                "scopes" => question.scopes.extend(scopes(&value)?),
                "audience" if value.len() > LONGEST_AUDIENCE => return Err(NotAsked::Audience),
                "audience" => question.audience = value.into_owned(),
                "format" => {
                    question.full = one_of(&value, ["full", "standard"]).ok_or(NotAsked::Format)?;
                }
                "licenses" => {
                    question.licenses =
                        one_of(&value, ["true", "false"]).ok_or(NotAsked::Licenses)?;
                }
                _ => {}
            }
            if question.scopes.len() > MOST_SCOPES {
                return Err(NotAsked::Scopes);
            }
        }
        question.wait = waits.then_some(Wait { longest, last });
        Ok(question)
    }
}

fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

/// Whether it is the first word and not the second.
fn one_of(value: &str, [yes, no]: [&str; 2]) -> Option<bool> {
    let is = |word| value.eq_ignore_ascii_case(word);
    (is(yes) || is(no) || value.is_empty()).then(|| is(yes))
}

fn form(value: &str) -> Result<Form, NotAsked> {
    match value {
        "json" => Ok(Form::Json),
        "text" => Ok(Form::Text),
        _ => Err(NotAsked::Alt),
    }
}

/// Scopes with commas between, as libraries send them; spaces are taken too.
fn scopes(value: &str) -> Result<Vec<String>, NotAsked> {
    let names = value
        .split([',', ' '])
        .filter(|name| !name.is_empty())
        .map(|name| {
            let scope = Scope::parse(name).map_err(|_| NotAsked::Scopes)?;
            Ok(scope.as_str().to_owned())
        });
    names.collect()
}

#[cfg(test)]
mod tests;
