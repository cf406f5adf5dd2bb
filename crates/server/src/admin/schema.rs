//! Holds a JSON value against a schema of the published document.
//!
//! Only what our schemas use is understood: `$ref`, `type`, `enum`, `const`, `oneOf`, `properties`,
//! `required`, `items`, the values of a map, and bounds of length, size and value. A member that the schema
//! does not name is wrong, whatever `additionalProperties` says beside `properties`: a misspelt member must
//! never pass in silence. All faults
//! are found in one go, each with its JSON pointer (RFC 6901).

use carnet_core::rule::admin::Wrong;
use carnet_core::rule::nearest::nearest;
use carnet_wire::legal::Echo;
use serde_json::{Map, Value};

use super::call::unknown;

/// How many faults are told at once.
const MOST: usize = 50;

/// Finds what is wrong with `value`, which is to be of the type `name` of the document.
pub(crate) fn faults(value: &Value, name: &str, document: &Value) -> Vec<Wrong> {
    let schemas = document.pointer("/components/schemas");
    let Some(schemas) = schemas.and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut check = Check {
        schemas,
        wrongs: Vec::new(),
    };
    if let Some(schema) = schemas.get(name) {
        check.value(value, schema, "");
    }
    check.wrongs
}

struct Check<'a> {
    schemas: &'a Map<String, Value>,
    wrongs: Vec<Wrong>,
}

impl<'a> Check<'a> {
    fn wrong(&mut self, pointer: &str, detail: impl Into<String>) {
        if self.wrongs.len() < MOST {
            self.wrongs.push(Wrong::new(pointer, detail));
        }
    }

    fn value(&mut self, value: &Value, schema: &'a Value, pointer: &str) {
        let schema = self.resolved(schema);
        if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
            return self.one_of(value, branches, pointer);
        }
        if let Some(known) = schema.get("enum").and_then(Value::as_array) {
            return self.one_word(value, known, pointer);
        }
        if !types(schema).iter().any(|kind| is_a(value, kind)) {
            let wanted = wanted(schema);
            return self.wrong(pointer, format!("{} is {wanted}.", called(pointer)));
        }
        match value {
            Value::String(text) => self.text(text, schema, pointer),
            Value::Number(number) => self.number(number.as_i64(), schema, pointer),
            Value::Array(items) => self.items(items, schema, pointer),
            Value::Object(members) => self.members(members, schema, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.rsplit('/').next());
        name.and_then(|name| self.schemas.get(name))
            .unwrap_or(schema)
    }

    /// The branch whose type fits says what is wrong; where none fits, all are named.
    fn one_of(&mut self, value: &Value, branches: &'a [Value], pointer: &str) {
        let fits = |schema: &&'a Value| types(schema).iter().any(|kind| is_a(value, kind));
        let branches: Vec<&Value> = branches
            .iter()
            .map(|branch| self.resolved(branch))
            .collect();
        if let Some(branch) = branches.iter().find(|branch| fits(branch)) {
            return self.value(value, branch, pointer);
        }
        let names: Vec<String> = branches.iter().map(|branch| wanted(branch)).collect();
        let names = names.join(" or ");
        self.wrong(pointer, format!("{} is {names}.", called(pointer)));
    }

    fn one_word(&mut self, value: &Value, known: &[Value], pointer: &str) {
        if known.contains(value) {
            return;
        }
        let words: Vec<&str> = known.iter().filter_map(Value::as_str).collect();
        let list = words.join(", ");
        self.wrong(pointer, format!("{} is one of: {list}.", called(pointer)));
    }

    fn text(&mut self, text: &str, schema: &Value, pointer: &str) {
        let (least, most) = (bound(schema, "minLength"), bound(schema, "maxLength"));
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if least.is_some_and(|least| length < least) {
            self.wrong(pointer, format!("{} is too short.", called(pointer)));
        }
        if let Some(most) = most.filter(|most| length > *most) {
            let name = called(pointer);
            self.wrong(pointer, format!("{name} has at most {most} characters."));
        }
    }

    fn number(&mut self, number: Option<i64>, schema: &Value, pointer: &str) {
        let (least, most) = (bound(schema, "minimum"), bound(schema, "maximum"));
        let within = number.is_some_and(|number| {
            least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
        });
        if !within {
            let limits = match (least, most) {
                (Some(least), Some(most)) => format!("{least} to {most}"),
                (Some(least), None) => format!("at least {least}"),
                (None, Some(most)) => format!("at most {most}"),
                (None, None) => "a whole number".to_owned(),
            };
            self.wrong(pointer, format!("{} is {limits}.", called(pointer)));
        }
    }

    fn items(&mut self, items: &[Value], schema: &'a Value, pointer: &str) {
        let most = bound(schema, "maxItems").and_then(|most| usize::try_from(most).ok());
        if let Some(most) = most.filter(|most| items.len() > *most) {
            return self.wrong(
                pointer,
                format!("{} has at most {most} items.", called(pointer)),
            );
        }
        if let Some(schema) = schema.get("items") {
            for (place, item) in items.iter().enumerate() {
                self.value(item, schema, &format!("{pointer}/{place}"));
            }
        }
    }

    fn members(&mut self, members: &Map<String, Value>, schema: &'a Value, pointer: &str) {
        let Some(known) = schema.get("properties").and_then(Value::as_object) else {
            // A map: any name, and one type for all of its values.
            if let Some(schema) = schema
                .get("additionalProperties")
                .filter(|of| of.is_object())
            {
                for (name, value) in members {
                    self.value(value, schema, &format!("{pointer}/{}", escaped(name)));
                }
            }
            return;
        };
        for (name, value) in members {
            let place = format!("{pointer}/{}", escaped(name));
            if let Some(schema) = known.get(name) {
                self.value(value, schema, &place);
            } else {
                let near = nearest(name, known.keys().map(String::as_str));
                self.wrong(&place, unknown("member", &Echo::of(name), near));
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.wrong(&format!("{pointer}/{name}"), format!("{name} is missing."));
            }
        }
    }
}

/// The types that a schema takes. One with properties takes objects, an enumeration words.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("properties").is_some() => vec!["object"],
        _ => vec!["string", "number", "boolean", "array", "object", "null"],
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || (kind == "integer" && number.is_i64()),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

/// What a schema wants, in words.
fn wanted(schema: &Value) -> String {
    let words: Vec<&str> = types(schema)
        .into_iter()
        .map(|kind| match kind {
            "string" => "a text",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            "array" => "a list",
            "object" => "an object",
            other => other,
        })
        .collect();
    words.join(" or ")
}

fn bound(schema: &Value, name: &str) -> Option<i64> {
    schema.get(name).and_then(Value::as_i64)
}

/// How a place is called in a sentence: by the last step of its pointer.
fn called(pointer: &str) -> String {
    match pointer.rsplit('/').next() {
        Some(last) if !last.is_empty() => Echo::of(last).to_string(),
        _ => "The body".to_owned(),
    }
}

/// RFC 6901 §3; the caller's own words are made harmless.
fn escaped(name: &str) -> String {
    Echo::of(name)
        .as_str()
        .replace('~', "~0")
        .replace('/', "~1")
}

#[cfg(test)]
mod tests;
