//! What is to be done for an app, and how that differs from what is there: the server's own words for the app
//! before and after, so that what it understands as the same is no difference.

use std::collections::BTreeSet;

use serde_json::Value;

use super::file::Entry;
use crate::output::printable;

/// What changes by itself whenever anything does.
const ITSELF: [&str; 4] = ["etag", "changed", "created", "state"];

/// How long one value is shown.
const LONGEST: usize = 120;

/// What is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// It is as the file says.
    Nothing,
    /// It is not there.
    Make,
    /// It is there, and otherwise.
    Change,
}

/// What is to be done for one app.
#[derive(Debug)]
pub(super) struct Plan {
    /// Its client ID.
    pub(super) id: String,
    /// What is to be done.
    pub(super) step: Step,
    /// What the server is told.
    pub(super) body: Value,
    /// As it is; null where it is not there.
    pub(super) before: Value,
    /// As it would be.
    pub(super) after: Value,
    /// How these differ: the member, and what of it.
    pub(super) differences: Vec<(String, String)>,
}

impl Plan {
    /// An app that is not there.
    pub(super) fn make(entry: Entry, after: Value) -> Self {
        Self {
            step: Step::Make,
            body: entry.to_make(),
            id: entry.id,
            before: Value::Null,
            after,
            differences: Vec::new(),
        }
    }

    /// An app that is there.
    pub(super) fn change(entry: Entry, before: Value, after: Value) -> Self {
        let differences = differences(&before, &after);
        let step = if differences.is_empty() {
            Step::Nothing
        } else {
            Step::Change
        };
        Self {
            step,
            body: entry.to_change(),
            id: entry.id,
            before,
            after,
            differences,
        }
    }

    /// What a person reads of it.
    pub(super) fn lines(&self) -> Vec<String> {
        let id = printable(&self.id);
        match self.step {
            Step::Nothing => Vec::new(),
            Step::Make => vec![format!("+ {id}")],
            Step::Change => {
                let lines = self.differences.iter();
                lines
                    .map(|(member, what)| format!("~ {id}   {member}   {what}"))
                    .collect()
            }
        }
    }
}

/// How an app differs, member by member.
pub(super) fn differences(before: &Value, after: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(("", before), after, &mut found);
    found
}

fn walk((name, before): (&str, &Value), after: &Value, found: &mut Vec<(String, String)>) {
    if before == after {
        return;
    }
    let inner = |name: &str| matches!(name, "" | "exchange" | "legacy" | "lifetimes");
    if inner(name) && (before.is_object() || after.is_object()) {
        for member in members(before, after) {
            if name.is_empty() && ITSELF.contains(&member) || member == "warning" {
                continue;
            }
            let path = match name {
                "" => member.to_owned(),
                name => format!("{name}.{member}"),
            };
            let of = |value: &Value| value.get(member).cloned().unwrap_or_default();
            walk((&path, &of(before)), &of(after), found);
        }
        return;
    }
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => listed(name, before, after, found),
        (Value::Object(_), _) | (_, Value::Object(_)) if name == "jwks" => {
            found.push((name.to_owned(), keys(before, after)));
        }
        _ => found.push((
            name.to_owned(),
            format!("{} -> {}", shown(before), shown(after)),
        )),
    }
}

fn members<'a>(before: &'a Value, after: &'a Value) -> BTreeSet<&'a str> {
    let names = [before, after].into_iter().filter_map(Value::as_object);
    names
        .flat_map(|object| object.keys().map(String::as_str))
        .collect()
}

fn listed(name: &str, before: &[Value], after: &[Value], found: &mut Vec<(String, String)>) {
    let count = found.len();
    let lines = |sign: &str, some: &[Value], others: &[Value]| -> Vec<(String, String)> {
        let only = some.iter().filter(|value| !others.contains(value));
        only.map(|value| (name.to_owned(), format!("{sign} {}", shown(value))))
            .collect()
    };
    found.extend(lines("+", after, before));
    found.extend(lines("-", before, after));
    if found.len() == count {
        found.push((name.to_owned(), "in another order".to_owned()));
    }
}

/// Keys are long, so they are told by their names.
fn keys(before: &Value, after: &Value) -> String {
    let names = |set: &Value| {
        let keys = set.get("keys").and_then(Value::as_array);
        let names = keys.into_iter().flatten().map(|key| {
            let name = key.get("kid").and_then(Value::as_str);
            name.map_or_else(|| "(without kid)".to_owned(), printable)
        });
        match names.collect::<Vec<_>>().join(" ") {
            none if none.is_empty() => "none".to_owned(),
            names => names,
        }
    };
    format!("{} -> {}", names(before), names(after))
}

/// One value, on one line.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "none".to_owned(),
        Value::String(text) => printable(text),
        other => printable(&other.to_string()),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests;
