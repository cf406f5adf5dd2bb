//! What came out of the mappings: who comes. Here are the bounds of what may come out (google-wire 6.4).

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value as Json;

use super::fuel::Trouble;
use super::target::Target;
use super::trace::Came;
use super::trace::NotMapped;
use super::value::Value;

/// `google.subject` has at most so many bytes.
const SUBJECT_BYTES: usize = 127;

/// All mapped values together have at most so many bytes.
const ALL_BYTES: usize = 8 * 1024;

/// So many groups at most.
const GROUPS: usize = 400;

/// A workload or a person of a foreign issuer, in the provider's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// `google.subject`: 1 to 127 bytes without control characters.
    pub subject: String,
    /// `google.groups`, in the order in which they came.
    pub groups: Vec<String>,
    /// `attribute.NAME` by NAME.
    pub attributes: BTreeMap<String, String>,
    /// `google.display_name` and its kin, by what is behind the dot.
    pub shown: BTreeMap<String, String>,
}

/// What has been mapped so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    subject: Option<String>,
    groups: Option<Vec<String>>,
    attributes: BTreeMap<String, String>,
    shown: BTreeMap<String, String>,
    bytes: usize,
}

impl Gathered {
    /// Takes the value of one mapping, if it is one that may be.
    pub(super) fn take(&mut self, target: &Target, value: &Value<'_>) -> Result<Came, Trouble> {
        if *target == Target::Groups {
            let groups = self.list(value)?;
            self.groups = Some(groups.clone());
            return Ok(Came::List(groups));
        }
        let text = self.text(value)?;
        match target {
            Target::Subject => {
                if !(1..=SUBJECT_BYTES).contains(&text.len()) {
                    let length = text.len();
                    return Err(Trouble::new(format!(
                        "google.subject has 1 to {SUBJECT_BYTES} bytes, not {length}."
                    )));
                }
                self.subject = Some(text.clone());
            }
            Target::Shown(name) => {
                self.shown.insert((*name).to_owned(), text.clone());
            }
            Target::Own(name) => {
                self.attributes.insert(name.to_string(), text.clone());
            }
            Target::Groups => {}
        }
        Ok(Came::Text(text))
    }

    fn text(&mut self, value: &Value<'_>) -> Result<String, Trouble> {
        let Value::Text(text) = value else {
            return Err(Trouble::new(format!(
                "the value is {}, not a text; string(...) makes a text of numbers and truth values.",
                value.kind()
            )));
        };
        if text.chars().any(char::is_control) {
            let why = "the value has control characters.";
            return Err(Trouble::new(why));
        }
        self.bytes = self.bytes.saturating_add(text.len());
        if self.bytes > ALL_BYTES {
            let why = format!("all mapped values together have more than {ALL_BYTES} bytes.");
            return Err(Trouble::new(why));
        }
        Ok(text.to_string())
    }

    fn list(&mut self, value: &Value<'_>) -> Result<Vec<String>, Trouble> {
        let Value::List(list) = value else {
            return Err(Trouble::new(format!(
                "google.groups is a list of texts, not {}; [value] makes a list of one.",
                value.kind()
            )));
        };
        if list.len() > GROUPS {
            let why = format!("google.groups has at most {GROUPS} entries.");
            return Err(Trouble::new(why));
        }
        let entries = (0..list.len()).filter_map(|at| list.at(at));
        entries.map(|entry| self.text(&entry)).collect()
    }

    /// `google` and `attribute`, as the condition sees them.
    pub(super) fn facts(&self) -> (Json, Json) {
        let text = |text: &String| Json::String(text.clone());
        let texts = |of: &BTreeMap<String, String>| {
            let entries = of.iter();
            let entries = entries.map(|(name, value)| (name.clone(), text(value)));
            entries.collect::<Map<String, Json>>()
        };
        let mut google = texts(&self.shown);
        if let Some(subject) = &self.subject {
            google.insert("subject".to_owned(), text(subject));
        }
        if let Some(groups) = &self.groups {
            let groups = groups.iter().map(text).collect();
            google.insert("groups".to_owned(), Json::Array(groups));
        }
        (Json::Object(google), Json::Object(texts(&self.attributes)))
    }

    /// Who comes.
    pub(super) fn finish(self) -> Result<Mapped, NotMapped> {
        let Some(subject) = self.subject else {
            let trouble = Trouble::new("google.subject has no value.");
            return Err(NotMapped::attribute(&Target::Subject, trouble));
        };
        Ok(Mapped {
            subject,
            groups: self.groups.unwrap_or_default(),
            attributes: self.attributes,
            shown: self.shown,
        })
    }
}
