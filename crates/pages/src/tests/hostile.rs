//! Every string of every view, and of the frame, made hostile.

use serde_json::Value;

use super::scan::{Piece, scan};
use crate::sample;
use crate::{Language, render};

const HOSTILE: &str =
    ", \"'><script>alert(1)</script><img src=x onerror=alert(1)><!--&lt;{{ 7*7 }}{% if %}\u{202e}";

/// Applies a change to every string that a caller of ours could have got from outside.
///
/// The names of enum variants (`kind`) and the method of an endpoint are texts of the program.
fn change(value: &mut Value, to: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = to(text),
        Value::Array(values) => values.iter_mut().for_each(|value| change(value, to)),
        Value::Object(values) => {
            let endpoint = values.contains_key("kind") && values.contains_key("url");
            for (key, value) in values.iter_mut() {
                if key != "kind" && !(endpoint && key == "method") {
                    change(value, to);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn changed_pages(to: &dyn Fn(&str) -> String) -> Vec<(String, Vec<Piece>, Vec<Piece>)> {
    let mut pages = Vec::new();
    for language in Language::ALL {
        for sample in sample::all() {
            let name = format!("{} {}", language.tag(), sample.name);
            let calm = sample.render(language).unwrap();
            let mut view = sample.view.clone();
            let mut frame = serde_json::to_value(sample::frame(language, sample.sandbox)).unwrap();
            change(&mut view, to);
            change(&mut frame, to);
            let changed = render::render_in(language, sample.template, &frame, &view)
                .unwrap_or_else(|fault| panic!("{name}: {fault}"));
            pages.push((name, scan(calm.as_str()), scan(changed.as_str())));
        }
    }
    pages
}

#[test]
fn a_hostile_string_changes_no_tag_and_no_attribute() {
    let mut seen = 0;
    for (name, calm, hostile) in changed_pages(&|text| format!("{text}{HOSTILE}")) {
        let shape = |pieces: &[Piece]| pieces.iter().filter_map(Piece::shape).collect::<Vec<_>>();
        assert_eq!(shape(&calm), shape(&hostile), "{name}");
        let shown = hostile
            .iter()
            .filter(|piece| matches!(piece, Piece::Text(text) if text.contains(HOSTILE)));
        seen += shown.count();
    }
    assert!(seen > 500, "hostile strings were shown only {seen} times");
}

#[test]
fn a_hostile_address_is_never_linked() {
    for text in [
        "javascript:alert(1)",
        "//evil.example/",
        "data:text/html,<script>alert(1)</script>",
    ] {
        for (name, _, hostile) in changed_pages(&|_| text.to_owned()) {
            for piece in &hostile {
                for attribute in ["href", "action", "src", "formaction"] {
                    let Some(value) = piece.attribute(attribute) else {
                        continue;
                    };
                    let download = piece.attribute("download").is_some()
                        && value.starts_with("data:application/json;charset=utf-8,");
                    let ours = value.starts_with('/') && !value.starts_with("//");
                    assert!(
                        download || ours || value.starts_with('#'),
                        "{name}: {attribute}={value}"
                    );
                }
            }
        }
    }
}

#[test]
fn long_words_and_empty_texts_render() {
    for text in [
        "",
        "x".repeat(10_000).as_str(),
        "\u{0}\u{7}\n\r\t",
        "😀é\u{301}ش",
    ] {
        changed_pages(&|_| text.to_owned());
    }
}
