//! Bodies: bounded JSON, held against the published document, then a value.
//!
//! 1. One JSON object, at most 256 KiB, not deeply nested, no member twice.
//! 2. Every member is one that the schema of the document names, and of its type; each fault is told
//!    with its JSON pointer, and an unknown name with the nearest that is known.
//! 3. The texts then become values by their own constructors ([`Read`]), faults collected likewise.

use std::fmt::Display;
use std::str::FromStr;

use carnet_core::rule::admin::{No, Wrong};
use carnet_jose::json;
use carnet_wire::crn::Crn;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::call::Call;
use super::problem::Problem;
use super::schema;

/// How deeply a body may be nested.
const DEPTH: u8 = 8;

impl Call {
    /// The body as a value of this type. An empty one is an empty object: where a body is needed, the
    /// door has seen to it that there is one, or some member is missing.
    pub(crate) fn read<T: DeserializeOwned + ToSchema>(&self) -> Result<T, Problem> {
        let members = if self.body.is_empty() {
            Map::new()
        } else {
            json::object(&self.body, DEPTH).map_err(|error| {
                Problem::new(Crn::BODY_NOT_JSON, format!("The body is {error}."))
            })?
        };
        let value = Value::Object(members);
        let wrongs = schema::faults(&value, &T::name(), self.desk.document);
        if !wrongs.is_empty() {
            return Err(No::wrong(wrongs).into());
        }
        serde_json::from_value(value).map_err(|_| {
            let detail = "The body is not of the form that the document describes.";
            Problem::new(Crn::FIELD_WRONG, detail)
        })
    }
}

/// Collects what is wrong with the texts of a body while they become values.
#[derive(Debug, Default)]
pub(crate) struct Read(Vec<Wrong>);

impl Read {
    /// The value of a text. `None` where it is wrong, which [`Self::finish`] tells.
    pub(crate) fn one<T: FromStr>(&mut self, pointer: &str, text: &str) -> Option<T>
    where
        T::Err: Display,
    {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(Wrong::new(pointer, sentence(&error)));
                None
            }
        }
    }

    /// The value of a text that may be absent.
    pub(crate) fn maybe<T: FromStr>(&mut self, pointer: &str, text: Option<&str>) -> Option<T>
    where
        T::Err: Display,
    {
        text.and_then(|text| self.one(pointer, text))
    }

    /// Notes a fault of another kind.
    pub(crate) fn wrong(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Wrong::new(pointer, detail));
    }

    /// The values, if none of the texts was wrong.
    pub(crate) fn finish<T>(self, values: Option<T>) -> Result<T, Problem> {
        match values {
            Some(values) if self.0.is_empty() => Ok(values),
            _ => Err(No::wrong(self.0).into()),
        }
    }
}

fn sentence(error: &impl Display) -> String {
    format!("It is {error}.")
}

/// A member of a PATCH that may be emptied (RFC 7396): absent stays, null goes.
#[derive(Clone, Debug, Default)]
pub(crate) enum Given<T> {
    /// It was absent.
    #[default]
    Stays,
    /// It was null.
    Goes,
    /// It was this.
    Is(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Goes, Self::Is))
    }
}
