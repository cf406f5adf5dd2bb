//! Tests of the tables and of what is made of their lines.

use serde_json::json;

use super::super::tables;
use super::Method;
use super::methods;
use super::schemas;

const ALL: [(&str, &str); 4] = [
    (tables::IAM, tables::IAM_SCHEMAS),
    (tables::IAM_CREDENTIALS, tables::IAM_CREDENTIALS_SCHEMAS),
    (tables::STS, tables::STS_SCHEMAS),
    (tables::OAUTH2, tables::OAUTH2_SCHEMAS),
];

#[test]
fn every_line_has_its_seven_words_and_names_a_path_as_it_has_a_parameter() {
    for line in ALL.iter().flat_map(|(methods, _)| methods.lines()) {
        assert_eq!(line.split_whitespace().count(), 7, "{line}");
        let method = Method::read(line).expect("a method");
        assert_eq!(method.named().is_some(), method.of.is_some(), "{line}");
        assert!(
            ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.verb),
            "{line}"
        );
    }
}

#[test]
fn every_schema_that_is_named_is_there_and_none_is_there_that_nobody_names() {
    for (methods, lines) in ALL {
        let all = schemas(lines);
        let mut named: Vec<&str> = Vec::new();
        for method in methods.lines().filter_map(Method::read) {
            named.extend([method.request, method.response].into_iter().flatten());
        }
        let forms = lines
            .split_whitespace()
            .filter_map(|word| word.split_once(':'));
        let forms = forms.map(|(_, form)| form.trim_matches(['[', ']']));
        named.extend(forms.filter(|form| form.starts_with(char::is_uppercase)));
        for name in &named {
            assert!(all[name].is_object(), "{name}");
        }
        for name in all.as_object().expect("schemas").keys() {
            assert!(named.contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn google_wire_10_2_a_line_becomes_a_method_in_its_resource() {
    let line = "things.parts.list GET v1/{+parent}/parts things/* pageSize,keyTypes - Parts\n";
    let described = methods(line, "demo", &["scope"]);
    assert_eq!(
        described["resources"]["things"]["resources"]["parts"]["methods"]["list"],
        json!({
            "id": "demo.things.parts.list",
            "path": "v1/{+parent}/parts",
            "flatPath": "v1/things/{thingsId}/parts",
            "httpMethod": "GET",
            "parameters": {
                "parent": {
                    "type": "string", "location": "path", "required": true,
                    "pattern": "^things/[^/]+$", "description": "things/*",
                },
                "pageSize": {"type": "integer", "format": "int32", "location": "query"},
                "keyTypes": {"type": "string", "repeated": true, "location": "query"},
            },
            "parameterOrder": ["parent"],
            "response": {"$ref": "Parts"},
            "scopes": ["scope"],
        })
    );
    let alone = methods("look POST look - - - -", "demo", &["scope"]);
    assert_eq!(alone.len(), 1);
    assert!(alone["methods"]["look"].get("scopes").is_none());
}

#[test]
fn google_wire_10_2_members_have_their_forms() {
    let all = schemas("Part name size:number parts:[Part] up:Part labels:map raw:bytes on:yes");
    let members = &all["Part"]["properties"];
    assert_eq!(members["name"], json!({"type": "string"}));
    assert_eq!(
        members["parts"],
        json!({"type": "array", "items": {"$ref": "Part"}})
    );
    assert_eq!(members["up"], json!({"$ref": "Part"}));
    assert_eq!(members["raw"]["format"], "byte");
    assert_eq!(members["on"]["type"], "boolean");
    assert_eq!(members["labels"]["additionalProperties"]["type"], "string");
}
