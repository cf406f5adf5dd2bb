//! `carnet app initial-token`: what lets apps register themselves in a project (RFC 7591 section 3). The text of
//! a token is printed or written once, when it is made.

use std::path::PathBuf;

use carnet_wire::crn::Crn;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::text;
use crate::admin::{MOST, Request, path};
use crate::duration::Span;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::members::Members;
use crate::output::Column;
use crate::sa::key_file;
use crate::work::Work;

/// What can be done with initial access tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the initial access tokens of a project. Their texts are kept nowhere.
    List {
        /// Show at most so many.
        #[arg(long, value_name = "NUMBER", default_value_t = MOST)]
        limit: usize,
    },
    /// Make a token with which apps register themselves at /register, and print it. It is the only copy.
    #[command(
        after_help = "Examples:\n  carnet app initial-token create --title \"A partner\" --uses 5 --expires-in 30d\n  carnet app initial-token create --out token.txt"
    )]
    Create(Create),
    /// Delete a token: nobody registers with it any more. Apps that did stay.
    Delete {
        /// The name of the token (iat_...), or its last four characters.
        token: String,
    },
}

/// What the new token shall be.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Whom it is for.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How many apps may register with it: 1 to 10000. One, unless given.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    uses: Option<u32>,
    /// When it ends: a length of time up to 365d. Seven days, unless given.
    #[arg(long, value_name = "SPAN")]
    expires_in: Option<Span>,
    /// Write it to this file (mode 0600, never over a file that is there) instead of printing it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const COLUMNS: &[Column] = &[
    Column::at("TOKEN", "/id"),
    Column::at("TITLE", "/title"),
    Column::at("ENDS IN", "/ends_in"),
    Column::at("USES LEFT", "/uses"),
    Column::moment("EXPIRES", "/expires"),
    Column::moment("CREATED", "/created").wide(),
    Column::at("PROJECT", "/project").wide(),
];

/// What is printed of a token that was just made, for programs.
const MADE: &[Column] = &[
    Column::at("TOKEN", "/id"),
    Column::at("INITIAL ACCESS TOKEN", "/initial_access_token"),
];

/// Does it.
pub(super) async fn run(verb: Verb, work: &Work<'_>) -> Result<Exit, Failure> {
    let of = path(&["projects", work.admin.project()?, "initial-tokens"]);
    match verb {
        Verb::List { limit } => {
            let items = work.admin.list(Request::get(of), limit).await?;
            work.output.list(&items, COLUMNS)?;
            if items.is_empty() && work.output.is_for_people() {
                work.output.note("There are none.");
            }
            Ok(Exit::Success)
        }
        Verb::Create(wanted) => {
            wanted.out.as_deref().map_or(Ok(()), key_file::is_free)?;
            let members = Members::default()
                .maybe("title", wanted.title)
                .maybe("uses", wanted.uses)
                .maybe(
                    "expires_in_days",
                    wanted.expires_in.map(|span| span.days().max(1)),
                );
            let request = Request::post(of).json(members.into());
            match work.admin.change(request).await? {
                None => Ok(Exit::Success),
                Some(made) => give(&made, wanted.out, work),
            }
        }
        Verb::Delete { token } => {
            let name = find(&token, &of, work).await?;
            let effect =
                format!("Nobody registers with the initial access token {token} any more.");
            let place = format!("{of}/{}", path(&[&name]));
            work.remove(place, (&effect, &token)).await
        }
    }
}

/// Prints the token that was made, or writes it.
fn give(made: &Value, out: Option<PathBuf>, work: &Work<'_>) -> Result<Exit, Failure> {
    let (token, name) = (text(made, "/initial_access_token"), text(made, "/id"));
    if token.is_empty() {
        return Err(Failure::of(Crn::NOT_CARNET, "the answer holds no token"));
    }
    match out {
        Some(out) => {
            let line = format!("{token}\n");
            key_file::write(&out, line.as_bytes()).map_err(|failure| {
                failure.also(format!(
                    "the token {name} was made and cannot be had again: delete it"
                ))
            })?;
            let out = out.display();
            work.output.note(format!(
                "ok Token {name} written to {out} (mode 0600). This is the only copy."
            ));
        }
        None if work.output.is_for_people() => {
            work.output.text(token)?;
            work.output
                .note(format!("ok Token {name}. This is the only copy."));
        }
        None => work.output.one(made, MADE)?,
    }
    Ok(Exit::Success)
}

/// The name of the one token that is meant.
async fn find(meant: &str, of: &str, work: &Work<'_>) -> Result<String, Failure> {
    let tokens = work.admin.list(Request::get(of.to_owned()), MOST).await?;
    let found: Vec<&str> = tokens
        .iter()
        .filter(|token| text(token, "/id") == meant || text(token, "/ends_in") == meant)
        .map(|token| text(token, "/id"))
        .collect();
    match found.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(Failure::new(
            Exit::NotFound,
            format!("there is no initial access token {meant}"),
        )
        .fix("carnet app initial-token list")),
        _ => Err(
            Failure::usage(format!("two initial access tokens end in {meant}"))
                .fix("give the name of the token"),
        ),
    }
}
