//! The parameters of a request that came as JSON. Google's library for Rust sends a refresh so (google-wire 4.7), and
//! clients of Google's STS.
//!
//! The object is read as the form that says the same, within the same bounds:
//!
//! | member | parameter |
//! |---|---|
//! | a string, a number, a boolean | its text |
//! | `null` | absent |
//! | a list of strings | one parameter; of a name that may come again, one each |
//! | anything else | its JSON |

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde_json::Value;

use super::MAX_BYTES;
use super::MAY_REPEAT;
use super::Params;
use super::ParamsError;

/// Names that are other words for a parameter.
const ALSO: [(&str, &str); 1] = [("scopes", "scope")];

impl Params<'_> {
    /// Parses a JSON object.
    pub fn parse_json(body: &[u8]) -> Result<Self, ParamsError> {
        if body.len() > MAX_BYTES {
            return Err(ParamsError::TooLarge);
        }
        let Members(members) = serde_json::from_slice(body).map_err(|_| ParamsError::NotJson)?;
        let mut params = Self::default();
        for (name, value) in members {
            let also = ALSO.iter().find(|(other, _)| *other == name);
            let name = also.map_or(name, |(_, name)| (*name).to_owned());
            params.push_json(&name, value)?;
        }
        Ok(params)
    }

    fn push_json(&mut self, name: &str, value: Value) -> Result<(), ParamsError> {
        let texts = match value {
            Value::Null => return Ok(()),
            Value::String(text) => vec![text],
            Value::Array(list) if list.iter().all(Value::is_string) => {
                let texts = list.iter().filter_map(Value::as_str);
                if MAY_REPEAT.contains(&name) {
                    texts.map(str::to_owned).collect()
                } else {
                    vec![texts.collect::<Vec<_>>().join(" ")]
                }
            }
            other => vec![other.to_string()],
        };
        for text in texts {
            self.push(Cow::Owned(name.to_owned()), Cow::Owned(text), "")?;
        }
        Ok(())
    }
}

/// The members as they came: one that comes twice is seen twice.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
