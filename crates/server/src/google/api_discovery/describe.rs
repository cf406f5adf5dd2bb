//! From lines of text to what a discovery document has of methods and schemas (google-wire 10.2).
//!
//! 1. A method is a line of seven words: its id below the API, the method of HTTP, its path, what the one parameter
//!    of that path names (`projects/*`: one part for each star), parameters of the query with commas between, what it
//!    takes and what it answers. `-` stands for none.
//! 2. A schema is a line too: its name, and its members. A member that is not a text says its form behind a colon:
//!    `number`, `yes`, `bytes`, `texts`, `map`, `any`, another schema, or a list of those in brackets.
//! 3. The words of an id but the last are the resources in which the method is.

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// A method, as its line says it.
struct Method<'a> {
    id: &'a str,
    verb: &'a str,
    path: &'a str,
    of: Option<&'a str>,
    query: Option<&'a str>,
    request: Option<&'a str>,
    response: Option<&'a str>,
}

impl<'a> Method<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let some = |word: &'a str| (word != "-").then_some(word);
        Some(Self {
            id: words.next()?,
            verb: words.next()?,
            path: words.next()?,
            of: words.next().and_then(some),
            query: words.next().and_then(some),
            request: words.next().and_then(some),
            response: words.next().and_then(some),
        })
    }

    /// The name of the parameter of its path.
    fn named(&self) -> Option<&'a str> {
        let (_, rest) = self.path.split_once("{+")?;
        rest.split_once('}').map(|(name, _)| name)
    }

    fn describe(&self, api: &str, scopes: &[&str]) -> Value {
        let mut parameters = Map::new();
        let mut order = Vec::new();
        let mut flat = self.path.to_owned();
        if let (Some(name), Some(of)) = (self.named(), self.of) {
            flat = flat.replace(&format!("{{+{name}}}"), &flat_name(of));
            let pattern = format!("^{}$", of.replace('*', "[^/]+"));
            let parameter = json!({
                "type": "string", "location": "path", "required": true, "pattern": pattern,
                "description": of,
            });
            parameters.insert(name.to_owned(), parameter);
            order.push(name);
        }
        for name in self.query.into_iter().flat_map(|names| names.split(',')) {
            parameters.insert(name.to_owned(), query(name));
        }
        let mut method = json!({
            "id": format!("{api}.{}", self.id),
            "path": self.path,
            "flatPath": flat,
            "httpMethod": self.verb,
            "parameters": parameters,
            "parameterOrder": order,
        });
        for (side, schema) in [("request", self.request), ("response", self.response)] {
            if let Some(name) = schema {
                method[side] = json!({ "$ref": name });
            }
        }
        // What is in no resource takes no token.
        if !scopes.is_empty() && self.id.contains('.') {
            method["scopes"] = json!(scopes);
        }
        method
    }
}

/// `projects/*/serviceAccounts/*` as `projects/{projectsId}/serviceAccounts/{serviceAccountsId}`.
fn flat_name(of: &str) -> String {
    let mut before = "";
    let parts = of.split('/').map(|part| {
        let flat = match part {
            "*" => format!("{{{before}Id}}"),
            part => part.to_owned(),
        };
        before = part;
        flat
    });
    parts.collect::<Vec<_>>().join("/")
}

fn query(name: &str) -> Value {
    match name {
        "pageSize" | "options.requestedPolicyVersion" => {
            json!({"type": "integer", "format": "int32", "location": "query"})
        }
        "showDeleted" => json!({"type": "boolean", "location": "query"}),
        "updateMask" => {
            json!({"type": "string", "format": "google-fieldmask", "location": "query"})
        }
        "keyTypes" => json!({"type": "string", "repeated": true, "location": "query"}),
        _ => json!({"type": "string", "location": "query"}),
    }
}

/// Methods, and what is below.
#[derive(Default)]
struct Resource<'a> {
    methods: Map<String, Value>,
    resources: BTreeMap<&'a str, Self>,
}

impl Resource<'_> {
    fn document(self) -> Map<String, Value> {
        let below = self.resources.into_iter();
        let below = below.map(|(name, resource)| (name.to_owned(), resource.document().into()));
        let below: Map<String, Value> = below.collect();
        let mut members = Map::new();
        for (name, all) in [("methods", self.methods), ("resources", below)] {
            if !all.is_empty() {
                members.insert(name.to_owned(), all.into());
            }
        }
        members
    }
}

/// The methods of an API, each in its resource: `methods` and `resources` of the document.
pub(super) fn methods(lines: &str, api: &str, scopes: &[&str]) -> Map<String, Value> {
    let mut root = Resource::default();
    for method in lines.lines().filter_map(Method::read) {
        let mut words: Vec<_> = method.id.split('.').collect();
        let name = words.pop().unwrap_or_default();
        let place = words.into_iter().fold(&mut root, |place, word| {
            place.resources.entry(word).or_default()
        });
        let described = method.describe(api, scopes);
        place.methods.insert(name.to_owned(), described);
    }
    root.document()
}

/// The schemas of an API.
pub(super) fn schemas(lines: &str) -> Value {
    let all = lines.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        let members: Map<String, Value> = words
            .map(|word| match word.split_once(':') {
                None => (word.to_owned(), json!({"type": "string"})),
                Some((member, form)) => (member.to_owned(), of_form(form)),
            })
            .collect();
        let schema = json!({"id": name, "type": "object", "properties": members});
        Some((name.to_owned(), schema))
    });
    Value::Object(all.collect())
}

fn of_form(form: &str) -> Value {
    let list = form.strip_prefix('[').and_then(|of| of.strip_suffix(']'));
    match (form, list) {
        ("number", _) => json!({"type": "integer", "format": "int32"}),
        ("yes", _) => json!({"type": "boolean"}),
        ("bytes", _) => json!({"type": "string", "format": "byte"}),
        ("texts", _) => json!({"type": "array", "items": {"type": "string"}}),
        ("map", _) => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ("any", _) => json!({"type": "object", "additionalProperties": {"type": "any"}}),
        (_, Some(of)) => json!({"type": "array", "items": {"$ref": of}}),
        (of, None) => json!({"$ref": of}),
    }
}

#[cfg(test)]
mod tests;
