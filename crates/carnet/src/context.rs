//! Contexts: which server, organization, project and key file a person works with.
//!
//! They stand in `$XDG_CONFIG_HOME/carnet/config.toml` (mode 0600). No secret is among them: a
//! context names a key file, and whoever may read that file may use it, or `carnet login` keeps a sign-in
//! beside it ([`crate::sign_in`]).

mod file;

use clap::Subcommand;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::sign_in::SignIn;

pub(crate) use file::{Context, Contexts};

/// What can be done with contexts.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the contexts. The active one has a star.
    List,
    /// Make a context the active one.
    Use {
        /// Its name.
        name: String,
    },
    /// Keep a context; it becomes the active one. A context of that name is replaced.
    #[command(
        after_help = "Example:\n  carnet context create acme --url https://auth.acme.example --key ~/acme-admin.json"
    )]
    Create {
        /// Its name: letters, digits, hyphens.
        name: String,
    },
    /// Forget a context. The key file that it names stays.
    Delete {
        /// Its name.
        name: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("NAME", "/name"),
    Column::at("ACTIVE", "/active"),
    Column::at("URL", "/url"),
    Column::at("PROJECT", "/project"),
    Column::at("KEY", "/key_file"),
    Column::at("SIGNED IN", "/signed_in"),
    Column::at("ORGANIZATION", "/organization").wide(),
];

/// Does it.
pub(crate) fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let mut contexts = Contexts::read()?;
    match verb {
        Verb::List => {
            let items = contexts.all().map(|(name, context)| {
                let signed_in = SignIn::of(name)?.map(|found| found.email);
                Ok(json!({
                    "signed_in": signed_in,
                    "name": name,
                    "active": contexts.is_active(name),
                    "url": context.url,
                    "project": context.project,
                    "organization": context.organization,
                    "key_file": context.key_file,
                }))
            });
            output.list(&items.collect::<Result<Vec<_>, Failure>>()?, COLUMNS)?;
        }
        Verb::Use { name } => {
            contexts.activate(&name)?;
            contexts.write()?;
            output.note(format!("ok Context {name} is active."));
        }
        Verb::Create { name } => {
            contexts.put(&name, Context::of(global)?)?;
            contexts.write()?;
            output.note(format!(
                "ok Context {name} is kept in {}, and active.",
                contexts.path().display()
            ));
        }
        Verb::Delete { name } => {
            contexts.remove(&name)?;
            if SignIn::of(&name)?.is_some() {
                let exit = format!("carnet logout --context {name}");
                return Err(Failure::new(
                    Exit::Conflict,
                    format!("somebody is signed in in {name}"),
                )
                .fix(exit));
            }
            contexts.write()?;
            output.note(format!("ok Context {name} is forgotten."));
        }
    }
    Ok(Exit::Success)
}
