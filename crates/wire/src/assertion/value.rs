//! One JSON value as far as a claim can use it: scalars and lists of strings. What stands deeper is
//! walked through, counted, and forgotten; no tree is built.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{AssertionError, MAX_AUDIENCES};
use crate::json::CowSeed;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Boolean,
    Integer(i64),
    /// Also an integer that is no `i64`.
    Float(f64),
    Text(Cow<'a, str>),
    /// A list of strings, short enough to be a list of audiences.
    Texts(Vec<Cow<'a, str>>),
    /// Any other list.
    List,
    Object,
}

impl Value<'_> {
    pub(super) fn kind(&self) -> JsonKind {
        match self {
            Self::Null => JsonKind::Null,
            Self::Boolean => JsonKind::Boolean,
            Self::Integer(_) | Self::Float(_) => JsonKind::Number,
            Self::Text(_) => JsonKind::Text,
            Self::Texts(_) | Self::List => JsonKind::List,
            Self::Object => JsonKind::Object,
        }
    }
}

/// What a JSON value is. Its text reads well after "is".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl fmt::Display for JsonKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// Reads a value that may go so many levels deep.
#[derive(Clone, Copy)]
pub(super) struct ValueSeed<'f> {
    levels: u8,
    fault: &'f Cell<Option<AssertionError>>,
}

impl<'f> ValueSeed<'f> {
    /// A value within an object that has this many levels.
    pub(super) fn within(levels: u8, fault: &'f Cell<Option<AssertionError>>) -> Self {
        Self {
            levels: levels.saturating_sub(1),
            fault,
        }
    }

    /// What stands inside this value.
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.levels == 0 {
            self.fault.set(Some(AssertionError::TooDeep));
            return Err(E::custom("too deep"));
        }
        Ok(Self::within(self.levels, self.fault))
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Boolean)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "only its size is of interest then"
        )]
        Ok(i64::try_from(number).map_or(Value::Float(number as f64), Value::Integer))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let inner = self.inner()?;
        let mut texts = Some(Vec::new());
        while let Some(value) = list.next_element_seed(inner)? {
            texts = match (texts, value) {
                (Some(mut texts), Value::Text(text)) if texts.len() < MAX_AUDIENCES => {
                    texts.push(text);
                    Some(texts)
                }
                _ => None,
            };
        }
        Ok(texts.map_or(Value::List, Value::Texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let inner = self.inner()?;
        while object.next_key_seed(CowSeed)?.is_some() {
            object.next_value_seed(inner)?;
        }
        Ok(Value::Object)
    }
}
