//! Tests of `json`.

use proptest::prelude::{prop_assert_eq, proptest};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{NotJson, object, typed};

#[test]
fn rfc8725_2_4_a_repeated_member_is_refused_at_every_level() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"x":{"a":1,"a":2}}"#,
        r#"{"x":[{"a":1,"a":2}]}"#,
    ] {
        assert_eq!(object(text.as_bytes(), 8), Err(NotJson::Repeated), "{text}");
    }
    assert!(object(br#"{"a":{"a":[{"a":1},{"a":2}]}}"#, 8).is_ok());
}

#[test]
fn depth_is_bounded_in_both_readers() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(object(nested(3).as_bytes(), 4).is_ok());
    assert_eq!(object(nested(4).as_bytes(), 4), Err(NotJson::TooDeep));
    assert!(typed::<Value>(nested(3).as_bytes(), 4).is_ok());
    assert_eq!(
        typed::<Value>(nested(4).as_bytes(), 4),
        Err(NotJson::TooDeep)
    );
    let flood = "[".repeat(1_000_000);
    assert_eq!(object(flood.as_bytes(), 8), Err(NotJson::TooDeep));
    assert_eq!(typed::<Value>(flood.as_bytes(), 8), Err(NotJson::TooDeep));
}

#[test]
fn brackets_in_strings_are_not_depth() {
    let text = br#"{"a":"[[[[[[\"[[[[{{{{\\","b":"}}"}"#;
    assert!(typed::<Value>(text, 1).is_ok());
    assert!(object(text, 1).is_ok());
}

#[test]
fn what_is_not_json_or_not_an_object_is_refused() {
    for text in [
        "",
        "{",
        "{}x",
        "{} {}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1,}",
        "\u{feff}{}",
        "nul",
    ] {
        assert_eq!(
            object(text.as_bytes(), 8),
            Err(NotJson::Malformed),
            "{text:?}"
        );
    }
    assert_eq!(object(b"{\"a\":\"\xff\"}", 8), Err(NotJson::Malformed));
    for text in ["[]", "7", "\"a\"", "null"] {
        assert_eq!(
            object(text.as_bytes(), 8),
            Err(NotJson::NotAnObject),
            "{text}"
        );
    }
}

#[test]
fn an_error_about_a_shape_names_our_fields_and_never_their_values() {
    #[derive(Debug, Deserialize)]
    struct Wanted {
        #[serde(rename = "iss")]
        _issuer: String,
    }
    let says = |text: &str| typed::<Wanted>(text.as_bytes(), 8).unwrap_err().to_string();
    assert_eq!(
        says("{}"),
        "JSON of another shape: missing field 'iss' at line 1 column 2"
    );
    assert!(says(r#"{"iss":["hunter2"]}"#).starts_with("JSON of another shape: line 1 column"));
    assert!(!says(r#"{"iss":["hunter2"]}"#).contains("hunter2"));
}

#[test]
fn values_are_what_serde_json_reads() {
    let text = json!({ "a": [1, -2, 1.5, true, null, "t\u{e4}xt"], "b": { "c": u64::MAX } });
    let read = object(text.to_string().as_bytes(), 8).map(Value::Object);
    assert_eq!(read, Ok(text));
}

proptest! {
    #[test]
    fn nothing_panics_and_both_readers_agree_on_what_is_accepted(text: String) {
        if let Ok(members) = object(text.as_bytes(), 8) {
            prop_assert_eq!(typed::<Value>(text.as_bytes(), 8), Ok(Value::Object(members)));
        }
    }
}
