//! The types of detail that an API declares, as JSON in one cell of its row.

use carnet_core::record::DetailField;
use carnet_core::record::DetailType;
use carnet_core::record::FieldKind;
use carnet_core::value::Title;
use serde_json::Value;
use serde_json::json;

use crate::row::words;
use crate::statements::json::parsed_items;

words!(kind_word, kind, FieldKind {
    Any = "any",
    Text = "text",
    Number = "number",
    Truth = "truth",
    Texts = "texts",
    Object = "object",
});

pub(crate) fn write(types: &[DetailType]) -> Value {
    types.iter().map(write_type).collect()
}

fn write_type(row: &DetailType) -> Value {
    let fields = row.fields.as_ref();
    json!({
        "name": row.name.as_str(),
        "title": row.title.as_str(),
        "detail": row.detail.as_str(),
        "fields": fields.map(|fields| fields.iter().map(write_field).collect::<Vec<_>>()),
    })
}

fn write_field(row: &DetailField) -> Value {
    let values: Vec<&str> = row.values.iter().map(Title::as_str).collect();
    json!({
        "name": row.name.as_str(),
        "kind": kind_word(row.kind),
        "required": row.required,
        "values": values,
    })
}

pub(crate) fn read(value: &Value) -> Option<Vec<DetailType>> {
    value.as_array()?.iter().map(read_type).collect()
}

fn read_type(value: &Value) -> Option<DetailType> {
    let text = |name: &str| value.get(name)?.as_str();
    let fields = match value.get("fields")? {
        Value::Null => None,
        fields => {
            let fields: Option<Vec<_>> = fields.as_array()?.iter().map(read_field).collect();
            Some(fields?)
        }
    };
    Some(DetailType {
        name: text("name")?.parse().ok()?,
        title: text("title")?.parse().ok()?,
        detail: text("detail")?.parse().ok()?,
        fields,
    })
}

fn read_field(value: &Value) -> Option<DetailField> {
    let text = |name: &str| value.get(name)?.as_str();
    Some(DetailField {
        name: text("name")?.parse().ok()?,
        kind: kind(text("kind")?)?,
        required: value.get("required")?.as_bool()?,
        values: parsed_items(value.get("values")?)?,
    })
}
