//! The file: JSON or TOML, bounded, and every app in it with an id of its own.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use carnet_jose::json;
use carnet_wire::crn::Crn;
use serde_json::{Map, Value};

use super::named;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::printable;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// How many apps a file may hold.
const MOST: usize = 1_000;

/// How deeply a file may be nested: two levels more than the body of one app.
const DEPTH: u8 = 10;

/// What the list of apps is called, where it has a name: `items` as the admin API lists them.
const LISTS: [&str; 2] = ["clients", "items"];

/// What an app shows and nobody sets: when it was made, how it stands. What `carnet app get -o json` prints
/// can so be applied again.
const SHOWN: [&str; 5] = ["project", "state", "created", "changed", "etag"];

/// What a file says.
#[derive(Debug)]
pub(super) struct Source {
    /// The project that it names, where it does.
    pub(super) project: Option<String>,
    /// Its apps, in its order.
    pub(super) entries: Vec<Entry>,
}

/// An app of the file.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it stands, for whoever reads an error.
    pub(super) place: String,
    /// Its client ID.
    pub(super) id: String,
    /// What it says beside that.
    members: Map<String, Value>,
}

impl Source {
    /// Reads a file, or standard input.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let shown = match file.as_os_str() {
            name if name == "-" => "standard input".to_owned(),
            name => name.to_string_lossy().into_owned(),
        };
        let mut text = String::new();
        let read = if file.as_os_str() == "-" {
            std::io::stdin().take(LARGEST + 1).read_to_string(&mut text)
        } else {
            File::open(file).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        };
        read.map_err(|error| {
            Failure::of(
                Crn::FILE_NOT_READABLE,
                format!("{shown} cannot be read: {error}"),
            )
        })?;
        let ending = file.extension().and_then(|ending| ending.to_str());
        Self::parse(&text, ending).map_err(|why| wrong(&shown, &why))
    }

    /// What a text says.
    pub(super) fn parse(text: &str, ending: Option<&str>) -> Result<Self, String> {
        if text.len() as u64 > LARGEST {
            return Err(format!("it is larger than {LARGEST} bytes"));
        }
        let (list, apps, mut project) = apps(document(text, ending)?)?;
        if apps.is_empty() {
            return Err("there is no app in it".to_owned());
        }
        if apps.len() > MOST {
            return Err(format!("it has more than {MOST} apps"));
        }
        let mut ids = BTreeSet::new();
        let mut entries = Vec::with_capacity(apps.len());
        for (number, app) in apps.into_iter().enumerate() {
            let place = match list {
                Some(list) => format!("{list}[{number}]"),
                None => String::new(),
            };
            let (entry, of) = Entry::new(app, &place)?;
            if !ids.insert(entry.id.clone()) {
                return Err(format!("{}: the id is there twice", entry.place));
            }
            match (&project, of) {
                (Some(one), Some(other)) if *one != other => {
                    return Err(format!(
                        "{}: project is {}, and {} before it: a file is of one project",
                        entry.place,
                        printable(&other),
                        printable(one)
                    ));
                }
                (None, of) => project = of,
                _ => {}
            }
            entries.push(entry);
        }
        Ok(Self { project, entries })
    }
}

impl Entry {
    fn new(app: Value, place: &str) -> Result<(Self, Option<String>), String> {
        let at = |what: &str| match place {
            "" => what.to_owned(),
            place => format!("{place}: {what}"),
        };
        let Value::Object(mut members) = app else {
            return Err(at("this is no app: it has no members"));
        };
        let id = match members.remove("id") {
            Some(Value::String(id)) if !id.is_empty() => id,
            Some(_) => return Err(at("id is not a text")),
            None => {
                return Err(at(
                    "id is missing: by it an app is found again when the file is applied again",
                ));
            }
        };
        let project = named_project(&members, &at)?;
        for shown in SHOWN {
            members.remove(shown);
        }
        if let Some(Value::Object(legacy)) = members.get_mut("legacy") {
            legacy.remove("warning");
        }
        let shown = printable(&id);
        let place = match place {
            "" => shown,
            place => format!("{place} {shown}"),
        };
        Ok((Self { place, id, members }, project))
    }

