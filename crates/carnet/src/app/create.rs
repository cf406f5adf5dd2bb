//! `carnet app create`: an app, and for one that keeps a secret the secret, in a file that it reads.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::env::{App, Known};
use super::settings::{Settings, word};
use super::{env, env_file, has_secret, secret, text};
use crate::admin::{Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::members::Members;
use crate::work::Work;

/// An app to be made.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// What people call it: at most 100 bytes.
    title: String,
    /// Where it runs.
    #[arg(long, value_enum, default_value_t = Kind::Web)]
    kind: Kind,
    /// Its client ID, if it must be a certain one.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Where the browser may be sent back to; several by repeating this.
    #[arg(long, value_name = "URI")]
    redirect: Vec<String>,
    /// Write what the app must know to this file, its secret too. What the file says already stays.
    #[arg(long, value_name = "FILE")]
    env: Option<PathBuf>,
    /// For which app the file is, which says how things are called in it.
    #[arg(long = "for", value_enum, value_name = "APP", requires = "env")]
    known: Option<Known>,
    #[command(flatten)]
    settings: Settings,
}

/// Where an app runs.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// On a server of its own, with users in front of it: it has a secret.
    Web,
    /// In a browser alone.
    Browser,
    /// On somebody's computer or telephone.
    Native,
    /// On a device without a browser.
    Device,
    /// On a server, without users: it acts for itself.
    Daemon,
}

/// Makes it.
pub(super) async fn run(new: Create, work: &Work<'_>) -> Result<Exit, Failure> {
    if let Some(file) = &new.env {
        env_file::is_free(file, &env::names(new.known))?;
    }
    let members = Members::default()
        .with("title", new.title)
        .with("kind", word(&new.kind))
        .maybe("id", new.id)
        .list("redirect_uris", new.redirect);
    let body: Value = new.settings.members(members)?.into();
    let of = path(&["projects", work.admin.project()?, "clients"]);
    let Some(made) = work.admin.change(Request::post(of).json(body)).await? else {
        return Ok(Exit::Success);
    };
    let id = text(&made, "/id");
    if !work.output.is_for_people() {
        work.print(&made)?;
    }
    if let Some(file) = &new.env {
        let written = write(file, new.known, &made, work).await;
        let written = written.map_err(|failure| failure.also(format!("the app is made: {id}")))?;
        let names = written.join(", ");
        let lines = match written.len() {
            1 => "1 line".to_owned(),
            many => format!("{many} lines"),
        };
        let file = file.display();
        let told = format!("ok Created {id}. Wrote {lines} to {file} ({names}).");
        work.output.note(told);
    } else {
        work.output.note(format!("ok Created {id}."));
        let next = if has_secret(&made) {
            format!("carnet app secret create {id} --out secret.txt")
        } else {
            format!("carnet app env {id}")
        };
        work.output.note(format!("  next: {next}"));
    }
    let none = |pointer| {
        made.pointer(pointer)
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty)
    };
    if none("/scopes") {
        work.output.note(format!(
            "  it may ask for no scope yet: carnet app update {id} --scope SCOPE"
        ));
    }
    Ok(Exit::Success)
}

/// Writes what the app must know, and returns how it is called there.
async fn write(
    file: &std::path::Path,
    known: Option<Known>,
    made: &Value,
    work: &Work<'_>,
) -> Result<Vec<String>, Failure> {
    let secret = if has_secret(made) {
        let made = secret::made(text(made, "/id"), Members::default(), work).await?;
        made.map(|made| text(&made, "/client_secret").to_owned())
    } else {
        None
    };
    let app = App {
        issuer: work.admin.url(),
        id: text(made, "/id"),
        public: !has_secret(made),
        secret: secret.as_deref(),
    };
    let lines = env::lines(known, &app, &work.admin).await?;
    env_file::append(file, &lines).map_err(|failure| {
        failure
            .also("a secret was made and cannot be had again: delete it (carnet app secret list)")
    })?;
    Ok(env_file::named(&lines))
}
