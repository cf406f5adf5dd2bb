//! `carnet config`: what is in force and where it was said, whether it is right, and what there is.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::key::KEYS;
use super::setting::Origin;
use super::source;
use super::system::System;
use super::{read, reference};
use crate::checklist::{self, Check};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, Output};

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Show every key with the value that is in force. Secrets are not shown.
    Show(Show),
    /// Check the configuration without starting. Ends with 8 where something is wrong.
    Check {
        /// The TOML file, instead of the usual ones.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Print the reference of all keys, in Markdown or with -o json.
    Schema,
}

/// What to show.
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// The TOML file, instead of the usual ones.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Show where each value was said: file and line, variable, credential, or default.
    #[arg(long)]
    origin: bool,
}

const VALUES: &[Column] = &[Column::at("KEY", "/key"), Column::at("VALUE", "/value")];
const ORIGINS: &[Column] = &[
    Column::at("KEY", "/key"),
    Column::at("VALUE", "/value"),
    Column::at("ORIGIN", "/origin"),
];
const SCHEMA: &[Column] = &[
    Column::at("KEY", "/key"),
    Column::at("KIND", "/kind"),
    Column::at("DEFAULT", "/default"),
    Column::at("ENVIRONMENT", "/environment"),
    Column::at("ABOUT", "/about"),
];

/// Does it.
pub(crate) fn run(verb: Verb, output: &Output) -> Result<Exit, Failure> {
    match verb {
        Verb::Show(asked) => show(&asked, output),
        Verb::Check { config } => checked(config.as_deref(), output),
        Verb::Schema if output.is_for_people() => {
            output.text(&reference::page())?;
            Ok(Exit::Success)
        }
        Verb::Schema => {
            output.list(&reference::records(), SCHEMA)?;
            Ok(Exit::Success)
        }
    }
}

fn show(asked: &Show, output: &Output) -> Result<Exit, Failure> {
    let gathered = source::gather(asked.config.as_deref(), &System);
    let items = KEYS.iter().map(|key| {
        let (value, origin) = match gathered.settings.get(key.name) {
            Some(setting) => (shown(&setting.value), setting.origin.clone()),
            None => (key.default.to_owned(), Origin::Default),
        };
        let value = if key.secret {
            without_password(&value)
        } else {
            value
        };
        json!({"key": key.name, "value": value, "origin": origin.to_string()})
    });
    let columns = if asked.origin { ORIGINS } else { VALUES };
    output.list(&items.collect::<Vec<_>>(), columns)?;
    if let Err(faults) = read::config(&gathered) {
        output.note(format!(
            "{} things are wrong: carnet config check",
            faults.len()
        ));
    }
    Ok(Exit::Success)
}

fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A URL without what stands between the colon of its user and the at sign.
fn without_password(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else {
        return text.to_owned();
    };
    if url.password().is_none() {
        return text.to_owned();
    }
    match url.set_password(Some("***")) {
        Ok(()) => url.to_string(),
        Err(()) => "(not shown)".to_owned(),
    }
}

fn checked(config: Option<&Path>, output: &Output) -> Result<Exit, Failure> {
    let gathered = source::gather(config, &System);
    let checks: Vec<Check> = match read::config(&gathered) {
        Ok(config) => {
            let from = gathered.file.as_ref().map_or_else(
                || "the environment".to_owned(),
                |file| file.display().to_string(),
            );
            vec![
                Check::pass(
                    "config",
                    format!("{} keys set, by {from}", gathered.settings.len()),
                ),
                Check::pass("issuer", config.issuer),
            ]
        }
        Err(faults) => faults.into_iter().map(check).collect(),
    };
    checklist::report(&checks, output)
}

/// A fault as a failed check.
pub(crate) fn check(fault: super::Fault) -> Check {
    let place = fault
        .origin
        .map(|origin| format!("   ({origin})"))
        .unwrap_or_default();
    let check = Check::fail(&fault.code.to_string(), format!("{}{place}", fault.what));
    match fault.fix {
        Some(fix) => check.fix(fix),
        None => check.fix(format!("carnet explain {}", fault.code)),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_never_shown() {
        let shown = without_password("postgres://carnet:hunter2@db/carnet");
        assert_eq!(shown, "postgres://carnet:***@db/carnet");
        assert_eq!(without_password("sqlite:carnet.db"), "sqlite:carnet.db");
    }
}
