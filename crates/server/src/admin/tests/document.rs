//! The published document and the routes are one.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::admin::openapi::{DOCUMENT, openapi, schemas};
use crate::admin::table;

fn references<'a>(value: &'a Value, found: &mut HashSet<&'a str>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(name)) = members.get("$ref") {
                found.insert(name);
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_route_is_in_the_document_and_has_its_own_name() {
    let mut ids = HashSet::new();
    for route in table::routes() {
        let path = format!("/admin/v1/{}", route.path);
        let operation = &DOCUMENT["paths"][&path][route.method.as_str().to_lowercase()];
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{path}"));
        assert!(ids.insert(id.to_owned()), "{id} stands twice");
        assert!(operation["responses"]["default"].is_object(), "{path}");
        assert_eq!(route.gives.is_none(), route.status == 204, "{path}");
    }
    assert!(ids.len() > 70);
}

#[test]
fn the_document_refers_to_nothing_that_it_does_not_have() {
    let mut found = HashSet::new();
    references(&DOCUMENT, &mut found);
    for name in found {
        let pointer = name.strip_prefix('#').unwrap();
        assert!(DOCUMENT.pointer(pointer).is_some(), "{name}");
    }
}

/// A name that two types share shows one of them in the place of the other.
#[test]
fn each_name_in_the_document_is_of_one_type() {
    let mut known = BTreeMap::new();
    for (name, schema) in schemas(&table::routes()) {
        let schema = serde_json::to_value(schema).unwrap();
        let before = known.entry(name.clone()).or_insert_with(|| schema.clone());
        assert_eq!(*before, schema, "{name}");
    }
    let items = DOCUMENT.pointer("/components/schemas/SigningKeyList/properties/items/items/$ref");
    assert_eq!(items.unwrap(), "#/components/schemas/SigningKey");
}

#[test]
fn everything_in_the_document_is_described() {
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert!(
            schema["description"].is_string() || schema["oneOf"].is_array(),
            "{name}"
        );
        for (member, property) in schema["properties"].as_object().into_iter().flatten() {
            let described = property["description"].is_string()
                || property["oneOf"][0]["description"].is_string();
            assert!(described, "{name}.{member}: {property}");
        }
    }
}

#[test]
fn the_document_in_the_repository_is_the_current_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap();
    let how = "cargo run -p carnet-server --example openapi > docs/openapi.json";
    assert!(kept == openapi(), "docs/openapi.json is not current: {how}");
}
