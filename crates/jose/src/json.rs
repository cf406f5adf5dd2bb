//! JSON from strangers: bounded in size and depth, and no member twice.
//!
//! RFC 7515 §4 and RFC 7517 §4 let a parser refuse repeated member names or keep the last one. Two
//! parsers that choose differently read two different tokens, so this crate refuses. Depth is
//! bounded far below what would endanger the stack: headers, keys and claims are shallow by nature.

use std::{cell::Cell, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::printable::Printable;

/// The deepest nesting of a header or a key.
pub const HEADER_DEPTH: u8 = 8;
/// The deepest nesting of claims.
pub const CLAIMS_DEPTH: u8 = 16;

/// Why a text was not taken as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotJson {
    /// It does not follow RFC 8259.
    #[error("not well-formed JSON")]
    Malformed,
    /// It is JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A member name stands twice in one object.
    #[error("a JSON member is repeated")]
    Repeated,
    /// It is nested deeper than the bound.
    #[error("JSON nested too deeply")]
    TooDeep,
    /// It is JSON, but not of the shape that was asked for.
    #[error("JSON of another shape: {0}")]
    Shape(Printable),
}

/// Reads one object, refusing repeated members at every level.
pub fn object(bytes: &[u8], depth: u8) -> Result<Map<String, Value>, NotJson> {
    let found = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict {
        depth,
        found: &found,
    }
    .deserialize(&mut reader)
    .map_err(|_| found.take().unwrap_or(NotJson::Malformed))?;
    reader.end().map_err(|_| NotJson::Malformed)?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(NotJson::NotAnObject),
    }
}

/// Reads a type of the caller's. Its named fields may not repeat (serde sees to that).
pub fn typed<'de, T: Deserialize<'de>>(bytes: &'de [u8], depth: u8) -> Result<T, NotJson> {
    if deeper_than(bytes, depth) {
        return Err(NotJson::TooDeep);
    }
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            NotJson::Shape(shape(&error))
        } else {
            NotJson::Malformed
        }
    })
}

/// What may be told about a wrong shape: our own field names, never the stranger's values.
fn shape(error: &serde_json::Error) -> Printable {
    let text = error.to_string();
    let ours = ["missing field", "duplicate field"]
        .iter()
        .any(|start| text.starts_with(start));
    if ours {
        Printable::new(&text.replace('`', "'"))
    } else {
        Printable::new(&format!("line {} column {}", error.line(), error.column()))
    }
}

/// Whether brackets nest deeper than the bound. Looks at structure only; the parser judges the
/// rest.
fn deeper_than(bytes: &[u8], depth: u8) -> bool {
    let (mut open, mut text, mut escaped) = (0_usize, false, false);
    for &byte in bytes {
        match (text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => text = !text,
            (false, b'{' | b'[') => {
                open += 1;
                if open > usize::from(depth) {
                    return true;
                }
            }
            (false, b'}' | b']') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Builds a value; `found` remembers a reason that serde's error type cannot carry.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: u8,
    found: &'a Cell<Option<NotJson>>,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(self, reason: NotJson) -> E {
        self.found.set(Some(reason));
        E::custom("refused")
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(self.refuse(NotJson::TooDeep)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if map.contains_key(&name) {
                return Err(self.refuse(NotJson::Repeated));
            }
            map.insert(name, members.next_value_seed(inner)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests;
