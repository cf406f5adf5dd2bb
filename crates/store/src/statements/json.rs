//! Lists inside a cell.

use std::str::FromStr;

use carnet_wire::scope::Scope;
use serde_json::Value;

/// The tokens of a scope as an array.
pub(crate) fn write_scope(scope: &Scope) -> Value {
    scope.iter().collect()
}

pub(crate) fn read_scope(value: &Value) -> Option<Scope> {
    let tokens: Option<Vec<&str>> = value.as_array()?.iter().map(Value::as_str).collect();
    Scope::from_tokens(tokens?).ok()
}

/// An array of texts, each of which is a value.
pub(crate) fn parsed_items<T: FromStr>(value: &Value) -> Option<Vec<T>> {
    let item = |item: &Value| item.as_str()?.parse().ok();
    value.as_array()?.iter().map(item).collect()
}
