//! The check of a body, against a document of its own.

use serde_json::{Value, json};

use super::faults;

fn found(value: &Value) -> Vec<(String, String)> {
    let document = json!({"components": {"schemas": {
        "Thing": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "minLength": 2, "maxLength": 4},
                "size": {"type": ["integer", "null"], "minimum": 1, "maximum": 9},
                "kind": {"oneOf": [{"$ref": "#/components/schemas/Kind"}, {"type": "null"}]},
                "parts": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Thing"}},
                "text_or_list": {"$ref": "#/components/schemas/TextOrList"}
            }
        },
        "Kind": {"type": "string", "enum": ["red", "blue"]},
        "TextOrList": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    }}});
    faults(value, "Thing", &document)
        .into_iter()
        .map(|wrong| (wrong.pointer, wrong.detail))
        .collect()
}

fn one(value: &Value) -> (String, String) {
    let mut found = found(value);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn what_fits_has_no_faults() {
    for value in [
        json!({"name": "ab"}),
        json!({"name": "äöü€", "size": null, "kind": null}),
        json!({"name": "ab", "size": 9, "kind": "red", "text_or_list": ["a"]}),
        json!({"name": "ab", "parts": [{"name": "cd"}], "text_or_list": "a"}),
    ] {
        assert_eq!(found(&value), [], "{value}");
    }
}

#[test]
fn rfc6901_each_fault_has_the_pointer_of_its_member() {
    let pointer = |value: Value| one(&value).0;
    assert_eq!(pointer(json!({})), "/name");
    assert_eq!(pointer(json!({"name": "a"})), "/name");
    assert_eq!(pointer(json!({"name": "abcde"})), "/name");
    assert_eq!(pointer(json!({"name": "ab", "size": 10})), "/size");
    assert_eq!(pointer(json!({"name": "ab", "size": 1.5})), "/size");
    assert_eq!(
        pointer(json!({"name": "ab", "size": 18_446_744_073_709_551_615_u64})),
        "/size"
    );
    assert_eq!(pointer(json!({"name": "ab", "kind": "green"})), "/kind");
    assert_eq!(
        pointer(json!({"name": "ab", "text_or_list": ["a", 7]})),
        "/text_or_list/1"
    );
    assert_eq!(
        pointer(json!({"name": "ab", "text_or_list": 7})),
        "/text_or_list"
    );
    assert_eq!(
        pointer(json!({"name": "ab", "parts": [{"name": "cd"}, {}]})),
        "/parts/1/name"
    );
    assert_eq!(pointer(json!({"name": "ab", "a/b~c": 1})), "/a~1b~0c");
    let three = json!([{"name": "ab"}, {"name": "ab"}, {"name": "ab"}]);
    assert_eq!(pointer(json!({"name": "ab", "parts": three})), "/parts");
}

#[test]
fn a_misspelt_member_is_told_the_right_one() {
    let (_, detail) = one(&json!({"name": "ab", "sice": 3}));
    assert_eq!(detail, "There is no member sice. Did you mean size?");
}

#[test]
fn faults_are_bounded_and_harmless() {
    let many: serde_json::Map<String, Value> = (0..1_000)
        .map(|place| (format!("x{place}\n\""), json!(1)))
        .collect();
    let found = found(&Value::Object(many));
    assert_eq!(found.len(), super::MOST);
    assert!(
        found
            .iter()
            .all(|(pointer, detail)| !format!("{pointer}{detail}").contains(['\n', '"']))
    );
}
