//! `carnet app secret`: secrets of apps. The text of one is printed or written once, when it is made.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use carnet_wire::crn::Crn;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::{one, text};
use crate::admin::{Request, path};
use crate::duration::Span;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::sa::key_file;
use crate::work::Work;

/// What can be done with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the secrets of an app, oldest first, with their last use. Their texts are kept nowhere.
    List {
        /// The app's client ID.
        id: String,
    },
    /// Make a secret and print it. It is the only copy.
    #[command(after_help = "Example:\n  carnet app secret create ledgerly-k3v2qa --out secret.txt")]
    Create {
        /// The app's client ID.
        id: String,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Make a secret in the place of the one that lives, which works on for a while.
    #[command(
        after_help = "Example:\n  carnet app secret roll ledgerly-k3v2qa --overlap 24h --out secret.txt"
    )]
    Roll {
        /// The app's client ID.
        id: String,
        /// How long the old secret works on: 0s to 90d.
        #[arg(long, value_name = "SPAN", default_value = "24h")]
        overlap: Span,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Delete a secret: it is worth nothing from now on.
    Delete {
        /// The app's client ID.
        id: String,
        /// The name of the secret (sec_...), or its last four characters.
        secret: String,
    },
}

/// What the new secret shall be.
#[derive(Args, Debug)]
pub(crate) struct Wanted {
    /// When it ends: a length of time like 90d. Unless given, never.
    #[arg(long, value_name = "SPAN")]
    expires_in: Option<Span>,
    /// Write it to this file (mode 0600, never over a file that is there) instead of printing it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) const COLUMNS: &[Column] = &[
    Column::at("SECRET", "/id"),
    Column::at("STATUS", "/state"),
    Column::at("ENDS IN", "/ends_in"),
    Column::moment("CREATED", "/created"),
    Column::moment("EXPIRES", "/expires"),
    Column::moment("LAST USED", "/last_used/at"),
    Column::at("FROM", "/last_used/address"),
    Column::at("USES", "/last_used/count").wide(),
];

/// Does it.
pub(super) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::List { id } => {
            output.list(&secrets(&id, &work).await?, COLUMNS)?;
            Ok(Exit::Success)
        }
        Verb::Create { id, wanted } => {
            is_free(&wanted)?;
            let request = Request::post(format!("{}/secrets", one(&id)));
            let request = request.json(wanted.members().into());
            give(work.admin.change(request).await?, &wanted, &work)
        }
        Verb::Roll {
            id,
            overlap,
            wanted,
        } => {
            is_free(&wanted)?;
            let body = wanted.members().with("overlap_seconds", overlap.0);
            let request = Request::post(format!("{}/secrets:roll", one(&id)));
            let request = request.json(body.into());
            give(work.admin.change(request).await?, &wanted, &work)
        }
        Verb::Delete { id, secret } => {
            let name = find(&id, &secret, &work).await?;
            let effect = format!("The secret {secret} of {id} is worth nothing any more.");
            let place = format!("{}/secrets/{}", one(&id), path(&[&name]));
            work.remove(place, (&effect, &secret)).await
        }
    }
}

impl Wanted {
    fn members(&self) -> Members {
        let days = self.expires_in.map(|span| span.days().max(1));
        Members::default().maybe("expires_in_days", days)
    }
}

/// Makes a secret. None where nothing was to be done but to show it.
pub(super) async fn made(
    id: &str,
    members: Members,
    work: &Work<'_>,
) -> Result<Option<Value>, Failure> {
    let request = Request::post(format!("{}/secrets", one(id)));
    work.admin.change(request.json(members.into())).await
}

/// The secret in a file, or on standard input.
pub(crate) fn read(file: &Path, longest: u64) -> Result<String, Failure> {
    let mut secret = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().take(longest).read_to_string(&mut secret)
    } else {
        let opened = File::open(file);
        opened.and_then(|opened| opened.take(longest).read_to_string(&mut secret))
    };
    read.map_err(|error| {
        let file = file.display();
        Failure::of(
            Crn::FILE_NOT_READABLE,
            format!("{file} cannot be read: {error}"),
        )
    })?;
    Ok(secret.trim().to_owned())
}

fn is_free(wanted: &Wanted) -> Result<(), Failure> {
    wanted.out.as_deref().map_or(Ok(()), key_file::is_free)
}

/// Prints the secret that was made, or writes it, and says what becomes of the old one.
fn give(made: Option<Value>, wanted: &Wanted, work: &Work<'_>) -> Result<Exit, Failure> {
    let Some(made) = made else {
        return Ok(Exit::Success);
    };
    let secret = text(&made, "/client_secret");
    let name = text(&made, "/secret/id");
    if secret.is_empty() {
        return Err(Failure::of(Crn::NOT_CARNET, "the answer holds no secret"));
    }
    match &wanted.out {
        Some(out) => {
            let line = format!("{secret}\n");
            key_file::write(out, line.as_bytes()).map_err(|failure| {
                failure.also(format!(
                    "secret {name} was made and cannot be had again: delete it"
                ))
            })?;
            let out = out.display();
            work.output.note(format!(
                "ok Secret {name} written to {out} (mode 0600). This is the only copy."
            ));
        }
        None if work.output.is_for_people() => {
            work.output.text(secret)?;
            work.output
                .note(format!("ok Secret {name}. This is the only copy."));
        }
        None => work.output.one(&made, MADE)?,
    }
    let old = text(&made, "/old/expires");
    if !old.is_empty() {
        let ends_in = text(&made, "/old/ends_in");
        work.output.note(format!(
            "  the old one, which ends in {ends_in}, works until {old}"
        ));
    }
    Ok(Exit::Success)
}

/// What is printed of a secret that was just made, for programs.
const MADE: &[Column] = &[
    Column::at("SECRET", "/secret/id"),
    Column::at("CLIENT SECRET", "/client_secret"),
];

async fn secrets(id: &str, work: &Work<'_>) -> Result<Vec<Value>, Failure> {
    let answer = work.admin.get(format!("{}/secrets", one(id))).await?;
    let items = answer.get("items").and_then(Value::as_array);
    Ok(items.cloned().unwrap_or_default())
}

/// The name of the one secret that is meant.
async fn find(id: &str, meant: &str, work: &Work<'_>) -> Result<String, Failure> {
    let secrets = secrets(id, work).await?;
    let found: Vec<&str> = secrets
        .iter()
        .filter(|secret| text(secret, "/id") == meant || text(secret, "/ends_in") == meant)
        .map(|secret| text(secret, "/id"))
        .collect();
    match found.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(
            Failure::new(Exit::NotFound, format!("{id} has no secret {meant}"))
                .fix(format!("carnet app secret list {id}")),
        ),
        _ => Err(
            Failure::usage(format!("two secrets of {id} end in {meant}"))
                .fix("give the name of the secret"),
        ),
    }
}
