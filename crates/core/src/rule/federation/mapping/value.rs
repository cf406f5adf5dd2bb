//! Values while an expression is evaluated. What comes from the assertion is borrowed from its JSON; only what is
//! made is owned. Numbers of different kinds are equal and ordered by what they mean (cel-spec, "Equality").

use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::fuel::Fuel;
use super::fuel::Trouble;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Double(f64),
    Text(Shared<'a, str>),
    Bytes(Shared<'a, [u8]>),
    Time(Timestamp),
    Span(SignedDuration),
    List(List<'a>),
    Map(Map<'a>),
}

/// Something of the assertion or of the expression, or something that was made; copies cost nothing.
#[derive(Debug)]
pub(super) enum Shared<'a, T: ?Sized> {
    Lent(&'a T),
    Made(Rc<T>),
}

impl<T: ?Sized> Clone for Shared<'_, T> {
    fn clone(&self) -> Self {
        match self {
            Self::Lent(lent) => Self::Lent(lent),
            Self::Made(made) => Self::Made(Rc::clone(made)),
        }
    }
}

impl<T: ?Sized> Deref for Shared<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Lent(lent) => lent,
            Self::Made(made) => made,
        }
    }
}

/// A list of the assertion, or one that was made.
#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    Json(&'a [Json]),
    Made(Rc<[Value<'a>]>),
}

/// An object of the assertion, or a map that was made.
#[derive(Clone, Debug)]
pub(super) enum Map<'a> {
    Json(&'a serde_json::Map<String, Json>),
    Made(Rc<[(Value<'a>, Value<'a>)]>),
}

impl<'a> List<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Json(entries) => entries.len(),
            Self::Made(entries) => entries.len(),
        }
    }

    pub(super) fn at(&self, index: usize) -> Option<Value<'a>> {
        match self {
            Self::Json(entries) => entries.get(index).map(Value::of),
            Self::Made(entries) => entries.get(index).cloned(),
        }
    }
}

impl<'a> Map<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Json(entries) => entries.len(),
            Self::Made(entries) => entries.len(),
        }
    }

    /// The value of a key.
    pub(super) fn of(
        &self,
        key: &Value<'a>,
        fuel: &mut Fuel,
    ) -> Result<Option<Value<'a>>, Trouble> {
        match (self, key) {
            (Self::Json(entries), Value::Text(key)) => {
                fuel.read(key.len())?;
                Ok(entries.get(&**key).map(Value::of))
            }
            (Self::Json(_), _) => Ok(None),
            (Self::Made(entries), key) => {
                for (known, value) in entries.iter() {
                    if known.equals(key, fuel)? {
                        return Ok(Some(value.clone()));
                    }
                }
                Ok(None)
            }
        }
    }

    /// The key at a place; what macros go through.
    pub(super) fn keys(&self) -> Vec<Value<'a>> {
        match self {
            Self::Json(entries) => {
                let keys = entries.keys();
                keys.map(|key| Value::lent(key)).collect()
            }
            Self::Made(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
        }
    }
}

