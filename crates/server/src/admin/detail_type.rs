//! What an API lets apps ask for in detail (RFC 9396), as the admin API reads and shows it.

use carnet_core::record;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Read;

/// A type of `authorization_details`.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetailType {
    /// What `type` says: at most 128 bytes. Other APIs may declare the same; then `locations` says which is
    /// meant.
    #[schema(min_length = 1, max_length = 128, example = "payment_initiation")]
    name: String,
    /// What it allows, verb first: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "", example = "Start a payment")]
    title: String,
    /// How far it goes: at most 256 bytes.
    #[serde(default)]
    #[schema(max_length = 256, default = "")]
    detail: String,
    /// The members that it has beside `type` and `locations`. Without this it may have any.
    #[serde(default)]
    #[schema(max_items = 32)]
    fields: Option<Vec<DetailField>>,
}

/// A member of a type.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetailField {
    /// Its name.
    #[schema(min_length = 1, max_length = 256, example = "actions")]
    name: String,
    /// What it is.
    #[serde(default)]
    #[schema(required = false)]
    kind: FieldKind,
    /// Whether it must be there.
    #[serde(default)]
    #[schema(default = false)]
    required: bool,
    /// The texts that it may be, or that may be in its list. Without any, all are allowed.
    #[serde(default)]
    #[schema(max_items = 32)]
    values: Vec<String>,
}

/// What a member is, in JSON.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldKind {
    /// Anything.
    #[default]
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A list of texts.
    Texts,
    /// An object.
    Object,
}

/// What was typed, as a record.
pub(crate) fn read(read: &mut Read, typed: &[DetailType]) -> Vec<record::DetailType> {
    let rows = typed.iter().enumerate().filter_map(|(place, typed)| {
        let pointer = format!("/detail_types/{place}");
        let name = read.one(&format!("{pointer}/name"), &typed.name);
        let title = read.one(&format!("{pointer}/title"), &typed.title);
        let detail = read.one(&format!("{pointer}/detail"), &typed.detail);
        let typed = typed.fields.as_deref();
        let fields = typed.map(|typed| fields(read, &pointer, typed));
        Some(record::DetailType {
            name: name?,
            title: title?,
            detail: detail?,
            fields,
        })
    });
    rows.collect()
}

fn fields(read: &mut Read, pointer: &str, typed: &[DetailField]) -> Vec<record::DetailField> {
    let fields = typed.iter().enumerate().filter_map(|(place, typed)| {
        let pointer = format!("{pointer}/fields/{place}");
        let name = read.one(&format!("{pointer}/name"), &typed.name);
        let values = typed.values.iter().enumerate();
        let values =
            values.filter_map(|(at, text)| read.one(&format!("{pointer}/values/{at}"), text));
        let values = values.collect();
        Some(record::DetailField {
            name: name?,
            kind: typed.kind.into(),
            required: typed.required,
            values,
        })
    });
    fields.collect()
}

impl From<record::DetailType> for DetailType {
    fn from(row: record::DetailType) -> Self {
        let fields = |fields: Vec<_>| fields.into_iter().map(DetailField::from).collect();
        Self {
            name: row.name.to_string(),
            title: row.title.to_string(),
            detail: row.detail.to_string(),
            fields: row.fields.map(fields),
        }
    }
}

impl From<record::DetailField> for DetailField {
    fn from(row: record::DetailField) -> Self {
        Self {
            name: row.name.to_string(),
            kind: row.kind.into(),
            required: row.required,
            values: row.values.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<FieldKind> for record::FieldKind {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Any => Self::Any,
            FieldKind::Text => Self::Text,
            FieldKind::Number => Self::Number,
            FieldKind::Truth => Self::Truth,
            FieldKind::Texts => Self::Texts,
            FieldKind::Object => Self::Object,
        }
    }
}

impl From<record::FieldKind> for FieldKind {
    fn from(kind: record::FieldKind) -> Self {
        match kind {
            record::FieldKind::Any => Self::Any,
            record::FieldKind::Text => Self::Text,
            record::FieldKind::Number => Self::Number,
            record::FieldKind::Truth => Self::Truth,
            record::FieldKind::Texts => Self::Texts,
            record::FieldKind::Object => Self::Object,
        }
    }
}
