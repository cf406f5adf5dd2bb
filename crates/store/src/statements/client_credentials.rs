//! By what a client proves itself beside secrets, as it stands in its settings.

use carnet_core::record::ClientKeys;
use carnet_core::record::Credentials;
use carnet_jose::JwkSet;
use serde_json::Value;
use serde_json::json;

pub(super) fn write(credentials: &Credentials) -> Value {
    let inline = credentials.keys.as_ref().and_then(ClientKeys::inline);
    json!({ "jwks": inline })
}

pub(super) fn read(value: &Value) -> Option<Credentials> {
    let keys = match value.get("jwks") {
        None | Some(Value::Null) => None,
        Some(set) => Some(ClientKeys::Inline(read_set(set)?)),
    };
    Some(Credentials { keys })
}

/// A key that cannot be read any more is not passed over: who wrote it could.
fn read_set(value: &Value) -> Option<JwkSet> {
    let set = JwkSet::parse(value.to_string().as_bytes()).ok()?;
    set.skipped.is_empty().then_some(set)
}
