//! Everything below `/computeMetadata/v1/`: directories and values.
//!
//! google-wire 7.1. A directory is listed as lines, those that are directories with a slash at their end. As JSON its
//! names are in camel case, except names that are data: e-mails, attributes.

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value;

use crate::instance::Attached;
use crate::instance::Instance;
use crate::instance::digest;

/// A place in the tree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Node {
    /// More places.
    Directory(Directory),
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// Several texts, one on each line.
    Lines(Vec<String>),
    /// An access token, made when it is asked for.
    Token,
    /// An ID token, made when it is asked for.
    Identity,
}

/// Places by their names.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Directory {
    places: BTreeMap<String, Node>,
    /// Whether the names are data, and not ours.
    of_data: bool,
}

impl Node {
    /// The tree of a machine.
    pub(crate) fn of(instance: &Instance) -> Self {
        directory([
            ("instance", of_instance(instance)),
            ("project", of_project(instance)),
            (
                "universe",
                directory([("universe-domain", text(&instance.universe_domain))]),
            ),
        ])
    }

    /// What a path leads to. Its end may be a slash, behind a directory alone.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        let mut node = self;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let Self::Directory(directory) = node else {
                return None;
            };
            let name = decoded(name)?;
            // x/oauth2 asks for this one too (google-wire 7.1).
            let name = match name.as_str() {
                "universe_domain" => "universe-domain",
                name => name,
            };
            node = directory.places.get(name)?;
        }
        let ends = path.ends_with('/') || path.is_empty();
        (!ends || node.is_directory()).then_some(node)
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self, Self::Directory(_))
    }

    /// As JSON with everything below; without what is made when it is asked for.
    pub(crate) fn json(&self) -> Option<Value> {
        Some(match self {
            Self::Directory(directory) => {
                let mut members = Map::new();
                for (name, node) in &directory.places {
                    if let Some(value) = node.json() {
                        let own = !directory.of_data;
                        members.insert(if own { camel(name) } else { name.clone() }, value);
                    }
                }
                Value::Object(members)
            }
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Lines(lines) => lines.as_slice().into(),
            Self::Token | Self::Identity => return None,
        })
    }

    /// As text: a value, or the names in a directory.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Directory(_) => lines(&self.names()),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Lines(texts) => lines(texts),
            Self::Token | Self::Identity => String::new(),
        }
    }

    /// What stands in a directory, each directory with a slash at its end.
    pub(crate) fn names(&self) -> Vec<String> {
        let Self::Directory(directory) = self else {
            return Vec::new();
        };
        let names = directory.places.iter().map(|(name, node)| {
            if node.is_directory() {
                format!("{name}/")
            } else {
                name.clone()
            }
        });
        names.collect()
    }

    /// Everything below as text, a line each: the path and the value.
    pub(crate) fn paths(&self) -> String {
        let mut found = String::new();
        self.walk("", &mut found);
        found
    }

    fn walk(&self, path: &str, found: &mut String) {
        let values = match self {
            Self::Directory(directory) => {
                for (name, node) in &directory.places {
                    let slash = if path.is_empty() { "" } else { "/" };
                    node.walk(&format!("{path}{slash}{name}"), found);
                }
                return;
            }
            Self::Lines(lines) => lines.clone(),
            Self::Token | Self::Identity => return,
            one => vec![one.text()],
        };
        for value in values {
            found.push_str(path);
            found.push(' ');
            found.push_str(&value);
            found.push('\n');
        }
    }

    /// A tag that is another when something below is another.
    pub(crate) fn tag(&self) -> String {
        let said = self.json().unwrap_or_default().to_string();
        format!("{:016x}", digest(said.as_bytes()))
    }
}

fn of_instance(instance: &Instance) -> Node {
    let project = instance.project_number;
    let mut accounts = Directory {
        of_data: true,
        ..Directory::default()
    };
    if let Some(attached) = &instance.account {
        let account = of_account(attached);
        accounts
            .places
            .insert("default".to_owned(), account.clone());
        accounts.places.insert(attached.email.clone(), account);
    }
    directory([
        ("attributes", of_data(&instance.attributes)),
        ("hostname", text(&instance.hostname())),
        ("id", Node::Number(instance.id)),
        ("name", text(&instance.name)),
        (
            "region",
            text(&format!("projects/{project}/regions/{}", instance.region())),
        ),
        ("service-accounts", Node::Directory(accounts)),
        (
            "zone",
            text(&format!("projects/{project}/zones/{}", instance.zone)),
        ),
    ])
}

fn of_account(attached: &Attached) -> Node {
    directory([
        ("aliases", Node::Lines(vec!["default".to_owned()])),
        ("email", text(&attached.email)),
        ("identity", Node::Identity),
        ("scopes", Node::Lines(attached.scopes.clone())),
        ("token", Node::Token),
    ])
}

fn of_project(instance: &Instance) -> Node {
    directory([
        ("attributes", of_data(&instance.project_attributes)),
        ("numeric-project-id", Node::Number(instance.project_number)),
        ("project-id", text(&instance.project_id)),
    ])
}

fn directory<const N: usize>(places: [(&str, Node); N]) -> Node {
    let places = places.map(|(name, node)| (name.to_owned(), node));
    Node::Directory(Directory {
        places: places.into(),
        of_data: false,
    })
}

fn of_data(attributes: &BTreeMap<String, String>) -> Node {
    let places = attributes
        .iter()
        .map(|(name, value)| (name.clone(), text(value)));
    Node::Directory(Directory {
        places: places.collect(),
        of_data: true,
    })
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn lines(texts: &[String]) -> String {
    texts
        .iter()
        .flat_map(|text| [text.as_str(), "\n"])
        .collect()
}

/// `numeric-project-id` becomes `numericProjectId`.
fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// A name without percent signs: an e-mail may come with `%40`.
fn decoded(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