    /// Whether the app that is there can become this one.
    pub(super) fn fits(&self, before: &Value, project: &str) -> Result<(), Failure> {
        let conflict = |what: String, why: &str, fix: &str| {
            Err(Failure::new(Exit::Conflict, what).why(why).fix(fix))
        };
        if let Some(of) = named(before, "project").filter(|of| *of != project) {
            return conflict(
                format!("it is an app of the project {}", printable(of)),
                "a client ID is given once, and apps do not move from one project to another",
                "give the app another id",
            );
        }
        let (is, said) = (named(before, "kind"), self.members.get("kind"));
        if let (Some(is), Some(said)) = (is, said)
            && said.as_str() != Some(is)
        {
            return conflict(
                format!("/kind: the app is of the kind {is}, and kind never changes"),
                "the kind says where an app runs, and what it may have rests on that",
                "give the new app another id, or delete this one first (carnet app delete)",
            );
        }
        Ok(())
    }

    /// The body that makes it.
    pub(super) fn to_make(&self) -> Value {
        let mut body = self.members.clone();
        // Where nothing is there yet, nothing is to be taken away.
        body.retain(|_, member| !member.is_null());
        body.insert("id".to_owned(), Value::String(self.id.clone()));
        Value::Object(body)
    }

    /// The body that changes it.
    pub(super) fn to_change(&self) -> Value {
        let mut body = self.members.clone();
        body.remove("kind");
        Value::Object(body)
    }
}

fn named_project(
    members: &Map<String, Value>,
    at: &dyn Fn(&str) -> String,
) -> Result<Option<String>, String> {
    match members.get("project") {
        None => Ok(None),
        Some(Value::String(project)) => Ok(Some(project.clone())),
        Some(_) => Err(at("project is not a text")),
    }
}

/// The apps of a document, what their list is called, and the project that stands beside it.
type Apps = (Option<&'static str>, Vec<Value>, Option<String>);

fn apps(document: Value) -> Result<Apps, String> {
    let mut members = match document {
        Value::Array(apps) => return Ok((Some(""), apps, None)),
        Value::Object(members) => members,
        _ => return Err("it is neither an app nor a list of apps".to_owned()),
    };
    let Some(list) = LISTS.into_iter().find(|list| members.contains_key(*list)) else {
        return Ok((None, vec![Value::Object(members)], None));
    };
    let Some(Value::Array(apps)) = members.remove(list) else {
        return Err(format!("{list} is not a list of apps"));
    };
    let project = named_project(&members, &str::to_owned)?;
    let more = members.keys().find(|name| *name != "project");
    match more {
        Some(more) => Err(format!(
            "{} stands beside {list}, and is nothing that a file of apps has",
            printable(more)
        )),
        None => Ok((Some(list), apps, project)),
    }
}

/// The document, whose form its file's name says, or else its beginning.
fn document(text: &str, ending: Option<&str>) -> Result<Value, String> {
    match ending {
        Some("json") => read_json(text),
        Some("toml") => read_toml(text),
        Some("yaml" | "yml") => Err("files of apps are JSON or TOML, not YAML".to_owned()),
        _ if begins_as_json(text) => read_json(text),
        _ => read_toml(text),
    }
}

/// A list of TOML begins with two brackets, and a table with a name.
fn begins_as_json(text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    match text.strip_prefix('[') {
        Some(rest) => rest.trim_start().starts_with(['{', ']']),
        None => text.starts_with('{'),
    }
}

fn read_json(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    // What is there twice is lost without a word otherwise.
    let wrapped = format!("{{\"file\":{text}}}");
    json::object(wrapped.as_bytes(), DEPTH + 1).map_err(|error| error.to_string())?;
    Ok(value)
}

fn read_toml(text: &str) -> Result<Value, String> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| {
            let before = text.get(..span.start).unwrap_or_default();
            before.matches('\n').count() + 1
        });
        let why = error.message().lines().collect::<Vec<_>>().join(", ");
        format!("no TOML: {why} (line {line})")
    })
}

fn wrong(shown: &str, why: &str) -> Failure {
    Failure::of(Crn::FILE_NOT_READABLE, format!("{shown}: {why}"))
        .why("the file does not say apps in the form that this command reads")
        .fix("carnet app get ID -o json shows the form; nothing was made or changed")
}

#[cfg(test)]
mod tests;
