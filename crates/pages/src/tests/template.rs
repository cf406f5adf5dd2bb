//! The templates as texts: no words of their own, no address unfiltered, nothing marked safe.

use crate::render::TEMPLATES;

/// The template without what the engine reads.
fn without_code(source: &str) -> String {
    // The class of the content is put together by inheritance; it is no word.
    let mut text: String = source
        .split("{% block width %}")
        .map(|part| match part.split_once("{% endblock %}") {
            Some((class, rest))
                if ["wide", "read", "card-page", "auth-page", "account-page"].contains(&class) =>
            {
                rest
            }
            _ => part,
        })
        .collect();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).expect("a closing mark") + start + close.len();
            text.replace_range(start..end, "");
        }
    }
    text
}

#[test]
fn every_word_comes_from_the_catalogue() {
    for (name, source) in TEMPLATES {
        let mut text = without_code(source);
        for attribute in [
            "aria-label=\"",
            "title=\"",
            "alt=\"",
            "placeholder=\"",
            "data-label=\"",
        ] {
            for value in text.split(attribute).skip(1) {
                let value = value.split('"').next().unwrap();
                assert!(
                    !value.contains(char::is_alphabetic),
                    "{name}: {attribute}{value}"
                );
            }
        }
        while let Some(start) = text.find('<') {
            let end = text[start..].find('>').expect("the end of a tag") + start + 1;
            text.replace_range(start..end, "");
        }
        assert!(
            !text.contains(char::is_alphabetic),
            "{name} has words of its own: {}",
            text.trim()
        );
    }
}

#[test]
fn every_address_is_filtered() {
    let mut checked = 0;
    for (name, source) in TEMPLATES {
        for attribute in ["href=\"{{", "action=\"{{", "src=\"{{"] {
            for code in source.split(attribute).skip(1) {
                let code = code.split("}}").next().unwrap().trim();
                let safe = code.ends_with("|href") || code.ends_with("|download");
                assert!(
                    safe || code.starts_with("asset("),
                    "{name}: {attribute} {code}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 12, "only {checked} addresses were found");
}

#[test]
fn nothing_is_marked_safe_by_a_template() {
    for (name, source) in TEMPLATES {
        for forbidden in ["|safe", "| safe", "autoescape", "{% raw"] {
            assert!(!source.contains(forbidden), "{name}: {forbidden}");
        }
    }
}