impl<'a> Value<'a> {
    /// A value of the assertion.
    pub(super) fn of(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(truth) => Self::Bool(*truth),
            Json::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(whole), _) => Self::Int(whole),
                (None, Some(whole)) => Self::UInt(whole),
                (None, None) => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::lent(text),
            Json::Array(entries) => Self::List(List::Json(entries)),
            Json::Object(entries) => Self::Map(Map::Json(entries)),
        }
    }

    /// A text that exists already.
    pub(super) const fn lent(text: &'a str) -> Self {
        Self::Text(Shared::Lent(text))
    }

    /// A text that was made.
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(Shared::Made(text.into()))
    }

    /// Bytes that were made.
    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self::Bytes(Shared::Made(bytes.into()))
    }

    pub(super) fn list(entries: Vec<Self>) -> Self {
        Self::List(List::Made(entries.into()))
    }

    /// What kind of value it is, in words.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a truth value",
            Self::Int(_) | Self::UInt(_) | Self::Double(_) => "a number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
            Self::Time(_) => "a time",
            Self::Span(_) => "a length of time",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// Whether both are the same; values of different kinds are not, which is no error.
    pub(super) fn equals(&self, other: &Self, fuel: &mut Fuel) -> Result<bool, Trouble> {
        fuel.burn(1)?;
        Ok(match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => {
                fuel.read(one.len().min(two.len()))?;
                **one == **two
            }
            (Self::Bytes(one), Self::Bytes(two)) => {
                fuel.read(one.len().min(two.len()))?;
                **one == **two
            }
            (Self::Time(one), Self::Time(two)) => one == two,
            (Self::Span(one), Self::Span(two)) => one == two,
            (Self::List(one), Self::List(two)) => return same_lists(one, two, fuel),
            (Self::Map(one), Self::Map(two)) => return same_maps(one, two, fuel),
            _ => matches!(numbers(self, other), Numbers::Ordered(Ordering::Equal)),
        })
    }

    /// Which comes first. Values that have no order are an error; a NaN comes neither first nor last.
    pub(super) fn order(&self, other: &Self, fuel: &mut Fuel) -> Result<Option<Ordering>, Trouble> {
        fuel.burn(1)?;
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => Ok(Some(one.cmp(two))),
            (Self::Time(one), Self::Time(two)) => Ok(Some(one.cmp(two))),
            (Self::Span(one), Self::Span(two)) => Ok(Some(one.cmp(two))),
            (Self::Text(one), Self::Text(two)) => {
                fuel.read(one.len().min(two.len()))?;
                Ok(Some((**one).cmp(&**two)))
            }
            (Self::Bytes(one), Self::Bytes(two)) => {
                fuel.read(one.len().min(two.len()))?;
                Ok(Some((**one).cmp(&**two)))
            }
            _ => match numbers(self, other) {
                Numbers::Ordered(order) => Ok(Some(order)),
                Numbers::Unordered => Ok(None),
                Numbers::Not => {
                    let (one, two) = (self.kind(), other.kind());
                    Err(Trouble::new(format!("{one} and {two} have no order.")))
                }
            },
        }
    }
}

fn same_lists<'a>(one: &List<'a>, two: &List<'a>, fuel: &mut Fuel) -> Result<bool, Trouble> {
    if one.len() != two.len() {
        return Ok(false);
    }
    for at in 0..one.len() {
        let same = match (one.at(at), two.at(at)) {
            (Some(one), Some(two)) => one.equals(&two, fuel)?,
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_maps<'a>(one: &Map<'a>, two: &Map<'a>, fuel: &mut Fuel) -> Result<bool, Trouble> {
    if one.len() != two.len() {
        return Ok(false);
    }
    for key in one.keys() {
        let same = match (one.of(&key, fuel)?, two.of(&key, fuel)?) {
            (Some(one), Some(two)) => one.equals(&two, fuel)?,
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How two numbers stand to each other.
enum Numbers {
    /// One is no number.
    Not,
    /// One is a NaN.
    Unordered,
    /// So.
    Ordered(Ordering),
}

impl Numbers {
    const fn ordered(order: Option<Ordering>) -> Self {
        match order {
            Some(order) => Self::Ordered(order),
            None => Self::Unordered,
        }
    }
}

fn numbers(one: &Value<'_>, two: &Value<'_>) -> Numbers {
    let whole = |value: &Value<'_>| match value {
        Value::Int(number) => Some(i128::from(*number)),
        Value::UInt(number) => Some(i128::from(*number)),
        _ => None,
    };
    match (one, two, whole(one), whole(two)) {
        (_, _, Some(one), Some(two)) => Numbers::Ordered(one.cmp(&two)),
        (Value::Double(one), Value::Double(two), ..) => Numbers::ordered(one.partial_cmp(two)),
        (Value::Double(one), _, _, Some(two)) => {
            Numbers::ordered(with_double(two, *one).map(Ordering::reverse))
        }
        (_, Value::Double(two), Some(one), _) => Numbers::ordered(with_double(one, *two)),
        _ => Numbers::Not,
    }
}

/// Exactly, also where a double has fewer digits than the whole number.
fn with_double(whole: i128, double: f64) -> Option<Ordering> {
    // Beyond 64 bits it is larger, or smaller, than each whole number.
    if double.is_nan() || double.abs() >= 1e20 {
        return 0.0.partial_cmp(&double);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is below 1e20, and the fraction is looked at next"
    )]
    let truncated = double.trunc() as i128;
    match whole.cmp(&truncated) {
        Ordering::Equal => 0.0.partial_cmp(&double.fract()),
        other => Some(other),
    }
}
