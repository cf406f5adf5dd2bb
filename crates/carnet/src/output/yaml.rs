//! YAML of a JSON value. Texts are quoted as JSON quotes them (YAML 1.2 §1.3: JSON is YAML), so none
//! of them can be taken for a number, a date or `no`.

use std::fmt::Write as _;

use serde_json::Value;

/// How deep a value is followed; what is deeper stands on its line as JSON.
const DEEPEST: usize = 16;

/// The document.
pub(super) fn print(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) if !members.is_empty() && depth < DEEPEST => {
            for (name, member) in members {
                let name = key(name);
                // Writing to a `String` does not fail.
                let _ = write!(text, "{indent}{name}:");
                behind(text, member, depth);
            }
        }
        Value::Array(items) if !items.is_empty() && depth < DEEPEST => {
            for item in items {
                let mut inner = String::new();
                write(&mut inner, item, depth + 1);
                let _ = write!(text, "{indent}- {}", inner.trim_start());
            }
        }
        other => {
            let _ = writeln!(text, "{indent}{other}");
        }
    }
}

/// What stands behind a key: on the same line, or on those below.
fn behind(text: &mut String, value: &Value, depth: usize) {
    let nested = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if nested && depth + 1 < DEEPEST {
        text.push('\n');
        write(text, value, depth + 1);
    } else {
        let _ = writeln!(text, " {value}");
    }
}

fn key(name: &str) -> String {
    let simple = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let word = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let reserved = matches!(
        name.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    );
    if simple && word && !reserved {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}
